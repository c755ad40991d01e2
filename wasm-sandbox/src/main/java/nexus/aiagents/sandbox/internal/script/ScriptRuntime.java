package nexus.aiagents.sandbox.internal.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.Script;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.Watchdog;

/// Compiles JavaScript and TypeScript programs. What it needs for that is loaded when the first one comes.
/// Thread-safe.
public final class ScriptRuntime {
    static final String PRELUDE = "nexus:prelude";
    static final String PROGRAM = "nexus:program";
    static final String START = "nexus:start";

    /// The modules of the host API, those that are imported first.
    static final List<String> API = List.of("host", "console", "timers", "web", "url", "prelude");

    /// Of the engine, which the fuel that a program takes depends on.
    private static final String ENGINE = "quickjs4j 0.1.0 with a stack, swc 1.16.2, endive 1.0.0, fuel ";

    private static final int MAX_FILES = 1_000;
    private static final int MAX_CHARACTERS = 4 << 20;

    private final Watchdog watchdog;

    public ScriptRuntime(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /// Of the host API and of the engine and compiler behind it.
    public static String fingerprint() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String name :
                    Stream.concat(API.stream(), Stream.of("start", "tick")).toList()) {
                hash.update(resource(name + ".js").getBytes(StandardCharsets.UTF_8));
            }
            hash.update((ENGINE + FuelInjector.VERSION).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String resource(String name) {
        try (InputStream in = ScriptRuntime.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the sandbox");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PreparedProgram prepare(Script script) throws ProgramRejected {
        checkSize(script);
        ScriptEngine engine = ScriptEngine.shared();
        Map<String, String> files = script.files();
        ModuleCompiler compiler = new ModuleCompiler(watchdog, engine.image(), Set.of());
        Map<String, ModuleBytecode> compiled = new LinkedHashMap<>();
        Map<String, SourceMap> maps = new HashMap<>();
        List<String> pending = new ArrayList<>(List.of(script.entry()));
        while (!pending.isEmpty()) {
            String file = pending.removeLast();
            if (compiled.containsKey(file)) {
                continue;
            }
            ModuleBytecode module = compile(compiler, file, files.getOrDefault(file, ""), maps);
            compiled.put(file, module);
            for (String specifier : module.specifiers()) {
                pending.add(ImportGraph.resolve(files, file, specifier));
            }
        }
        Map<String, byte[]> modules = new ImportGraph(files, compiled).order(script.entry());
        byte[] main = engine.start().linked(START, Map.of(PRELUDE, PRELUDE, PROGRAM, script.entry()));
        List<byte[]> loadOrder = new ArrayList<>(modules.values());
        loadOrder.add(main);
        return new ScriptProgram(
                script.name(),
                watchdog,
                engine.image(),
                loadOrder,
                engine.tick(),
                Set.copyOf(modules.keySet()),
                new SourceMaps(maps));
    }

    private ModuleBytecode compile(ModuleCompiler compiler, String file, String source, Map<String, SourceMap> maps)
            throws ProgramRejected {
        if (JsonModule.isJson(file)) {
            return compiler.compile(file, JsonModule.source(file, source));
        }
        if (!TypeScript.isTypeScript(file)) {
            return compiler.compile(file, source);
        }
        TypeScript.Transpiled transpiled = TypeScript.shared().transpile(watchdog, file, source);
        SourceMap map = transpiled.map();
        if (map != null) {
            maps.put(file, map);
        }
        try {
            return compiler.compile(file, transpiled.code());
        } catch (ProgramRejected e) {
            throw e.line() == 0 ? e : TypeScript.atItsPlace(e, transpiled);
        }
    }

    /// Whether it is worth to be looked at.
    public static void checkSize(Script script) throws ProgramRejected {
        long characters =
                script.files().values().stream().mapToLong(String::length).sum();
        if (script.files().size() > MAX_FILES || characters > MAX_CHARACTERS) {
            throw new ProgramRejected(
                    "too-large",
                    script.name() + " has " + script.files().size() + " files of " + characters
                            + " characters together; a JavaScript program may have " + MAX_FILES + " files of "
                            + MAX_CHARACTERS + " characters");
        }
        for (String file : script.files().keySet()) {
            if (file.startsWith("nexus:")) {
                throw new ProgramRejected("bad-name", "a file cannot be named " + file, file, 0, 0);
            }
        }
    }
}
