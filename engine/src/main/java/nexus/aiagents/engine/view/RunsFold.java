package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import org.jspecify.annotations.Nullable;

/// What the events say about runs: those that are under way and the last ones that ended. Confined to
/// {@link ViewFold}.
final class RunsFold {
    private static final int KEPT = 200;
    /// Of a queue: the last that ended, and the first that wait. Others are counted, not listed.
    private static final int JOBS_KEPT = 100;

    /// In the order in which they began.
    private LinkedHashMap<String, RunFold> runs = new LinkedHashMap<>();
    /// Ids of runs that have ended, in that order; jobs for themselves, so that a busy queue hides no saga.
    private Deque<String> ended = new ArrayDeque<>();

    private Deque<String> endedJobs = new ArrayDeque<>();

    /// Events of other things, and of runs that are not known any more, change nothing.
    void apply(Instant at, EngineEvent event) {
        String runId = event.runId();
        if (runId == null) {
            return;
        }
        if (event instanceof EngineEvent.RunStarted started) {
            runs.put(runId, new RunFold(started, at));
            return;
        }
        RunFold run = runs.get(runId);
        if (run == null) {
            return;
        }
        run.apply(at, event);
        if (event instanceof EngineEvent.RunEnded) {
            boolean job = run.kind().equals("job");
            Deque<String> over = job ? endedJobs : ended;
            over.addLast(runId);
            forget(over, job ? JOBS_KEPT : KEPT);
        }
    }

    /// A run that was not known any more and goes on.
    void foundAgain(String runId, RunFold run) {
        runs.putFirst(runId, run);
    }

    private void forget(Deque<String> over, int kept) {
        while (over.size() > kept) {
            String oldest = over.removeFirst();
            RunFold run = runs.get(oldest);
            if (run != null && run.isFinal()) {
                runs.remove(oldest);
            }
        }
    }

    /// What a nested run spends, the run that it is part of spends; also one that ended so long ago that it
    /// is not known any more, and is undone now.
    /// @param step of the run, null: not known
    void spent(String runId, @Nullable String step, long tokens, long microDollars) {
        RunFold run = known(runId);
        String inStep = runs.containsKey(runId) ? step : null;
        while (run != null) {
            run.spent(inStep, tokens, microDollars);
            inStep = run.parentStep();
            String parent = run.parent();
            run = parent == null ? null : runs.get(parent);
        }
    }

    /// The id of a nested run is that of the run it is part of, with more behind it.
    private @Nullable RunFold known(String runId) {
        RunFold run = runs.get(runId);
        for (int end = runId.lastIndexOf('-'); run == null && end > 0; end = runId.lastIndexOf('-', end - 1)) {
            run = runs.get(runId.substring(0, end));
        }
        return run;
    }

    /// @return null if it is not known, or not any more
    @Nullable
    RunFold find(String runId) {
        return runs.get(runId);
    }

    List<RunView> newestFirst() {
        List<RunView> all = new ArrayList<>(runs.size());
        int waiting = 0;
        for (RunFold run : runs.values()) {
            waiting += run.waitsForWorker() ? 1 : 0;
            if (!run.waitsForWorker() || waiting <= JOBS_KEPT) {
                all.add(run.view());
            }
        }
        return List.copyOf(all.reversed());
    }
}
