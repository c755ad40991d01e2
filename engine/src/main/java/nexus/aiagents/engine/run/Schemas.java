package nexus.aiagents.engine.run;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Checks outputs against the JSON Schemas (draft 2020-12) of steps. Nothing is fetched from anywhere.
public final class Schemas {
    private static final int MOST_PROBLEMS = 3;

    private Schemas() {}

    /// @return what is wrong with `json`, null if it fits
    public static @Nullable String problem(String schemaJson, String json) {
        List<Error> errors;
        try {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
            Schema schema = registry.getSchema(schemaJson, InputFormat.JSON);
            errors = schema.validate(json, InputFormat.JSON);
        } catch (com.networknt.schema.SchemaException | JacksonException | IllegalArgumentException e) {
            return "the schema itself can not be used: " + e.getMessage();
        }
        if (errors.isEmpty()) {
            return null;
        }
        String text = errors.stream().limit(MOST_PROBLEMS).map(Schemas::words).collect(Collectors.joining("; "));
        return errors.size() <= MOST_PROBLEMS ? text : text + "; and " + (errors.size() - MOST_PROBLEMS) + " more";
    }

    private static String words(Error error) {
        String place = String.valueOf(error.getInstanceLocation());
        return place.isEmpty() ? error.getMessage() : place + ": " + error.getMessage();
    }
}
