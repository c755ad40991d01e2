package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The state diagrams of a reference page, as the table of transitions that they draw, to be compared
/// with the table in the code:
///
/// ```java
/// MermaidTable.assertDrawn(page, 0, rows.stream().map(r -> row(r.from(), r.to(), r.why())).toList());
/// ```
///
/// A line `a --> b: why` is one row, and `a --> b: why, other` two. `[*]` is where a machine begins and
/// ends. Lines that draw no arrow (notes, directions, descriptions) are skipped.
public final class MermaidTable {
    /// The page of that name in docs/reference.
    public static Path page(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path page = folder.resolve("docs/reference").resolve(name);
            if (Files.exists(page)) {
                return page;
            }
        }
        throw new IllegalArgumentException("there is no docs/reference/" + name);
    }

    private static final Pattern BLOCK = Pattern.compile(
            "^```mermaid\\s*\\n\\s*stateDiagram-v2\\s*\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ARROW = Pattern.compile("^\\s*(\\S+)\\s*-->\\s*([^\\s:]+)\\s*(?::\\s*(.*?))?\\s*$");

    /// One way from a state to another. `why` is empty where the arrow has no label.
    public record Row(String from, String to, String why) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return from + " --> " + to + (why.isEmpty() ? "" : ": " + why);
        }
    }

    private MermaidTable() {}

    /// A row whose states are named as the diagrams name them: enum constants in lower case.
    public static Row row(Object from, Object to, String why) {
        return new Row(name(from), name(to), why);
    }

    private static String name(Object state) {
        return state instanceof Enum<?> constant
                ? constant.name().toLowerCase(java.util.Locale.ROOT)
                : state.toString();
    }

    /// The rows of every state diagram of the page, in the order of the page.
    public static List<SortedSet<Row>> in(Path page) {
        String text;
        try {
            text = Files.readString(page).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<SortedSet<Row>> diagrams = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            diagrams.add(rows(block.group(1)));
        }
        return diagrams;
    }

    private static SortedSet<Row> rows(String diagram) {
        SortedSet<Row> rows = new TreeSet<>();
        for (String line : diagram.split("\n")) {
            Matcher arrow = ARROW.matcher(line);
            if (!arrow.matches()) {
                continue;
            }
            String label = arrow.group(3) == null ? "" : arrow.group(3);
            for (String why : label.split(",\\s*")) {
                rows.add(new Row(arrow.group(1), arrow.group(2), why.strip()));
            }
        }
        return rows;
    }

    /// Fails, line by line, unless the page's diagram number `index` (from 0) draws exactly these rows.
    public static void assertDrawn(Path page, int index, Collection<Row> code) {
        List<SortedSet<Row>> diagrams = in(page);
        if (index >= diagrams.size()) {
            throw new AssertionError(page + " has only " + diagrams.size() + " state diagrams; this one is missing:\n"
                    + lines(new TreeSet<>(code)));
        }
        assertEquals(lines(new TreeSet<>(code)), lines(diagrams.get(index)), () -> "the code's table and " + page);
    }

    private static String lines(SortedSet<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append("    ").append(row).append('\n'));
        return text.toString();
    }
}
