package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/// The programs that are measured: C beside the modules built from it, in the folder `kernels`. They
/// run here natively, in Node and in the bare runtime.
///
/// @param folder where they were unpacked
record Kernels(Path folder) {
    static final List<String> COMPUTING = List.of("fib", "sha256", "nbody", "json", "sieve");
    private static final List<String> HELPERS = List.of("nothing", "calls", "waits");

    /// @param result what it computed; null: it could not be run
    /// @param why it could not
    record Times(@Nullable String result, List<Double> millis, String why) {
        private double median(int counted) {
            return Table.median(millis.subList(millis.size() - counted, millis.size()));
        }

        String words(int counted) {
            return result == null ? why : text("%.1f ms", median(counted));
        }

        String ratio(double ours, int counted) {
            return result == null ? "" : text("%.2f", ours / median(counted));
        }
    }

    static Kernels unpacked(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : Stream.concat(COMPUTING.stream(), HELPERS.stream()).toList()) {
            unpack(folder, name + ".c");
            unpack(folder, name + ".wasm");
        }
        unpack(folder, "kernel.h");
        unpack(folder, "run.mjs");
        return new Kernels(folder);
    }

    private static void unpack(Path folder, String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(Kernels.class.getResourceAsStream("kernels/" + file), file)) {
            Files.copy(in, folder.resolve(file));
        }
    }

    byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name + ".wasm"));
    }

    Times natively(String name, int runs) throws Exception {
        String compiler = onPath("clang", onPath("gcc", onPath("cc", null)));
        if (compiler == null) {
            return new Times(null, List.of(), "no C compiler");
        }
        String program = folder.resolve(name).toString();
        command(List.of(
                compiler, "-O2", "-o", program, folder.resolve(name + ".c").toString(), "-lm"));
        return times(List.of(program, String.valueOf(runs)));
    }

    Times inNode(String name, int runs) throws Exception {
        String node = onPath("node", null);
        return node == null
                ? new Times(null, List.of(), "`node` is not on the PATH")
                : times(List.of(
                        node,
                        folder.resolve("run.mjs").toString(),
                        folder.resolve(name + ".wasm").toString(),
                        String.valueOf(runs)));
    }

    private static Times times(List<String> command) throws Exception {
        List<Double> millis = new ArrayList<>();
        String result = "";
        for (String line : command(command).lines().toList()) {
            String[] words = line.split(" ");
            result = words[0];
            millis.add(Double.parseDouble(words[1]));
        }
        return new Times(result, millis, "");
    }

    private static String command(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed");
        }
        return output;
    }

    private static @Nullable String onPath(String name, @Nullable String otherwise) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(otherwise);
    }

    /// The runtime without the sandbox around it.
    record Bare(WasmModule module, Function<Instance, Machine> machines) {
        double millis() {
            HostFunction write = new HostFunction(
                    "wasi_snapshot_preview1",
                    "fd_write",
                    FunctionType.of(List.of(ValType.I32, ValType.I32, ValType.I32, ValType.I32), List.of(ValType.I32)),
                    (_, _) -> new long[] {0});
            long began = System.nanoTime();
            Instance.builder(module)
                    .withMachineFactory(machines)
                    .withMemoryFactory(ByteArrayMemory::new)
                    .withImportValues(ImportValues.builder().addFunction(write).build())
                    .withStart(false)
                    .build()
                    .export("_start")
                    .apply();
            return Table.millis(began);
        }
    }

    Bare bare(String name) throws IOException {
        WasmModule module = Parser.parse(bytes(name));
        return new Bare(
                module,
                MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.FAIL)
                        .compile());
    }
}
