package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.WorkflowState.Phase.ENDED;
import static nexus.aiagents.engine.workflow.WorkflowState.Phase.RUNNING;
import static nexus.aiagents.engine.workflow.WorkflowState.Phase.STOPPING;

import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;

/// A way from one phase of a run to another. The machine knows no other ways.
record RunTransition(Phase from, Phase to, String why) {
    static final String FAILED = "a step failed";
    static final String CANCELLED = "cancelled";
    static final String OUT_OF_TIME = "out of time";
    static final String AT_REST = "nothing is under way";
    static final String ALL_OVER = "all steps are over";
    static final String BAD_OUTPUT = "bad output expression";
    static final String AGAIN = "retry from";

    static final Set<RunTransition> TABLE = Set.copyOf(List.of(
            new RunTransition(RUNNING, STOPPING, FAILED),
            new RunTransition(RUNNING, STOPPING, CANCELLED),
            new RunTransition(RUNNING, STOPPING, OUT_OF_TIME),
            new RunTransition(RUNNING, ENDED, ALL_OVER),
            new RunTransition(RUNNING, ENDED, BAD_OUTPUT),
            new RunTransition(STOPPING, ENDED, AT_REST),
            new RunTransition(ENDED, RUNNING, AGAIN)));

    static void check(Phase from, Phase to, String why) {
        if (from != to && !TABLE.contains(new RunTransition(from, to, why))) {
            throw new IllegalStateException("no way from " + from + " to " + to + " by " + why);
        }
    }
}
