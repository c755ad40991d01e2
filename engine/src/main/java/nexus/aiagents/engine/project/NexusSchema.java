package nexus.aiagents.engine.project;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of the language: what validates, and what completion, hover and the reference page say.
/// Compiled once, at first use. Thread-safe.
final class NexusSchema {
    static final String RESOURCE = "nexus.schema.json";

    /// What the schema says beyond the standard: words for a pattern, a unit, whose names fit and what
    /// stands before them, what a name defines, free content.
    private static final List<String> OWN_KEYWORDS =
            List.of("x-says", "x-unit", "x-names", "x-prefix", "x-defines", "x-any");

    private final JsonNode root;
    private final Schema compiled;
    private final Map<Same, JsonNode> resolved = new ConcurrentHashMap<>();

    /// A node as the key of a map, by identity: comparing whole schemas would be slow.
    private record Same(JsonNode node) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Same(JsonNode that) && that == node;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(node);
        }
    }

    private static final class Holder {
        static final NexusSchema INSTANCE = load();
        static final Schema META = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    }

    private NexusSchema(JsonNode root, Schema compiled) {
        this.root = root;
        this.compiled = compiled;
    }

    static NexusSchema get() {
        return Holder.INSTANCE;
    }

    private static NexusSchema load() {
        try (InputStream in = NexusSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the engine's jar");
            }
            JsonNode root = JsonMapper.shared().readTree(in);
            Dialect dialect = Dialect.builder(Dialects.getDraft202012())
                    .keywords(
                            OWN_KEYWORDS.stream().map(NonValidationKeyword::new).toList())
                    .build();
            Schema schema = SchemaRegistry.withDialect(dialect).getSchema(root);
            schema.initializeValidators();
            return new NexusSchema(root, schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    List<Error> validate(JsonNode document) {
        return compiled.validate(document);
    }

    /// Checks a JSON Schema that a project brings along.
    List<Error> validateSchema(JsonNode schema) {
        return Holder.META.validate(schema);
    }

    /// What the schema says of the value at `path` (keys and indexes), references followed; null where
    /// it says nothing.
    @Nullable
    JsonNode at(List<?> path) {
        JsonNode here = resolve(root);
        for (Object part : path) {
            here = here == null ? null : below(here, part);
        }
        return here;
    }

    /// What it says of a part of a value, reference followed; null where it says nothing.
    @Nullable
    JsonNode below(JsonNode schema, Object part) {
        JsonNode next = step(schema, part);
        return next == null ? null : resolve(next);
    }

    private static @Nullable JsonNode step(JsonNode schema, Object part) {
        if (part instanceof Integer) {
            return schema.get("items");
        }
        JsonNode property = schema.path("properties").get((String) part);
        if (property != null) {
            return property;
        }
        JsonNode other = schema.get("additionalProperties");
        return other != null && other.isObject() ? other : null;
    }

    /// Follows a `$ref`; what stands beside it comes first.
    private JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? resolved.computeIfAbsent(new Same(schema), _ -> merged(schema)) : schema;
    }

    private JsonNode merged(JsonNode schema) {
        JsonNode ref = schema.path("$ref");
        JsonNode target = root.at(ref.asString().substring(1));
        ObjectNode merged = ((ObjectNode) (target.has("$ref") ? merged(target) : target)).deepCopy();
        schema.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        merged.remove("$ref");
        return merged;
    }

    /// The keys that may stand in a map with this schema.
    static List<String> keys(@Nullable JsonNode schema) {
        return schema == null
                ? List.of()
                : new ArrayList<>(schema.path("properties").propertyNames());
    }
}
