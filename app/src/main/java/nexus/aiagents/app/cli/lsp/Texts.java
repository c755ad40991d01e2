package nexus.aiagents.app.cli.lsp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import nexus.aiagents.app.cli.lsp.Documents.Place;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.LanguageService.Block;
import nexus.aiagents.engine.project.LanguageService.Named;
import nexus.aiagents.engine.project.LanguageService.RenameRefused;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRange;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.jspecify.annotations.Nullable;

/// What an editor asks about a text. Changes are taken in at once and in order, questions are answered on
/// background threads and can be cancelled.
final class Texts implements TextDocumentService {
    private final LanguageService language;
    private final Documents documents;
    private final Function<Path, Publisher> publishers;
    private final Executor background;
    private final Programs programs = new Programs();

    Texts(LanguageService language, Documents documents, Function<Path, Publisher> publishers, Executor background) {
        this.language = language;
        this.documents = documents;
        this.publishers = publishers;
        this.background = background;
    }

    // ---- what is typed

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        var document = params.getTextDocument();
        documents.open(document.getUri(), document.getText(), document.getVersion());
        check(document.getUri());
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        var document = params.getTextDocument();
        documents.change(document.getUri(), document.getVersion(), params.getContentChanges());
        check(document.getUri());
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        documents.close(params.getTextDocument().getUri());
        check(params.getTextDocument().getUri());
    }

    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        check(params.getTextDocument().getUri());
    }

    private void check(String uri) {
        Place place = documents.place(uri);
        if (place != null) {
            publishers.apply(place.folder()).check();
        }
    }

    // ---- what is asked

    /// @param none the answer for a text that belongs to no project
    private <T> CompletableFuture<T> answer(TextDocumentIdentifier document, T none, Function<Place, T> question) {
        Place place = documents.place(document.getUri());
        if (place == null) {
            return CompletableFuture.completedFuture(none);
        }
        return CompletableFutures.computeAsync(background, cancelled -> {
            cancelled.checkCanceled();
            T found = question.apply(place);
            cancelled.checkCanceled();
            return found;
        });
    }

    /// Of what only the YAML has: a program is no text to find blocks in, or to format as if it were one.
    private <T> CompletableFuture<T> ofYaml(TextDocumentIdentifier document, T none, Function<Place, T> question) {
        return answer(document, none, place -> ScriptCheck.isScript(place.name()) ? none : question.apply(place));
    }

    private Map<String, String> texts(Place place) {
        return documents.texts(place.folder());
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        Position at = params.getPosition();
        return answer(params.getTextDocument(), Either.forLeft(List.of()), place -> {
            if (ScriptCheck.isScript(place.name())) {
                return Either.forLeft(programs.complete(documents.text(place), at));
            }
            Range word = word(documents.text(place), at);
            return Either.forLeft(
                    language
                            .complete(place.folder(), texts(place), place.name(), at.getLine(), at.getCharacter())
                            .stream()
                            .map(each -> item(each, word))
                            .toList());
        });
    }

    private static CompletionItem item(LanguageService.Completion completion, Range word) {
        CompletionItem item = new CompletionItem(completion.label());
        boolean key = completion.insert().startsWith(completion.label() + ":");
        item.setKind(key ? CompletionItemKind.Property : CompletionItemKind.Value);
        if (!completion.detail().isEmpty()) {
            item.setDocumentation(new MarkupContent("markdown", completion.detail()));
        }
        item.setTextEdit(Either.forLeft(new TextEdit(word, completion.insert())));
        return item;
    }

    /// What is typed of the word before the caret, which a completion replaces.
    private static Range word(String text, Position caret) {
        String line = text.lines().skip(caret.getLine()).findFirst().orElse("");
        int end = Math.min(caret.getCharacter(), line.length());
        int start = end;
        while (start > 0 && isOfWord(line.charAt(start - 1))) {
            start--;
        }
        return new Range(new Position(caret.getLine(), start), new Position(caret.getLine(), end));
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || "_-.$/".indexOf(c) >= 0;
    }

    @Override
    @SuppressWarnings("NullAway") // the protocol answers null where nothing is known
    public CompletableFuture<Hover> hover(HoverParams params) {
        Position at = params.getPosition();
        return answer(params.getTextDocument(), null, place -> {
            if (ScriptCheck.isScript(place.name())) {
                return programs.hover(documents.text(place), at);
            }
            String known = language.hover(documents.text(place), at.getLine(), at.getCharacter());
            return known == null ? null : new Hover(new MarkupContent("markdown", markdown(known)));
        });
    }

    /// The first line is the key, the others are sentences of their own.
    private static String markdown(String known) {
        String[] lines = known.split("\n", -1);
        StringBuilder out = new StringBuilder("**").append(lines[0]).append("**");
        for (int i = 1; i < lines.length; i++) {
            out.append("\n\n").append(lines[i].strip());
        }
        return out.toString();
    }

    @Override
    public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>> definition(
            DefinitionParams params) {
        Position at = params.getPosition();
        return ofYaml(params.getTextDocument(), Either.forLeft(List.of()), place -> {
            var found =
                    language.definition(place.folder(), texts(place), place.name(), at.getLine(), at.getCharacter());
            return Either.forLeft(found == null ? List.of() : List.of(Translation.location(place.folder(), found)));
        });
    }

    @Override
    public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
        Position at = params.getPosition();
        boolean declaration = params.getContext() != null && params.getContext().isIncludeDeclaration();
        return ofYaml(
                params.getTextDocument(),
                List.of(),
                place -> language
                        .usages(
                                place.folder(),
                                texts(place),
                                place.name(),
                                at.getLine(),
                                at.getCharacter(),
                                declaration)
                        .stream()
                        .map(usage -> Translation.location(place.folder(), usage))
                        .toList());
    }

    @Override
    @SuppressWarnings("NullAway") // the protocol answers null where nothing can be renamed
    public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>> prepareRename(
            PrepareRenameParams params) {
        Position at = params.getPosition();
        return ofYaml(params.getTextDocument(), null, place -> {
            Named named = language.named(place.folder(), texts(place), place.name(), at.getLine(), at.getCharacter());
            boolean path =
                    named == null || named.kind().equals("file") || named.kind().equals("source");
            return path
                    ? null
                    : Either3.forSecond(new PrepareRenameResult(Translation.range(named.at()), named.name()));
        });
    }

    @Override
    public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
        Position at = params.getPosition();
        return ofYaml(params.getTextDocument(), new WorkspaceEdit(), place -> {
            Map<String, List<TextEdit>> edits = new LinkedHashMap<>();
            try {
                language.rename(
                                place.folder(),
                                texts(place),
                                place.name(),
                                at.getLine(),
                                at.getCharacter(),
                                params.getNewName())
                        .forEach(edit -> edits.computeIfAbsent(
                                        Translation.uri(
                                                place.folder(), edit.at().file()),
                                        _ -> new ArrayList<>())
                                .add(new TextEdit(Translation.range(edit.at()), edit.text())));
            } catch (RenameRefused e) {
                throw new ResponseErrorException(
                        new ResponseError(ResponseErrorCode.RequestFailed, String.valueOf(e.getMessage()), null));
            }
            return new WorkspaceEdit(edits);
        });
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        return ofYaml(
                params.getTextDocument(),
                List.of(),
                place -> language.outline(place.name(), documents.text(place)).stream()
                        .map(block -> Either.<SymbolInformation, DocumentSymbol>forRight(Translation.symbol(block)))
                        .toList());
    }

    @Override
    public CompletableFuture<List<FoldingRange>> foldingRange(FoldingRangeRequestParams params) {
        return ofYaml(params.getTextDocument(), List.of(), place -> {
            List<FoldingRange> folds = new ArrayList<>();
            language.outline(place.name(), documents.text(place)).forEach(block -> fold(block, folds));
            return folds;
        });
    }

    private static void fold(Block block, List<FoldingRange> into) {
        if (block.whole().endLine() > block.whole().line()) {
            into.add(new FoldingRange(block.whole().line(), block.whole().endLine()));
        }
        block.steps().forEach(step -> fold(step, into));
    }

    @Override
    public CompletableFuture<List<Either<Command, CodeAction>>> codeAction(CodeActionParams params) {
        Range asked = params.getRange();
        return answer(
                params.getTextDocument(),
                List.of(),
                place -> language.analyze(place.folder(), texts(place)).diagnostics().stream()
                        .filter(d -> d.at().file().equals(place.name()) && touches(d, asked))
                        .<Either<Command, CodeAction>>mapMulti((d, out) -> {
                            CodeAction action = action(place, d);
                            if (action != null) {
                                out.accept(Either.forRight(action));
                            }
                        })
                        .toList());
    }

    private static boolean touches(Diagnostic d, Range asked) {
        return d.at().line() <= asked.getEnd().getLine()
                && d.at().endLine() >= asked.getStart().getLine();
    }

    private static @Nullable CodeAction action(Place place, Diagnostic d) {
        Diagnostic.QuickFix fix = d.fix();
        if (fix == null) {
            return null;
        }
        CodeAction action = new CodeAction(fix.title());
        action.setKind(CodeActionKind.QuickFix);
        action.setDiagnostics(List.of(Translation.diagnostic(d)));
        action.setEdit(new WorkspaceEdit(Map.of(
                Translation.uri(place.folder(), fix.at().file()),
                List.of(new TextEdit(Translation.range(fix.at()), fix.text())))));
        return action;
    }

    /// One edit of everything between the first line and the last that differ.
    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        return ofYaml(params.getTextDocument(), List.of(), place -> {
            String before = documents.text(place);
            String after = language.format(before);
            int lines = (int) before.chars().filter(c -> c == '\n').count() + 1;
            return before.equals(after)
                    ? List.of()
                    : List.of(new TextEdit(new Range(new Position(0, 0), new Position(lines, 0)), after));
        });
    }
}
