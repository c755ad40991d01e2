package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.WorkflowState.Status.APPROVAL;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.ASKING;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.DONE;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.FAILED;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.PENDING;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.RUNNING;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.SKIPPED;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.UNKNOWN;
import static nexus.aiagents.engine.workflow.WorkflowState.Status.WAITING;

import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.workflow.WorkflowState.Status;

/// A way from one status of a step, or of an item of it, to another. The machine knows no other ways.
record StepTransition(Status from, Status to, String why) {
    static final String READY = "ready";
    static final String ASKED = "approval required";
    static final String LEFT_OUT = "condition";
    static final String BAD_INPUT = "bad expression";
    static final String TOLERATED = "onError skip";
    static final String APPROVED = "approved";
    static final String REJECTED = "rejected";
    static final String RETURNED = "returned";
    static final String ERROR = "error";
    static final String RETRY = "try again";
    static final String CUT_OFF = "cut off";
    static final String OUT_OF_TIME = "out of time";
    static final String DUE = "due";
    static final String RUN_STOPS = "the run stops";
    static final String PERSON_RETRIES = "a person tries again";
    static final String PERSON_SKIPS = "a person skips it";
    static final String AGAIN = "retry from";

    static final Set<StepTransition> TABLE = Set.copyOf(List.of(
            new StepTransition(PENDING, RUNNING, READY),
            new StepTransition(PENDING, APPROVAL, ASKED),
            new StepTransition(PENDING, SKIPPED, LEFT_OUT),
            new StepTransition(PENDING, SKIPPED, TOLERATED),
            new StepTransition(PENDING, FAILED, BAD_INPUT),
            new StepTransition(APPROVAL, PENDING, APPROVED),
            new StepTransition(APPROVAL, FAILED, REJECTED),
            new StepTransition(APPROVAL, SKIPPED, TOLERATED),
            new StepTransition(APPROVAL, PENDING, AGAIN),
            new StepTransition(RUNNING, DONE, RETURNED),
            new StepTransition(RUNNING, WAITING, RETRY),
            new StepTransition(RUNNING, FAILED, ERROR),
            new StepTransition(RUNNING, SKIPPED, TOLERATED),
            new StepTransition(RUNNING, UNKNOWN, CUT_OFF),
            new StepTransition(RUNNING, ASKING, CUT_OFF),
            new StepTransition(RUNNING, FAILED, RUN_STOPS),
            new StepTransition(RUNNING, PENDING, AGAIN),
            new StepTransition(WAITING, RUNNING, DUE),
            new StepTransition(WAITING, FAILED, OUT_OF_TIME),
            new StepTransition(WAITING, FAILED, RUN_STOPS),
            new StepTransition(WAITING, SKIPPED, TOLERATED),
            new StepTransition(WAITING, PENDING, AGAIN),
            new StepTransition(ASKING, WAITING, PERSON_RETRIES),
            new StepTransition(ASKING, SKIPPED, PERSON_SKIPS),
            new StepTransition(ASKING, PENDING, AGAIN),
            new StepTransition(UNKNOWN, ASKING, AGAIN),
            new StepTransition(UNKNOWN, PENDING, AGAIN),
            new StepTransition(DONE, PENDING, AGAIN),
            new StepTransition(FAILED, PENDING, AGAIN),
            new StepTransition(SKIPPED, PENDING, AGAIN)));

    static void check(Status from, Status to, String why) {
        if (!TABLE.contains(new StepTransition(from, to, why))) {
            throw new IllegalStateException("no way from " + from + " to " + to + " by " + why);
        }
    }
}
