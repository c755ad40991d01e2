package nexus.aiagents.engine.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import nexus.aiagents.engine.imports.Imported.Item;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A project as it comes into being: documents, files, and what became of what.
final class Draft {
    private static final long LARGEST = 1_000_000;
    private static final int DEEPEST = 60;
    private static final Dump DUMP = new Dump(DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(100)
            .build());

    private final String kind;
    private final String name;
    private final List<String> documents = new ArrayList<>();
    private final SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    private final List<Item> carried = new ArrayList<>();
    private final List<Item> left = new ArrayList<>();

    Draft(String kind, String name, @Nullable String description) {
        this.kind = kind;
        this.name = name(name, "project");
        SequencedMap<String, Object> project = map("name", this.name);
        if (description != null) {
            project.put("description", description);
        }
        document("", "project", project);
    }

    String name() {
        return name;
    }

    /// @param comment stands above it, each line with its `#`; empty: none
    void document(String comment, String key, Object value) {
        documents.add(comment + DUMP.dumpToString(map(key, value)));
    }

    void file(String path, byte[] content) {
        files.put(path, content);
    }

    boolean hasFile(String path) {
        return files.containsKey(path);
    }

    /// A program that comes with the engine, its `@WORD@`s filled in.
    void program(String path, String resource, Map<String, String> fill) throws IOException {
        try (InputStream in = Objects.requireNonNull(Draft.class.getResourceAsStream(resource), resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var word : fill.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            file(path, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    void carried(String what, String as) {
        carried.add(new Item(what, as));
    }

    void left(String what, String why) {
        left.add(new Item(what, why));
    }

    /// What the reader had no use for, each key once.
    void leftOver(String what, Map<String, Object> unread, String why) {
        unread.keySet().forEach(key -> left(what + ": " + key, why));
    }

    Imported done() {
        SequencedMap<String, byte[]> all = new LinkedHashMap<>();
        all.put("nexus.yaml", String.join("---\n", documents).getBytes(StandardCharsets.UTF_8));
        all.putAll(files);
        return new Imported(kind, name, all, carried, left);
    }

    // ---- what readers need

    static SequencedMap<String, Object> map(String key, Object value) {
        SequencedMap<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return map;
    }

    /// A YAML file that is one map.
    static SequencedMap<String, Object> yaml(Path file) throws IOException, NotImportable {
        if (Files.size(file) > LARGEST) {
            throw new NotImportable(file.getFileName() + " is too large to be a configuration.");
        }
        Object read;
        try {
            read = new Load(LoadSettings.builder()
                            .setLabel(String.valueOf(file.getFileName()))
                            .setAllowDuplicateKeys(false)
                            .setAllowRecursiveKeys(false)
                            .build())
                    .loadFromString(Files.readString(file));
        } catch (YamlEngineException e) {
            throw new NotImportable(file.getFileName() + " is no YAML: " + firstLine(e));
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new NotImportable(file.getFileName() + " is no text.");
        }
        if (read instanceof Map<?, ?> map && depth(map, 0) < DEEPEST) {
            return strings(map);
        }
        throw new NotImportable(file.getFileName() + " does not hold what such a file holds.");
    }

    private static int depth(@Nullable Object value, int above) {
        if (above >= DEEPEST) {
            return above; // also where an alias leads back into itself
        }
        int deepest = above;
        if (value instanceof Map<?, ?> map) {
            for (Object inner : map.values()) {
                deepest = Math.max(deepest, depth(inner, above + 1));
            }
        } else if (value instanceof List<?> list) {
            for (Object inner : list) {
                deepest = Math.max(deepest, depth(inner, above + 1));
            }
        }
        return deepest;
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /// A map in the map, empty if there is none; it is taken out.
    static SequencedMap<String, Object> takeMap(Map<String, Object> from, String key) {
        return from.remove(key) instanceof Map<?, ?> map ? strings(map) : new LinkedHashMap<>();
    }

    static @Nullable String takeText(Map<String, Object> from, String key) {
        Object value = from.remove(key);
        return value == null || value instanceof Map || value instanceof List ? null : String.valueOf(value);
    }

    static List<String> takeTexts(Map<String, Object> from, String key) {
        return from.remove(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    static SequencedMap<String, Object> strings(Map<?, ?> map) {
        SequencedMap<String, Object> strings = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (value != null) {
                strings.put(String.valueOf(key), value);
            }
        });
        return strings;
    }

    /// As something may be called in a project.
    static String name(String wanted, String otherwise) {
        String name = wanted.strip().replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^[-_]+|-+$", "");
        return name.isEmpty() ? otherwise : name.substring(0, Math.min(64, name.length()));
    }
}
