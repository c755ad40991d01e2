package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.LanguageService.Block;
import nexus.aiagents.engine.project.LanguageService.RenameRefused;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    private static final String MAIN = """
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            agents:
              writer: {source: writer.js, model: default}
              "reader": {source: reader.js, grants: {agents: [writer], models: ['default']}}
              judge: {source: judge.js}
            ---
            supervisor:
              name: desk
              agents: [writer, "reader"]
            ---
            pool:
              name: panel
              agents: [writer, reader, judge]
              strategy: majority
              onTie: judge:judge
            ---
            cost: {agent: writer, budget: {maxTokens: 100}}
            """;

    private static final String RUNS = """
            saga:
              name: publish
              steps:
                - name: draft
                  action: writer
                - name: send-out
                  action: reader
                  compensation: writer # takes it back
                  input: {text: "${steps.draft.output} and ${$uppercase(steps.draft.output)}"}
                - name: close
                  action: judge
                  input: "${steps.`send-out`.output}"
            ---
            workflow:
              name: review
              steps:
                - {name: draft, agent: writer}
                - name: look
                  agent: reader
                  needs: [draft]
                  when: ${steps.draft.output.words > 3}
            """;

    @TempDir
    Path temp;

    private ProjectFolder folder;

    @BeforeEach
    void project() {
        folder = new ProjectFolder(temp)
                .withAgents()
                .with("writer.js", "export default () => 1;")
                .with("reader.js", "export default () => 1;")
                .with("judge.js", "export default () => 1;")
                .with("nexus.yaml", MAIN)
                .with("runs.yaml", RUNS);
        assertEquals(List.of(), folder.service().analyze(temp, Map.of()).diagnostics());
    }

    private record Caret(String file, int line, int column) {}

    /// The place of a text's n-th occurrence.
    private static Caret at(String file, String snippet, int into) {
        String text = file.equals("runs.yaml") ? RUNS : MAIN;
        int offset = text.indexOf(snippet) + into;
        assertTrue(offset >= into, snippet);
        int line =
                (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        return new Caret(file, line, offset - text.lastIndexOf('\n', offset - 1) - 1);
    }

    private List<String> usages(Caret caret) {
        return folder.service().usages(temp, Map.of(), caret.file(), caret.line(), caret.column(), true).stream()
                .map(NamesTest::line)
                .toList();
    }

    private static String line(Position at) {
        return at.file() + ":" + (at.line() + 1) + ":" + (at.column() + 1);
    }

    private Map<String, String> renamed(Caret caret, String name) throws RenameRefused {
        Map<String, String> texts = new LinkedHashMap<>(Map.of("nexus.yaml", MAIN, "runs.yaml", RUNS));
        List<TextEdit> edits =
                folder.service().rename(temp, Map.of(), caret.file(), caret.line(), caret.column(), name).stream()
                        .sorted(Comparator.comparing((TextEdit e) -> e.at().line())
                                .thenComparing(e -> e.at().column())
                                .reversed())
                        .toList();
        for (TextEdit edit : edits) {
            texts.computeIfPresent(edit.at().file(), (_, text) -> {
                Lines lines = new Lines(text);
                int from = lines.offset(edit.at().line(), edit.at().column());
                int to = lines.offset(edit.at().endLine(), edit.at().endColumn());
                return text.substring(0, from) + edit.text() + text.substring(to);
            });
        }
        return texts;
    }

    @Test
    void the_definition_is_found_from_every_reference() {
        for (Caret caret : List.of(
                at("nexus.yaml", "agents: [writer, \"reader\"]", 10),
                at("nexus.yaml", "agent: writer", 13),
                at("runs.yaml", "action: writer", 8),
                at("runs.yaml", "compensation: writer", 16))) {
            Position definition =
                    folder.service().definition(temp, Map.of(), caret.file(), caret.line(), caret.column());
            assertNotNull(definition, caret.toString());
            assertEquals("nexus.yaml:4:3", line(definition));
        }
        Caret tie = at("nexus.yaml", "judge:judge", 8);
        assertEquals(
                "nexus.yaml:6:3",
                line(folder.service().definition(temp, Map.of(), tie.file(), tie.line(), tie.column())));
        Caret source = at("nexus.yaml", "writer.js", 3);
        assertEquals(
                "writer.js:1:1",
                line(folder.service().definition(temp, Map.of(), source.file(), source.line(), source.column())));
        Caret keyword = at("nexus.yaml", "onTie", 2);
        assertNull(folder.service().definition(temp, Map.of(), keyword.file(), keyword.line(), keyword.column()));
    }

    @Test
    void usages_are_those_of_the_same_thing_in_all_files() {
        assertEquals(
                List.of(
                        "nexus.yaml:4:3",
                        "nexus.yaml:5:51",
                        "nexus.yaml:10:12",
                        "nexus.yaml:14:12",
                        "nexus.yaml:18:15",
                        "runs.yaml:5:15",
                        "runs.yaml:8:21",
                        "runs.yaml:17:28"),
                usages(at("runs.yaml", "action: writer", 9)));
        assertEquals(
                List.of("runs.yaml:4:13", "runs.yaml:9:30", "runs.yaml:9:67"),
                usages(at("runs.yaml", "steps.draft", 7)),
                "a step belongs to its saga: the workflow has one of the same name");
        assertEquals(
                List.of("runs.yaml:17:14", "runs.yaml:20:15", "runs.yaml:21:21"),
                usages(at("runs.yaml", "needs: [draft]", 9)));
    }

    @Test
    void an_agent_gets_another_name_everywhere_and_the_project_stays_sound() throws RenameRefused {
        Map<String, String> texts = renamed(at("nexus.yaml", "\"reader\": {", 3), "proof-reader");
        assertTrue(texts.get("nexus.yaml").contains("\"proof-reader\": {source: reader.js"), texts.get("nexus.yaml"));
        assertTrue(texts.get("nexus.yaml").contains("agents: [writer, \"proof-reader\"]"));
        assertTrue(texts.get("runs.yaml").contains("action: proof-reader\n      compensation: writer # takes it back"));
        assertFalse(texts.get("runs.yaml").contains(" reader\n"));
        assertEquals(List.of(), folder.service().analyze(temp, texts).diagnostics());
    }

    @Test
    void a_step_gets_another_name_also_inside_of_expressions() throws RenameRefused {
        Map<String, String> dashed = renamed(at("runs.yaml", "name: draft", 7), "first-draft");
        assertTrue(dashed.get("runs.yaml")
                .contains("\"${steps.`first-draft`.output} and ${$uppercase(steps.`first-draft`.output)}\""));
        assertEquals(List.of(), folder.service().analyze(temp, dashed).diagnostics());
        Map<String, String> ticked = renamed(at("runs.yaml", "steps.`send-out`", 9), "sent");
        assertTrue(ticked.get("runs.yaml").contains("${steps.`sent`.output}"));
        assertTrue(ticked.get("runs.yaml").contains("- name: sent\n"));
        assertEquals(List.of(), folder.service().analyze(temp, ticked).diagnostics());
    }

    @Test
    void what_can_not_be_renamed_soundly_is_refused_with_the_reason() {
        assertRefused(at("runs.yaml", "action: writer", 9), "two words", "a name starts with a letter or a digit");
        assertRefused(
                at("runs.yaml", "action: writer", 9),
                "judge",
                "there is an agent `judge` already, in nexus.yaml line 6");
        assertRefused(at("runs.yaml", "action: writer", 9), "desk", "there is a supervisor `desk` already");
        assertRefused(at("runs.yaml", "name: draft", 8), "close", "there is a step `close` already");
        assertRefused(at("nexus.yaml", "onTie", 2), "x", "there is no name here");
        folder.with("broken.yaml", "agent:\n  name: x\n bad\n");
        assertRefused(at("runs.yaml", "action: writer", 9), "author", "`broken.yaml` can not be read to its end");
    }

    private void assertRefused(Caret caret, String name, String why) {
        RenameRefused refused = assertThrows(RenameRefused.class, () -> renamed(caret, name));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(why), refused.getMessage());
    }

    @Test
    void steps_that_may_be_needed_are_offered() {
        String typed = RUNS.replace("needs: [draft]", "needs: [dr]");
        int line = (int) typed.substring(0, typed.indexOf("[dr]"))
                .chars()
                .filter(c -> c == '\n')
                .count();
        List<String> labels = folder
                .service()
                .complete(temp, Map.of("runs.yaml", typed), "runs.yaml", line, "        needs: [dr".length() - 2)
                .stream()
                .map(LanguageService.Completion::label)
                .toList();
        assertEquals(List.of("draft"), labels);
    }

    @Test
    void the_outline_has_every_block_with_its_steps_inside_of_it() {
        List<Block> blocks = folder.service().outline("runs.yaml", RUNS);
        assertEquals(
                List.of("saga publish", "workflow review"),
                blocks.stream().map(b -> b.kind() + " " + b.name()).toList());
        assertEquals(
                List.of("draft", "send-out", "close"),
                blocks.getFirst().steps().stream().map(Block::name).toList());
        for (Block block : blocks) {
            for (Block step : block.steps()) {
                assertTrue(step.at().line() >= block.whole().line()
                        && step.at().endLine() <= block.whole().endLine());
            }
        }
    }
}
