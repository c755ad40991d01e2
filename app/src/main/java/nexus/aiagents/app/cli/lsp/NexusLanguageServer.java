package nexus.aiagents.app.cli.lsp;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.LanguageService;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.DidChangeWatchedFilesRegistrationOptions;
import org.eclipse.lsp4j.FileSystemWatcher;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.Registration;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

/// A session with one editor. All that it knows comes from the {@link LanguageService}, and of programs
/// from the {@link nexus.aiagents.engine.HostApi}: both serve the desktop too.
public final class NexusLanguageServer implements LanguageServer {
    private final String version;
    private final LanguageService language = new LanguageService();
    private final ScriptCheck scripts = new ScriptCheck();
    private final Documents documents = new Documents();
    private final Map<Path, Publisher> publishers = new ConcurrentHashMap<>();
    private final ExecutorService background;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final LanguageClient client;
    private volatile boolean shutDown;
    private volatile boolean watches;

    private NexusLanguageServer(String version, ExecutorService background, InputStream in, OutputStream out) {
        this.version = version;
        this.background = background;
        Launcher<LanguageClient> launcher = LSPLauncher.createServerLauncher(this, in, out, background, each -> each);
        this.client = launcher.getRemoteProxy();
        Future<Void> listening = launcher.startListening();
        background.execute(() -> waitFor(listening));
    }

    /// Serves until the editor says `exit` or goes away.
    ///
    /// @param out nothing else may be written there
    /// @return 0 if the editor had said `shutdown` before, else 1, as the protocol asks for
    public static int serve(String version, InputStream in, OutputStream out) throws InterruptedException {
        ExecutorService background = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("language server ", 0).factory());
        try {
            return new NexusLanguageServer(version, background, in, out).ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it never completes exceptionally
        } finally {
            background.shutdownNow();
        }
    }

    private void waitFor(Future<Void> listening) {
        try {
            listening.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            ended.complete(1);
        }
        ended.complete(shutDown ? 0 : 1);
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        watches = params.getCapabilities() != null
                && params.getCapabilities().getWorkspace() != null
                && params.getCapabilities().getWorkspace().getDidChangeWatchedFiles() != null
                && Boolean.TRUE.equals(params.getCapabilities()
                        .getWorkspace()
                        .getDidChangeWatchedFiles()
                        .getDynamicRegistration());
        ServerCapabilities can = new ServerCapabilities();
        can.setTextDocumentSync(TextDocumentSyncKind.Incremental);
        can.setCompletionProvider(new CompletionOptions(false, List.of(":", " ", "-", "\"", ".")));
        can.setHoverProvider(true);
        can.setDefinitionProvider(true);
        can.setReferencesProvider(true);
        can.setDocumentSymbolProvider(true);
        can.setWorkspaceSymbolProvider(true);
        can.setCodeActionProvider(true);
        can.setDocumentFormattingProvider(true);
        can.setFoldingRangeProvider(true);
        can.setRenameProvider(new RenameOptions(true));
        return CompletableFuture.completedFuture(new InitializeResult(can, new ServerInfo("naos", version)));
    }

    /// Files that other programs change are looked at again.
    @Override
    public void initialized(InitializedParams params) {
        if (watches) {
            var globs = List.of(new FileSystemWatcher(Either.forLeft("**/*.{yaml,yml,js,mjs,ts,wasm}")));
            var _ = client.registerCapability(new RegistrationParams(List.of(new Registration(
                    "nexus-files",
                    "workspace/didChangeWatchedFiles",
                    new DidChangeWatchedFilesRegistrationOptions(globs)))));
        }
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        ended.complete(shutDown ? 0 : 1);
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return new Texts(language, documents, this::publisher, background);
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return new Projects(language, documents, publishers, background);
    }

    private Publisher publisher(Path folder) {
        return publishers.computeIfAbsent(
                folder, project -> new Publisher(project, language, scripts, documents, client, background));
    }
}
