package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.project.RecordingSpec.Policy;
import nexus.aiagents.engine.replay.ProgramId;
import nexus.aiagents.engine.replay.Recorder;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;

/// What recording costs a run that makes many host calls and one that makes few, and how long its replay
/// takes.
record ReplayBench(int runs) implements Figures {
    private static final Limits LIMITS = Limits.DEFAULT.withHostCallsPerSecond(Limits.MOST_HOST_CALLS_PER_SECOND);
    private static final HostCalls HOST = call -> new HostAnswer.Ok(
            call instanceof HostCall.KvGet ? "{\"count\": 7, \"text\": \"" + "otter ".repeat(20) + "\"}" : "null");

    @Override
    public void measure(Table table) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench");
        table.columns("JavaScript, host calls a run", "not recorded", "held, not kept", "recorded", "record", "replay");
        try (Sandbox sandbox = Sandbox.open(folder.resolve("cache"));
                Replayer replayer = Replayer.open()) {
            for (int calls : List.of(2, 2_000)) {
                row(table, folder.resolve("records-" + calls), sandbox, replayer, calls);
            }
        }
        Team.delete(folder);
    }

    private void row(Table table, Path folder, Sandbox sandbox, Replayer replayer, int calls) throws Exception {
        Recordings recordings = new Recordings(folder, () -> RecordingSpec.DEFAULT, InstantSource.system());
        Program source = new Program.Script(
                "calls.js",
                "calls.js",
                Map.of(
                        "calls.js",
                        "export default async (n, nexus) => { let s = 0; for (let i = 0; i < n; i++)"
                                + " s += (await nexus.kv.get('k' + i % 5)).count; return s; }"));
        PreparedProgram program = sandbox.prepare(source);
        ProgramId id = recordings.keep(source);
        Map<Policy, List<Double>> took = new EnumMap<>(Policy.class);
        // In turn, so that what else the machine does slows down all alike.
        for (int i = 0; i < runs; i++) {
            for (Policy policy : Policy.values()) {
                long began = System.nanoTime();
                run(recordings, program, id, policy, calls, "c" + i);
                took.computeIfAbsent(policy, _ -> new ArrayList<>()).add(Table.millis(began));
            }
        }
        Recording recording =
                recordings.list(new Recording.Query(null, null, null, 1)).getFirst();
        var file = recordings.file(recording.id(), null, "");
        List<Double> replays = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            ReplayReport report = replayer.replay(file, ReplayRequest.ALL, _ -> true);
            if (report.result() != ReplayReport.Result.SAME) {
                throw new IllegalStateException(report.toString());
            }
            replays.add((double) report.millis());
        }
        table.row(
                text("%,d", calls),
                warm(took.get(Policy.NEVER)),
                warm(took.get(Policy.ON_FAILURE)),
                warm(took.get(Policy.ALWAYS)),
                text("%,d bytes", recording.bytes()),
                warm(replays));
    }

    private String warm(List<Double> all) {
        return text("%.2f ms", Table.median(all.subList(all.size() / 2, all.size())));
    }

    private static void run(
            Recordings recordings, PreparedProgram program, ProgramId id, Policy policy, int calls, String name)
            throws Exception {
        Recorder recorder = recordings.recorder(
                policy,
                HOST,
                new Recorder.Subject(name, "a", "r", null, 1, Instant.now(), Isolation.THREAD),
                id,
                Map.of(),
                0);
        Invocation invocation =
                new Invocation(Integer.toString(calls), "{}", Map.of(), LIMITS, recorder == null ? HOST : recorder);
        if (recorder != null) {
            recorder.starts(invocation);
        }
        Run run = program.start(invocation);
        Outcome outcome = run.outcome().toCompletableFuture().get();
        if (!(outcome instanceof Outcome.Returned)) {
            throw new IllegalStateException(outcome.toString());
        }
        if (recorder != null) {
            recordings.finish(recorder, policy, outcome, ExitReason.NORMAL);
        }
    }
}
