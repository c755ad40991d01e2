package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds all names in one file. Which values are names, and of what, says the schema (`x-names`,
/// `x-prefix`, `x-defines`).
final class Occurrences {
    static final String STEP = "step";
    private static final Pattern STEP_IN_EXPRESSION =
            Pattern.compile("(?<![\\w.$`])steps\\.(`[^`\\n]*`|[A-Za-z_]\\w*)");

    private final String text;
    private final Lines lines;
    private final Set<Occurrence> found = new LinkedHashSet<>();
    private String owner = "";

    private Occurrences(String text) {
        this.text = text;
        this.lines = new Lines(text);
    }

    /// In the order in which they stand.
    static List<Occurrence> in(String text, List<Definition> definitions) {
        Occurrences occurrences = new Occurrences(text);
        definitions.forEach(occurrences::definition);
        return occurrences.found.stream()
                .sorted(Comparator.comparingInt((Occurrence o) -> o.at().line()).thenComparingInt(o -> o.at().column()))
                .toList();
    }

    private void definition(Definition definition) {
        Kind kind = definition.kind();
        boolean plural = definition.at().equals(definition.key());
        boolean named = !definition.name().isEmpty() && kind != Kind.COST && kind != Kind.TRUST;
        if (named) {
            name(List.of(kind.key()), "", definition.name(), definition.at(), Occurrence.Role.DEFINITION);
        }
        owner = kind == Kind.SAGA || kind == Kind.WORKFLOW ? kind.key() + "/" + definition.name() : "";
        List<Object> path = named && plural ? List.of(kind.plural(), definition.name()) : List.of(kind.key());
        walk(definition.body(), NexusSchema.get().at(path));
    }

    private void walk(YamlNode node, @Nullable JsonNode schema) {
        switch (node) {
            case YamlNode.Mapping map -> {
                for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
                    walk(entry.getValue().value(), below(schema, entry.getKey()));
                }
            }
            case YamlNode.Sequence list -> list.items().forEach(item -> walk(item, below(schema, 0)));
            case YamlNode.Scalar scalar -> scalar(scalar, schema);
        }
    }

    private static @Nullable JsonNode below(@Nullable JsonNode schema, Object part) {
        return schema == null ? null : NexusSchema.get().below(schema, part);
    }

    private void scalar(YamlNode.Scalar scalar, @Nullable JsonNode schema) {
        if (!scalar.value().isString()) {
            return;
        }
        if (!owner.isEmpty() && scalar.text().contains("${")) {
            expressions(scalar.at());
        }
        if (schema == null) {
            return;
        }
        String defines = schema.path("x-defines").asString("");
        if (!defines.isEmpty()) {
            name(List.of(defines), owner, scalar.text(), scalar.at(), Occurrence.Role.DEFINITION);
        } else if (schema.has("x-names")) {
            List<String> kinds = new ArrayList<>();
            schema.path("x-names").forEach(kind -> kinds.add(kind.asString()));
            reference(kinds, scalar, schema.path("x-prefix").asString(""));
        }
    }

    private void reference(List<String> kinds, YamlNode.Scalar scalar, String prefix) {
        if (!scalar.text().startsWith(prefix)) {
            return;
        }
        String name = scalar.text().substring(prefix.length());
        name(kinds, kinds.contains(STEP) ? owner : "", name, scalar.at(), Occurrence.Role.REFERENCE);
    }

    /// Marks the name alone; one that is written with escapes or over several lines is left out.
    private void name(List<String> kinds, String of, String name, Position around, Occurrence.Role role) {
        int start = lines.offset(around.line(), around.column());
        int end = lines.offset(around.endLine(), around.endColumn());
        int at = text.lastIndexOf(name, end - name.length());
        if (!name.isEmpty() && around.line() == around.endLine() && at >= start && at + name.length() <= end) {
            int column = at - lines.start(around.line());
            found.add(new Occurrence(
                    List.copyOf(kinds),
                    of,
                    name,
                    new Position(around.file(), around.line(), column, around.line(), column + name.length()),
                    role));
        }
    }

    /// Steps that a `${…}` names, as they stand in the file.
    private void expressions(Position around) {
        int start = lines.offset(around.line(), around.column());
        int end = lines.offset(around.endLine(), around.endColumn());
        Matcher matcher = STEP_IN_EXPRESSION.matcher(text).region(start, end);
        while (matcher.find()) {
            int line = lines.lineAt(matcher.start(1));
            int column = matcher.start(1) - lines.start(line);
            String written = matcher.group(1);
            found.add(new Occurrence(
                    List.of(STEP),
                    owner,
                    written.startsWith("`") ? written.substring(1, written.length() - 1) : written,
                    new Position(around.file(), line, column, line, column + written.length()),
                    Occurrence.Role.EXPRESSION));
        }
    }
}
