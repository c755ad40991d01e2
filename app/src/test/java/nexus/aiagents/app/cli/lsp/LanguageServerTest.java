package nexus.aiagents.app.cli.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.lsp4j.CodeActionContext;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FormattingOptions;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceContext;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceSymbolParams;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Talks to the server as an editor does, over its two streams.
class LanguageServerTest {
    private static final String MAIN = """
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            agent: {name: writer, source: writer.js}
            ---
            supervisor:
              name: desk
              agents: [writer]
            """;

    @TempDir
    Path folder;

    private final BlockingQueue<PublishDiagnosticsParams> told = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private LanguageServer server;
    private OutputStream toServer;
    private int version = 1;

    @BeforeEach
    void session() throws Exception {
        Files.writeString(folder.resolve("writer.js"), "export default () => 1;");
        Files.writeString(folder.resolve("nexus.yaml"), MAIN);
        PipedOutputStream fromEditor = new PipedOutputStream();
        PipedOutputStream fromServer = new PipedOutputStream();
        InputStream atServer = new PipedInputStream(fromEditor, 1 << 20);
        InputStream atEditor = new PipedInputStream(fromServer, 1 << 20);
        toServer = fromEditor;
        Thread.ofVirtual().start(() -> {
            try {
                exit.complete(NexusLanguageServer.serve("test", atServer, fromServer));
            } catch (InterruptedException e) {
                exit.completeExceptionally(e);
            }
        });
        var launcher = LSPLauncher.createClientLauncher(new Editor(), atEditor, fromEditor);
        var _ = launcher.startListening();
        server = launcher.getRemoteProxy();
        var can = server.initialize(new InitializeParams()).get().getCapabilities();
        assertTrue(can.getRenameProvider().getRight().getPrepareProvider());
        server.initialized(new InitializedParams());
    }

    @AfterEach
    void end() throws IOException {
        toServer.close();
    }

    private final class Editor implements LanguageClient {
        @Override
        public void telemetryEvent(Object object) {}

        @Override
        public void publishDiagnostics(PublishDiagnosticsParams diagnostics) {
            told.add(diagnostics);
        }

        @Override
        public void showMessage(MessageParams message) {}

        @Override
        public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams request) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void logMessage(MessageParams message) {}
    }

    private String uri(String file) {
        return folder.resolve(file).toUri().toString();
    }

    private TextDocumentIdentifier id(String file) {
        return new TextDocumentIdentifier(uri(file));
    }

    private void open(String file, String text) {
        server.getTextDocumentService()
                .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri(file), "yaml", version, text)));
    }

    private void type(String file, Range range, String text) {
        version++;
        server.getTextDocumentService()
                .didChange(new DidChangeTextDocumentParams(
                        new VersionedTextDocumentIdentifier(uri(file), version),
                        List.of(new TextDocumentContentChangeEvent(range, text))));
    }

    private static Range at(int line, int from, int to) {
        return new Range(new Position(line, from), new Position(line, to));
    }

    /// Waits until the server says such a thing about a file.
    private List<Diagnostic> diagnostics(String file, Predicate<List<Diagnostic>> wanted) throws InterruptedException {
        while (true) {
            PublishDiagnosticsParams next = told.poll(30, TimeUnit.SECONDS);
            assertNotNull(next, "nothing more was said of " + file);
            if (next.getUri().equals(uri(file)) && wanted.test(next.getDiagnostics())) {
                return next.getDiagnostics();
            }
        }
    }

    @Test
    void what_is_wrong_is_told_while_one_types_and_taken_back_when_it_is_mended() throws Exception {
        open("nexus.yaml", MAIN);
        type("nexus.yaml", at(6, 11, 17), "wirter");
        Diagnostic unknown =
                diagnostics("nexus.yaml", found -> !found.isEmpty()).getFirst();
        assertEquals("NX3003", unknown.getCode().getLeft());
        assertEquals(at(6, 11, 17), unknown.getRange());
        var fixes = server.getTextDocumentService()
                .codeAction(new CodeActionParams(id("nexus.yaml"), at(6, 12, 12), new CodeActionContext(List.of())))
                .get();
        var edit = fixes.getFirst()
                .getRight()
                .getEdit()
                .getChanges()
                .get(uri("nexus.yaml"))
                .getFirst();
        assertEquals("writer", edit.getNewText());
        type("nexus.yaml", edit.getRange(), edit.getNewText());
        diagnostics("nexus.yaml", List::isEmpty);
    }

    @Test
    void other_files_are_told_of_too_and_what_is_closed_unsaved_counts_as_on_the_disk() throws Exception {
        Files.writeString(folder.resolve("more.yaml"), "pool: {name: panel, agents: [writer, nobody]}\n");
        open("nexus.yaml", MAIN);
        assertEquals(
                "NX3002",
                diagnostics("more.yaml", f -> !f.isEmpty()).getFirst().getCode().getLeft());
        open("more.yaml", "pool: {name: panel, agents: [writer]}\n");
        diagnostics("more.yaml", List::isEmpty);
        server.getTextDocumentService().didClose(new DidCloseTextDocumentParams(id("more.yaml")));
        diagnostics("more.yaml", f -> !f.isEmpty());
    }

    @Test
    void completion_hover_definition_usages_and_symbols_answer_from_the_text_in_the_editor() throws Exception {
        open("nexus.yaml", MAIN);
        open("runs.yaml", "saga:\n  name: publish\n  steps:\n    - name: draft\n      action: wri\n");
        var texts = server.getTextDocumentService();
        List<CompletionItem> items = texts.completion(new CompletionParams(id("runs.yaml"), new Position(4, 17)))
                .get()
                .getLeft();
        assertEquals(
                List.of("writer"), items.stream().map(CompletionItem::getLabel).toList());
        assertEquals(at(4, 14, 17), items.getFirst().getTextEdit().getLeft().getRange());
        type("runs.yaml", at(4, 14, 17), "writer");
        var definition = texts.definition(new DefinitionParams(id("runs.yaml"), new Position(4, 15)))
                .get()
                .getLeft()
                .getFirst();
        assertEquals(uri("nexus.yaml"), definition.getUri());
        assertEquals(at(2, 14, 20), definition.getRange());
        var usages = texts.references(
                        new ReferenceParams(id("nexus.yaml"), new Position(2, 15), new ReferenceContext(false)))
                .get();
        assertEquals(
                List.of(uri("nexus.yaml"), uri("runs.yaml")),
                usages.stream().map(l -> l.getUri()).toList());
        String hover = texts.hover(new HoverParams(id("runs.yaml"), new Position(4, 8)))
                .get()
                .getContents()
                .getRight()
                .getValue();
        assertTrue(hover.startsWith("**action**\n\nThe agent that does it."), hover);
        assertNull(texts.hover(new HoverParams(id("runs.yaml"), new Position(0, 40)))
                .get());
        var outline =
                texts.documentSymbol(new DocumentSymbolParams(id("runs.yaml"))).get();
        assertEquals("publish", outline.getFirst().getRight().getName());
        assertEquals(
                "draft", outline.getFirst().getRight().getChildren().getFirst().getName());
        var symbols = server.getWorkspaceService()
                .symbol(new WorkspaceSymbolParams("DES"))
                .get()
                .getRight();
        assertEquals("desk", symbols.getFirst().getName());
    }

    @Test
    void a_rename_edits_every_file_or_says_why_not() throws Exception {
        open("nexus.yaml", MAIN);
        Files.writeString(folder.resolve("more.yaml"), "pool: {name: panel, agents: [writer]}\n");
        var texts = server.getTextDocumentService();
        var edits = texts.rename(new RenameParams(id("nexus.yaml"), new Position(6, 13), "author"))
                .get()
                .getChanges();
        assertEquals(2, edits.get(uri("nexus.yaml")).size());
        assertEquals(at(0, 29, 35), edits.get(uri("more.yaml")).getFirst().getRange());
        ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> texts.rename(new RenameParams(id("nexus.yaml"), new Position(6, 13), "desk"))
                        .get());
        assertTrue(
                ((ResponseErrorException) refused.getCause())
                        .getResponseError()
                        .getMessage()
                        .startsWith("there is a supervisor `desk` already"),
                refused.getMessage());
    }

    @Test
    void formatting_is_one_edit_and_none_where_nothing_changes() throws Exception {
        open("nexus.yaml", MAIN);
        var texts = server.getTextDocumentService();
        assertEquals(
                List.of(),
                texts.formatting(new DocumentFormattingParams(id("nexus.yaml"), new FormattingOptions(2, true)))
                        .get());
        open("more.yaml", "pool:\n     name: panel\n     agents:\n     - writer\n");
        var edit = texts.formatting(new DocumentFormattingParams(id("more.yaml"), new FormattingOptions(2, true)))
                .get()
                .getFirst();
        assertEquals("pool:\n  name: panel\n  agents:\n    - writer\n", edit.getNewText());
    }

    @Test
    void programs_complete_the_host_tell_of_it_and_are_told_their_syntax_errors() throws Exception {
        String program = "export default async function (input, host) {\n  const found = await host.ht\n}\n";
        open("nexus.yaml", MAIN);
        open("writer.js", program);
        var texts = server.getTextDocumentService();
        CompletionItem http =
                texts.completion(new CompletionParams(id("writer.js"), new Position(1, 29))).get().getLeft().stream()
                        .findFirst()
                        .orElseThrow();
        assertEquals("http", http.getLabel());
        assertEquals(at(1, 27, 29), http.getTextEdit().getLeft().getRange());
        assertTrue(http.getDetail().startsWith("http(url: string"), http.getDetail());
        type("writer.js", at(1, 27, 29), "http(\"http://a\", { met });");
        assertEquals(
                List.of("method"),
                texts.completion(new CompletionParams(id("writer.js"), new Position(1, 48))).get().getLeft().stream()
                        .map(CompletionItem::getLabel)
                        .toList());
        String hover = texts.hover(new HoverParams(id("writer.js"), new Position(1, 28)))
                .get()
                .getContents()
                .getRight()
                .getValue();
        assertTrue(hover.startsWith("```typescript\nhttp(url: string"), hover);
        assertNull(texts.hover(new HoverParams(id("writer.js"), new Position(2, 0)))
                .get());
        assertEquals(
                List.of(),
                texts.formatting(new DocumentFormattingParams(id("writer.js"), new FormattingOptions(2, true)))
                        .get(),
                "a program is not formatted as if it were YAML");
        assertEquals(
                List.of(),
                texts.documentSymbol(new DocumentSymbolParams(id("writer.js"))).get());
        type("writer.js", at(0, 0, 6), "exprot");
        Diagnostic wrong = diagnostics("writer.js", found -> !found.isEmpty()).getFirst();
        assertEquals(0, wrong.getRange().getStart().getLine());
        type("writer.js", at(0, 0, 6), "export");
        diagnostics("writer.js", List::isEmpty);
    }

    @Test
    void a_text_of_no_project_is_left_alone() throws Exception {
        open("nexus.yaml", MAIN);
        var texts = server.getTextDocumentService();
        String elsewhere = folder.getParent().resolve("other.yaml").toUri().toString();
        for (String uri : List.of(elsewhere, "untitled:Untitled-1", "file:relative", "::no uri")) {
            texts.didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "yaml", 1, "agent: 1")));
            var found = texts.completion(new CompletionParams(new TextDocumentIdentifier(uri), new Position(0, 0)));
            assertEquals(List.of(), found.get().getLeft());
        }
    }

    @Test
    void it_ends_when_the_editor_says_so_or_goes_away() throws Exception {
        server.shutdown().get();
        server.exit();
        assertEquals(0, exit.get(30, TimeUnit.SECONDS));
    }

    @Test
    void an_editor_that_dies_takes_it_along() throws Exception {
        toServer.close();
        assertEquals(1, exit.get(30, TimeUnit.SECONDS));
    }
}
