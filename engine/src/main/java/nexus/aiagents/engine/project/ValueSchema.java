package nexus.aiagents.engine.project;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The `input: {schema: …}` of an agent, and the `output: {schema: …}` of an agent or a step.
final class ValueSchema {
    private ValueSchema() {}

    /// @return the schema as JSON text, null if there is none
    static @Nullable String ofInput(Body body, Scope scope) {
        return read(body.body("input"), Code.BAD_INPUT_SCHEMA, scope);
    }

    /// @return the schema as JSON text, null if there is none
    static @Nullable String ofOutput(Body body, Scope scope) {
        return read(body.body("output"), Code.BAD_OUTPUT_SCHEMA, scope);
    }

    /// @return what is wrong with a value, null: nothing, or the schema itself is wrong, which was said
    ///     already
    static @Nullable String problem(String schemaJson, String json) {
        try {
            List<Error> errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schemaJson, InputFormat.JSON)
                    .validate(json, InputFormat.JSON);
            if (errors.isEmpty()) {
                return null;
            }
            String place = String.valueOf(errors.getFirst().getInstanceLocation());
            return (place.isEmpty() ? "" : place + ": ") + errors.getFirst().getMessage();
        } catch (SchemaException | JacksonException | IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable String read(Body value, Code bad, Scope scope) {
        YamlNode node = value.node("schema");
        if (node == null) {
            return null;
        }
        JsonNode schema = node.toJson();
        List<Error> errors = NexusSchema.get().validateSchema(schema);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            scope.add(bad.at(
                    value.at("schema"),
                    "this is no JSON Schema: at `" + first.getInstanceLocation() + "` " + first.getMessage()));
        }
        return schema.toString();
    }
}
