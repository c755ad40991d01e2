package nexus.aiagents.app.cli.lsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import nexus.aiagents.engine.HostApi;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.jspecify.annotations.Nullable;

/// What an editor asks about a program of an agent. Thread-safe.
final class Programs {
    private volatile @Nullable HostApi shipped;

    /// The declarations are read when somebody first asks.
    private HostApi api() {
        HostApi known = shipped;
        if (known == null) {
            try {
                known = HostApi.shipped();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            shipped = known;
        }
        return known;
    }

    List<CompletionItem> complete(String program, Position caret) {
        int offset = Documents.offset(program, caret);
        int start = offset;
        while (start > 0 && isOfName(program.charAt(start - 1))) {
            start--;
        }
        Range typed = new Range(new Position(caret.getLine(), caret.getCharacter() - (offset - start)), caret);
        return api().complete(program, offset).stream()
                .map(each -> item(each, typed))
                .toList();
    }

    private static CompletionItem item(Completion completion, Range typed) {
        CompletionItem item = new CompletionItem(completion.label());
        boolean called =
                completion.detail().startsWith("(") || completion.detail().startsWith("<");
        item.setKind(called ? CompletionItemKind.Method : CompletionItemKind.Property);
        item.setDetail(completion.label() + completion.detail());
        item.setTextEdit(Either.forLeft(new TextEdit(typed, completion.insert())));
        return item;
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    /// Null where nothing is known for certain.
    @Nullable
    Hover hover(String program, Position at) {
        String known = api().hover(program, Documents.offset(program, at));
        if (known == null) {
            return null;
        }
        int end = known.indexOf('\n');
        String signature = end < 0 ? known : known.substring(0, end);
        String words = end < 0 ? "" : "\n\n" + known.substring(end + 1);
        return new Hover(new MarkupContent("markdown", "```typescript\n" + signature + "\n```" + words));
    }
}
