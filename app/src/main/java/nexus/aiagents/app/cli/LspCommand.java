package nexus.aiagents.app.cli;

import nexus.aiagents.app.cli.lsp.NexusLanguageServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "lsp",
        description = {
            "Serves an editor: the Language Server Protocol over stdin and stdout.",
            "For VS Code, Neovim, Emacs, Helix and others; they start it themselves. See docs/reference/editors.md."
        })
final class LspCommand extends Action {
    @Option(names = "--stdio", description = "The only way there is; some editors insist on saying it.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean stdio;

    @Override
    int run(Context context) throws InterruptedException {
        return NexusLanguageServer.serve(
                new Version().getVersion()[0],
                context.stdin(),
                context.terminal().out());
    }
}
