package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file with other answers: `{"3": {"ok": …}, "5": {"error": {"code": "…", "message": "…"}}}`.
final class Answers {
    private Answers() {}

    /// @return by number of the call
    static Map<Integer, String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw bad(Files.isDirectory(file) ? file + " is a folder" : "there is no file " + file);
        }
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw bad(file + " is not JSON: " + Json.plain(e.getOriginalMessage()));
        }
        if (!root.isObject() || root.isEmpty()) {
            throw bad(file + " must be an object with the number of a call as the key of each answer");
        }
        Map<Integer, String> answers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> answer : root.properties()) {
            if (!answer.getKey().matches("[1-9][0-9]{0,8}")) {
                throw bad(file + ": '" + answer.getKey() + "' is no number of a call");
            }
            answers.put(Integer.valueOf(answer.getKey()), answer.getValue().toString());
        }
        return answers;
    }

    private static Failure bad(String message) {
        return new Failure(Exit.USAGE, "bad-answers", "--with: " + message);
    }
}
