package nexus.aiagents.engine.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.XodusJournal;

/// A process that works on runs of every story in a real store until all have ended or wait for a
/// person, or until it dies: `FOLDER RUNS HALT_AT WHEN`, where `WHEN` is `before` or `after` the write
/// of that number. It says a line for every write, so that it can be killed at any of them.
final class KilledProcess {
    static final int SETTLED = 0;
    static final int HALTED = 9;

    private KilledProcess() {}

    public static void main(String[] args) throws Exception {
        int wanted = Integer.parseInt(args[1]);
        try (XodusJournal store = XodusJournal.open(Path.of(args[0]), Clock.systemUTC())) {
            Journal journal = new Halting(store, Integer.parseInt(args[2]), args[3].equals("before"), System.out);
            Semaphore news = new Semaphore(0);
            journal.subscribe(_ -> news.release());
            DurableRuns runs = new DurableRuns(journal, new Agents(), Clock.systemUTC(), new Random(), _ -> null);
            runs.recover();
            for (int i = begun(journal); i < wanted; i++) {
                CrashStories story = CrashStories.values()[i % CrashStories.values().length];
                runs.startSaga(story.saga(), story.pinned(), "{}")
                        .toCompletableFuture()
                        .get();
            }
            while (!isSettled(journal, wanted)) {
                if (!news.tryAcquire(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nothing happens any more");
                }
                news.drainPermits();
            }
            runs.close();
        }
        Runtime.getRuntime().halt(SETTLED);
    }

    private static int begun(Journal journal) {
        return (int) journal.read(0, Integer.MAX_VALUE).stream()
                .filter(entry -> entry.event() instanceof EngineEvent.RunStarted s && s.parentRunId() == null)
                .count();
    }

    private static boolean isSettled(Journal journal, int wanted) {
        Set<String> settled = new HashSet<>();
        for (JournalEntry entry : journal.read(0, Integer.MAX_VALUE)) {
            switch (entry.event()) {
                case EngineEvent.RunEnded e when !RunIds.isNested(e.runId()) -> settled.add(e.runId());
                case EngineEvent.RunParked e when !RunIds.isNested(e.runId()) -> settled.add(e.runId());
                default -> {}
            }
        }
        return settled.size() >= wanted;
    }

    /// Ends the process right before or after a write.
    private record Halting(Journal journal, AtomicInteger left, boolean before, PrintStream out) implements Journal {
        Halting(Journal journal, int haltAt, boolean before, PrintStream out) {
            this(journal, new AtomicInteger(haltAt), before, out);
        }

        @Override
        public CompletionStage<List<JournalEntry>> commit(Batch batch) {
            return java.util.concurrent.CompletableFuture.completedFuture(commitAndWait(batch));
        }

        @Override
        public List<JournalEntry> commitAndWait(Batch batch) {
            boolean last = left.decrementAndGet() == 0;
            if (last && before) {
                Runtime.getRuntime().halt(HALTED);
            }
            List<JournalEntry> written = journal.commitAndWait(batch);
            if (last) {
                Runtime.getRuntime().halt(HALTED);
            }
            out.println("written");
            return written;
        }

        @Override
        public List<JournalEntry> read(long afterSeq, int max) {
            return journal.read(afterSeq, max);
        }

        @Override
        public RunRecord run(String runId) {
            return journal.run(runId);
        }

        @Override
        public long lastSeq() {
            return journal.lastSeq();
        }

        @Override
        public String state(String key) {
            return journal.state(key);
        }

        @Override
        public Map<String, String> states(String prefix) {
            return journal.states(prefix);
        }

        @Override
        public Runnable subscribe(Consumer<JournalEntry> listener) {
            return journal.subscribe(listener);
        }

        @Override
        public long verify() {
            return journal.verify();
        }

        @Override
        public void close() {
            journal.close();
        }
    }

    /// They answer at once, each run with its own luck.
    private static final class Agents implements AgentCalls {
        private final Map<String, Long> count = new ConcurrentHashMap<>();

        @Override
        public Call call(Request request) {
            long before = count.merge(request.runId() + " " + request.agent(), 1L, Long::sum) - 1;
            Result result = CrashStories.fails(request.agent(), before)
                    ? new Result.Ended(ExitReason.error("no", "it says no"))
                    : new Result.Returned("{\"did\":\"" + request.step() + "\"}");
            FakeCalls.Pending call = new FakeCalls.Pending(request);
            call.result.complete(result);
            return call;
        }
    }
}
