package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The pages in `docs/reference` say what the schema and the codes say. After a change to those, write them
/// anew with `./mvnw -pl engine -am test -Dtest=ReferencePagesTest -Dnexus.rewrite=true
/// -Dsurefire.failIfNoSpecifiedTests=false`.
class ReferencePagesTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    private static void check(String page, String text) throws IOException {
        Path path = REFERENCE.resolve(page);
        if (Boolean.getBoolean("nexus.rewrite")) {
            Files.createDirectories(REFERENCE);
            Files.writeString(path, text);
        }
        assertEquals(
                text, Files.exists(path) ? Files.readString(path).replace("\r\n", "\n") : "", page + " is out of date");
    }

    @Test
    void the_configuration_page_says_what_the_schema_says() throws IOException {
        check("configuration.md", new ConfigurationPage(NexusSchema.get().root()).text());
    }

    @Test
    void the_schema_for_other_editors_is_the_engine_s() throws IOException {
        try (var in = NexusSchema.class.getResourceAsStream(NexusSchema.RESOURCE)) {
            check(NexusSchema.RESOURCE, new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void the_diagnostics_page_explains_every_code() throws IOException {
        StringBuilder out = new StringBuilder("""
                # Diagnostics

                What `naos validate` and the editor say about a project. A code keeps its meaning for ever. A project with
                errors does not start; warnings do not stop it. Written from the engine's own table: do not edit.

                """);
        String[] titles = {"", "Text and YAML", "Structure", "Meaning"};
        char group = '0';
        for (Code code : Code.values()) {
            if (code.id().charAt(2) != group) {
                group = code.id().charAt(2);
                out.append(group == '1' ? "" : "\n")
                        .append("## NX")
                        .append(group)
                        .append("xxx: ")
                        .append(titles[group - '0']);
                out.append("\n\n| Code | Severity | What is wrong | What to do |\n|---|---|---|---|\n");
            }
            String severity = code.severity().name().toLowerCase();
            out.append("| ")
                    .append(code.id())
                    .append(" | ")
                    .append(severity)
                    .append(" | ")
                    .append(code.what());
            out.append(" | ").append(code.remedy()).append(" |\n");
        }
        check("diagnostics.md", out.toString());
    }

    @Test
    void codes_are_unique_and_ascending() {
        List<String> ids = new ArrayList<>();
        for (Code code : Code.values()) {
            ids.add(code.id());
        }
        assertEquals(ids.stream().sorted().distinct().toList(), ids);
    }

    @Test
    void everything_in_the_schema_is_described() {
        List<String> bare = new ArrayList<>();
        NexusSchema.get()
                .root()
                .path("$defs")
                .properties()
                .forEach(def -> undescribed(def.getKey(), def.getValue(), bare));
        assertEquals(List.of(), bare);
    }

    private static void undescribed(String where, JsonNode schema, List<String> bare) {
        boolean described = schema.has("description") || schema.has("$ref");
        if (!described) {
            bare.add(where);
        }
        schema.path("properties").properties().forEach(p -> undescribed(where + "." + p.getKey(), p.getValue(), bare));
    }

    @Test
    void the_defaults_the_schema_promises_are_the_ones_that_hold() {
        JsonNode defs = NexusSchema.get().root().path("$defs");
        assertEquals(
                AgentReader.DEFAULT_MAX_TOKENS,
                defs.at("/agent/properties/maxTokens/default").asInt());
        AgentSpec.LimitSpec limits = AgentSpec.LimitSpec.DEFAULT;
        var sandbox = nexus.aiagents.sandbox.Limits.DEFAULT;
        assertEquals(
                new AgentSpec.LimitSpec(
                        sandbox.fuel(),
                        sandbox.memoryBytes(),
                        sandbox.wallTime(),
                        sandbox.cpuTime(),
                        sandbox.tableElements(),
                        sandbox.stackBytes(),
                        sandbox.outputBytes(),
                        sandbox.logBytes(),
                        sandbox.hostCallsPerSecond(),
                        limits.instances()),
                limits);
        assertEquals(limits.fuel(), defs.at("/limits/properties/fuel/default").asLong());
        assertEquals("64MB", defs.at("/limits/properties/memory/default").asString());
        assertEquals(64L << 20, limits.memoryBytes());
        assertEquals("30s", defs.at("/limits/properties/timeout/default").asString());
        assertEquals(30, limits.timeout().toSeconds());
        assertEquals("60s", defs.at("/limits/properties/cpuTime/default").asString());
        assertEquals(60, limits.cpuTime().toSeconds());
        assertEquals("8MB", defs.at("/limits/properties/stack/default").asString());
        assertEquals(8 << 20, limits.stackBytes());
        assertEquals("1MB", defs.at("/limits/properties/output/default").asString());
        assertEquals("1MB", defs.at("/limits/properties/log/default").asString());
        assertEquals(1 << 20, limits.outputBytes());
        assertEquals(1 << 20, limits.logBytes());
        for (var whole : java.util.Map.of(
                        "tableElements", limits.tableElements(),
                        "hostCallsPerSecond", limits.hostCallsPerSecond(),
                        "instances", limits.instances())
                .entrySet()) {
            assertEquals(
                    whole.getValue(),
                    defs.at("/limits/properties/" + whole.getKey() + "/default").asInt());
        }
        assertTrue(defs.at("/supervisor/properties/maxRestarts/default").asInt() == 3);
    }

    /// Writes the reference page of the language.
    private static final class ConfigurationPage {
        private final JsonNode root;
        private final StringBuilder out = new StringBuilder();
        private final Set<String> written = new HashSet<>();

        ConfigurationPage(JsonNode root) {
            this.root = root;
        }

        String text() {
            out.append("""
                    # Configuration

                    A project is a folder with a `nexus.yaml`. Every `*.yaml` and `*.yml` file below it belongs to it, hidden
                    folders and `node_modules` aside. A file holds one or more YAML documents, separated by `---`, and each
                    document has one kind as its top-level key. Instead of single blocks there can be maps of them by name
                    (`agents:`, `supervisors:`, `sagas:`, `workflows:`, `pools:`, `models:`), also several in one document.

                    Other editors can use the JSON Schema, [nexus.schema.json](nexus.schema.json). This page is written from
                    it: do not edit. What the checks say is explained in [diagnostics](diagnostics.md).
                    """);
            Set<String> blocks = new LinkedHashSet<>();
            for (Map.Entry<String, JsonNode> kind : root.path("properties").properties()) {
                String ref = kind.getValue().path("$ref").asString("");
                if (!ref.isEmpty()) {
                    blocks.add(ref.substring("#/$defs/".length()));
                }
            }
            blocks.forEach(name -> block("## ", name, root.path("$defs").path(name)));
            return out.toString();
        }

        private void block(String level, String title, JsonNode schema) {
            if (!written.add(title)) {
                return;
            }
            out.append("\n").append(level).append('`').append(title).append("`\n\n");
            out.append(schema.path("description").asString()).append("\n\n");
            out.append("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
            List<Map.Entry<String, JsonNode>> below = new ArrayList<>();
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                List<Object> required = new ArrayList<>();
                schema.path("required").forEach(r -> required.add(r.asString()));
                root.path("properties").path(title).path("required").forEach(r -> required.add(r.asString()));
                row(property.getKey(), property.getValue(), required.contains(property.getKey()), below, title);
            }
            below.forEach(b -> block("### ", b.getKey(), b.getValue()));
        }

        private void row(
                String key,
                JsonNode property,
                boolean required,
                List<Map.Entry<String, JsonNode>> below,
                String title) {
            JsonNode target = resolve(property);
            JsonNode items = resolve(target.path("items"));
            JsonNode inner = target.has("properties") ? target : items.has("properties") ? items : null;
            String name = property.path("$ref").asString("").replace("#/$defs/", "");
            if (name.isEmpty()) {
                name = items.has("properties") && target.path("items").has("$ref")
                        ? target.path("items").path("$ref").asString().replace("#/$defs/", "")
                        : title + "." + key;
            }
            if (inner != null) {
                below.add(Map.entry(name, inner));
            }
            String description = property.path("description")
                    .asString(target.path("description").asString(""));
            String unit = target.path("x-unit").asString("");
            JsonNode standard = property.has("default") ? property.get("default") : target.get("default");
            out.append("| `")
                    .append(key)
                    .append('`')
                    .append(required ? " (needed)" : "")
                    .append(" | ");
            out.append(value(target, inner == null ? "" : name)).append(" | ");
            out.append(standard == null ? "" : "`" + (standard.isString() ? standard.asString() : standard) + "`")
                    .append(" | ");
            out.append(description.replace("|", "\\|"))
                    .append(unit.isEmpty() ? "" : " Unit: " + unit + ".")
                    .append(" |\n");
        }

        private JsonNode resolve(JsonNode schema) {
            String ref = schema.path("$ref").asString("");
            return ref.isEmpty() ? schema : root.at(ref.substring(1));
        }

        private String value(JsonNode schema, String inner) {
            if (schema.has("enum")) {
                List<String> words = new ArrayList<>();
                schema.path("enum").forEach(word -> words.add("`" + word.asString() + "`"));
                return String.join(", ", words);
            }
            if (schema.has("const")) {
                return "`" + schema.get("const") + "`";
            }
            String link = inner.isEmpty()
                    ? ""
                    : " of [`" + inner + "`](#" + inner.replace(".", "").toLowerCase() + ")";
            String type = schema.path("type").isArray()
                    ? schema.path("type").get(0).asString() + " or "
                            + word(schema.path("type").get(1).asString())
                    : schema.path("type").asString("");
            return switch (type) {
                case "array" ->
                    "list"
                            + (link.isEmpty()
                                    ? " of "
                                            + word(resolve(schema.path("items"))
                                                    .path("type")
                                                    .asString("text"))
                                    : link);
                case "object" ->
                    inner.isEmpty()
                            ? "map"
                            : "map: [`" + inner + "`](#"
                                    + inner.replace(".", "").toLowerCase() + ")";
                case "" -> "anything";
                default -> word(type);
            };
        }

        private static String word(String type) {
            return type.replace("string", "text")
                    .replace("integer", "whole number")
                    .replace("boolean", "true or false")
                    .replace("object", "map");
        }
    }
}
