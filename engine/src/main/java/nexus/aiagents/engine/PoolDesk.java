package nexus.aiagents.engine;

import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.PoolEdit;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;

/// Changes how many workers a pool may have, for a person, in the YAML. One change at a time; the caller
/// sees to that.
final class PoolDesk {
    private static final int MOST = 1_000;

    private final ProjectFolder folder;
    private final LanguageService language;
    private final RunningTexts texts;

    PoolDesk(ProjectFolder folder, LanguageService language, RunningTexts texts) {
        this.folder = folder;
        this.language = language;
        this.texts = texts;
    }

    /// @param project what the project is from now on
    record Outcome(CommandResult result, Project project) {}

    Outcome limit(Project project, PoolSpec pool, Command.LimitPool asked) {
        Refused problem = problem(pool, asked);
        if (problem != null) {
            return new Outcome(problem, project);
        }
        String file = pool.at().file();
        try {
            UnaryOperator<String> edit = text -> PoolEdit.limits(text, pool.name(), asked.min(), asked.max());
            String after = edit.apply(folder.read(file));
            Analysis analysis = language.analyze(folder.root(), Map.of(file, after));
            PoolSpec changed = analysis.project() == null
                    ? null
                    : analysis.project().pools().get(pool.name());
            if (changed == null || changed.queue() == null || analysis.hasErrors()) {
                return new Outcome(Commands.projectErrors("so the pool was not written", analysis), project);
            }
            folder.replace(file, after);
            texts.edit(file, edit);
            return new Outcome(
                    new Done(pool.name() + " has " + changed.queue().min() + " to "
                            + changed.queue().max() + " workers, and " + file + " says so"),
                    project.with(changed));
        } catch (IllegalArgumentException e) {
            return new Outcome(new Refused("bad-input", String.valueOf(e.getMessage())), project);
        } catch (IOException e) {
            return new Outcome(
                    new Refused("store", "the file of the pool can not be written: " + e.getMessage()), project);
        }
    }

    private static @Nullable Refused problem(PoolSpec pool, Command.LimitPool asked) {
        PoolSpec.QueueSpec queue = pool.queue();
        Integer min = asked.min();
        Integer max = asked.max();
        if (queue == null) {
            return new Refused(
                    "not-a-queue",
                    "pool '" + pool.name() + "' has no queue: all its members get the same work. A pool with"
                            + " `strategy: round-robin`, `least-busy` or `random` has one");
        }
        String why = null;
        if (min == null && max == null) {
            why = "say what to change: min or max";
        } else if (!queue.automatic() && queue.min() == queue.max()) {
            why = "pool '" + pool.name() + "' has exactly its " + queue.max()
                    + " named members; use `agent` with `min` and `max` to scale it";
        } else if (min != null && (min < 0 || min > MOST)) {
            why = "min is " + min + ": it is between 0 and " + MOST;
        } else if (max != null && (max < 1 || max > MOST)) {
            why = "max is " + max + ": it is between 1 and " + MOST;
        } else {
            int least = min == null ? queue.min() : min;
            int most = max == null ? queue.max() : max;
            if (least > most) {
                why = "min would be " + least + " and max " + most
                        + ": the pool could have no number of workers; change both";
            }
        }
        return why == null ? null : new Refused("bad-input", why);
    }
}
