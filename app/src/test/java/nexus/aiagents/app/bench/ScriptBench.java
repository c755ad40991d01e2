package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.Sandbox;

/// JavaScript and TypeScript in the sandbox: how fast it computes, what a call of an idle agent takes
/// until its first line and its end, and what the first and the next TypeScript file takes.
record ScriptBench() implements Figures {
    private static final int WARM = 20;
    private static final int CALLS = 2_000;
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(Long.MAX_VALUE)
            .withWallTime(Duration.ofMinutes(2))
            .withCpuTime(Duration.ofMinutes(2));
    private static final String LOOP =
            "export default () => { let s = 0; for (let k = 0; k < 1000000; k++) s = (s + k * 7) % 1000003; return s }";
    private static final String FIB = "const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); export default () => f(25)";
    private static final String TEXT = "export default () => { let n = 0; for (let i = 0; i < 300; i++)"
            + " n += JSON.parse(JSON.stringify({i, list: [1, 2, 3], text: 'x'.repeat(50)})).text.length; return n }";
    private static final String TYPED =
            "interface In { n: number }\nexport default (input: In): number => input.n as number;\n";

    @Override
    public void measure(Table table) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench");
        long began = System.nanoTime();
        try (Sandbox sandbox = Sandbox.open(folder)) {
            PreparedProgram idle =
                    prepared(sandbox, "main.js", "export default (i, n) => { n.emit('begun'); return 1 }");
            table.columns("JavaScript", "first", "warm, median");
            table.row("the engine is loaded and a program prepared", text("%.0f ms", Table.millis(began)), "");
            computes(table, sandbox, "a loop of 1,000,000 turns", LOOP);
            computes(table, sandbox, "fib(25), 250,000 calls", FIB);
            computes(table, sandbox, "300 times JSON there and back", TEXT);
            calls(table, idle);
            typed(table, sandbox);
        }
        Team.delete(folder);
    }

    private static PreparedProgram prepared(Sandbox sandbox, String file, String source) throws Exception {
        return sandbox.prepare(new Program.Script(file, file, Map.of(file, source)));
    }

    private static void run(PreparedProgram program, HostCalls host) throws Exception {
        Outcome outcome = program.start(new Invocation("{\"n\":1}", LIMITS, host))
                .outcome()
                .toCompletableFuture()
                .get(2, TimeUnit.MINUTES);
        if (!(outcome instanceof Outcome.Returned)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    private static void computes(Table table, Sandbox sandbox, String what, String source) throws Exception {
        PreparedProgram program = prepared(sandbox, "main.js", source);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i <= WARM; i++) {
            long began = System.nanoTime();
            run(program, _ -> HostAnswer.NOTHING);
            times.add(Table.millis(began));
        }
        table.row(
                what,
                text("%.0f ms", times.getFirst()),
                text("%.0f ms", Table.median(times.subList(WARM / 2, times.size()))));
    }

    private static void calls(Table table, PreparedProgram idle) throws Exception {
        List<Double> firstLine = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long[] arrived = new long[1];
            long began = System.nanoTime();
            run(idle, call -> {
                if (call instanceof HostCall.Emit) {
                    arrived[0] = System.nanoTime();
                }
                return HostAnswer.NOTHING;
            });
            whole.add(Table.millis(began));
            firstLine.add((arrived[0] - began) / 1e6);
        }
        List<Double> warmLine = firstLine.subList(CALLS / 2, CALLS);
        List<Double> warm = whole.subList(CALLS / 2, CALLS);
        table.row(
                "call of an idle agent to its first line",
                text("%.1f ms", firstLine.getFirst()),
                text("%.2f ms (99 %%: %.1f ms)", Table.median(warmLine), Table.quantile(warmLine, 0.99)));
        table.row(
                "call of an idle agent to its end",
                text("%.1f ms", whole.getFirst()),
                text("%.2f ms, %,.0f /s", Table.median(warm), 1e3 / Table.median(warm)));
    }

    private static void typed(Table table, Sandbox sandbox) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i <= WARM; i++) {
            long began = System.nanoTime();
            prepared(sandbox, "main.ts", TYPED + "// " + i);
            times.add(Table.millis(began));
        }
        table.row(
                "a TypeScript file is transpiled and compiled",
                text("%.0f ms", times.getFirst()),
                text("%.0f ms", Table.median(times.subList(WARM / 2, times.size()))));
    }
}
