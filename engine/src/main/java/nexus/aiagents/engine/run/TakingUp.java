package nexus.aiagents.engine.run;

import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Takes up runs that another process left in the middle, from what is stored of them. Thread-safe.
final class TakingUp {
    private static final Logger LOG = LoggerFactory.getLogger(TakingUp.class);

    private final DurableRuns runs;
    private final RunContext context;

    TakingUp(DurableRuns runs, RunContext context) {
        this.runs = runs;
        this.context = context;
    }

    /// Takes up all that is stored and is not under way.
    ///
    /// @return how many go on by themselves
    int all() {
        int count = 0;
        for (String key : context.journal().states(StoredRun.STATE).keySet()) {
            String id = key.substring(StoredRun.STATE.length());
            // A nested run is taken up by the run that it is part of.
            if (!runs.isClosing() && !runs.isThere(id) && !RunIds.isNested(id)) {
                count += taken(id) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean taken(String id) {
        try {
            return one(id);
        } catch (JacksonException | IllegalStateException e) {
            LOG.error("run {} can not be read and stays as it is", id, e);
            context.journal()
                    .commitAndWait(Journal.Batch.of(new EngineEvent.Notice(
                            "error", "run-unreadable", "Run " + id + " can not go on: " + e.getMessage())));
            return false;
        }
    }

    /// @return whether it goes on by itself; a parked one goes on waiting
    boolean one(String id) {
        String definition = context.journal().state(StoredRun.DEFINITION + id);
        String state = context.journal().state(StoredRun.STATE + id);
        if (definition == null || state == null) {
            throw new IllegalStateException("its definition is missing");
        }
        StoredRun stored = RunJson.JSON.readValue(definition, StoredRun.class);
        if (stored.saga() != null) {
            SagaState saga = SagaWorker.read(stored.saga(), state, context.journal());
            runs.go(new SagaWorker(stored.saga(), saga, context, null, List.of()), again(saga));
            return !saga.isParked();
        }
        if (stored.workflow() != null) {
            WorkflowState workflow = WorkflowStore.read(stored.workflow(), state, context.journal());
            runs.go(
                    new WorkflowWorker(stored.workflow(), workflow, context, null, List.of()),
                    new WorkflowEvent.Recover());
            return !workflow.waitsForPerson();
        }
        if (stored.pool() != null) {
            PoolState pool = RunJson.JSON.readValue(state, PoolState.class);
            runs.go(
                    new PoolWorker(stored.pool(), pool, stored.budgets(), context, null, null),
                    new PoolEvent.Recover());
            return pool.phase() != PoolState.Phase.ASKING;
        }
        if (stored.agent() != null) {
            runs.go(new AgentWorker(stored.agent(), context, null), new AgentWorker.Event.Interrupted());
        } else {
            throw new IllegalStateException("its definition is empty");
        }
        return true;
    }

    /// One that ended well is only there to be undone.
    private static SagaEvent again(SagaState state) {
        return state.phase() == SagaState.Phase.ENDED ? new SagaEvent.Undo() : new SagaEvent.Recover();
    }

    /// Undoes a nested saga of which nothing is stored any more.
    void undoPast(String id) {
        PastRun past = PastRun.find(context.journal(), id);
        if (past == null) {
            throw new IllegalStateException("there is no run " + id);
        }
        runs.go(runs.worker(past.saga(), past.sagaState(), List.of()), new SagaEvent.Undo());
    }
}
