package nexus.aiagents.sandbox.internal.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.sandbox.Program.Script;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;

/// Puts the modules of a program in the order they have to be loaded in: what is imported first.
final class ImportGraph {
    private final Map<String, String> files;
    private final Map<String, ModuleBytecode> compiled;
    private final Map<String, byte[]> ordered = new LinkedHashMap<>();
    private final Deque<String> path = new ArrayDeque<>();

    /// @param compiled by file, at least everything that can be reached from the entry
    ImportGraph(Map<String, String> files, Map<String, ModuleBytecode> compiled) {
        this.files = files;
        this.compiled = compiled;
    }

    /// @return bytecode by file, importers after what they import
    Map<String, byte[]> order(String entry) throws ProgramRejected {
        visit(entry);
        return ordered;
    }

    private void visit(String file) throws ProgramRejected {
        if (ordered.containsKey(file)) {
            return;
        }
        path.addLast(file);
        ModuleBytecode module = compiled.get(file);
        if (module == null) {
            throw new IllegalStateException(file + " was not compiled");
        }
        Map<String, String> targets = new LinkedHashMap<>();
        for (String specifier : module.specifiers()) {
            String target = resolve(files, file, specifier);
            if (path.contains(target)) {
                List<String> circle = new ArrayList<>(path);
                throw rejected(
                        "circular-import",
                        "circular import: " + String.join(" → ", circle.subList(circle.indexOf(target), circle.size()))
                                + " → " + target + "; move what both need into a file of its own",
                        files,
                        file,
                        specifier);
            }
            visit(target);
            targets.put(specifier, target);
        }
        path.removeLast();
        ordered.put(file, module.linked(file, targets));
    }

    /// The file that an import means.
    static String resolve(Map<String, String> files, String importer, String specifier) throws ProgramRejected {
        if (!specifier.startsWith("./") && !specifier.startsWith("../")) {
            throw rejected(
                    "import-not-relative",
                    "cannot import '" + specifier + "': there are no packages in the sandbox, only files of the"
                            + " agent's folder by relative path, such as './lib.js'",
                    files,
                    importer,
                    specifier);
        }
        String target = normalize(importer, specifier);
        if (target == null) {
            throw rejected(
                    "import-outside",
                    "cannot import '" + specifier + "': it lies outside the agent's folder",
                    files,
                    importer,
                    specifier);
        }
        for (String candidate : Script.candidates(target)) {
            if (files.containsKey(candidate)) {
                return candidate;
            }
        }
        throw rejected(
                "import-missing",
                "cannot import '" + specifier + "': there is no file " + target + " in the agent's folder"
                        + (Script.isImportable(target) ? "" : " that is JavaScript, TypeScript or JSON"),
                files,
                importer,
                specifier);
    }

    private static @Nullable String normalize(String importer, String specifier) {
        List<String> parts = new ArrayList<>(Arrays.asList(importer.split("/")));
        parts.removeLast();
        for (String part : specifier.split("/")) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.removeLast();
            } else if (!part.equals(".") && !part.isEmpty()) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private static ProgramRejected rejected(
            String code, String message, Map<String, String> files, String file, String specifier) {
        String source = files.getOrDefault(file, "");
        int at = source.indexOf("'" + specifier + "'");
        if (at < 0) {
            at = source.indexOf("\"" + specifier + "\"");
        }
        if (at < 0) {
            return new ProgramRejected(code, message, file, 0, 0);
        }
        String before = source.substring(0, at);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new ProgramRejected(code, message, file, line, at - before.lastIndexOf('\n'));
    }
}
