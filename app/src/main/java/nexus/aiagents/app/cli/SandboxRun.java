package nexus.aiagents.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.agent.LoneProgram;
import nexus.aiagents.engine.agent.LoneProgram.Ending;
import nexus.aiagents.engine.agent.LoneProgram.Folder;
import nexus.aiagents.engine.agent.LoneProgram.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Runs a WebAssembly module or a JavaScript or TypeScript program in the sandbox. It may do what the options grant and"
                    + " nothing else. Its keys (kv) last as long as the run.",
            "A WASI command reads the input on stdin and writes to stdout; a plug-in and a script get it as their"
                    + " input and return their output; a function of numbers takes them as a JSON array."
        })
final class SandboxRun extends Action {
    private static final int MAX_INPUT = 16 << 20;
    private static final long LEAST_MEMORY = 64L << 10;
    private static final long MOST_MEMORY = 2L << 30;

    @Parameters(paramLabel = "FILE", description = "A .wasm, .js, .mjs, .ts or .mts file.")
    private Path file = Path.of("");

    @Option(
            names = "--function",
            paramLabel = "F",
            description = "Enters the module by this exported function. Default: run of a plug-in, _start of a command")
    private @Nullable String function;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "INPUT",
            description =
                    "The input itself, @FILE for what is in a file, or - for standard input. Default: {} for a script,"
                            + " else nothing")
    private @Nullable String input;

    @Option(
            names = "--fuel",
            paramLabel = "N",
            defaultValue = "10000000000",
            description = "Ticks: calls and jumps back. Default: 10000000000")
    private long fuel;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "64MB", description = "Memory. Default: 64MB")
    private String memory = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "Time from start to end. Default: 30s")
    private String timeout = "";

    @Option(
            names = "--allow-http",
            paramLabel = "PATTERN",
            description = "A host it may ask: example.org, *.example.org, localhost:8080. Can be repeated.")
    private List<String> http = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "GUEST=HOST[:ro]",
            description = "A folder of this machine that it sees as GUEST, with :ro for reading only. Can be repeated.")
    private List<String> folders = new ArrayList<>();

    @Option(names = "--env", paramLabel = "K=V", description = "A variable that it sees. Can be repeated.")
    private List<String> env = new ArrayList<>();

    @Option(names = "--arg", paramLabel = "A", description = "An argument of a WASI command. Can be repeated.")
    private List<String> arguments = new ArrayList<>();

    @Override
    int run(Context context) throws IOException, InterruptedException {
        if (fuel < 1) {
            throw Failure.usage("--fuel " + fuel + ": it is one tick or more.");
        }
        LoneProgram.Request request = new LoneProgram.Request(
                context.folder().resolve(file),
                function,
                input(context),
                fuel,
                memoryBytes(),
                Quantities.time("--timeout", timeout),
                http,
                folders(context),
                variables(),
                arguments);
        Streams streams = new Streams(context.terminal(), context.attended());
        try {
            Report report = LoneProgram.run(request, streams);
            tell(context.terminal(), report, streams);
            return report.outcome() == Ending.RETURNED ? Exit.DONE : Exit.FAILED;
        } catch (LoneProgram.BadRequest e) {
            throw new Failure(Exit.USAGE, "bad-input", String.valueOf(e.getMessage()));
        }
    }

    private long memoryBytes() {
        long bytes = Quantities.bytes("--memory", memory);
        if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) {
            throw Failure.usage("--memory " + memory + ": it is from 64KB to 2GB.");
        }
        return bytes;
    }

    private static void tell(Terminal terminal, Report report, Streams streams) {
        String output = report.output();
        if (output != null) {
            streams.line(output);
        }
        String outcome = report.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (terminal.json()) {
            streams.endLine();
            terminal.json(Json.object("outcome")
                    .put("outcome", outcome)
                    .put("exitCode", report.exitCode())
                    .put("fuel", report.fuel())
                    .put("memoryBytes", report.memoryBytes())
                    .put("ms", report.millis())
                    .put("message", report.message()));
        } else if (report.outcome() != Ending.RETURNED) {
            terminal.out().flush();
            terminal.aside(terminal.tint(Tone.BAD, "naos: ") + outcome + ": " + Terminal.safe(report.message()));
        }
    }

    /// What the program writes goes on as it is to a file or another program; it never steers a terminal.
    private static final class Streams implements LoneProgram.Console {
        private final PrintStream out;
        private final PrintStream err;
        private final boolean seen;
        private volatile boolean inLine;

        /// @param seen a person sees what goes to `out`
        Streams(Terminal terminal, boolean seen) {
            out = terminal.out();
            err = terminal.err();
            this.seen = seen;
        }

        @Override
        public boolean stdout(byte[] bytes) {
            if (bytes.length > 0) {
                byte[] shown = seen ? harmless(bytes) : bytes;
                out.write(shown, 0, shown.length);
                inLine = bytes[bytes.length - 1] != '\n';
            }
            return !out.checkError(); // such as a pipe to `head` that is closed
        }

        @Override
        public void stderr(byte[] bytes) {
            byte[] shown = harmless(bytes);
            err.write(shown, 0, shown.length);
            err.flush();
        }

        /// A piece of a text: it may begin and end in the middle of a character. What steers in UTF-8
        /// beyond ASCII is `c2` and `80` to `9f`; the latter steer alone only where a terminal reads
        /// Latin-1.
        private static byte[] harmless(byte[] bytes) {
            byte[] harmless = bytes.clone();
            for (int i = 0; i < harmless.length; i++) {
                int c = harmless[i] & 0xff;
                boolean steers = c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 127;
                boolean beyond = c == 0xc2 && (i + 1 == bytes.length || (bytes[i + 1] & 0xff) < 0xa0);
                if (steers || beyond) {
                    harmless[i] = '?';
                }
            }
            return harmless;
        }

        void line(String text) {
            out.println(seen ? Terminal.safe(text) : text);
        }

        void endLine() {
            if (inLine) {
                out.println();
            }
        }
    }

    private byte[] input(Context context) throws IOException {
        String given = input;
        if (given == null) {
            given = LoneProgram.isScript(file) ? "{}" : "";
        }
        if (given.equals("-")) {
            return bounded(context.stdin(), "standard input");
        }
        if (!given.startsWith("@")) {
            return given.getBytes(StandardCharsets.UTF_8);
        }
        if (given.length() == 1) {
            throw new Failure(Exit.USAGE, "bad-input", "--input @: write the file's name after the @");
        }
        Path from = context.folder().resolve(given.substring(1));
        if (!Files.isRegularFile(from)) {
            throw new Failure(Exit.USAGE, "bad-input", Input.noFile(from));
        }
        try (InputStream in = Files.newInputStream(from)) {
            return bounded(in, from.toString());
        }
    }

    private static byte[] bounded(InputStream in, String where) throws IOException {
        byte[] bytes = in.readNBytes(MAX_INPUT + 1);
        if (bytes.length > MAX_INPUT) {
            throw new Failure(Exit.USAGE, "bad-input", where + " is larger than 16 MB; hand over a folder instead");
        }
        return bytes;
    }

    private List<Folder> folders(Context context) {
        List<Folder> all = new ArrayList<>();
        for (String each : folders) {
            int equals = each.indexOf('=');
            boolean readOnly = each.endsWith(":ro");
            String host = each.substring(equals + 1, readOnly ? each.length() - 3 : each.length());
            if (equals < 1 || host.isEmpty()) {
                throw Failure.usage("--dir " + each + ": write it as /data=./folder or /data=./folder:ro.");
            }
            all.add(new Folder(each.substring(0, equals), context.folder().resolve(host), !readOnly));
        }
        return all;
    }

    private Map<String, String> variables() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String each : env) {
            int equals = each.indexOf('=');
            if (equals < 1) {
                throw Failure.usage("--env " + each + ": write it as NAME=value.");
            }
            all.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return all;
    }
}
