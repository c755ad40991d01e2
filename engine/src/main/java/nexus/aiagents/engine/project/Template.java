package nexus.aiagents.engine.project;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text with `${…}` expressions in it: `${{` stands for a plain `${`. Immutable.
public record Template(List<Part> parts) {

    public sealed interface Part {}

    public record Text(String text) implements Part {}

    /// @param source JSONata
    /// @param offset where the source begins in the template's text
    public record Expression(String source, int offset) implements Part {}

    public Template {
        parts = List.copyOf(parts);
    }

    /// @throws IllegalArgumentException if a `${` is never closed
    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf("${", at);
            if (dollar < 0) {
                plain.append(text, at, text.length());
                break;
            }
            plain.append(text, at, dollar);
            if (text.startsWith("${{", dollar)) {
                plain.append("${");
                at = dollar + 3;
                continue;
            }
            int end = closing(text, dollar + 2);
            if (end < 0) {
                throw new IllegalArgumentException(
                        "`${` is never closed: add the `}`, or write `${{` for a plain `${`");
            }
            if (!plain.isEmpty()) {
                parts.add(new Text(plain.toString()));
                plain.setLength(0);
            }
            parts.add(new Expression(text.substring(dollar + 2, end), dollar + 2));
            at = end + 1;
        }
        if (!plain.isEmpty()) {
            parts.add(new Text(plain.toString()));
        }
        return new Template(parts);
    }

    /// Whether the whole text is one expression, so that its value keeps its type.
    public boolean isOneExpression() {
        return parts.size() == 1 && parts.getFirst() instanceof Expression;
    }

    /// The `}` that closes an expression: braces inside it nest, those in its quotes do not count.
    private static int closing(String text, int from) {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth-- == 0) {
                return i;
            }
        }
        return -1;
    }

    /// @return what is wrong with a JSONata expression, null if its syntax is right
    public static @Nullable String syntaxError(String source) {
        if (source.isBlank()) {
            return "the expression is empty";
        }
        try {
            Jsonata.jsonata(source);
            return null;
        } catch (JException e) {
            return e.getMessage() == null ? e.getError() : e.getMessage();
        }
    }
}
