package nexus.aiagents.app.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a command writes to. Colours and signs beyond ASCII only where somebody can see them. Thread-safe.
///
/// @param json one JSON object a line on `out`, and nothing else anywhere
public record Terminal(PrintStream out, PrintStream err, boolean json, boolean colour, boolean unicode) {

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[(0|1|2|31|32|33)m");

    public enum Tone {
        PLAIN(""),
        GOOD("\u001b[32m"),
        CAUTION("\u001b[33m"),
        BAD("\u001b[31m"),
        DIM("\u001b[2m"),
        STRONG("\u001b[1m");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    /// The real one. `NO_COLOR` is respected, as is a terminal that calls itself dumb.
    public static Terminal system(boolean json, Map<String, String> environment) {
        @Nullable Console console = json ? null : System.console();
        boolean seen = console != null && console.isTerminal();
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(environment.get("TERM"));
        Charset charset = json ? StandardCharsets.UTF_8 : System.out.charset();
        boolean unicode = charset.newEncoder().canEncode('✔');
        return new Terminal(
                new PrintStream(System.out, true, charset),
                new PrintStream(System.err, true, charset),
                json,
                seen && !plain,
                unicode);
    }

    public void line(String text) {
        out.println(clean(text));
    }

    /// For what is about the work but not its result: not on `out`, so that the result can be piped.
    void aside(String text) {
        err.println(clean(text));
    }

    /// The same with `err` for `out`.
    Terminal beside() {
        return new Terminal(err, err, json, colour, unicode);
    }

    /// Whether nobody reads any more: the other end of the pipe was closed.
    boolean gone() {
        return out.checkError();
    }

    void json(Object node) {
        out.println(node);
    }

    public String tint(Tone tone, String text) {
        return colour && tone != Tone.PLAIN ? tone.code + text + "\u001b[0m" : text;
    }

    /// A sign for people, with a word-like one where the terminal can not show it.
    public String sign(String sign, String ascii) {
        return unicode ? sign : ascii;
    }

    /// Text of agents may hold escape sequences that would steer the terminal, or turn the writing round.
    static String safe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().map(Terminal::harmless).forEach(safe::appendCodePoint);
        return safe.toString();
    }

    private static int harmless(int c) {
        boolean steers = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean turns = c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        return steers || turns ? '\uFFFD' : c;
    }

    /// Whatever goes out passes here: of all that steers a terminal only our own colours are left.
    private String clean(String text) {
        Matcher own = COLOURS.matcher(text);
        StringBuilder clean = new StringBuilder(text.length());
        int from = 0;
        while (colour && own.find()) {
            clean.append(safe(text.substring(from, own.start()))).append(own.group());
            from = own.end();
        }
        clean.append(safe(text.substring(from)));
        return unicode
                ? clean.toString()
                : clean.toString()
                        .replace('…', '.')
                        .replace('→', '>')
                        .replace('–', '-')
                        .replace('·', '-');
    }
}
