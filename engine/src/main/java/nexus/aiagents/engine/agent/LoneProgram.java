package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.Direct;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Runs one program in the sandbox with nothing around it: no project, no journal, no agent. What it may do
/// is what the request says.
public final class LoneProgram {
    /// The files of a script as they lie there now: it and what it imports.
    ///
    /// @return texts by their names relative to its folder
    /// @throws IOException also if they are too many
    public static Map<String, String> scriptFiles(Path file) throws IOException {
        try {
            return Programs.script(file).files();
        } catch (ProgramRejected e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    public static final long DEFAULT_FUEL = Limits.DEFAULT.fuel();
    public static final long DEFAULT_MEMORY = Limits.DEFAULT.memoryBytes();
    public static final Duration DEFAULT_TIMEOUT = Limits.DEFAULT.wallTime();
    public static final long LEAST_MEMORY = Limits.LEAST_MEMORY;
    public static final long MOST_MEMORY = Limits.MOST_MEMORY;
    private static final int OUTPUT_BYTES = Limits.MOST_OUTPUT;
    private static final long MAX_MODULE = 64 << 20;
    private static final int LAST_LINE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final List<String> SCRIPTS = List.of(".js", ".mjs", ".ts", ".mts");
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?([A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");

    private LoneProgram() {}

    /// A folder of this machine, and where the program sees it.
    public record Folder(String guest, Path host, boolean writable) {}

    /// @param file `.wasm`, or a script
    /// @param function of a module, null: its usual entry
    /// @param input JSON for a script, a JSON array of numbers for a function of numbers, else any bytes
    /// @param http hosts that it may ask anything of: `example.org`, `*.example.org`, `localhost:8080`
    /// @param env all variables that it sees
    /// @param arguments of a WASI command, its name aside
    public record Request(
            Path file,
            @Nullable String function,
            byte[] input,
            long fuel,
            long memoryBytes,
            Duration timeout,
            List<String> http,
            List<Folder> folders,
            Map<String, String> env,
            List<String> arguments) {

        public Request {
            http = List.copyOf(http);
            folders = List.copyOf(folders);
            env = Map.copyOf(env);
            arguments = List.copyOf(arguments);
        }
    }

    /// The request can not be meant; the message says what to do.
    public static final class BadRequest extends Exception {
        BadRequest(String message) {
            super(message);
        }
    }

    /// Where the program's streams go while it runs; called on its thread.
    public interface Console {
        /// @return false if nobody reads it any more, which ends the program
        boolean stdout(byte[] bytes);

        void stderr(byte[] bytes);
    }

    public enum Ending {
        RETURNED,
        FAILED,
        TRAPPED,
        OUT_OF_FUEL,
        OUT_OF_MEMORY,
        TIMED_OUT,
        REFUSED
    }

    /// @param exitCode of a WASI command that ended by itself, else null
    /// @param message why it did not return, empty where it did
    /// @param output the JSON of a program that returns it and does not write it, else null
    public record Report(
            Ending outcome,
            @Nullable Integer exitCode,
            long fuel,
            long memoryBytes,
            long millis,
            String message,
            @Nullable String output) {}

    /// @throws BadRequest before anything runs
    public static Report run(Request request, Console console) throws BadRequest, InterruptedException {
        Program program = read(request);
        Grants grants = grants(request);
        Limits limits = limits(request);
        Streams streams = new Streams(console);
        try (Sandbox sandbox = Sandbox.openForThisUser();
                LoneHost host = new LoneHost(grants, console)) {
            PreparedProgram prepared = prepared(sandbox, program, request.function());
            Direct direct = new Direct(request.input(), request.arguments(), streams);
            String json = program instanceof Program.Script ? scriptInput(request) : "null";
            Run run = prepared.start(new Invocation(json, context(request), request.env(), limits, host, direct));
            streams.run.complete(run);
            boolean writesBytes = program instanceof Program.WasmModule;
            return report(request, awaited(run, request.timeout()), streams, writesBytes);
        } catch (ProgramRejected e) {
            String message = place(e, request.file().toString()) + e.getMessage();
            return new Report(Ending.REFUSED, null, 0, 0, 0, message, null);
        }
    }

    /// Nothing at all, such as standard input that is closed, is what a script gets without an input.
    private static String scriptInput(Request request) {
        String text = new String(request.input(), StandardCharsets.UTF_8);
        return text.isBlank() ? "{}" : text;
    }

    /// The program's name stands for the agent's; there is no run but this one.
    private static String context(Request request) {
        String file = String.valueOf(request.file().getFileName());
        int dot = file.lastIndexOf('.');
        ObjectNode context = Json.object();
        context.put("agent", dot > 0 ? file.substring(0, dot) : file);
        context.put("runId", "alone");
        return Json.write(context);
    }

    /// `file:line:column: `, as far as it is known.
    ///
    /// @param program where no file is named
    static String place(ProgramRejected e, String program) {
        return e.line() > 0
                ? (e.file().isEmpty() ? program : e.file()) + ":" + e.line() + (e.column() > 0 ? ":" + e.column() : "")
                        + ": "
                : "";
    }

    private static final class Streams implements Direct.Console {
        private final Console console;
        private final CompletableFuture<Run> run = new CompletableFuture<>();
        private volatile @Nullable Integer status;
        private volatile boolean unread;
        private byte[] tail = {};

        Streams(Console console) {
            this.console = console;
        }

        @Override
        public void stdout(byte[] bytes) {
            if (!unread && !console.stdout(bytes)) {
                unread = true;
                var _ = run.thenAccept(Run::cancel);
            }
        }

        @Override
        public synchronized void stderr(byte[] bytes) {
            console.stderr(bytes);
            byte[] all = Arrays.copyOf(tail, tail.length + bytes.length);
            System.arraycopy(bytes, 0, all, tail.length, bytes.length);
            tail = Arrays.copyOfRange(all, Math.max(0, all.length - LAST_LINE), all.length);
        }

        @Override
        public void exited(int code) {
            status = code;
        }

        /// What a command said last on stderr, as the project's log takes it for its error; else empty.
        synchronized String lastLine() {
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce("", (_, line) -> line)
                    .strip();
        }
    }

    private static PreparedProgram prepared(Sandbox sandbox, Program program, @Nullable String function)
            throws ProgramRejected {
        return program instanceof Program.WasmModule module && function != null
                ? sandbox.prepare(module, function)
                : sandbox.prepare(program);
    }

    /// A program that is blocked where it writes, because nobody reads, does not keep anybody waiting.
    private static Outcome awaited(Run run, Duration timeout) throws InterruptedException {
        CompletableFuture<Outcome> outcome = run.outcome().toCompletableFuture();
        try {
            return outcome.get(timeout.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return new Outcome.TimedOut(run.usage());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it never completes exceptionally
        }
    }

    private static Report report(Request request, Outcome outcome, Streams streams, boolean writesBytes)
            throws BadRequest {
        Outcome.Usage used = outcome.usage();
        String output = null;
        Ending ending;
        String message = "";
        switch (outcome) {
            case Outcome.Returned returned -> {
                ending = Ending.RETURNED;
                boolean written = writesBytes && returned.outputJson().equals("null");
                output = written ? null : returned.outputJson();
            }
            case Outcome.Failed failed -> {
                if (request.function() != null && failed.code().equals("bad-arguments")) {
                    throw new BadRequest("--input: " + failed.message());
                }
                ending = Ending.FAILED;
                String said = failed.code().equals("exit") ? streams.lastLine() : "";
                message = (failed.code().equals("exit") ? "" : failed.code() + ": ")
                        + CallEndings.at(failed.message(), failed.place())
                        + (said.isEmpty() ? "" : ": " + said);
            }
            case Outcome.Trapped trapped -> {
                ending = Ending.TRAPPED;
                message = trapped.message();
            }
            case Outcome.OutOfFuel _ -> {
                ending = Ending.OUT_OF_FUEL;
                message = "it used up its " + request.fuel() + " ticks; --fuel "
                        + Math.max(request.fuel(), request.fuel() * 2) + " gives it more";
            }
            case Outcome.OutOfMemory _ -> {
                ending = Ending.OUT_OF_MEMORY;
                long more = Math.min(request.memoryBytes() * 2, MOST_MEMORY) >> 10;
                message = "it wanted more than its " + (request.memoryBytes() >> 10) + " KB"
                        + (request.memoryBytes() < MOST_MEMORY ? "; --memory " + more + "KB gives it more" : "");
            }
            case Outcome.TimedOut _ -> {
                ending = Ending.TIMED_OUT;
                message = "it was still running after " + request.timeout().toMillis() + " ms; --timeout "
                        + request.timeout().multipliedBy(2).toMillis() + "ms gives it more";
            }
            case Outcome.WorkerDied died -> {
                ending = Ending.FAILED;
                message = died.message();
            }
            case Outcome.Cancelled _ -> {
                ending = Ending.FAILED;
                message = streams.unread ? "nobody reads its output any more" : "it was cancelled";
            }
        }
        return new Report(ending, streams.status, used.fuel(), used.memoryBytes(), used.millis(), message, output);
    }

    private static Program read(Request request) throws BadRequest {
        Path file = request.file();
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        try {
            if (!Files.isRegularFile(file)) {
                throw new BadRequest(Files.isDirectory(file) ? file + " is a folder" : "there is no file " + file);
            }
            if (isScript(file)) {
                if (request.function() != null) {
                    throw new BadRequest("--function is for WebAssembly: of a script the default export is run");
                }
                if (!request.arguments().isEmpty()) {
                    throw new BadRequest("--arg is for a WASI command: a script gets its --input alone");
                }
                Json.read("--input", scriptInput(request));
                return Programs.script(file);
            }
            return module(file, name.endsWith(".wasm"));
        } catch (ProgramRejected | HostCallFailed e) {
            throw new BadRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new BadRequest(file + " can not be read: " + Programs.describe(e));
        }
    }

    /// Whether a file of this name is JavaScript or TypeScript.
    public static boolean isScript(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return SCRIPTS.stream().anyMatch(name::endsWith);
    }

    static Program.WasmModule module(Path file, boolean saysSo) throws IOException, BadRequest {
        if (Files.size(file) > MAX_MODULE) {
            throw new BadRequest(file + " is larger than " + (MAX_MODULE >> 20) + " MB");
        }
        byte[] bytes = Files.readAllBytes(file);
        boolean begins = bytes.length >= 4 && bytes[0] == 0 && bytes[1] == 'a' && bytes[2] == 's' && bytes[3] == 'm';
        if (!saysSo && !begins) {
            throw new BadRequest(
                    file + " is neither WebAssembly (.wasm) nor JavaScript or TypeScript (.js, .mjs, .ts, .mts)");
        }
        return new Program.WasmModule(String.valueOf(file.getFileName()), bytes);
    }

    private static Limits limits(Request request) throws BadRequest {
        try {
            return Limits.DEFAULT
                    .withFuel(request.fuel())
                    .withMemoryBytes(request.memoryBytes())
                    .withWallTime(request.timeout())
                    .withCpuTime(request.timeout())
                    .withOutputBytes(OUTPUT_BYTES);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Grants grants(Request request) throws BadRequest {
        List<Grants.HttpRule> http = new ArrayList<>();
        for (String host : request.http()) {
            Matcher named = HOST.matcher(host);
            if (!named.matches()) {
                throw new BadRequest("--allow-http " + host
                        + ": it is a host such as example.org, *.example.org or localhost:8080, without http:// and"
                        + " without a path");
            }
            String port = named.group(4);
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
                throw new BadRequest("--allow-http " + host + ": a port is from 1 to 65535");
            }
            http.add(new Grants.HttpRule(host, HttpDesk.METHODS));
        }
        List<Grants.Mount> mounts = new ArrayList<>();
        Set<String> guests = new HashSet<>();
        for (Folder folder : request.folders()) {
            if (!Files.isDirectory(folder.host())) {
                throw new BadRequest("--dir: "
                        + (Files.exists(folder.host())
                                ? folder.host() + " is a file: name a folder"
                                : "there is no folder " + folder.host()
                                        + (String.valueOf(folder.host().getFileName())
                                                        .contains(":")
                                                ? " (:ro at its end lets it be read only)"
                                                : "")));
            }
            String guest = guest(folder.guest());
            if (!guests.add(guest)) {
                throw new BadRequest("--dir: " + guest + " is given twice");
            }
            mounts.add(new Grants.Mount(guest, folder.host(), folder.writable()));
        }
        return new Grants(Set.of(), http, mounts, Set.of(), true, request.env());
    }

    /// `/` and the names on the way, however it was written.
    private static String guest(String given) throws BadRequest {
        List<String> names = Arrays.stream(given.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
        if (names.contains("..")) {
            throw new BadRequest(
                    "--dir: the program sees " + given + " nowhere: name a path without '..', such as /data");
        }
        return "/" + String.join("/", names);
    }
}
