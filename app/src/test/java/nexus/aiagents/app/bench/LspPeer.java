package nexus.aiagents.app.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.ConfigurationParams;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsCapabilities;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentClientCapabilities;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceClientCapabilities;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;

/// The editor's side of the Language Server Protocol: tells a server, in a process of its own, of
/// keystrokes, and waits until it says what they did.
final class LspPeer implements LanguageClient, AutoCloseable {
    private static final long PATIENCE_SECONDS = 40;

    private final Process process;
    private final LanguageServer server;
    private final Map<String, Object> settings;
    private final BlockingQueue<PublishDiagnosticsParams> published = new LinkedBlockingQueue<>();
    private String uri = "";
    private int version;

    /// @param settings what is answered when the server asks for its configuration, by section
    LspPeer(Path folder, List<String> command, Map<String, Object> settings) throws Exception {
        this.settings = settings;
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Launcher<LanguageServer> launcher =
                LSPLauncher.createClientLauncher(this, process.getInputStream(), process.getOutputStream());
        launcher.startListening();
        server = launcher.getRemoteProxy();
        InitializeParams hello = new InitializeParams();
        ClientCapabilities can = new ClientCapabilities();
        WorkspaceClientCapabilities workspace = new WorkspaceClientCapabilities();
        workspace.setConfiguration(true);
        can.setWorkspace(workspace);
        TextDocumentClientCapabilities texts = new TextDocumentClientCapabilities();
        texts.setPublishDiagnostics(new PublishDiagnosticsCapabilities());
        can.setTextDocument(texts);
        hello.setCapabilities(can);
        hello.setWorkspaceFolders(List.of(new WorkspaceFolder(folder.toUri().toString(), "bench")));
        server.initialize(hello).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        server.initialized(new InitializedParams());
    }

    void open(Path file, String text) {
        uri = file.toUri().toString();
        version = 1;
        published.clear();
        server.getTextDocumentService()
                .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "yaml", version, text)));
    }

    /// Types over what stands in a line from a column on, and waits until the line is marked, or no more.
    ///
    /// @return milliseconds
    double type(int line, int column, int over, String text, boolean marked) throws InterruptedException {
        published.clear();
        Range range = new Range(new Position(line, column), new Position(line, column + over));
        long began = System.nanoTime();
        server.getTextDocumentService()
                .didChange(new DidChangeTextDocumentParams(
                        new VersionedTextDocumentIdentifier(uri, ++version),
                        List.of(new TextDocumentContentChangeEvent(range, text))));
        while (isMarked(next(), line) != marked) {
            // It says something about an earlier version.
        }
        return Table.millis(began);
    }

    private static boolean isMarked(List<Diagnostic> found, int line) {
        return found.stream().anyMatch(d -> d.getRange().getStart().getLine() == line);
    }

    private List<Diagnostic> next() throws InterruptedException {
        while (true) {
            PublishDiagnosticsParams said = published.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (said == null) {
                throw new IllegalStateException("the language server says nothing of version " + version);
            }
            if (Path.of(java.net.URI.create(said.getUri())).equals(Path.of(java.net.URI.create(uri)))) {
                return said.getDiagnostics();
            }
        }
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams diagnostics) {
        published.add(diagnostics);
    }

    @Override
    public CompletableFuture<List<Object>> configuration(ConfigurationParams asked) {
        List<Object> answer = asked.getItems().stream()
                .map(item -> settings.getOrDefault(String.valueOf(item.getSection()), new HashMap<>()))
                .toList();
        return CompletableFuture.completedFuture(answer);
    }

    @Override
    public CompletableFuture<Void> registerCapability(RegistrationParams params) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void telemetryEvent(Object event) {}

    @Override
    public void showMessage(MessageParams message) {}

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams request) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void logMessage(MessageParams message) {}

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
