package nexus.aiagents.engine;

import java.util.Objects;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.PoolEdit;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import org.jspecify.annotations.Nullable;

/// Changes how many workers a pool may have, for a person, in the YAML. One change at a time; the caller
/// sees to that.
final class PoolDesk {
    private static final int MOST = 1_000;

    private final ProjectYaml yaml;

    PoolDesk(ProjectYaml yaml) {
        this.yaml = yaml;
    }

    Outcome limit(Project project, Command.LimitPool asked) {
        String name = asked.pool();
        PoolSpec pool = project.pools().get(name);
        if (pool == null) { // a reload took it away just now
            return Outcome.refused(
                    project,
                    "unknown-name",
                    Similar.unknown("pool", name, project.pools().keySet()));
        }
        Refused problem = problem(pool, asked);
        if (problem != null) {
            return new Outcome(problem, project);
        }
        String file = pool.at().file();
        ProjectYaml.Edit edit = new ProjectYaml.Edit(
                "pool", file, text -> PoolEdit.limits(text, name, asked.min(), asked.max()), read -> {
                    PoolSpec changed = read.pools().get(name);
                    return changed == null || changed.queue() == null ? null : project.with(changed);
                });
        return yaml.write(project, edit, next -> {
            PoolSpec.QueueSpec queue = Objects.requireNonNull(
                    Objects.requireNonNull(next.pools().get(name)).queue());
            return new Done(name + " has " + queue.min() + " to " + queue.max() + " workers, and " + file + " says so");
        });
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
