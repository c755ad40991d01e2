package nexus.aiagents.sandbox.internal.script;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what QuickJS says about errors.
final class ScriptErrors {
    private static final Pattern PANIC =
            Pattern.compile("on an `Err` value: (?s:(.*?))(?:\\R\\s*)*(?:\\Rnote: run with|\\z)");
    private static final Pattern FRAME =
            Pattern.compile("(?:\\(|at )([^():]+):(\\d+)(?::\\d+)?\\)?$", Pattern.MULTILINE);
    private static final Pattern MISSING = Pattern.compile("could not load module '(.*)'");
    private static final Pattern QUOTED = Pattern.compile("'([^']+)'$");

    /// @param place `file:line`, empty if no frame is in the program
    record Thrown(String message, String place) {}

    record Place(int line, int column) {
        static final Place UNKNOWN = new Place(0, 0);
    }

    private ScriptErrors() {}

    /// What was thrown, out of what the engine wrote when it gave up.
    static Thrown thrown(String stderr, Collection<String> files) {
        Matcher panic = PANIC.matcher(stderr);
        String text = panic.find() ? panic.group(1).strip() : stderr.strip();
        String first = text.lines().findFirst().orElse("the JavaScript engine gave up");
        String message = first.startsWith("Error: ") ? first.substring("Error: ".length()) : first;
        return new Thrown(message, place(text, files));
    }

    /// The innermost frame inside the program.
    static String place(String stack, Collection<String> files) {
        Matcher frame = FRAME.matcher(stack);
        while (frame.find()) {
            if (files.contains(frame.group(1))) {
                return frame.group(1) + ":" + frame.group(2);
            }
        }
        return "";
    }

    /// The module that an import did not find, or null.
    static @Nullable String missingModule(String stderr) {
        Matcher missing = MISSING.matcher(stderr);
        return missing.find() ? missing.group(1) : null;
    }

    /// Where a syntax error is. QuickJS knows the line; the column is that of the token it names, if
    /// the line has it once.
    static Place syntaxError(String stderr, String message, String source) {
        Matcher frame = FRAME.matcher(stderr);
        while (frame.find()) {
            if (frame.group(1).equals(ModuleBytecode.GIVEN_NAME)) {
                int line = Integer.parseInt(frame.group(2));
                return new Place(line, column(message, source, line));
            }
        }
        return Place.UNKNOWN;
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
