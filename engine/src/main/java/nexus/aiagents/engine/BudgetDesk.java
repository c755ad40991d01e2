package nexus.aiagents.engine;

import java.util.List;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.project.BudgetEdit;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import org.jspecify.annotations.Nullable;

/// Changes the limits of budgets, for a person, in the YAML. One change at a time; the caller sees to that.
final class BudgetDesk {
    private final ProjectYaml yaml;

    BudgetDesk(ProjectYaml yaml) {
        this.yaml = yaml;
    }

    Outcome set(Project project, Command.SetBudget asked) {
        if (asked.maxMicroDollars() == null
                && asked.maxTokens() == null
                && asked.maxCalls() == null
                && asked.onLimit() == null) {
            return Outcome.refused(
                    project, "bad-input", "say what to change: maxMicroDollars, maxTokens, maxCalls or onLimit");
        }
        return edit(
                project,
                asked.budgetId(),
                text -> BudgetEdit.apply(
                        text,
                        asked.budgetId(),
                        asked.maxMicroDollars(),
                        asked.maxTokens(),
                        asked.maxCalls(),
                        asked.onLimit()));
    }

    Outcome removeLimit(Project project, Command.RemoveLimit asked) {
        String id = asked.budgetId();
        return edit(project, id, text -> BudgetEdit.removeLimit(text, id, asked.limit()));
    }

    private Outcome edit(Project project, String id, UnaryOperator<String> text) {
        BudgetSpec budget = budget(project, id);
        if (budget == null) {
            List<String> known = project.budgets().stream().map(BudgetSpec::id).toList();
            return Outcome.refused(project, "unknown-name", Similar.unknown("budget", id, known));
        }
        String file = budget.at().file();
        ProjectYaml.Edit edit = new ProjectYaml.Edit("budget", file, text, read -> {
            BudgetSpec edited = budget(read, id);
            return edited == null ? null : project.with(edited);
        });
        return yaml.write(project, edit, _ -> new Done("budget " + id + " is changed in " + file));
    }

    private static @Nullable BudgetSpec budget(Project project, String id) {
        return project.budgets().stream()
                .filter(budget -> budget.id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
