package nexus.aiagents.engine.journal;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// As much of a run as its state follows from. The views make more of the same entries; that both come
/// to the same state is tested. Immutable.
///
/// @param ended   `done`, `failed` or `cancelled`, null while it is under way
/// @param parked  steps that wait for a person to find a way out
/// @param waiting steps that wait for an approval
/// @param undoFailed steps whose compensation failed for good
/// @param begun   steps that were started at least once
record RunProgress(
        @Nullable String ended,
        boolean paused,
        boolean rollingBack,
        Set<String> parked,
        Set<String> waiting,
        Set<String> undoFailed,
        Set<String> begun,
        @Nullable String failedStep,
        @Nullable String errorCode) {
    private static final String DECISION = "decision";
    static final RunProgress BEGUN =
            new RunProgress(null, false, false, Set.of(), Set.of(), Set.of(), Set.of(), null, null);

    /// As the views name it.
    String state() {
        if (ended != null) {
            return ended;
        }
        if (paused) {
            return "paused";
        }
        if (!parked.isEmpty()) {
            return "parked";
        }
        if (rollingBack) {
            return "compensating";
        }
        return waiting.isEmpty() ? "running" : "waiting";
    }

    RunProgress after(EngineEvent event) {
        return switch (event) {
            case EngineEvent.StepStarted e -> {
                Draft next = new Draft(this);
                next.rollingBack = false;
                next.parked.remove(e.step());
                next.undoFailed.remove(e.step());
                next.begun.add(e.step());
                yield next.without(e.step());
            }
            case EngineEvent.StepDone e -> {
                Draft next = new Draft(this);
                next.begun.add(e.step());
                yield next.without(e.step());
            }
            case EngineEvent.StepFailed e -> {
                Draft next = new Draft(this);
                if (e.retryAtEpochMillis() == 0 && failedStep == null) {
                    next.failedStep = e.step();
                    next.errorCode = e.reason().code();
                }
                yield next.without(e.step());
            }
            case EngineEvent.StepUnknown e -> new Draft(this).without(e.step());
            case EngineEvent.StepApproved e -> new Draft(this).without(e.step());
            case EngineEvent.StepRejected e -> new Draft(this).without(e.step());
            case EngineEvent.StepSkipped e -> {
                Draft next = new Draft(this);
                next.parked.remove(e.step());
                yield next.without(e.step());
            }
            case EngineEvent.ApprovalAsked e -> {
                Draft next = new Draft(this);
                next.waiting.add(e.step());
                yield next.made();
            }
            case EngineEvent.CompensationStarted e -> new Draft(this).rollsBack(e.step());
            case EngineEvent.CompensationSkipped e -> new Draft(this).rollsBack(e.step());
            case EngineEvent.CompensationDone e -> {
                Draft next = new Draft(this);
                next.undoFailed.remove(e.step());
                yield next.made();
            }
            case EngineEvent.CompensationFailed e -> {
                Draft next = new Draft(this);
                if (e.retryAtEpochMillis() == 0) {
                    next.undoFailed.add(e.step());
                }
                yield next.made();
            }
            case EngineEvent.RunParked e -> {
                Draft next = new Draft(this);
                next.parked.add(e.step());
                yield next.made();
            }
            case EngineEvent.RunPaused _ -> new Draft(this).paused(true);
            case EngineEvent.RunUnpaused _ -> new Draft(this).paused(false);
            case EngineEvent.PoolTied _ -> {
                Draft next = new Draft(this);
                next.begun.add(DECISION);
                yield next.without(DECISION);
            }
            case EngineEvent.PoolDecided _ -> {
                Draft next = new Draft(this);
                next.parked.remove(DECISION);
                yield next.without(DECISION);
            }
            case EngineEvent.RunReopened _ -> new Draft(this).reopened();
            case EngineEvent.RunEnded e -> new Draft(this).ended(e);
            default -> this;
        };
    }

    private static final class Draft {
        private @Nullable String ended;
        private boolean paused;
        private boolean rollingBack;
        private final Set<String> parked;
        private final Set<String> waiting;
        private final Set<String> undoFailed;
        private final Set<String> begun;
        private @Nullable String failedStep;
        private @Nullable String errorCode;

        Draft(RunProgress from) {
            ended = from.ended;
            paused = from.paused;
            rollingBack = from.rollingBack;
            parked = new TreeSet<>(from.parked);
            waiting = new TreeSet<>(from.waiting);
            undoFailed = new TreeSet<>(from.undoFailed);
            begun = new TreeSet<>(from.begun);
            failedStep = from.failedStep;
            errorCode = from.errorCode;
        }

        RunProgress without(String step) {
            waiting.remove(step);
            return made();
        }

        RunProgress paused(boolean now) {
            paused = now;
            return made();
        }

        RunProgress rollsBack(String step) {
            undoFailed.remove(step);
            parked.remove(step);
            rollingBack = true;
            waiting.clear();
            parked.retainAll(undoFailed);
            return made();
        }

        RunProgress reopened() {
            ended = null;
            paused = false;
            parked.clear();
            undoFailed.clear();
            waiting.retainAll(begun);
            failedStep = null;
            errorCode = null;
            return made();
        }

        RunProgress ended(EngineEvent.RunEnded e) {
            ended = e.state();
            paused = false;
            rollingBack = false;
            parked.clear();
            waiting.clear();
            failedStep = e.failedStep() == null ? failedStep : e.failedStep();
            ExitReason reason = e.reason();
            errorCode = reason == null ? errorCode : reason.code();
            return made();
        }

        RunProgress made() {
            return new RunProgress(
                    ended,
                    paused,
                    rollingBack,
                    Set.copyOf(parked),
                    Set.copyOf(waiting),
                    Set.copyOf(undoFailed),
                    Set.copyOf(begun),
                    failedStep,
                    errorCode);
        }
    }
}
