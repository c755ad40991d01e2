package nexus.aiagents.engine.project;

import java.util.Arrays;

/// Where lines begin, and the way between lines, columns and offsets. Breaks are `\n`, `\r\n` and `\r`,
/// as in YAML.
final class Lines {
    private final String text;
    private final int[] starts;

    Lines(String text) {
        this.text = text;
        int[] found = new int[64];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = i + 1;
            }
        }
        this.starts = Arrays.copyOf(found, count);
    }

    int count() {
        return starts.length;
    }

    int start(int line) {
        return line >= starts.length ? text.length() : starts[line];
    }

    /// The end of a line, its break left out.
    int end(int line) {
        int end = start(line + 1);
        while (end > start(line) && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return end;
    }

    String line(int line) {
        return line >= starts.length ? "" : text.substring(start(line), end(line));
    }

    int indent(int line) {
        int i = start(line);
        while (i < end(line) && text.charAt(i) == ' ') {
            i++;
        }
        return i - start(line);
    }

    boolean isBlank(int line) {
        return text.substring(start(line), end(line)).isBlank();
    }

    int offset(int line, int column) {
        return Math.min(start(line) + column, text.length());
    }

    int lineAt(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    /// The column in UTF-16 units of one counted in code points, as YAML's marks are.
    int column(int line, int codePoints) {
        int from = start(line);
        int to = end(line);
        // YAML does not count a byte order mark, editors do.
        int column = line == 0 && text.startsWith("\uFEFF") ? 1 : 0;
        for (int i = 0; i < codePoints && from + column < to; i++) {
            column += Character.charCount(text.codePointAt(from + column));
        }
        return Math.max(column, from + column >= to ? Math.min(codePoints, to - from) : column);
    }
}
