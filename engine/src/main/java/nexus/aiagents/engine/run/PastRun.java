package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.saga.SagaHistory;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.workflow.WorkflowGraph;
import nexus.aiagents.engine.workflow.WorkflowHistory;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/// A run as the journal tells it, whether it has ended or not.
///
/// @param startedAt milliseconds since 1970
/// @param events    what happened to it, oldest first
record PastRun(EngineEvent.RunStarted started, long startedAt, List<EngineEvent> events) {
    private static final int PAGE = 512;

    /// @return null if the journal does not have it, or has moved it to an archive
    static @Nullable PastRun find(Journal journal, String runId) {
        RunRecord record = journal.run(runId);
        return record == null ? null : read(journal, record);
    }

    private static @Nullable PastRun read(Journal journal, RunRecord record) {
        EngineEvent.RunStarted started = null;
        long startedAt = 0;
        List<EngineEvent> events = new ArrayList<>();
        long end = journal.lastEntryOf(record);
        long after = record.firstSeq() - 1;
        while (after < end) {
            List<JournalEntry> page = journal.read(after, (int) Math.min(PAGE, end - after));
            if (page.isEmpty()) {
                break;
            }
            for (JournalEntry entry : page) {
                if (!record.id().equals(entry.event().runId())) {
                    continue;
                }
                if (entry.event() instanceof EngineEvent.RunStarted first) {
                    started = first;
                    startedAt = entry.at().toEpochMilli();
                } else {
                    events.add(entry.event());
                }
            }
            after = page.getLast().seq();
        }
        return started == null ? null : new PastRun(started, startedAt, List.copyOf(events));
    }

    SagaRun saga() {
        return Definitions.saga(started, startedAt);
    }

    SagaState sagaState() {
        return SagaHistory.fold(saga(), events);
    }

    /// @return null if a step before has no output
    @Nullable
    SagaState fork(SagaRun run, int from, @Nullable String input) {
        return SagaHistory.fork(run, sagaState(), from, input);
    }

    /// What a fork's journal begins with.
    List<EngineEvent> taken(SagaRun run, SagaState state) {
        List<EngineEvent> first = new ArrayList<>();
        first.add(Definitions.started(run, null, null, started.runId()));
        for (int i = 0; i < state.steps().size(); i++) {
            String output = state.steps().get(i).output();
            if (output != null) {
                first.add(new EngineEvent.StepDone(
                        run.runId(), run.saga().steps().get(i).name(), 0, output));
            }
        }
        return first;
    }

    WorkflowRun workflow() {
        return Definitions.workflow(started, startedAt);
    }

    WorkflowState workflowState() {
        WorkflowRun run = workflow();
        return WorkflowHistory.fold(run, new WorkflowGraph(run.workflow()), events);
    }

    /// @return null if a step that it needs has no output
    @Nullable
    WorkflowState fork(WorkflowRun run, int from, @Nullable String input) {
        return WorkflowHistory.fork(run, new WorkflowGraph(run.workflow()), workflowState(), from, input);
    }
}
