package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.ReloadPlan.Act;
import nexus.aiagents.engine.project.ReloadPlan.Change;
import nexus.aiagents.engine.project.ReloadPlan.Does;
import nexus.aiagents.engine.project.ReloadPlan.Field;
import nexus.aiagents.engine.project.ReloadPlan.How;
import nexus.aiagents.engine.project.ReloadPlan.Live;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said before an edited configuration is applied.
class ReloadPlanTest {
    private static final String YAML = """
            project: {name: small}
            ---
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            agent: {name: writer, runtime: model, prompt: You write., limits: {timeout: 30s}}
            ---
            agent: {name: editor, source: editor.js}
            ---
            supervisor:
              name: team
              agents: [writer, editor]
            ---
            saga:
              name: publish
              steps:
                - {name: draft, action: writer}
                - {name: check, action: editor}
            ---
            cost: {agent: writer, budget: {maxDollars: 5}}
            """;

    private static final Live UP =
            new Live(null, true, Set.of("team"), Set.of("writer", "editor"), Map.of("saga/publish", 2));

    @TempDir
    Path folder;

    private final LanguageService language = new LanguageService();
    private LanguageService.Loaded running;

    @BeforeEach
    void project() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), YAML);
        Files.writeString(folder.resolve("editor.js"), "export default () => 1;\n");
        running = language.load(folder, Map.of());
    }

    private ReloadPlan plan(String yaml, Live live) {
        return plan(Map.of("nexus.yaml", yaml), live);
    }

    private ReloadPlan plan(Map<String, String> unsaved, Live live) {
        LanguageService.Loaded edited = language.load(folder, unsaved);
        Project before = running.analysis().project();
        Project after = edited.analysis().project();
        assertNotNull(before);
        assertNotNull(after, () -> edited.analysis().diagnostics().toString());
        return ReloadPlan.of(before, running.texts(), after, edited.texts(), live);
    }

    private static Change only(ReloadPlan plan) {
        assertEquals(1, plan.changes().size(), plan.changes().toString());
        return plan.changes().getFirst();
    }

    @Test
    void the_same_in_another_form_and_order_is_no_difference() {
        String other = """
                # another comment
                agents:
                  editor:
                    source: editor.js
                ---
                """ + YAML.replace("agent: {name: editor, source: editor.js}\n---\n", "");
        assertTrue(plan(other, UP).isEmpty());
    }

    @Test
    void an_agent_whose_definition_is_another_restarts_alone() {
        ReloadPlan plan = plan(YAML.replace("30s", "60s"), UP);
        assertEquals(List.of("writer"), plan.restarts());
        assertEquals(1, plan.acts().size());
        Change change = only(plan);
        assertEquals(List.of(new Field("limits.timeout", "30s", "60s")), change.fields());
        assertEquals("writer restarts; its siblings run on", change.effect());
        assertFalse(change.program());
        assertEquals("writer restarts", plan.summary());
    }

    @Test
    void a_program_that_is_another_restarts_its_agent_also_while_it_is_not_saved() {
        ReloadPlan plan = plan(Map.of("editor.js", "export default () => 2;\n"), UP);
        assertEquals(List.of("editor"), plan.restarts());
        assertTrue(only(plan).program());
        assertEquals(List.of(), only(plan).fields());
    }

    @Test
    void what_is_down_does_not_restart() {
        ReloadPlan plan = plan(YAML.replace("30s", "60s"), Live.NOTHING);
        assertEquals(List.of(), plan.acts());
        assertFalse(plan.isFelt());
        assertFalse(plan.isEmpty());
        assertEquals(
                "from the next start or call on; calls under way end as they began",
                only(plan).effect());
    }

    @Test
    void runs_under_way_keep_the_definition_they_began_with() {
        ReloadPlan plan = plan(YAML.replace("{name: draft, action: writer}", "{name: draft, action: editor}"), UP);
        assertFalse(plan.isFelt());
        assertEquals(
                new Field("steps[draft].action", "writer", "editor"),
                only(plan).fields().getFirst());
        assertEquals(
                "for new runs; the 2 runs under way keep the definition they began with",
                only(plan).effect());
    }

    @Test
    void a_budget_and_a_model_count_at_once_and_nothing_restarts() {
        ReloadPlan plan =
                plan(YAML.replace("maxDollars: 5", "maxDollars: 9").replace("scripted-small", "scripted-large"), UP);
        assertFalse(plan.isFelt());
        assertEquals(
                List.of("model", "cost"),
                plan.changes().stream().map(Change::kind).toList());
        assertEquals("from the next call on", plan.changes().getFirst().effect());
    }

    @Test
    void a_new_child_starts_and_one_that_is_no_child_any_more_stops() {
        String other = YAML.replace("[writer, editor]", "[editor, helper]")
                + "---\nagent: {name: helper, source: editor.js}\n";
        ReloadPlan plan = plan(other, UP);
        assertEquals(
                List.of(
                        new Act(Does.STOP, "writer", "team", "it is no child of team any more"),
                        new Act(Does.START, "helper", "team", "it is a new child of team")),
                plan.acts());
        assertEquals("writer stops; helper starts", plan.summary());
        Change helper = plan.changes().stream()
                .filter(c -> c.name().equals("helper"))
                .findFirst()
                .orElseThrow();
        assertEquals(How.ADDED, helper.how());
        assertEquals("it starts", helper.effect());
    }

    @Test
    void an_agent_that_goes_to_another_supervisor_stops_here_and_starts_there() {
        String other =
                YAML.replace("[writer, editor]", "[editor]") + "---\nsupervisor: {name: second, agents: [writer]}\n";
        ReloadPlan plan = plan(other, UP);
        assertEquals(
                List.of("writer"),
                plan.acts().stream()
                        .filter(a -> a.does() == Does.STOP)
                        .map(Act::child)
                        .toList());
        assertEquals(
                List.of("second"),
                plan.acts().stream()
                        .filter(a -> a.does() == Does.START)
                        .map(Act::child)
                        .toList());
        assertEquals(List.of(), plan.restarts());
    }

    @Test
    void a_supervisor_that_is_up_and_gets_another_parent_restarts_the_whole_team() {
        ReloadPlan plan = plan(
                YAML + "---\nsupervisor: {name: above, children: [team]}\n",
                new Live("team", true, UP.supervisors(), UP.agents(), Map.of()));
        assertTrue(plan.restartsTeam());
        assertEquals(1, plan.acts().size());
        assertTrue(plan.acts().getFirst().why().contains("team"));
        assertEquals("the whole team restarts", plan.summary());
    }

    @Test
    void another_strategy_counts_from_the_next_decision_on() {
        ReloadPlan plan = plan(YAML.replace("  agents: [writer", "  strategy: one-for-all\n  agents: [writer"), UP);
        assertFalse(plan.isFelt());
        assertEquals(
                List.of(new Field("strategy", null, "one-for-all")), only(plan).fields());
        assertEquals(
                "from its next decision on; who is still its child runs on",
                only(plan).effect());
    }

    @Test
    void instances_of_a_template_restart_by_their_own_names() {
        ReloadPlan plan = plan(
                YAML.replace("30s", "60s"),
                new Live(null, true, Set.of("team"), Set.of("writer#1", "writer#2"), Map.of()));
        assertEquals(List.of("writer#1", "writer#2"), plan.restarts());
        assertEquals(
                "its 2 instances restart; their siblings run on", only(plan).effect());
    }

    @Test
    void the_texts_of_a_project_are_its_yaml_and_its_programs_with_what_they_import() throws Exception {
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(folder.resolve("lib/words.js"), "export const word = 1;\n");
        Files.writeString(
                folder.resolve("editor.js"), "import {word} from './lib/words.js';\nexport default () => word;\n");
        LanguageService.Loaded loaded = language.load(folder, Map.of());
        assertEquals(
                Set.of("nexus.yaml", "editor.js", "lib/words.js"),
                loaded.texts().keySet());
        assertEquals("export const word = 1;\n", loaded.texts().get("lib/words.js"));
    }
}
