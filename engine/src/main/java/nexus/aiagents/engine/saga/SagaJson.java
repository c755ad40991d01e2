package nexus.aiagents.engine.saga;

import java.util.List;
import nexus.aiagents.engine.saga.SagaState.Failure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The inputs that steps and compensations get when nobody says otherwise.
final class SagaJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SagaJson() {}

    static String defaultInput(String step, String sagaInput, @Nullable String previous) {
        return "{\"input\":" + sagaInput + ",\"previous\":" + previous + ",\"step\":" + JSON.writeValueAsString(step)
                + "}";
    }

    static String group(List<String> names, List<@Nullable String> outputs) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < names.size(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append(JSON.writeValueAsString(names.get(i)))
                    .append(':')
                    .append(outputs.get(i));
        }
        return json.append('}').toString();
    }

    static String undoInput(String step, @Nullable String input, @Nullable String output, @Nullable Failure failure) {
        ObjectNode error = JSON.createObjectNode();
        if (failure != null) {
            error.put("code", failure.reason().code());
            error.put("message", failure.reason().message());
        }
        return "{\"input\":" + input + ",\"output\":" + output + ",\"step\":" + JSON.writeValueAsString(step)
                + ",\"error\":" + error + "}";
    }
}
