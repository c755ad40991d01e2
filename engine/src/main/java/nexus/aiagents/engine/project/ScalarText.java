package nexus.aiagents.engine.project;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/// How text is written as a YAML scalar so that it is read as the same text again. Whether it is, the
/// reader itself is asked.
final class ScalarText {
    private ScalarText() {}

    /// On one line.
    ///
    /// @param types the JSON types that may stand there, empty for all: what would be read as another
    ///     one gets quotes if text is allowed, and is left as it is, for the diagnostics to tell, if not
    /// @param flow  between brackets
    static String written(String text, Set<String> types, boolean flow) {
        YamlNode.Scalar plain = plain(text, flow);
        boolean anyType = types.isEmpty();
        if (plain != null) {
            boolean fits = anyType || types.stream().anyMatch(type -> is(plain.value(), type));
            if (fits || !types.contains("string")) {
                return text;
            }
        }
        if (anyType && isQuoted(text, flow)) {
            return text;
        }
        return text.isEmpty() && !anyType && !types.contains("string") ? "" : quoted(text);
    }

    /// What a person sees of a value that may be of any type: text that would be read as something else
    /// keeps its quotes.
    static String shown(YamlNode.Scalar scalar) {
        boolean text = scalar.value().isString();
        if (!text || scalar.plain() || scalar.text().isEmpty() || scalar.text().contains("\n")) {
            return scalar.text();
        }
        YamlNode.Scalar plain = plain(scalar.text(), false);
        boolean same =
                plain == null ? !isQuoted(scalar.text(), false) : plain.value().isString();
        return same ? scalar.text() : quoted(scalar.text());
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            default -> false;
        };
    }

    /// Null if the text without quotes would not be read as one scalar with this text.
    private static YamlNode.@Nullable Scalar plain(String text, boolean flow) {
        if (text.isEmpty() || "|>&*!'\"".indexOf(text.charAt(0)) >= 0) {
            return null;
        }
        return read(text, flow) instanceof YamlNode.Scalar scalar
                        && scalar.plain()
                        && scalar.text().equals(text)
                ? scalar
                : null;
    }

    private static boolean isQuoted(String text, boolean flow) {
        boolean quotes = text.length() > 1 && (text.charAt(0) == '"' || text.charAt(0) == '\'');
        return quotes && read(text, flow) instanceof YamlNode.Scalar scalar && !scalar.plain();
    }

    private static @Nullable YamlNode read(String written, boolean flow) {
        String around = flow ? "k: {v: " + written + ", z: 1}\n" : "k:\n  v: " + written + "\n  z: 1\n";
        try {
            YamlReader reader = new YamlReader("", around, new Lines(around));
            reader.read();
            boolean one = reader.documents().size() == 1
                    && reader.documents().getFirst() instanceof YamlNode.Mapping root
                    && root.entries().size() == 1
                    && root.get("k") instanceof YamlNode.Mapping map
                    && map.entries().size() == 2
                    && map.get("z") != null;
            return one ? YamlPath.node(reader.documents().getFirst(), java.util.List.of("k", "v")) : null;
        } catch (YamlEngineException | YamlReader.Stop e) {
            return null; // it can not stand there without quotes
        }
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean odd = c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
                    if (odd) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    static String singleQuoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// Whether it can stand between single quotes on one line.
    static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xfeff);
    }

    /// Text of several lines as a literal block, `|` and what follows it.
    ///
    /// @param parent the indentation of what holds it
    /// @param indent of its lines
    /// @param end    the line break of the file
    static String literal(String text, int parent, int indent, String end) {
        String body = text.stripTrailing().isEmpty() ? "" : text;
        int breaks = 0;
        while (body.endsWith("\n".repeat(breaks + 1))) {
            breaks++;
        }
        String first = body.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        String hint = first.startsWith(" ") || body.startsWith("\n") ? String.valueOf(indent - parent) : "";
        String chomp = breaks == 0 ? "-" : breaks == 1 ? "" : "+";
        StringBuilder out = new StringBuilder("|").append(hint).append(chomp);
        String content = body.substring(0, body.length() - Math.min(breaks, 1));
        for (String line : content.split("\n", -1)) {
            out.append(end);
            if (!line.isEmpty()) {
                out.append(" ".repeat(indent)).append(line);
            }
        }
        return out.toString();
    }
}
