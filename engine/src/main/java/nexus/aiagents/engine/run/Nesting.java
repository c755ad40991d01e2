package nexus.aiagents.engine.run;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.saga.SagaState;
import org.jspecify.annotations.Nullable;

/// Runs of runs. What became of one is durable before the run that it is part of hears of it, so that
/// after a crash it is only asked for again.
final class Nesting implements NestedRuns {
    private final DurableRuns runs;
    private final Journal journal;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final ReentrantLock beginning = new ReentrantLock();

    Nesting(DurableRuns runs, Journal journal) {
        this.runs = runs;
        this.journal = journal;
    }

    /// The call of a run that waits for a nested one.
    private final class Waiting implements AgentCalls.Call {
        private final String id;
        private final boolean undo;
        private final CompletableFuture<Result> result = new CompletableFuture<>();

        Waiting(String id, boolean undo) {
            this.id = id;
            this.undo = undo;
        }

        @Override
        public CompletionStage<Result> result() {
            return result;
        }

        /// When the project is closed the nested run is left where it is, and is closed by itself.
        @Override
        public void cancel(ExitReason reason) {
            if (reason.equals(RunWorker.CLOSING)) {
                waiting.remove(id, this);
                result.complete(new Result.Ended(reason));
            } else if (!undo) {
                runs.cancel(id);
            }
        }

        private void answer(StoredRun.Result ended) {
            if (undo) {
                result.complete(new Result.Returned("null"));
            } else if (ended.state().equals("done")) {
                String output = ended.outputJson();
                result.complete(new Result.Returned(output == null ? "null" : output));
            } else {
                ExitReason reason = ended.reason();
                result.complete(new Result.Ended(
                        reason == null ? ExitReason.error(ended.state(), "run " + id + " failed") : reason));
            }
        }
    }

    @Override
    public AgentCalls.Call run(String id, NestedStart begin) {
        return wait(new Waiting(id, false), () -> {
            if (journal.state(StoredRun.RESULT + id) != null) {
                ended(id);
            } else if (journal.state(StoredRun.STATE + id) != null) {
                runs.takingUp().one(id);
            } else {
                Started<?> started = begin.make();
                if (started.worker() instanceof PoolWorker pool && pool.isForQueue()) {
                    bring(pool);
                } else {
                    go(started);
                }
            }
        });
    }

    /// A pool whose members share a queue gets it as a job of that name. One that is not taken has failed,
    /// but for what was to wait for room while the project is closed: the next process brings it again.
    private void bring(PoolWorker pool) {
        Waiting call = waiting.get(pool.runId);
        runs.bring(pool.pool(), pool.runId, pool.inputJson(), pool.bringer()).thenAccept(answer -> {
            if (answer instanceof CommandResult.Refused refused && call != null && waiting.remove(call.id, call)) {
                boolean left = runs.isClosing() && refused.code().equals("not-up");
                call.result.complete(new Result.Ended(
                        left ? RunWorker.CLOSING : ExitReason.error(refused.code(), refused.message())));
            }
        });
    }

    private <E> void go(Started<E> started) {
        runs.go(started.worker(), started.begin());
    }

    @Override
    public AgentCalls.Call undo(String id) {
        return wait(new Waiting(id, true), () -> {
            if (journal.state(StoredRun.STATE + id) == null) {
                runs.takingUp().undoPast(id);
            } else if (isUndone(id)) {
                ended(id);
            } else {
                runs.takingUp().one(id);
            }
        });
    }

    /// Its result alone does not say so: until all is undone it is that of the time when it ended well.
    private boolean isUndone(String id) {
        String state = journal.state(StoredRun.STATE + id);
        SagaState saga = state == null ? null : RunJson.JSON.readValue(state, SagaState.class);
        return saga != null && saga.phase() == SagaState.Phase.ENDED && saga.failure() != null;
    }

    private AgentCalls.Call wait(Waiting call, Runnable begin) {
        beginning.lock();
        try {
            waiting.put(call.id, call);
            begin.run();
        } finally {
            beginning.unlock();
        }
        return call;
    }

    @Override
    public void pause(String id, boolean paused) {
        if (paused) {
            runs.pause(id);
        } else {
            runs.resume(id);
        }
    }

    /// The worker of a run is through. One that could not go on says nothing: the next process takes it up.
    void ended(String id) {
        Waiting call = waiting.get(id);
        StoredRun.Result result = call == null || call.undo && !isUndone(id) ? null : read(id);
        if (call != null && result != null && waiting.remove(id, call)) {
            call.answer(result);
        }
    }

    /// The project is closed, and the run was left where it is: whoever waits for it is left there too.
    void closed(String id) {
        Waiting call = waiting.get(id);
        if (call != null) {
            call.cancel(RunWorker.CLOSING);
        }
    }

    private StoredRun.@Nullable Result read(String id) {
        String result = journal.state(StoredRun.RESULT + id);
        return result == null ? null : RunJson.JSON.readValue(result, StoredRun.Result.class);
    }
}
