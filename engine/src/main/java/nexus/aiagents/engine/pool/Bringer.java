package nexus.aiagents.engine.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The run that a job of a queue is a step of.
///
/// @param run     null: a person or a schedule brought it
/// @param step    of that run
/// @param budgets of the runs that it is part of: what the job spends counts against them too
public record Bringer(@Nullable String run, @Nullable String step, List<String> budgets) {
    public static final Bringer NOBODY = new Bringer(null, null, List.of());

    public Bringer {
        budgets = budgets == null ? List.of() : List.copyOf(budgets);
    }
}
