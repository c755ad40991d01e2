package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.agent.LoneProgram;
import nexus.aiagents.engine.agent.ProgramInspection;
import nexus.aiagents.engine.agent.ProgramInspection.Item;
import nexus.aiagents.engine.agent.ProgramInspection.Rejection;
import nexus.aiagents.engine.agent.ProgramInspection.Size;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Lists what a program imports, exports and would need, without running it.")
final class SandboxInspect extends Action {
    private static final long PAGE_KB = 64;

    @Parameters(paramLabel = "FILE", description = "A .wasm, .js, .mjs, .ts or .mts file.")
    private Path file = Path.of("");

    @Override
    int run(Context context) {
        ProgramInspection found;
        try {
            found = ProgramInspection.of(context.folder().resolve(file));
        } catch (LoneProgram.BadRequest e) {
            throw new Failure(Exit.USAGE, "bad-input", String.valueOf(e.getMessage()));
        }
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.json(Json.object("inspection", found));
        } else {
            tell(terminal, found);
        }
        return found.rejected() == null ? Exit.DONE : Exit.FAILED;
    }

    /// What is cut off has no kind, as nobody knows what it would export.
    private static boolean isMalformed(ProgramInspection found) {
        Rejection rejected = found.rejected();
        return rejected != null && rejected.code().equals("malformed");
    }

    private void tell(Terminal terminal, ProgramInspection found) {
        String kind = isMalformed(found) ? "no WebAssembly module" : words(found.kind());
        terminal.line(terminal.tint(Tone.STRONG, Terminal.safe(file.toString())) + ": " + kind + ", "
                + Format.count(found.bytes()) + " bytes"
                + (found.functions() == 0 ? "" : ", " + Format.count(found.functions()) + " functions"));
        found.memories().forEach(size -> terminal.line("memory: " + pages(size)));
        found.tables().forEach(size -> terminal.line("table: " + size.least() + most(size, 1) + " elements"));
        if (found.start() != null) {
            terminal.line("start: function " + found.start());
        }
        if (!found.features().isEmpty()) {
            terminal.line("features: " + found.features().stream().sorted().collect(Collectors.joining(", ")));
        }
        if (!found.sources().isEmpty()) {
            terminal.line("files: " + Terminal.safe(String.join(", ", found.sources())));
        }
        list(terminal, "imports", found.imports());
        list(terminal, "exports", found.exports());
        @Nullable Rejection rejected = found.rejected();
        terminal.line("");
        if (found.grants().isEmpty()) {
            terminal.line(
                    rejected == null
                            ? "It needs no grants."
                            : "What it would need can not be told, as it can not be read.");
        } else {
            terminal.line("It may need these grants:");
            terminal.line("");
            terminal.line(Terminal.safe(found.grants().stripTrailing()));
        }
        if (rejected != null) {
            terminal.line("");
            terminal.line(
                    terminal.tint(Tone.BAD, "rejected: ") + rejected.code() + ": " + Terminal.safe(rejected.message()));
        }
    }

    private static String words(String kind) {
        return switch (kind) {
            case "plug-in" -> "an Extism plug-in";
            case "command" -> "a WASI command";
            case "functions" -> "functions, each called by --function NAME";
            case "script" -> "a script";
            default -> "no WebAssembly module";
        };
    }

    private static void list(Terminal terminal, String title, List<Item> items) {
        if (!items.isEmpty()) {
            terminal.line(title + ":");
        }
        for (Item item : items) {
            String name = (item.module().isEmpty() ? "" : item.module() + ".") + item.name();
            terminal.line("  " + Terminal.safe(name)
                    + (item.signature().isEmpty() ? " " + item.what() : " " + item.signature()));
        }
    }

    private static String pages(Size size) {
        return size.least() * PAGE_KB + most(size, PAGE_KB) + " KB";
    }

    private static String most(Size size, long unit) {
        return size.most() == null ? "" : " to " + size.most() * unit;
    }
}
