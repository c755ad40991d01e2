package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import nexus.aiagents.engine.project.Form.Field;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.Form.Value;
import org.junit.jupiter.api.Test;

class FormTest {
    private static final LanguageService LANGUAGE = new LanguageService();

    private static final String TEAM = """
            # a team
            agent:
              name: writer      # who writes
              runtime: model
              prompt: |
                You write.
                Briefly.
              maxTokens: 2000
              limits:
                memory: 32MB
                timeout: 5s
              grants:
                models: ["*"]
                http:
                  - host: example.org
                    private: true
                kv: true
            ---
            saga:
              name: publish
              steps:
                - name: draft
                  action: writer
                - name: ship
                  action: writer
                  input: {text: "${steps.draft.output}", urgent: true}

                - name: tell
                  parallel:
                    - {name: mail, action: writer}
                    - {name: post, action: writer}
            ---
            cost:
              agent: writer
              budget:
                maxDollars: 2.50
              onLimit: pause
            """;

    private static Form at(String text, int line, int column) {
        return LANGUAGE.form(text, line, column);
    }

    private static Field field(List<Field> among, String name) {
        return among.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<Field> in(Field field) {
        return switch (field.value()) {
            case Value.Group group -> group.fields();
            case Value.Items items -> items.items();
            default -> throw new AssertionError(field + " holds nothing");
        };
    }

    private static String said(Field field) {
        return assertInstanceOf(Value.Single.class, field.value()).text();
    }

    @Test
    void the_block_around_the_caret_is_shown() {
        assertEquals("agent writer", title(at(TEAM, 2, 5)));
        assertEquals("agent writer", title(at(TEAM, 9, 8)));
        assertEquals("saga publish", title(at(TEAM, 18, 3)));
        assertEquals("saga publish", title(at(TEAM, 20, 4)), "the key of the steps is not one of them");
        assertEquals("step draft", title(at(TEAM, 22, 0)));
        assertEquals("step ship", title(at(TEAM, 25, 30)));
        assertEquals("step post", title(at(TEAM, 30, 20)));
        assertEquals("cost agent/writer", title(at(TEAM, 34, 10)));
        assertEquals(
                List.of("saga publish", "step tell"),
                at(TEAM, 30, 20).trail().stream().map(Form.Crumb::title).toList());
    }

    private static String title(Form form) {
        return form.kind() + " " + form.name();
    }

    @Test
    void what_is_set_comes_as_it_stands_and_the_rest_as_the_schema_has_it() {
        Form agent = at(TEAM, 2, 5);
        List<String> set =
                agent.fields().stream().filter(Field::isSet).map(Field::name).toList();
        assertEquals(List.of("name", "runtime", "prompt", "maxTokens", "limits", "grants"), set);
        Field heartbeat = field(agent.fields(), "heartbeat");
        assertFalse(heartbeat.isSet());
        assertEquals(Shape.DURATION, heartbeat.shape());
        assertTrue(heartbeat.facts().description().startsWith("The longest a run may go"));
    }

    @Test
    void every_kind_of_value_has_its_shape() {
        List<Field> agent = at(TEAM, 2, 5).fields();
        assertEquals(Shape.TEXT, field(agent, "name").shape());
        assertTrue(field(agent, "name").facts().required());
        assertEquals(Shape.CHOICE, field(agent, "runtime").shape());
        assertEquals(
                List.of("javascript", "wasm", "model"),
                field(agent, "runtime").facts().words());
        assertEquals(Shape.PARAGRAPH, field(agent, "prompt").shape());
        assertEquals("You write.\nBriefly.\n", said(field(agent, "prompt")));
        assertEquals(Shape.INTEGER, field(agent, "maxTokens").shape());
        assertEquals("tokens", field(agent, "maxTokens").facts().unit());
        assertEquals("1024", field(agent, "maxTokens").facts().standard());
        assertEquals(Shape.GROUP, field(agent, "limits").shape());
        assertEquals(Shape.SIZE, field(in(field(agent, "limits")), "memory").shape());
        assertEquals("5s", said(field(in(field(agent, "limits")), "timeout")));
        List<Field> grants = in(field(agent, "grants"));
        Field model = in(field(grants, "models")).getFirst();
        assertEquals(Shape.NAME, model.shape());
        assertEquals(List.of("model"), model.facts().names());
        assertEquals("*", said(model));
        assertEquals(
                Shape.BOOLEAN,
                field(in(in(field(grants, "http")).getFirst()), "private").shape());
        assertEquals(Shape.BOOLEAN, field(grants, "kv").shape());
        Field maxDollars = field(in(field(at(TEAM, 34, 10).fields(), "budget")), "maxDollars");
        assertEquals(Shape.DOLLARS, maxDollars.shape());
        assertEquals("2.50", said(maxDollars));
    }

    @Test
    void steps_are_forms_of_their_own_and_expressions_stay_text() {
        Field steps = field(at(TEAM, 18, 3).fields(), "steps");
        List<Field> all = in(steps);
        assertEquals(
                List.of(Shape.BLOCK, Shape.BLOCK, Shape.BLOCK),
                all.stream().map(Field::shape).toList());
        Value.Block tell = assertInstanceOf(Value.Block.class, all.get(2).value());
        assertEquals("tell", tell.title());
        assertEquals("2 in parallel", tell.summary());
        Form ship = LANGUAGE.form(
                TEAM, assertInstanceOf(Value.Block.class, all.get(1).value()).place());
        assertNotNull(ship);
        Field input = field(ship.fields(), "input");
        assertEquals(Shape.MAP, input.shape());
        assertEquals("${steps.draft.output}", said(field(in(input), "text")));
        assertEquals("true", said(field(in(input), "urgent")));
    }

    @Test
    void what_an_alias_repeats_is_changed_where_it_stands() {
        String text = """
                agents:
                  first:
                    prompt: &words Be kind.
                    limits: &small {memory: 16MB}
                  second:
                    prompt: *words
                    limits: *small
                """;
        Form second = at(text, 5, 6);
        assertEquals("agent second", title(second));
        assertEquals("Be kind.", said(field(second.fields(), "prompt")));
        assertEquals(
                "Repeats &words in line 3", field(second.fields(), "prompt").note());
        Value.Elsewhere limits = assertInstanceOf(
                Value.Elsewhere.class, field(second.fields(), "limits").value());
        assertEquals("small", limits.anchor());
        assertEquals(3, limits.home().line());
        Form first = at(text, 2, 6);
        assertEquals(
                "Repeated elsewhere as *words", field(first.fields(), "prompt").note());
        assertEquals("Be kind.", said(field(first.fields(), "prompt")));
    }

    @Test
    void what_is_broken_elsewhere_does_not_matter() {
        Form cost = at("agent: {name: [\n---\n" + "cost: {agent: a, budget: {maxCalls: 5}}\n", 2, 30);
        assertEquals("cost agent/a", title(cost));
        Form agent = at("agent:\n  name: a\n  runtime: model\n   prompt: oops\n  maxTokens: 5\n", 4, 4);
        assertEquals("agent a", title(agent));
        assertEquals("5", said(field(agent.fields(), "maxTokens")));
        assertEquals("document", at("", 0, 0).kind());
        assertEquals("document", at("- a\n- b\n", 0, 0).kind());
        assertEquals("agent", at("agent:\n", 0, 3).kind());
        assertNull(LANGUAGE.form("agent: {name: a}\n", new Form.Place(3, List.of("agent"))));
        assertNull(LANGUAGE.form("agent: {name: a}\n", new Form.Place(0, List.of("saga"))));
    }

    @Test
    void a_map_of_blocks_leads_to_each_of_them() {
        Form agents = at("agents:\n  a: {prompt: x}\n  b: {prompt: y}\n", 0, 2);
        assertEquals("agents ", title(agents));
        assertEquals(
                List.of("a", "b"), agents.fields().stream().map(Field::name).toList());
        Form b = at("agents:\n  a: {prompt: x}\n  b: {prompt: y}\n", 2, 8);
        assertEquals("agent b", title(b));
        assertTrue(b.fields().stream().noneMatch(f -> f.name().equals("name")), "its key is its name");
    }

    @Test
    void a_diagnostic_belongs_to_the_innermost_field_it_stands_in() {
        String text = "agent:\n  name: a\n  prompt: x\n  limits:\n    memory: lots\n  strange: 5\n";
        Form form = at(text, 1, 3);
        List<Diagnostic> all = FileAnalysis.of("nexus.yaml", text).diagnostics();
        var problems = form.problems(all);
        assertTrue(problems.get(List.of("agent", "limits", "memory")).message().contains("memory"));
        assertTrue(problems.get(List.of("agent", "strange")).message().contains("strange"));
        assertEquals(2, problems.size());
    }

    @Test
    void what_a_block_lacks_is_told_of_the_block() {
        String text = "saga:\n  description: x\n  steps:\n    - action: a\n";
        var ofSaga = at(text, 1, 3).problems(FileAnalysis.of("f", text).diagnostics());
        assertTrue(ofSaga.get(List.of("saga")).message().contains("needs `name:`"), ofSaga.toString());
        var ofStep = at(text, 3, 8).problems(FileAnalysis.of("f", text).diagnostics());
        assertTrue(ofStep.get(List.of("saga", "steps", 0)).message().contains("needs `name:`"), ofStep.toString());
    }
}
