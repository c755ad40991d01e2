package nexus.aiagents.app.cli.lsp;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService.Block;
import nexus.aiagents.engine.project.Position;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SymbolKind;

/// Our terms in those of the protocol. Both count lines and columns from 0, in UTF-16 units.
final class Translation {
    private Translation() {}

    static String uri(Path folder, String file) {
        return folder.resolve(file).toUri().toString();
    }

    static Range range(Position at) {
        return new Range(
                new org.eclipse.lsp4j.Position(at.line(), at.column()),
                new org.eclipse.lsp4j.Position(at.endLine(), at.endColumn()));
    }

    static Location location(Path folder, Position at) {
        return new Location(uri(folder, at.file()), range(at));
    }

    static org.eclipse.lsp4j.Diagnostic diagnostic(Diagnostic d) {
        DiagnosticSeverity severity = switch (d.severity()) {
            case ERROR -> DiagnosticSeverity.Error;
            case WARNING -> DiagnosticSeverity.Warning;
            case INFO -> DiagnosticSeverity.Information;
        };
        return new org.eclipse.lsp4j.Diagnostic(range(d.at()), d.message(), severity, "nexus", d.code());
    }

    static <T> List<T> joined(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    static DocumentSymbol symbol(Block block) {
        String name = block.name().isEmpty() ? block.kind() : block.name();
        return new DocumentSymbol(
                name,
                kind(block.kind()),
                range(block.whole()),
                range(block.at()),
                block.kind(),
                block.steps().stream().map(Translation::symbol).toList());
    }

    static SymbolKind kind(String kind) {
        return switch (kind) {
            case "agent" -> SymbolKind.Class;
            case "supervisor" -> SymbolKind.Module;
            case "saga", "workflow" -> SymbolKind.Function;
            case "pool" -> SymbolKind.Array;
            case "step" -> SymbolKind.Method;
            case "model" -> SymbolKind.Interface;
            case "cost" -> SymbolKind.Number;
            default -> SymbolKind.Namespace;
        };
    }
}
