package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    Path temp;

    private ProjectFolder folder;

    @BeforeEach
    void project() {
        folder = new ProjectFolder(temp)
                .withAgents("researcher", "writer")
                .with("src/add.wasm", ProjectFolder.EMPTY_MODULE)
                .with("nexus.yaml", "model: {name: default, provider: scripted, model: scripted-small}\n");
    }

    /// Completions at the `|` of a text, as labels.
    private List<String> at(String text) {
        return completions(text).stream().map(Completion::label).toList();
    }

    private List<Completion> completions(String text) {
        int caret = text.indexOf('|');
        String plain = text.substring(0, caret) + text.substring(caret + 1);
        int line = (int) text.substring(0, caret).lines().count()
                - (text.startsWith("|") || text.charAt(caret - 1) == '\n' ? 0 : 1);
        int column = caret - (text.lastIndexOf('\n', caret - 1) + 1);
        return folder.service().complete(temp, Map.of("more.yaml", plain), "more.yaml", line, column);
    }

    @Test
    void a_new_document_offers_the_kinds() {
        List<String> kinds = at("|");
        assertTrue(
                kinds.containsAll(List.of("agent", "supervisor", "saga", "pool", "cost", "trust", "model", "agents")));
        assertEquals(List.of("saga", "sagas"), at("agent: {name: x}\n---\nsag|"));
        assertEquals(List.of(), at("agent:\n  name: x\n|"));
    }

    @Test
    void keys_come_from_the_schema_at_that_place_without_those_already_there() {
        List<String> keys = at("supervisor:\n  name: x\n  |\n  maxRestarts: 3\n");
        assertTrue(keys.containsAll(List.of("strategy", "children", "withinSeconds", "backoff")));
        assertFalse(keys.contains("name"));
        assertFalse(keys.contains("maxRestarts"));
        assertEquals(List.of("strategy"), at("supervisor:\n  name: x\n  stra|"));
        assertEquals(List.of("initial", "factor", "max", "resetAfter", "jitter"), at("supervisor:\n  backoff:\n    |"));
    }

    @Test
    void keys_in_lists_of_maps_know_their_own_entry_only() {
        assertEquals(
                List.of("compensation", "compensationRetry", "compensationTimeout"),
                at(
                        "saga:\n  steps:\n    - name: a\n      compensation: x\n    - name: b\n      comp|\n      timeout: 3s\n"));
        assertEquals(List.of("shutdown"), at("supervisor:\n  children:\n  - name: writer\n    sh|"));
        assertTrue(at("saga:\n  steps:\n    - |").contains("name"));
    }

    @Test
    void words_of_a_fixed_set_are_offered() {
        assertEquals(List.of("one-for-one", "one-for-all", "rest-for-one"), at("supervisor:\n  strategy: |"));
        assertEquals(List.of("one-for-one", "one-for-all"), at("supervisor:\n  strategy: one|"));
        assertEquals(List.of("pause", "throttle", "alert", "kill"), at("cost:\n  agent: writer\n  onLimit: |"));
        assertEquals(List.of("true", "false"), at("agent:\n  grants:\n    kv: |"));
    }

    @Test
    void names_of_the_project_are_offered() {
        assertEquals(List.of("researcher", "writer"), at("saga:\n  steps:\n    - name: x\n      action: |"));
        assertEquals(List.of("default"), at("agent:\n  name: x\n  model: |"));
        assertEquals(List.of("writer"), at("supervisor:\n  agents:\n    - researcher\n    - wr|"));
        assertEquals(List.of("writer"), at("supervisor:\n  name: t\n  agents: [researcher, w|]"));
        assertEquals(List.of("team"), at("supervisor: {name: team}\n---\ncost:\n  supervisor: |"));
    }

    @Test
    void flow_style_is_understood() {
        assertEquals(List.of("maxTokens", "maxDollars", "maxCalls"), at("cost:\n  budget: {per: day, max|}"));
        assertEquals(
                List.of("run", "hour", "day", "week", "month", "ever"), at("cost: {agent: writer, budget: {per: |"));
        assertEquals(List.of("significant"), at("supervisor: {children: [writer, {name: x, si|"));
    }

    @Test
    void source_files_are_offered() {
        assertEquals(List.of("src/add.wasm", "src/researcher.js", "src/writer.js"), at("agent:\n  source: |"));
        assertEquals(List.of("src/add.wasm"), at("agents:\n  x:\n    source: src/a|"));
    }

    @Test
    void a_key_is_inserted_with_what_follows_it() {
        assertEquals(
                "strategy: ", completions("supervisor:\n  strat|").getFirst().insert());
        assertEquals(
                "backoff:\n    ",
                completions("supervisor:\n  backo|").getFirst().insert());
        assertEquals("steps:\n    - ", completions("saga:\n  step|").getFirst().insert());
        assertTrue(completions("supervisor:\n  strat|").getFirst().detail().contains("rest-for-one"));
    }

    @Test
    void nothing_is_offered_where_nothing_is_known() {
        assertEquals(List.of(), at("nonsense:\n  deeper:\n    |"));
        assertEquals(List.of(), at("agent:\n  description: |"));
    }

    @Test
    void hover_tells_description_unit_and_default() {
        String text = "supervisor:\n  name: x\n  withinSeconds: 30\n---\ncost: {agent: a, onLimit: kill}\n";
        String seconds = folder.service().hover(text, 2, 4);
        assertNotNull(seconds);
        assertTrue(seconds.startsWith("withinSeconds\n"), seconds);
        assertTrue(seconds.contains("Unit: seconds"), seconds);
        assertTrue(seconds.contains("Default: 60"), seconds);
        assertEquals(seconds, folder.service().hover(text, 2, 18));
        String limit = folder.service().hover(text, 4, 20);
        assertNotNull(limit);
        assertTrue(limit.contains("One of: pause, throttle, alert, kill"), limit);
        assertNull(folder.service().hover(text, 3, 1));
        assertNull(folder.service().hover("nonsense: 1", 0, 1));
    }

    @Test
    void hover_over_a_schedule_tells_its_next_three_times() {
        String text = "saga:\n  name: s\n  schedule:\n    cron: '0 9 * * MON-FRI'\n    timezone: Europe/Berlin\n";
        Instant friday = Instant.parse("2026-11-27T07:00:00Z");
        String next = "Next: Fri 27 Nov 2026 09:00:00 +01:00\n"
                + "      Mon 30 Nov 2026 09:00:00 +01:00\n      Tue 1 Dec 2026 09:00:00 +01:00";
        assertTrue(Hover.at(text, 3, 12, friday).endsWith(next), Hover.at(text, 3, 12, friday));
        assertTrue(Hover.at(text, 2, 4, friday).endsWith(next));
        assertFalse(Hover.at(text, 1, 4, friday).contains("Next"));
        assertFalse(Hover.at(text.replace("MON-", "MOON-"), 3, 12, friday).contains("Next"));
    }

    @Test
    void hover_works_in_a_file_that_is_broken_elsewhere() {
        assertNotNull(folder.service().hover("agent:\n  name: \"x\n  source: a.js\n", 2, 3));
    }
}
