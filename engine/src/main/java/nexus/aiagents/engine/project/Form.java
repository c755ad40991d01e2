package nexus.aiagents.engine.project;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One block of a text as fields, for who would rather fill in than write. Lines and columns are those
/// of the whole text. Immutable.
///
/// @param kind        `agent`, `supervisor`, `saga` …, `step`, the plural for a map of them, `document`
///     for one that does not say yet what it is
/// @param name        empty where it has none
/// @param description of the kind
/// @param trail       the blocks around it, the outermost first
/// @param key         the key that begins it, or for a step its first one
/// @param open        blocks of any name can be put into it
/// @param fields      those that are set as they stand in the text, then the others as the schema has them
public record Form(
        Place place,
        String kind,
        String name,
        String description,
        List<Crumb> trail,
        Position key,
        boolean open,
        List<Field> fields) {

    public Form {
        trail = List.copyOf(trail);
        fields = List.copyOf(fields);
    }

    /// Where a block is, also after an edit.
    ///
    /// @param document of the text, counted from 0
    /// @param path     keys and indexes from the document's root
    public record Place(int document, List<Object> path) {
        public Place {
            path = List.copyOf(path);
        }
    }

    /// A block around the one that is shown.
    public record Crumb(String title, Place place, Position at) {}

    /// What a value looks like to a person.
    public enum Shape {
        TEXT,
        /// text of several lines
        PARAGRAPH,
        INTEGER,
        NUMBER,
        DOLLARS,
        DURATION,
        SIZE,
        BOOLEAN,
        /// one of {@link Facts#words}
        CHOICE,
        /// the name of a thing of the project, or a file: {@link Facts#names} says of what
        NAME,
        /// a map with known keys
        GROUP,
        /// a map with keys of any name
        MAP,
        LIST,
        /// anything at all
        ANY,
        /// a block with a form of its own
        BLOCK
    }

    /// What the schema says of a field.
    ///
    /// @param unit     `tokens`; empty for none
    /// @param words    what can stand there, or examples of it
    /// @param names    kinds whose names fit, `source` and `file` for paths
    /// @param prefix   what stands before such a name
    /// @param standard the default as it would be written, empty for none
    /// @param expands  a single value is the short form of a map that says more
    public record Facts(
            String description,
            String unit,
            List<String> words,
            List<String> names,
            String prefix,
            String standard,
            boolean required,
            boolean expands) {
        public Facts {
            words = List.copyOf(words);
            names = List.copyOf(names);
        }
    }

    /// @param path  from the document's root
    /// @param name  its key; of an item its number, from 1
    /// @param key   null while it is not set; of an item its beginning
    /// @param whole from the key to the end of the value, null while it is not set
    /// @param note  what is to know before one changes it, such as that other places repeat it
    public record Field(
            List<Object> path,
            String name,
            Shape shape,
            Facts facts,
            @Nullable Position key,
            @Nullable Position whole,
            Value value,
            String note) {
        public Field {
            path = List.copyOf(path);
        }

        public boolean isSet() {
            return !(value instanceof Value.Unset);
        }
    }

    /// What stands there.
    public sealed interface Value {
        record Unset() implements Value {}

        /// @param text as a person would say it, without quotes and escapes
        record Single(String text) implements Value {}

        /// The fields of a map; those that are not set come last.
        record Group(List<Field> fields) implements Value {
            public Group {
                fields = List.copyOf(fields);
            }
        }

        /// The items of a list.
        record Items(List<Field> items) implements Value {
            public Items {
                items = List.copyOf(items);
            }
        }

        /// A block with a form of its own.
        ///
        /// @param title   its name
        /// @param summary what it does, in few words
        record Block(Place place, String title, String summary) implements Value {}

        /// What an alias repeats: it is changed where it stands.
        ///
        /// @param anchor without the `*`
        record Elsewhere(String anchor, Position home) implements Value {}
    }

    /// A change that can not be made by itself; the message says why and what to do.
    public static final class Refused extends Exception {
        public Refused(String message) {
            super(message);
        }
    }

    /// Whose problem each diagnostic is: the path of the innermost field it stands in, or of the block
    /// itself.
    ///
    /// @param diagnostics of the file that holds the text
    public Map<List<Object>, Diagnostic> problems(List<Diagnostic> diagnostics) {
        Map<List<Object>, Diagnostic> found = new HashMap<>();
        for (Diagnostic each : diagnostics) {
            List<Object> owner = owner(fields, each);
            boolean ofBlock =
                    owner == null && each.at().line() == key.line() && each.at().column() == key.column();
            if (owner != null || ofBlock) {
                found.merge(owner == null ? place.path() : owner, each, Form::worse);
            }
        }
        return found;
    }

    private static Diagnostic worse(Diagnostic first, Diagnostic second) {
        return !first.isError() && second.isError() ? second : first;
    }

    private @Nullable List<Object> owner(List<Field> among, Diagnostic diagnostic) {
        for (Field field : among) {
            Position whole = field.whole();
            if (whole == null || !covers(whole, diagnostic.at())) {
                continue;
            }
            List<Field> inside = switch (field.value()) {
                case Value.Group group -> group.fields();
                case Value.Items items -> items.items();
                default -> List.of();
            };
            List<Object> deeper = owner(inside, diagnostic);
            if (deeper != null) {
                return deeper;
            }
            boolean ofTheMap = diagnostic.code().equals(Code.MISSING_KEY.id()) && inside.isEmpty();
            return ofTheMap ? parent(field) : field.path();
        }
        return null;
    }

    /// What a map lacks is told at its first key, which has nothing to do with it.
    private static List<Object> parent(Field field) {
        return field.path().subList(0, field.path().size() - 1);
    }

    private static boolean covers(Position whole, Position at) {
        boolean after = at.line() > whole.line() || (at.line() == whole.line() && at.column() >= whole.column());
        boolean before =
                at.line() < whole.endLine() || (at.line() == whole.endLine() && at.column() <= whole.endColumn());
        return after && before;
    }
}
