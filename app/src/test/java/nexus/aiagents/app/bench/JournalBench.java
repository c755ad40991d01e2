package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal.Batch;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.XodusJournal;

/// The journal alone: durable events a second beside SQLite doing the same number of commits, and how
/// long a project with a long history takes to open.
///
/// @param entries of the long history
record JournalBench(int entries) implements Figures {
    private static final int ROUNDS = 3;
    private static final int COMMITS = 600;
    private static final int BATCH = 500;

    @Override
    public void measure(Table table) throws Exception {
        table.columns("durable events", "writers at once", "a second", "SQLite, the same commits", "ratio");
        for (int writers : new int[] {1, 8, 64}) {
            compare(table, writers);
        }
        table.note("An event and a value of state in one transaction, on the disk before its writer goes on. Ours is"
                + " hash-chained and every fifth event also changes the record of a run that can be searched; SQLite is"
                + " WAL, synchronous=FULL, one connection. Medians of " + ROUNDS + " rounds, taken in turn.");
        longHistory(table);
    }

    private static void compare(Table table, int writers) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench-journal");
        int commits = Math.max(COMMITS, writers * 100);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        try (XodusJournal journal = XodusJournal.open(folder.resolve("store"), Clock.systemUTC());
                SqlitePeer sqlite = new SqlitePeer(folder.resolve("journal.db"))) {
            byte[] json = EventJson.write(event(1)).getBytes(StandardCharsets.UTF_8);
            write(journal, writers, commits / 2);
            sqlite.write(List.of(List.of(json)), writers, commits / 2);
            for (int round = 0; round < ROUNDS; round++) {
                long began = System.nanoTime();
                write(journal, writers, commits);
                ours.add(commits / Table.seconds(began));
                began = System.nanoTime();
                sqlite.write(List.of(List.of(json)), writers, commits);
                theirs.add(commits / Table.seconds(began));
            }
        }
        Team.delete(folder);
        double nexus = Table.median(ours);
        double peer = Table.median(theirs);
        table.row("", writers, text("%,.0f", nexus), text("%,.0f", peer), text("%.2f", nexus / peer));
    }

    private static void write(XodusJournal journal, int writers, int times) throws Exception {
        AtomicInteger left = new AtomicInteger(times);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String key = "writer-" + i;
                all.add(pool.submit((Callable<Void>) () -> {
                    for (int n = left.getAndDecrement(); n > 0; n = left.getAndDecrement()) {
                        journal.commitAndWait(new Batch(List.of(event(n)), Map.of(key, "value " + n)));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /// Every tenth begins a run, every tenth ends one.
    private static EngineEvent event(int n) {
        String run = "run-" + n / 10;
        return switch (n % 10) {
            case 0 ->
                new EngineEvent.RunStarted(run, "saga", "publish-" + n % 7, "h", "{}", "{\"n\":1}", null, null, null);
            case 9 -> new EngineEvent.RunEnded(run, n % 50 == 9 ? "failed" : "done", "{}", null, null);
            case 5 -> new EngineEvent.HostCallMade("worker", run, "kv", "key-" + n % 100, true, 3);
            default -> new EngineEvent.AgentLogged("worker", run, "info", "line " + n + " of what an agent has to say");
        };
    }

    private void longHistory(Table table) throws Exception {
        table.columns("a project with " + text("%,d", entries) + " entries", "time");
        Path folder = BenchProjects.team();
        try (XodusJournal journal = XodusJournal.open(folder.resolve(".nexus").resolve("store"), Clock.systemUTC())) {
            List<EngineEvent> batch = new ArrayList<>(BATCH);
            for (int n = 0; n < entries; n++) {
                batch.add(event(n));
                if (batch.size() == BATCH) {
                    journal.commit(new Batch(List.copyOf(batch), Map.of()));
                    batch.clear();
                }
            }
            journal.commitAndWait(new Batch(batch, Map.of()));
            long began = System.nanoTime();
            if (!journal.audit().isWhole()) {
                throw new IllegalStateException(journal.audit().toString());
            }
            table.row("verify the whole chain", text("%.2f s", Table.seconds(began)));
        }
        long began = System.nanoTime();
        Engine.open(folder, Engine.Options.RUN).close();
        table.row("open it when nothing of it is remembered, and close it", text("%.2f s", Table.seconds(began)));
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            began = System.nanoTime();
            try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
                times.add(Table.seconds(began));
                began = System.nanoTime();
                int found = engine.runs(
                                new RunQuery(java.util.Set.of("failed"), java.util.Set.of(), null, null, null, 50))
                        .size();
                if (i == 0) {
                    table.row("find the last " + found + " failed runs", text("%.0f ms", Table.millis(began)));
                }
            }
        }
        table.row(
                "open it (Engine.open)",
                text("median %.2f s, worst %.2f s", Table.median(times), Table.quantile(times, 1)));
        Team.delete(folder);
    }
}
