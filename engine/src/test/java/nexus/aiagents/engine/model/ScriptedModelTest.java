package nexus.aiagents.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.model.ChatModels.Answer;
import nexus.aiagents.engine.model.ChatModels.Message;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.model.ChatModels.Request;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScriptedModelTest {
    @TempDir
    Path folder;

    private static ModelSpec model(String script) {
        return new ModelSpec(
                "default",
                ModelSpec.Provider.SCRIPTED,
                "scripted-small",
                null,
                null,
                null,
                false,
                script,
                Duration.ofSeconds(60),
                new Position("nexus.yaml", 0, 0, 0, 1));
    }

    private Answer ask(String script, String system, String prompt, long maxTokens, boolean json, String seed)
            throws Exception {
        try (ChatModels models = ChatModels.create(folder, _ -> null)) {
            Request request = new Request(
                    List.of(new Message("system", system), new Message("user", prompt)), maxTokens, null, json, seed);
            Answer answer = models.chat(model(script), request);
            assertTrue(answer.inputTokens() <= models.estimateInputTokens(request));
            assertTrue(answer.scripted());
            return answer;
        }
    }

    @Test
    void the_same_question_has_the_same_answer_and_another_seed_may_have_another() throws Exception {
        Answer first = ask(null, "You collect facts.", "Three facts about sea otters.", 500, false, "a");
        assertEquals(first, ask(null, "You collect facts.", "Three facts about sea otters.", 500, false, "a"));
        assertTrue(first.text().contains("sea otters"), first.text());
        assertEquals("stop", first.finish());
        assertTrue(first.outputTokens() > 20);
        long different = List.of("b", "c", "d", "e", "f").stream()
                .filter(seed -> {
                    try {
                        return !ask(null, "You collect facts.", "Three facts about sea otters.", 500, false, seed)
                                .text()
                                .equals(first.text());
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .count();
        assertTrue(different > 0);
    }

    @Test
    void what_the_agent_is_decides_what_kind_of_answer_it_gets() throws Exception {
        assertTrue(ask(null, "You review drafts.", "A draft about otters.", 500, false, "")
                .text()
                .startsWith("Accept."));
        assertTrue(ask(null, "", "Make a plan for an article about otters", 500, false, "")
                .text()
                .startsWith("1. "));
        assertFalse(ask(null, "", "?", 500, false, "").text().isBlank());
        assertFalse(ask(null, "", "", 500, false, "").text().isBlank());
        ask(null, "", "100% of what is said about 5% of %s %d", 500, false, "");
    }

    @Test
    void it_never_says_more_than_it_may() throws Exception {
        Answer answer = ask(null, "You write clear prose.", "Write about ötters 🦦🦦🦦.", 10, false, "");
        assertEquals("length", answer.finish());
        assertTrue(answer.outputTokens() <= 10);
        assertTrue(ask(null, "", "x", 1, false, "").outputTokens() <= 1);
    }

    @Test
    void asked_for_json_it_answers_json_that_all_who_are_asked_agree_on() throws Exception {
        JsonNode one = JsonMapper.shared()
                .readTree(ask(null, "", "Is this about otters?", 500, true, "a").text());
        JsonNode two = JsonMapper.shared()
                .readTree(ask(null, "", "Is this about otters?", 500, true, "b").text());
        assertEquals(one.path("verdict"), two.path("verdict"));
        assertEquals("otters", one.path("topic").stringValue());
    }

    @Test
    void a_script_answers_first_with_its_groups_and_its_dollars() throws Exception {
        Files.writeString(folder.resolve("answers.json"), """
                [{"match": "facts about ([^.]+)", "answer": "$1 cost $5, and \\\\ $2 too."},
                 {"match": "pick", "answer": ["one", "two", "three"]}]
                """);
        assertEquals(
                "Otters cost $5, and \\ $2 too.",
                ask("answers.json", "", "Three FACTS about Otters.", 500, false, "")
                        .text());
        assertTrue(List.of("one", "two", "three")
                .contains(ask("answers.json", "", "pick", 500, false, "x").text()));
        assertFalse(
                ask("answers.json", "", "something else", 500, false, "").text().isBlank());
        Files.writeString(folder.resolve("answers.json"), "[{\"match\": \"pick\", \"answer\": \"edited\"}]");
        assertEquals("edited", ask("answers.json", "", "pick", 500, false, "").text());
    }

    @Test
    void a_broken_script_is_named_with_its_place() throws Exception {
        Map<String, String> broken = new LinkedHashMap<>();
        broken.put("[\n{\"match\" \"x\"}]", "is not JSON in line 2");
        broken.put("{}", "is not a list");
        broken.put("[{\"match\": \"x\"}]", "entry 1: needs a text");
        broken.put("[{\"match\": \"x\", \"answer\": 5}]", "entry 1: needs a text");
        broken.put(
                "[{\"match\": \"a\", \"answer\": \"b\"}, {\"match\": \"(\", \"answer\": \"x\"}]", "entry 2: `match`");
        for (Map.Entry<String, String> one : broken.entrySet()) {
            Files.writeString(folder.resolve("answers.json"), one.getKey());
            ModelException e = assertThrows(
                    ModelException.class, () -> ask("answers.json", "", "x", 500, false, ""), one.getKey());
            assertEquals("model-refused", e.code());
            assertTrue(e.getMessage().contains(one.getValue()), e.getMessage());
            assertTrue(e.getMessage().startsWith("the script answers.json of model default"));
        }
        assertTrue(assertThrows(ModelException.class, () -> ask("none.json", "", "x", 500, false, ""))
                .getMessage()
                .contains("can not be read"));
    }

    @Test
    void an_interrupted_call_ends() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> ask(null, "", "x", 5, false, ""));
        assertFalse(Thread.interrupted());
    }
}
