package nexus.aiagents.engine.project;

import com.networknt.schema.Error;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The `output: {schema: …}` of an agent or a step.
final class OutputSchema {
    private OutputSchema() {}

    /// @return the schema as JSON text, null if there is none
    static @Nullable String read(Body body, Scope scope) {
        Body output = body.body("output");
        YamlNode node = output.node("schema");
        if (node == null) {
            return null;
        }
        JsonNode schema = node.toJson();
        List<Error> errors = NexusSchema.get().validateSchema(schema);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            scope.add(Code.BAD_OUTPUT_SCHEMA.at(
                    output.at("schema"),
                    "this is no JSON Schema: at `" + first.getInstanceLocation() + "` " + first.getMessage()));
        }
        return schema.toString();
    }
}
