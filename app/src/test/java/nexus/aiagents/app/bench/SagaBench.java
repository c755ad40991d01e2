package nexus.aiagents.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.JournalEntry;

/// Durable saga steps, beside SQLite writing what they write, in the same run.
record SagaBench() implements Figures {
    private static final int STEPS = 4;
    private static final int ROUNDS = 3;
    private static final int[] AT_ONCE = {1, 8, 64};

    @Override
    public void measure(Table table) throws Exception {
        table.columns(
                "sagas of four steps",
                "runs at once",
                "steps a second",
                "SQLite: the same commits, steps a second",
                "ratio");
        for (String agent : List.of("wasm", "javascript")) {
            for (int atOnce : AT_ONCE) {
                compare(table, agent, atOnce);
            }
        }
        table.note("Nexus runs the agent of every step in the sandbox and writes all its entries, hash-chained; SQLite"
                + " (WAL, synchronous=FULL, one connection) writes the same entries as rows, in as many transactions as a"
                + " run waits for the disk, and runs nothing. Medians of " + ROUNDS + " rounds, taken in turn.");
    }

    private static void compare(Table table, String agent, int atOnce) throws Exception {
        int runs = Math.max(atOnce, agent.equals("wasm") ? 256 : 64);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        Path folder = Files.createTempDirectory("nexus-bench-sqlite");
        try (Team team = Team.open(BenchProjects.sagas());
                SqlitePeer sqlite = new SqlitePeer(folder.resolve("journal.db"))) {
            BlockingQueue<EngineEvent.RunEnded> ends = team.hear(EngineEvent.RunEnded.class);
            steps(team, ends, agent, atOnce, Math.max(atOnce, runs / 2));
            List<List<byte[]>> commits = commits(team, ends, agent);
            sqlite.write(commits, atOnce, runs / 2);
            for (int round = 0; round < ROUNDS; round++) {
                long began = System.nanoTime();
                steps(team, ends, agent, atOnce, runs);
                ours.add(runs * STEPS / Table.seconds(began));
                began = System.nanoTime();
                sqlite.write(commits, atOnce, runs);
                theirs.add(runs * STEPS / Table.seconds(began));
            }
        }
        Team.delete(folder);
        double nexus = Table.median(ours);
        double peer = Table.median(theirs);
        table.row(
                "a " + (agent.equals("wasm") ? "WebAssembly" : "JavaScript") + " agent a step",
                atOnce,
                text("%,.0f", nexus),
                text("%,.0f", peer),
                text("%.2f", nexus / peer));
    }

    /// So many runs, never more than `atOnce` under way.
    private static void steps(Team team, BlockingQueue<EngineEvent.RunEnded> ends, String saga, int atOnce, int runs)
            throws Exception {
        int started = 0;
        for (int ended = 0; ended < runs; ) {
            while (started < runs && started - ended < atOnce) {
                var _ = team.engine.submit(new Command.RunSaga(saga, "{\"topic\":\"otters\"}"), "bench");
                started++;
            }
            EngineEvent.RunEnded end = Team.next(ends);
            if (!end.state().equals("done")) {
                throw new IllegalStateException(end.toString());
            }
            ended++;
        }
    }

    /// The entries of one run, and where it waited for the disk: for its beginning with the first step,
    /// then before every further step, then for its end.
    private static List<List<byte[]>> commits(Team team, BlockingQueue<EngineEvent.RunEnded> ends, String saga)
            throws Exception {
        long before = team.engine.view().seq();
        steps(team, ends, saga, 1, 1);
        List<List<byte[]>> commits = new ArrayList<>();
        List<byte[]> open = new ArrayList<>();
        for (JournalEntry entry : team.engine.history(new HistoryQuery(before, 1_000, false, Set.of(), null, null))) {
            open.add(EventJson.write(entry.event()).getBytes(UTF_8));
            if (entry.event() instanceof EngineEvent.StepStarted || entry.event() instanceof EngineEvent.RunEnded) {
                commits.add(List.copyOf(open));
                open.clear();
            }
        }
        return commits;
    }
}
