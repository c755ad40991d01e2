package nexus.aiagents.engine.workflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// A run of a workflow between two events; stored with every transition. Immutable. Times are
/// milliseconds since 1970.
///
/// @param since     when the run began, or was taken up again; the time of a pause is not counted
/// @param pausedAt  0: it is not paused
/// @param failure   why it stops, or stopped, null if nothing went wrong
/// @param suspended the process is about to end: outcomes are kept, nothing is begun
public record WorkflowState(
        Phase phase,
        List<Step> steps,
        long since,
        long pausedAt,
        @Nullable Failure failure,
        boolean cancelled,
        boolean suspended) {

    public enum Phase {
        RUNNING,
        /// Nothing is begun any more; what is under way comes to its end.
        STOPPING,
        ENDED
    }

    public enum Status {
        PENDING,
        /// It waits for a person's approval.
        APPROVAL,
        RUNNING,
        /// Failed, and tried again when it is due.
        WAITING,
        DONE,
        FAILED,
        /// Its call was cut off: nobody knows whether it had its effect.
        UNKNOWN,
        /// The same, and it waits for a person to say what follows.
        ASKING,
        SKIPPED;

        /// Whether those that need it can begin.
        public boolean isOver() {
            return this == DONE || this == SKIPPED;
        }
    }

    public record Failure(@Nullable String step, ExitReason reason) {}

    /// What is called once, again and again until it is over: a step, or one item of it.
    ///
    /// @param attempt all attempts; the number of the one under way
    /// @param tries   attempts that count against the retry policy
    /// @param due     WAITING: when it is tried again; RUNNING: when its time is over; 0: never
    /// @param reason  why the last attempt failed
    /// @param asked   its input is being evaluated
    public record Task(
            Status status,
            int attempt,
            int tries,
            @Nullable String input,
            @Nullable String output,
            long due,
            @Nullable ExitReason reason,
            boolean asked) {
        public static final Task PENDING = new Task(Status.PENDING, 0, 0, null, null, 0, null, false);

        Task to(Status next) {
            return new Task(next, attempt, tries, input, output, 0, reason, false);
        }

        Task running(String newInput, long until) {
            return new Task(Status.RUNNING, attempt + 1, tries + 1, newInput, null, until, reason, false);
        }

        Task done(String newOutput) {
            return new Task(Status.DONE, attempt, tries, input, newOutput, 0, null, false);
        }

        Task failed(Status next, ExitReason why, long dueAt) {
            return new Task(next, attempt, tries, input, null, dueAt, why, false);
        }

        Task withInput(@Nullable String newInput) {
            return new Task(status, attempt, tries, newInput, output, due, reason, false);
        }

        Task asked(boolean now) {
            return new Task(status, attempt, tries, input, output, due, reason, now);
        }

        Task due(long at) {
            return new Task(status, attempt, tries, input, output, at, reason, asked);
        }

        public Task withOutput(String known) {
            return new Task(status, attempt, tries, input, known, due, reason, asked);
        }

        /// Begun anew; attempts are counted on, so that news of older ones are known as such.
        Task reset() {
            return new Task(Status.PENDING, attempt, 0, null, null, 0, null, false);
        }
    }

    /// The items of a step with `forEach`.
    ///
    /// @param items  each as JSON
    /// @param next   no item before it is pending
    /// @param active those that take up a place: under way, waiting or asking
    /// @param broken an item failed for good, or the step's time is over: no more are begun
    public record Fan(
            List<String> items,
            Items<Task> tasks,
            int next,
            List<Integer> active,
            @Nullable ExitReason broken) {
        public static Fan of(List<String> items) {
            return new Fan(List.copyOf(items), Items.copies(items.size(), Task.PENDING), 0, List.of(), null);
        }

        /// From what became of the items alone.
        public static Fan of(List<String> items, List<Task> tasks) {
            int next = items.size();
            List<Integer> active = new ArrayList<>();
            ExitReason broken = null;
            for (int i = 0; i < tasks.size(); i++) {
                switch (tasks.get(i).status()) {
                    case PENDING, APPROVAL -> next = Math.min(next, i);
                    case RUNNING, WAITING, ASKING -> active.add(i);
                    case FAILED, UNKNOWN ->
                        broken = broken == null ? tasks.get(i).reason() : broken;
                    case DONE, SKIPPED -> {}
                }
            }
            return new Fan(List.copyOf(items), Items.of(tasks), next, List.copyOf(active), broken);
        }

        /// The outputs in the order of the items; null for one that was left out.
        public String output() {
            List<String> outputs = new ArrayList<>();
            for (int item = 0; item < items.size(); item++) {
                outputs.add(String.valueOf(tasks.get(item).output()));
            }
            return WorkflowMachine.list(outputs);
        }

        Fan with(int item, Task task) {
            return new Fan(items, tasks.with(item, task), next, active, broken);
        }

        Fan withNext(int newNext) {
            return new Fan(items, tasks, newNext, active, broken);
        }

        Fan withActive(List<Integer> newActive) {
            return new Fan(items, tasks, next, List.copyOf(newActive), broken);
        }

        Fan withBroken(@Nullable ExitReason why) {
            return new Fan(items, tasks, next, active, why);
        }
    }

    /// @param task     of a step with `forEach`: the step as a whole
    /// @param fan      null: no `forEach`, or its items are not known yet or any more
    /// @param since    when it first began, 0: not yet
    /// @param round    how often it was begun anew after it was done
    /// @param given    the input a person gave instead of the usual one
    /// @param cut      its time is over
    /// @param skipped  why, null: it is not
    public record Step(
            Task task,
            @Nullable Fan fan,
            long since,
            int round,
            @Nullable String given,
            boolean approved,
            boolean cut,
            @Nullable String skipped) {
        static final Step PENDING = new Step(Task.PENDING, null, 0, 0, null, false, false, null);

        public Status status() {
            return task.status();
        }

        public @Nullable String output() {
            return task.output();
        }

        /// Skipped because of a condition: it takes those with it that need nothing else.
        boolean isLeftOut() {
            return WorkflowMachine.CONDITION.equals(skipped) || WorkflowMachine.NEEDS_SKIPPED.equals(skipped);
        }

        Step with(Task newTask) {
            return new Step(newTask, fan, since, round, given, approved, cut, skipped);
        }

        Step with(@Nullable Fan newFan) {
            return new Step(task, newFan, since, round, given, approved, cut, skipped);
        }

        Step withRound(int newRound) {
            return new Step(task, fan, since, newRound, given, approved, cut, skipped);
        }

        Step withSince(long at) {
            return new Step(task, fan, at, round, given, approved, cut, skipped);
        }

        Step withApproved() {
            return new Step(task, fan, since, round, given, true, cut, skipped);
        }

        Step withCut() {
            return new Step(task, fan, since, round, given, approved, true, skipped);
        }

        Step withSkipped(String why) {
            return new Step(task, fan, since, round, given, approved, cut, why);
        }

        Step withGiven(@Nullable String input) {
            return new Step(task, fan, since, round, input, approved, cut, skipped);
        }
    }

    public static WorkflowState initial(WorkflowRun run) {
        return new WorkflowState(
                Phase.RUNNING,
                Collections.nCopies(run.workflow().steps().size(), Step.PENDING),
                run.startedAt(),
                0,
                null,
                false,
                false);
    }

    /// Whether nothing goes on by itself: it is paused, or a step waits for approval or an answer and
    /// no other is under way.
    public boolean waitsForPerson() {
        boolean asks = false;
        for (Step step : steps) {
            switch (step.status()) {
                case APPROVAL, ASKING -> asks = true;
                case RUNNING, WAITING -> {
                    return pausedAt > 0;
                }
                case PENDING, DONE, FAILED, UNKNOWN, SKIPPED -> {}
            }
        }
        return pausedAt > 0 || asks;
    }

    public WorkflowState withSteps(List<Step> newSteps) {
        return new WorkflowState(phase, newSteps, since, pausedAt, failure, cancelled, suspended);
    }
}
