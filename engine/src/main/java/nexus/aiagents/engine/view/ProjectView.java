package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;

/// A project as it is at `seq`. Immutable; cheap to hand around.
///
/// @param up     whether the supervision trees run
/// @param runs   newest first, the last 200
/// @param spend  settled spend over time, oldest first, the last 2,000
public record ProjectView(
        long seq,
        Instant at,
        String project,
        String folder,
        boolean up,
        List<AgentView> agents,
        List<SupervisorView> supervisors,
        List<RunView> runs,
        List<PoolView> pools,
        List<SagaView> sagas,
        List<BudgetView> budgets,
        List<SpendPoint> spend,
        List<NoticeView> notices,
        List<ScheduleView> schedules,
        ReopenView reopen) {

    /// @param wasUp  the team was up when the project was last open, and has been neither started nor stopped since
    /// @param onOpen what the project says of that: `start`, `ask` or `nothing`
    public record ReopenView(boolean wasUp, String onOpen) {}

    /// What can be started: a saga and its steps in order.
    public record SagaView(String name, List<SagaStepView> steps) {}

    public record SagaStepView(String name, String action, String compensation) {}

    public record PoolView(String name, String strategy, List<String> members, int needed) {}

    /// @param scripted the answer came from the built-in provider, no money was really spent
    public record SpendPoint(
            Instant at, String agent, String model, String runId, long microDollars, long tokens, boolean scripted) {}

    public record NoticeView(long seq, Instant at, String level, String code, String message) {}
}
