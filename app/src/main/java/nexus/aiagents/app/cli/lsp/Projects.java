package nexus.aiagents.app.cli.lsp;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import nexus.aiagents.engine.project.LanguageService;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.WorkspaceSymbol;
import org.eclipse.lsp4j.WorkspaceSymbolParams;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.WorkspaceService;

/// What an editor asks about all projects that it has files of open.
final class Projects implements WorkspaceService {
    private final LanguageService language;
    private final Documents documents;
    private final Map<Path, Publisher> publishers;
    private final Executor background;

    Projects(LanguageService language, Documents documents, Map<Path, Publisher> publishers, Executor background) {
        this.language = language;
        this.documents = documents;
        this.publishers = publishers;
        this.background = background;
    }

    @Override
    public CompletableFuture<Either<List<? extends SymbolInformation>, List<? extends WorkspaceSymbol>>> symbol(
            WorkspaceSymbolParams params) {
        String query = params.getQuery().toLowerCase(Locale.ROOT);
        return CompletableFutures.computeAsync(
                background,
                cancelled -> Either.forRight(publishers.keySet().stream()
                        .sorted()
                        .peek(_ -> cancelled.checkCanceled())
                        .flatMap(folder -> language.analyze(folder, documents.texts(folder)).outline().stream()
                                .filter(symbol ->
                                        symbol.name().toLowerCase(Locale.ROOT).contains(query))
                                .map(symbol -> new WorkspaceSymbol(
                                        symbol.name(),
                                        Translation.kind(symbol.kind()),
                                        Either.forLeft(Translation.location(folder, symbol.at())),
                                        symbol.kind())))
                        .toList()));
    }

    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {
        // There is nothing to configure: the project says it all.
    }

    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        publishers.values().forEach(Publisher::check);
    }
}
