package nexus.aiagents.app.desktop.agent;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// What a person typed to find lines: words, or a regular expression, which is given up where it would take
/// for ever. For one thread.
final class LogFilter implements Predicate<String> {
    /// Characters that an expression may look at in one line, beyond twenty times its length.
    private static final long PATIENCE = 50_000;

    private final String words;
    private final @Nullable Pattern pattern;
    private String problem;

    private LogFilter(String words, @Nullable Pattern pattern, String problem) {
        this.words = words;
        this.pattern = pattern;
        this.problem = problem;
    }

    static LogFilter of(String typed, boolean regex) {
        if (!regex || typed.isEmpty()) {
            return new LogFilter(typed.strip().toLowerCase(Locale.ROOT), null, "");
        }
        try {
            return new LogFilter("", Pattern.compile(typed, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE), "");
        } catch (PatternSyntaxException e) {
            return new LogFilter("", null, "Not a regular expression: " + e.getDescription());
        }
    }

    /// Empty while it can be used; a filter that can not be used finds nothing.
    String problem() {
        return problem;
    }

    @Override
    public boolean test(String line) {
        if (!problem.isEmpty()) {
            return false;
        }
        Pattern expression = pattern;
        if (expression == null) {
            return words.isEmpty() || line.toLowerCase(Locale.ROOT).contains(words);
        }
        try {
            return expression.matcher(new Watched(line)).find();
        } catch (TooSlow | StackOverflowError _) {
            problem = "This expression takes too long";
            return false;
        }
    }

    private static final class TooSlow extends RuntimeException {
        TooSlow() {
            super(null, null, false, false);
        }
    }

    /// A line that is not looked at without end.
    private static final class Watched implements CharSequence {
        private final String text;
        private long left;

        Watched(String text) {
            this.text = text;
            this.left = PATIENCE + 20L * text.length();
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooSlow();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
