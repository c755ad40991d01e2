package nexus.aiagents.app.desktop.parts;

import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;

/// A state as shape, colour and word.
public record Mark(Shape shape, Tone tone, String text) {

    /// Outlines in a box of 12 × 12, filled.
    public enum Shape {
        DOT("M6 1A5 5 0 1 1 6 11A5 5 0 1 1 6 1Z"),
        RING("M6 1A5 5 0 1 1 6 11A5 5 0 1 1 6 1ZM6 3A3 3 0 1 0 6 9A3 3 0 1 0 6 3Z"),
        HALF("M6 1A5 5 0 1 1 6 11A5 5 0 1 1 6 1ZM6 3A3 3 0 0 0 6 9Z"),
        PAUSE("M2 1H5V11H2ZM7 1H10V11H7Z"),
        TRIANGLE("M6 0.5L11.8 11H0.2Z"),
        SQUARE("M2 2H10V10H2Z"),
        CROSS("M2.5 1L6 4.5L9.5 1L11 2.5L7.5 6L11 9.5L9.5 11L6 7.5L2.5 11L1 9.5L4.5 6L1 2.5Z"),
        CHECK("M1.2 6.2L2.8 4.6L4.8 6.6L9.4 2L11 3.6L4.8 9.8Z"),
        UNDO("M5 1V4H7.5A3.5 3.5 0 0 1 7.5 11H3V9H7.5A1.5 1.5 0 0 0 7.5 6H5V9L0.5 5Z"),
        DIAMOND("M6 0.5L11.5 6L6 11.5L0.5 6Z");

        private final String path;

        Shape(String path) {
            this.path = path;
        }

        public String path() {
            return path;
        }
    }

    // Of these there are ten thousands in one picture.
    private static final Mark RUNNING = new Mark(Shape.DOT, Tone.SUCCESS, "Running");
    private static final Mark IDLE = new Mark(Shape.RING, Tone.SUCCESS, "Idle");
    private static final Mark STARTING = new Mark(Shape.HALF, Tone.INFO, "Starting");
    private static final Mark STOPPED = new Mark(Shape.SQUARE, Tone.NEUTRAL, "Stopped");
    private static final Mark ON_CALL = new Mark(Shape.SQUARE, Tone.NEUTRAL, "On call");

    public static Mark of(AgentView agent) {
        return switch (agent.state()) {
            case RUNNING -> RUNNING;
            case IDLE -> IDLE;
            case STARTING -> STARTING;
            case STOPPED -> agent.supervisor() == null ? ON_CALL : STOPPED;
            case BACKING_OFF -> new Mark(Shape.TRIANGLE, Tone.WARNING, "Backing off");
            case PAUSED ->
                new Mark(
                        Shape.PAUSE, Tone.WARNING, agent.pausedBy() == null ? "Paused" : "Paused: " + agent.pausedBy());
            case STUCK -> new Mark(Shape.TRIANGLE, Tone.DANGER, "Stuck");
            case FAILED -> new Mark(Shape.CROSS, Tone.DANGER, "Failed");
            case COMPLETED -> new Mark(Shape.CHECK, Tone.DONE, "Completed");
        };
    }

    /// Of a pool with a queue.
    public static Mark of(QueueView queue) {
        boolean full = queue.depth() >= queue.limit() && queue.limit() > 0;
        return switch (queue.state()) {
            case "open" ->
                full ? new Mark(Shape.TRIANGLE, Tone.WARNING, "Full") : new Mark(Shape.DOT, Tone.SUCCESS, "Open");
            case "draining" -> new Mark(Shape.HALF, Tone.WARNING, "Draining");
            case "drained" -> new Mark(Shape.PAUSE, Tone.NEUTRAL, "Drained");
            default -> new Mark(Shape.RING, Tone.NEUTRAL, "Closed");
        };
    }

    public static Mark of(SupervisorView.State state) {
        return switch (state) {
            case RUNNING -> new Mark(Shape.DOT, Tone.SUCCESS, "Running");
            case STOPPED -> new Mark(Shape.SQUARE, Tone.NEUTRAL, "Stopped");
            case FAILED -> new Mark(Shape.CROSS, Tone.DANGER, "Gave up");
        };
    }

    public static Mark of(RunView.State state) {
        return switch (state) {
            case RUNNING -> new Mark(Shape.DOT, Tone.INFO, "Running");
            case COMPENSATING -> new Mark(Shape.UNDO, Tone.DONE, "Compensating");
            case PAUSED -> new Mark(Shape.PAUSE, Tone.NEUTRAL, "Paused");
            case WAITING -> new Mark(Shape.TRIANGLE, Tone.WARNING, "Needs approval");
            case PARKED -> new Mark(Shape.PAUSE, Tone.WARNING, "Needs you");
            case DONE -> new Mark(Shape.CHECK, Tone.SUCCESS, "Done");
            case FAILED -> new Mark(Shape.CROSS, Tone.DANGER, "Failed");
            case CANCELLED -> new Mark(Shape.SQUARE, Tone.NEUTRAL, "Cancelled");
        };
    }

    public static Mark of(RunView.StepState state) {
        return switch (state) {
            case PENDING -> new Mark(Shape.RING, Tone.NEUTRAL, "Pending");
            case WAITING -> new Mark(Shape.TRIANGLE, Tone.WARNING, "Needs approval");
            case RUNNING -> new Mark(Shape.DOT, Tone.INFO, "Running");
            case DONE -> new Mark(Shape.CHECK, Tone.SUCCESS, "Done");
            case FAILED -> new Mark(Shape.CROSS, Tone.DANGER, "Failed");
            case UNKNOWN -> new Mark(Shape.TRIANGLE, Tone.WARNING, "Unknown");
            case COMPENSATING -> new Mark(Shape.HALF, Tone.DONE, "Compensating");
            case COMPENSATED -> new Mark(Shape.UNDO, Tone.DONE, "Compensated");
            case COMPENSATION_FAILED -> new Mark(Shape.CROSS, Tone.DANGER, "Compensation failed");
            case SKIPPED -> new Mark(Shape.DIAMOND, Tone.NEUTRAL, "Skipped");
        };
    }

    public static Mark of(RunView.VoteView vote) {
        return switch (vote.verdict()) {
            case "agreed" -> new Mark(Shape.CHECK, Tone.SUCCESS, "Agreed");
            case "voted" -> new Mark(Shape.DOT, Tone.INFO, "Voted");
            case "dissent" -> new Mark(Shape.DIAMOND, Tone.WARNING, "Dissent");
            case "failed" -> new Mark(Shape.CROSS, Tone.DANGER, "Failed");
            case "cancelled" -> new Mark(Shape.SQUARE, Tone.NEUTRAL, "Cancelled");
            default -> new Mark(Shape.RING, Tone.INFO, "Pending");
        };
    }

    public static Mark of(BudgetView.Verdict verdict) {
        return switch (verdict) {
            case OK -> new Mark(Shape.CHECK, Tone.SUCCESS, "Within the limit");
            case ALERT -> new Mark(Shape.TRIANGLE, Tone.WARNING, "Close to the limit");
            case LIMIT -> new Mark(Shape.CROSS, Tone.DANGER, "At the limit");
        };
    }

    public static Mark of(AgentView.TrustView trust) {
        if (trust.asks()) {
            return new Mark(Shape.TRIANGLE, Tone.WARNING, "Asks you");
        }
        return trust.allowed()
                ? new Mark(Shape.CHECK, Tone.SUCCESS, "May run")
                : new Mark(Shape.CROSS, Tone.DANGER, "Refused");
    }
}
