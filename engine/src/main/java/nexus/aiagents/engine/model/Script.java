package nexus.aiagents.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers from a project's file: `[{"match": regex, "answer": text or list of texts}]`. The first pattern
/// that is found in the last message of the user wins; `$1` … `$9` are its groups; of several texts the
/// seed picks one.
record Script(List<Line> lines) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long MOST_BYTES = 4 << 20;
    private static final Pattern GROUP = Pattern.compile("\\$([1-9])");

    record Line(Pattern match, List<String> answers) {}

    /// Read at each call, so that an edited file counts at once.
    static Script read(Path file, ModelSpec model) throws ModelException {
        String place = "the script " + model.script() + " of model " + model.name();
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw broken(place + " is larger than 4 MB");
            }
            return parse(JSON.readTree(Files.readString(file)), place);
        } catch (IOException e) {
            throw broken(place + " can not be read (" + file + "): put the file there, or take the line `script` out");
        } catch (JacksonException e) {
            String where =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw broken(place + " is not JSON" + where + ": " + e.getOriginalMessage());
        }
    }

    private static Script parse(JsonNode root, String place) throws ModelException {
        if (!root.isArray()) {
            throw broken(place + " is not a list of {\"match\": …, \"answer\": …}");
        }
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : root) {
            JsonNode answer = line.path("answer");
            List<String> answers = new ArrayList<>();
            (answer.isArray() ? answer : List.of(answer))
                    .forEach(a -> answers.add(a.isString() ? a.stringValue() : ""));
            if (!line.path("match").isString() || answers.isEmpty() || answers.contains("")) {
                throw broken(place + ", entry " + (lines.size() + 1) + ": needs a text `match` and a text `answer`");
            }
            try {
                lines.add(new Line(
                        Pattern.compile(
                                line.path("match").stringValue(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                        answers));
            } catch (PatternSyntaxException e) {
                throw broken(place + ", entry " + (lines.size() + 1) + ": `match` is no regular expression: "
                        + e.getDescription());
            }
        }
        return new Script(lines);
    }

    private static ModelException broken(String message) {
        return new ModelException("model-refused", message, 0, 0);
    }

    /// @return null if nothing matches
    @Nullable
    String answer(String question, String seed) {
        for (Line line : lines) {
            Matcher found = line.match().matcher(question);
            if (found.find()) {
                String answer =
                        line.answers().get(ScriptedModel.pick(line.answers().size(), question, seed));
                return GROUP.matcher(answer).replaceAll(g -> Matcher.quoteReplacement(group(found, g.group())));
            }
        }
        return null;
    }

    /// A `$5` that is no group of the pattern is money.
    private static String group(Matcher found, String reference) {
        int number = reference.charAt(1) - '0';
        if (number > found.groupCount()) {
            return reference;
        }
        String value = found.group(number);
        return value == null ? "" : value.strip();
    }
}
