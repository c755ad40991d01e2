package nexus.aiagents.sandbox;

import tools.jackson.core.JacksonException;

/// What is wrong with a text that should be JSON, for whoever wrote it.
public final class JsonMistakes {
    private JsonMistakes() {}

    /// The parser's words in one line, without what only its makers need.
    public static String plain(JacksonException e) {
        return e.getOriginalMessage()
                .replaceAll("(?s) \\(start marker at .*", "")
                .replaceAll("(?s)\\R.*", "")
                .replaceAll(", from `[^`]*`", "")
                .replaceAll(" \\(code \\d+[^)]*\\)", "")
                .replaceAll("a valid value \\(JSON String, Number.*?\\)", "a JSON value");
    }
}
