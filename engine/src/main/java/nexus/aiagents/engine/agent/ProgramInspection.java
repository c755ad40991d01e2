package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.ModuleInfo;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;

/// What a program is made of and what it would need, found out without running it.
///
/// @param kind `plug-in`, `command`, `functions`, `script` or `no-module`
/// @param bytes size, of a script with what it imports
/// @param sources of a script, relative to its folder; else empty
/// @param functions of the module's own
/// @param start the function that a module calls before everything else, null: none
/// @param features beyond the first version of WebAssembly
/// @param rejected why it can not be run, null: it can
/// @param grants YAML for an agent, empty: it needs none
public record ProgramInspection(
        String kind,
        long bytes,
        List<String> sources,
        List<Item> imports,
        List<Item> exports,
        int functions,
        List<Size> memories,
        List<Size> tables,
        @Nullable Integer start,
        Set<String> features,
        @Nullable Rejection rejected,
        String grants) {

    private static final Pattern CALL = Pattern.compile("\\bnexus\\.(model|http|kv|file|agent|env)\\b(?:\\.(\\w+))?");
    private static final Pattern ADDRESS = Pattern.compile("https?://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)");

    /// @param module where an import comes from, empty for an export
    /// @param what `function`, `table`, `memory` or `global`
    /// @param signature as `(i32, i64) -> i32`, empty for what is no function
    public record Item(String module, String name, String what, String signature) {}

    /// Memory in pages of 64 KiB, tables in elements; `most` null: no limit of its own.
    public record Size(long least, @Nullable Long most) {}

    public record Rejection(String code, String message) {}

    /// @throws LoneProgram.BadRequest if there is no such file, or it is no program at all
    public static ProgramInspection of(Path file) throws LoneProgram.BadRequest {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        try (Sandbox sandbox = Sandbox.openForThisUser()) {
            if (!Files.isRegularFile(file)) {
                throw new LoneProgram.BadRequest(
                        Files.isDirectory(file) ? file + " is a folder" : "there is no file " + file);
            }
            return LoneProgram.isScript(file)
                    ? ofScript(sandbox, Programs.script(file))
                    : ofModule(sandbox, LoneProgram.module(file, name.endsWith(".wasm")));
        } catch (ProgramRejected e) {
            throw new LoneProgram.BadRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new LoneProgram.BadRequest(file + " can not be read: " + Programs.describe(e));
        }
    }

    private static ProgramInspection ofModule(Sandbox sandbox, Program.WasmModule module) {
        ModuleInfo info = Sandbox.inspect(module);
        ModuleInfo.Rejection found = info.rejected();
        Rejection rejected =
                found == null ? compiled(sandbox, module, info) : new Rejection(found.code(), found.message());
        return new ProgramInspection(
                switch (info.kind()) {
                    case PLUGIN -> "plug-in";
                    case COMMAND -> "command";
                    case FUNCTIONS -> "functions";
                    case NO_MODULE -> "no-module";
                },
                info.bytes(),
                List.of(),
                info.imports().stream()
                        .map(i -> new Item(i.module(), i.name(), i.what(), i.signature()))
                        .toList(),
                info.exports().stream()
                        .map(e -> new Item("", e.name(), e.what(), e.signature()))
                        .toList(),
                info.functions(),
                info.memories().stream().map(s -> new Size(s.least(), s.most())).toList(),
                info.tables().stream().map(s -> new Size(s.least(), s.most())).toList(),
                info.start(),
                info.features(),
                rejected,
                GrantAdvice.of(info));
    }

    /// Only the compiler knows whether a module that looks well is valid.
    private static @Nullable Rejection compiled(Sandbox sandbox, Program.WasmModule module, ModuleInfo info) {
        try {
            if (info.kind() == ModuleInfo.Kind.FUNCTIONS) {
                var function = info.exports().stream()
                        .filter(export -> export.what().equals("function"))
                        .findFirst();
                if (function.isEmpty()) {
                    return new Rejection("no-entry", "the module exports no function at all");
                }
                var _ = sandbox.prepare(module, function.get().name());
            } else {
                var _ = sandbox.prepare(module);
            }
            return null;
        } catch (ProgramRejected e) {
            return new Rejection(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static ProgramInspection ofScript(Sandbox sandbox, Program.Script script) {
        Rejection rejected = null;
        try {
            var _ = sandbox.prepare(script);
        } catch (ProgramRejected e) {
            rejected = new Rejection(e.code(), LoneProgram.place(e, script.entry()) + e.getMessage());
        }
        Set<String> calls = new TreeSet<>();
        Set<String> hosts = new TreeSet<>();
        long bytes = 0;
        for (String text : script.files().values()) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            CALL.matcher(text)
                    .results()
                    .forEach(m -> calls.add(m.group(1) + (m.group(2) == null ? "" : "." + m.group(2))));
            Matcher address = ADDRESS.matcher(text);
            while (address.find()) {
                hosts.add(address.group(1));
            }
        }
        return new ProgramInspection(
                "script",
                bytes,
                List.copyOf(new TreeMap<>(script.files()).keySet()),
                List.of(),
                List.of(),
                0,
                List.of(),
                List.of(),
                null,
                Set.of(),
                rejected,
                GrantAdvice.of(calls, hosts));
    }
}
