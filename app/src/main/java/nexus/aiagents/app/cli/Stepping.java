package nexus.aiagents.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import nexus.aiagents.engine.replay.ReplayedCall;
import nexus.aiagents.engine.replay.Replayer;

/// Shows each call, and where somebody sits at the terminal, waits for their word.
final class Stepping implements Replayer.Observer {
    private final ReplayText text;
    private final Terminal terminal;
    private final BufferedReader answers;
    private boolean asks;

    /// @param asks whether to wait
    Stepping(Terminal terminal, InputStream stdin, boolean asks) {
        this.terminal = terminal;
        this.text = new ReplayText(terminal);
        this.answers = new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
        this.asks = asks;
    }

    @Override
    public boolean on(ReplayedCall call) {
        text.call(call);
        while (asks && call.source() != ReplayedCall.Source.NONE) {
            terminal.line(terminal.tint(Terminal.Tone.DIM, "  [n]ext, [c]ontinue, [q]uit"));
            String word = read();
            switch (word) {
                case "", "n", "next" -> {
                    return true;
                }
                case "c", "continue" -> asks = false;
                case "q", "quit" -> {
                    return false;
                }
                default -> terminal.line("  '" + Terminal.safe(word) + "' is none of them.");
            }
        }
        return true;
    }

    private String read() {
        try {
            String line = answers.readLine();
            return line == null ? "q" : line.strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
