package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A project as it is at `seq`. Immutable; cheap to hand around.
///
/// @param up     whether the supervision trees run
/// @param runs   newest first: all that are under way, the last 200 that ended; of the jobs of queues
///     the last 100 that ended and the first 100 that wait
/// @param asks   calls that wait because they are not granted, oldest first
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
        LifecycleView lifecycle,
        List<WorkflowView> workflows,
        List<AskView> asks) {

    /// Whether nothing is up or under way: then nothing happens unless somebody asks for it, or a schedule.
    public boolean rests() {
        return !up && runs.stream().allMatch(run -> run.state().isFinal());
    }

    /// One in which nothing is asked.
    public ProjectView(
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
            LifecycleView lifecycle,
            List<WorkflowView> workflows) {
        this(
                seq,
                at,
                project,
                folder,
                up,
                agents,
                supervisors,
                runs,
                pools,
                sagas,
                budgets,
                spend,
                notices,
                schedules,
                lifecycle,
                workflows,
                List.of());
    }

    /// A project without workflows.
    public ProjectView(
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
            LifecycleView lifecycle) {
        this(
                seq,
                at,
                project,
                folder,
                up,
                agents,
                supervisors,
                runs,
                pools,
                sagas,
                budgets,
                spend,
                notices,
                schedules,
                lifecycle,
                List.of(),
                List.of());
    }

    /// @param wasUp  the team was up when the project was last open, and has been neither started nor
    ///     stopped since
    /// @param onOpen what the project says of that: `start`, `ask` or `nothing`
    /// @param shutdownMillis the longest that closing may take
    public record LifecycleView(boolean wasUp, String onOpen, long shutdownMillis) {}

    /// A call that waits for a person because it is not granted.
    ///
    /// @param kind  a key of `grants`
    /// @param grant what would be granted: a model, an agent, a host with its port, a path; empty for `kv`
    /// @param mode  the method, or `ro` or `rw`; else empty
    /// @param what  the call, in words
    public record AskView(
            String id,
            Instant at,
            String agent,
            @Nullable String runId,
            String kind,
            String grant,
            String mode,
            String what) {

        /// What is granted if a person allows it, as a sentence's end: `GET requests to api.example.org`.
        public String inWords() {
            return switch (kind) {
                case "http" -> mode + " requests to " + grant;
                case "files" -> (mode.equals("rw") ? "to read and write " : "to read ") + grant;
                case "models" -> "to call the model " + grant;
                case "agents" -> "to call the agent " + grant;
                case "kv" -> "durable keys of its own";
                default -> kind + " " + grant;
            };
        }
    }

    /// @throws IllegalArgumentException if there is no such supervisor
    public SupervisorView.Counts count(String supervisor) {
        SupervisorView view = supervisors.stream()
                .filter(s -> s.name().equals(supervisor))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(supervisor));
        Set<String> alive = new HashSet<>();
        agents.stream().filter(AgentView::isAlive).forEach(a -> alive.add("agent " + a.name()));
        supervisors.stream()
                .filter(s -> s.state() == SupervisorView.State.RUNNING)
                .forEach(s -> alive.add("supervisor " + s.name()));
        pools.stream().filter(PoolView::isOpen).forEach(p -> alive.add("pool " + p.name()));
        List<SupervisorView.ChildView> children = view.children().stream()
                .filter(c -> !"temporary".equals(c.held()))
                .toList();
        int below = ofKind(children, "supervisor");
        int shared = ofKind(children, "pool");
        return new SupervisorView.Counts(
                children.size(),
                (int) children.stream()
                        .filter(c -> alive.contains(c.kind() + " " + c.name()))
                        .count(),
                below,
                children.size() - below - shared,
                shared);
    }

    private static int ofKind(List<SupervisorView.ChildView> children, String kind) {
        return (int) children.stream().filter(c -> c.kind().equals(kind)).count();
    }

    /// What can be started: a saga and its steps in order.
    public record SagaView(String name, List<SagaStepView> steps) {}

    /// What can be started: a workflow and its steps.
    public record WorkflowView(String name, List<WorkflowStepView> steps) {}

    /// @param kind   what it calls: `agent`, `pool`, `saga` or `workflow`
    /// @param target its name
    /// @param needs  the steps that have to be over before
    /// @param each   it runs once for each item of a list
    public record WorkflowStepView(String name, String kind, String target, List<String> needs, boolean each) {}

    /// @param compensation what undoes it, empty: nothing does
    /// @param group        neighbours with the same group run at the same time; null: it runs alone
    public record SagaStepView(
            String name,
            String action,
            String compensation,
            @Nullable String group) {}

    /// @param needed how many answers make a decision; 1 in a queue
    /// @param queue  set where the members share a queue
    public record PoolView(
            String name,
            String strategy,
            List<String> members,
            int needed,
            @Nullable QueueView queue) {

        /// Whether it has a queue and its workers work.
        public boolean isOpen() {
            return queue != null && !queue.state().equals("closed");
        }
    }

    /// A queue and who works on it.
    ///
    /// @param state         `open`, `draining` (no new jobs), `drained` (and those it had are done) or
    ///     `closed` (its workers do not work)
    /// @param workers       how many there are to be, between `min` and `max`
    /// @param automatic     whether their number can follow the queue
    /// @param byHand        a person has said how many
    /// @param depth         jobs that wait
    /// @param onFull        `reject`, `block` or `drop-oldest`
    /// @param oldestMillis  how long the job that has waited longest has waited
    /// @param waitP50Millis of the last 500 jobs that began; 0 if none did
    /// @param dropped       of those that failed: given up for newer ones
    public record QueueView(
            String state,
            int min,
            int max,
            int workers,
            boolean automatic,
            boolean byHand,
            int depth,
            int limit,
            String onFull,
            long oldestMillis,
            long waitP50Millis,
            long waitP95Millis,
            long done,
            long failed,
            long dropped,
            long refused,
            List<WorkerView> crew) {}

    /// @param job  the run it works on, null: none
    /// @param jobs finished since the pool was opened
    /// @param load percent of that time in which it worked
    public record WorkerView(
            int index, String agent, @Nullable String job, long jobs, int load) {}

    /// @param scripted the answer came from the built-in provider, no money was really spent
    public record SpendPoint(
            Instant at, String agent, String model, String runId, long microDollars, long tokens, boolean scripted) {}

    public record NoticeView(long seq, Instant at, String level, String code, String message) {}
}
