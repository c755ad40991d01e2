package nexus.aiagents.engine.project;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the schema says of the key or value at a place.
final class Hover {
    private Hover() {}

    private static final int TIMES = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu HH:mm:ss xxx", Locale.ENGLISH);

    /// @param now for what depends on it: the next times of a schedule
    static @Nullable String at(String text, int line, int column, Instant now) {
        for (YamlNode document : YamlText.read("", text).documents()) {
            List<Object> path = new ArrayList<>();
            if (find(document, line, column, path)) {
                JsonNode schema = NexusSchema.get().at(path);
                return schema == null ? null : describe(YamlPath.last(path), schema) + nextTimes(document, path, now);
            }
        }
        return null;
    }

    /// The next times of the schedule that the place belongs to, empty if it is none or is not sound.
    private static String nextTimes(YamlNode document, List<Object> path, Instant now) {
        int at = path.lastIndexOf("schedule");
        if (at < 0 || at < path.size() - 2) {
            return "";
        }
        YamlNode node = document;
        for (Object key : path.subList(0, at + 1)) {
            node = node instanceof YamlNode.Mapping map && key instanceof String name ? map.get(name) : null;
        }
        if (!(node instanceof YamlNode.Mapping schedule)) {
            return "";
        }
        Body body = new Body(schedule);
        try {
            Cron cron = Cron.parse(body.text("cron", ""));
            ZoneId zone = ZoneId.of(body.text("timezone", "UTC"));
            StringBuilder out = new StringBuilder();
            Instant time = cron.next(now, zone);
            for (int i = 0; i < TIMES && time != null; i++) {
                out.append(i == 0 ? "\nNext: " : "\n      ").append(TIME.format(time.atZone(zone)));
                time = cron.next(time, zone);
            }
            return out.toString();
        } catch (Cron.BadCron | DateTimeException _) {
            return ""; // the diagnostics say what is wrong
        }
    }

    private static boolean find(YamlNode node, int line, int column, List<Object> path) {
        switch (node) {
            case YamlNode.Mapping map -> {
                for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
                    path.add(entry.getKey());
                    if (covers(entry.getValue().key(), line, column)
                            || find(entry.getValue().value(), line, column, path)) {
                        return true;
                    }
                    path.removeLast();
                }
                return false;
            }
            case YamlNode.Sequence list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    path.add(i);
                    if (find(list.items().get(i), line, column, path)) {
                        return true;
                    }
                    path.removeLast();
                }
                return false;
            }
            case YamlNode.Scalar scalar -> {
                return covers(scalar.at(), line, column);
            }
        }
    }

    private static boolean covers(Position at, int line, int column) {
        boolean after = line > at.line() || (line == at.line() && column >= at.column());
        boolean before = line < at.endLine() || (line == at.endLine() && column < at.endColumn());
        return after && before;
    }

    private static String describe(String key, JsonNode schema) {
        StringBuilder out = new StringBuilder(key);
        String description = schema.path("description").asString("");
        if (!description.isEmpty()) {
            out.append("\n").append(description);
        }
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.path("enum").forEach(word -> words.add(word.asString()));
            out.append("\nOne of: ").append(String.join(", ", words));
        }
        if (schema.has("x-unit")) {
            out.append("\nUnit: ").append(schema.path("x-unit").asString());
        }
        JsonNode standard = schema.get("default");
        if (standard != null) {
            out.append("\nDefault: ").append(standard.isString() ? standard.asString() : standard.toString());
        }
        return out.toString();
    }
}
