package nexus.aiagents.sandbox.internal.script;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what QuickJS says about errors.
final class ScriptErrors {
    private static final String PANIC = "on an `Err` value: ";
    private static final String AFTER_PANIC = "\nnote: run with";
    private static final Pattern FRAME = Pattern.compile("(?:\\(|at )([^():]+):(\\d{1,9})(?::\\d+)?\\)?$");
    private static final String MISSING = "could not load module '";
    private static final Pattern QUOTED = Pattern.compile("'([^']+)'$");

    /// The program chooses these texts, and no time limit reaches who reads them: what is longer is not
    /// read.
    private static final int MAX_LINES = 200;

    private static final int MAX_LINE = 500;

    /// @param place `file:line`, empty if no frame is in the program
    record Thrown(String message, String place) {}

    record Place(int line, int column) {
        static final Place UNKNOWN = new Place(0, 0);
    }

    private ScriptErrors() {}

    /// What was thrown, out of what the engine wrote when it gave up.
    static Thrown thrown(String stderr, Collection<String> files) {
        int panic = stderr.indexOf(PANIC);
        String text = stderr.substring(panic < 0 ? 0 : panic + PANIC.length());
        int after = text.indexOf(AFTER_PANIC);
        text = (after < 0 ? text : text.substring(0, after)).strip();
        String first = text.lines().findFirst().orElse("the JavaScript engine gave up");
        String message = first.startsWith("Error: ") ? first.substring("Error: ".length()) : first;
        return new Thrown(message, place(text, files));
    }

    /// The innermost frame inside the program.
    static String place(String stack, Collection<String> files) {
        return frames(stack)
                .filter(frame -> files.contains(frame.group(1)))
                .findFirst()
                .map(frame -> frame.group(1) + ":" + frame.group(2))
                .orElse("");
    }

    private static Stream<Matcher> frames(String text) {
        return text.lines()
                .limit(MAX_LINES)
                .filter(line -> line.length() <= MAX_LINE)
                .map(FRAME::matcher)
                .filter(Matcher::find);
    }

    /// The module that an import did not find, or null.
    static @Nullable String missingModule(String stderr) {
        int at = stderr.indexOf(MISSING);
        if (at < 0) {
            return null;
        }
        int from = at + MISSING.length();
        int lineEnd = stderr.indexOf('\n', from);
        int to = stderr.lastIndexOf('\'', lineEnd < 0 ? stderr.length() : lineEnd);
        return to < from ? null : stderr.substring(from, to);
    }

    /// Where a syntax error is. QuickJS knows the line; the column is that of the token it names, if
    /// the line has it once.
    static Place syntaxError(String stderr, String message, String source) {
        return frames(stderr)
                .filter(frame -> frame.group(1).equals(ModuleBytecode.GIVEN_NAME))
                .findFirst()
                .map(frame -> Integer.parseInt(frame.group(2)))
                .map(line -> new Place(line, column(message, source, line)))
                .orElse(Place.UNKNOWN);
    }

    private static int column(String message, String source, int line) {
        Matcher quoted = QUOTED.matcher(message);
        if (!quoted.find()) {
            return 0;
        }
        String token = quoted.group(1);
        String text = source.lines().skip(line - 1L).findFirst().orElse("");
        int at = text.indexOf(token);
        return at >= 0 && text.indexOf(token, at + 1) < 0 ? at + 1 : 0;
    }
}
