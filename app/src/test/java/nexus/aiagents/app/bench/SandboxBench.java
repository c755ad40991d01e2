package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;

/// WebAssembly in the sandbox: how fast it computes beside native C, Node's V8 and the same runtime without
/// any limit, what an instance and a host call cost, and what the cache of compiled code saves.
record SandboxBench() implements Figures {
    private static final int RUNS = 12;
    private static final int COUNTED = 6;
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(Long.MAX_VALUE)
            .withWallTime(Duration.ofMinutes(2))
            .withCpuTime(Duration.ofMinutes(2))
            .withHostCallsPerSecond(Limits.MOST_HOST_CALLS_PER_SECOND);

    @Override
    public void measure(Table table) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench");
        Kernels kernels = Kernels.unpacked(folder.resolve("kernels"));
        try (Sandbox sandbox = Sandbox.open(folder.resolve("cache"))) {
            compute(table, kernels, sandbox);
            instances(table, kernels, sandbox);
            hostCalls(table, kernels, sandbox);
            stopping(table, kernels, sandbox);
            cache(table, kernels, folder);
            workers(table, kernels, folder);
        }
        Team.delete(folder);
    }

    private static void compute(Table table, Kernels kernels, Sandbox sandbox) throws Exception {
        table.columns(
                "kernel, median of " + COUNTED + " warm runs",
                "native C (-O2)",
                "Node (V8)",
                "runtime as it comes",
                "sandbox: fuel and stack counted",
                "sandbox / runtime",
                "sandbox / V8",
                "sandbox / C");
        List<Double> costs = new ArrayList<>();
        for (String name : Kernels.COMPUTING) {
            Kernels.Times c = kernels.natively(name, RUNS);
            Kernels.Times node = kernels.inNode(name, RUNS);
            PreparedProgram program = prepared(sandbox, kernels, name);
            // In turn, so that what else the machine does slows down both alike.
            List<Double> bare = new ArrayList<>();
            List<Double> ours = new ArrayList<>();
            String result = "";
            Kernels.Bare runtime = kernels.bare(name);
            for (int i = 0; i < RUNS; i++) {
                bare.add(runtime.millis());
                long began = System.nanoTime();
                result = returned(run(program, HOST));
                ours.add(Table.millis(began));
            }
            for (Kernels.Times other : List.of(c, node)) {
                if (other.result() != null && !other.result().equals(result)) {
                    throw new IllegalStateException(name + " is " + other.result() + " elsewhere, here " + result);
                }
            }
            double us = Table.median(ours.subList(RUNS - COUNTED, RUNS));
            double them = Table.median(bare.subList(RUNS - COUNTED, RUNS));
            costs.add(us / them);
            table.row(
                    name,
                    c.words(COUNTED),
                    node.words(COUNTED),
                    text("%.1f ms", them),
                    text("%.1f ms", us),
                    text("%.2f", us / them),
                    node.ratio(us, COUNTED),
                    c.ratio(us, COUNTED));
        }
        table.note(text(
                "Median cost of counting fuel and stack: %.2f times the runtime as it comes.", Table.median(costs)));
    }

    private static final HostCalls HOST = _ -> new HostAnswer.Ok("1234567890123");

    private static PreparedProgram prepared(Sandbox sandbox, Kernels kernels, String name) throws Exception {
        return sandbox.prepare(new Program.WasmModule(name, kernels.bytes(name)));
    }

    private static Outcome run(PreparedProgram program, HostCalls host) throws Exception {
        return program.start(new Invocation("{}", LIMITS, host))
                .outcome()
                .toCompletableFuture()
                .get(3, TimeUnit.MINUTES);
    }

    private static String returned(Outcome outcome) {
        if (outcome instanceof Outcome.Returned(String output, Outcome.Usage _)) {
            return output;
        }
        throw new IllegalStateException(outcome.toString());
    }

    private static void instances(Table table, Kernels kernels, Sandbox sandbox) throws Exception {
        table.columns("an instance of its own, a thread and 64 KiB of memory", "");
        PreparedProgram nothing = prepared(sandbox, kernels, "nothing");
        for (int i = 0; i < 5_000; i++) {
            returned(run(nothing, HOST));
        }
        long began = System.nanoTime();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            returned(run(nothing, HOST));
        }
        table.row("made, run and thrown away, one after the other", text("%,.0f /s", count / Table.seconds(began)));
        PreparedProgram waits = prepared(sandbox, kernels, "waits");
        int held = 500;
        CountDownLatch arrived = new CountDownLatch(held);
        CountDownLatch go = new CountDownLatch(1);
        long before = Weight.heap();
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < held; i++) {
            runs.add(waits.start(new Invocation("{}", LIMITS, _ -> {
                arrived.countDown();
                go.await();
                return HostAnswer.NOTHING;
            })));
        }
        arrived.await();
        table.row(
                text("heap of one that waits in a host call, of %d", held),
                text("%.1f KiB", (Weight.heap() - before) / 1024.0 / held));
        go.countDown();
        for (Run run : runs) {
            run.outcome().toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
    }

    private static void hostCalls(Table table, Kernels kernels, Sandbox sandbox) throws Exception {
        table.columns("a call to the host and back, on a thread that the program can not hurt", "");
        table.row("JSON read, answered and written", called(prepared(sandbox, kernels, "calls")));
    }

    /// The same program on a thread and in a worker process.
    private static void workers(Table table, Kernels kernels, Path folder) throws Exception {
        table.columns("where a program runs", "on a thread", "in a worker process");
        try (Sandbox sandbox = Sandbox.open(folder.resolve("workers"))) {
            prepared(sandbox, kernels, "nothing"); // compiled, so that only the worker is waited for
            long began = System.nanoTime();
            PreparedProgram there = isolated(sandbox, kernels, "nothing");
            table.row("the first worker started and ready", "", text("%.0f ms", Table.millis(began)));
            PreparedProgram here = prepared(sandbox, kernels, "nothing");
            table.row("started, run and ended", started(here), started(there));
            table.row(
                    "a call to the host and back",
                    called(prepared(sandbox, kernels, "calls")),
                    called(isolated(sandbox, kernels, "calls")));
        }
    }

    private static PreparedProgram isolated(Sandbox sandbox, Kernels kernels, String name) throws Exception {
        return sandbox.prepare(new Program.WasmModule(name, kernels.bytes(name)), Isolation.PROCESS);
    }

    private static String started(PreparedProgram program) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            long began = System.nanoTime();
            returned(run(program, HOST));
            millis.add(Table.millis(began));
        }
        return text("%.2f ms", Table.median(millis.subList(1_000, 2_000)));
    }

    private static String called(PreparedProgram program) throws Exception {
        List<Double> micros = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long began = System.nanoTime();
            Outcome outcome = run(program, HOST);
            micros.add(Table.millis(began) * 1e3 / outcome.usage().hostCalls());
        }
        return text("%.1f µs", Table.median(micros.subList(4, 8)));
    }

    private static void stopping(Table table, Kernels kernels, Sandbox sandbox) throws Exception {
        table.columns("from `cancel` to the outcome, while it computes", "median", "slowest of 40");
        for (String name : List.of("sha256", "sieve", "json")) {
            PreparedProgram program = prepared(sandbox, kernels, name);
            List<Double> millis = new ArrayList<>();
            while (millis.size() < 40) {
                Run run = program.start(new Invocation("{}", LIMITS, HOST));
                while (run.usage().fuel() < 1_000) {
                    Thread.onSpinWait();
                }
                long began = System.nanoTime();
                run.cancel();
                if (run.outcome().toCompletableFuture().get(1, TimeUnit.MINUTES) instanceof Outcome.Cancelled) {
                    millis.add(Table.millis(began));
                }
            }
            table.row(name, text("%.2f ms", Table.median(millis)), text("%.1f ms", Table.quantile(millis, 1)));
        }
    }

    private static void cache(Table table, Kernels kernels, Path folder) throws Exception {
        table.columns("from bytes to a program that can be started", "compiled", "from the cache on disk");
        for (String name : List.of("json", "sha256", "fib")) {
            List<Double> compiled = new ArrayList<>();
            List<Double> cached = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Path cache = folder.resolve("cache-" + name + i);
                compiled.add(preparing(kernels, name, cache));
                cached.add(preparing(kernels, name, cache));
            }
            table.row(
                    text("%s, %,d bytes", name, kernels.bytes(name).length),
                    text("%.1f ms", Table.median(compiled)),
                    text("%.1f ms", Table.median(cached)));
        }
    }

    private static double preparing(Kernels kernels, String name, Path cache) throws Exception {
        try (Sandbox fresh = Sandbox.open(cache)) {
            long began = System.nanoTime();
            prepared(fresh, kernels, name);
            return Table.millis(began);
        }
    }
}
