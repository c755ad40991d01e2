package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import nexus.aiagents.engine.project.Form.Field;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.Form.Value;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.junit.jupiter.api.Test;

/// Random changes in the forms of texts as people write them: the text then says what was asked for, and
/// everything outside of it is the same, byte for byte.
class FormRoundTripTest {
    private static final LanguageService LANGUAGE = new LanguageService();
    private static final List<String> SAID = List.of(
            "a",
            "",
            "12",
            "1.5",
            "true",
            "null",
            "10s",
            "64MB",
            "yes: no",
            "a # b",
            "#",
            "- x",
            "[a",
            "{b}",
            "*",
            "&a",
            "!t",
            "|",
            "'",
            "\"",
            "it's",
            "\"q\" w",
            "${steps.a.output}",
            "${ {\"a\": [1]} }",
            " lead",
            "trail ",
            "a,b",
            "ä €😀",
            "\t",
            "a\\b",
            "@at",
            "`tick`",
            "%p",
            "? q",
            "---",
            "two\nlines",
            "two\n\n  lines\n",
            "\nfirst",
            "~",
            "0x1F",
            "1e3",
            "a: b\n- c\n# d\n",
            "key:",
            "a\u0007b");

    private static final String ODD = """
            # odd, but right
            agents:
              "first one":   {prompt: &p "hi", limits: {memory: 1MB   , timeout: 5s}}   # flow
              second:
                prompt: *p
                grants: &g
                  models:
                  - "*"
                  - default
                  http:
                    -   host: example.org
                        methods: [ GET,  POST ]
                    -
                      host: a.b
                description: >
                  folded
                  text
              third: { grants: *g,
                prompt: 'it''s',
                maxTokens: 5 }
            """;

    private final Random random = new Random(4711);

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        Path samples = Path.of("..", "sample-projects");
        try (Stream<Path> files = Files.walk(samples, 3)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        assertTrue(texts.size() > 10, "the samples are there");
        texts.add(ODD);
        texts.add(ODD.replace("\n", "\r\n"));
        return texts;
    }

    private record Target(int document, Field field) {}

    private static List<Target> fields(String text) {
        List<Target> all = new ArrayList<>();
        for (int document = 0; FormText.of(text, document, null) != null; document++) {
            Form root = LANGUAGE.form(text, new Form.Place(document, List.of()));
            collect(text, document, assertNotNullAnd(root).fields(), all);
        }
        return all;
    }

    private static Form assertNotNullAnd(Form form) {
        assertNotNull(form);
        return form;
    }

    private static void collect(String text, int document, List<Field> among, List<Target> all) {
        for (Field field : among) {
            all.add(new Target(document, field));
            switch (field.value()) {
                case Value.Group group -> collect(text, document, group.fields(), all);
                case Value.Items items -> collect(text, document, items.items(), all);
                case Value.Block block ->
                    collect(
                            text,
                            document,
                            assertNotNullAnd(LANGUAGE.form(text, block.place())).fields(),
                            all);
                case Value.Single _, Value.Unset _, Value.Elsewhere _ -> {}
            }
        }
    }

    @Test
    void a_value_that_is_set_is_the_value_that_is_read() throws IOException {
        int made = 0;
        for (String text : texts()) {
            List<Target> fields = fields(text).stream()
                    .filter(t -> t.field().value() instanceof Value.Single)
                    .toList();
            for (int i = 0; i < 25 && !fields.isEmpty(); i++) {
                Target target = fields.get(random.nextInt(fields.size()));
                String said = SAID.get(random.nextInt(SAID.size()));
                made += set(text, target, said) ? 1 : 0;
            }
        }
        assertTrue(made > 350, "made " + made);
    }

    private static boolean set(String text, Target target, String said) {
        List<Object> path = target.field().path();
        TextEdit edit;
        try {
            edit = LANGUAGE.edit(text, target.document(), new FormChange.Set(path, said));
        } catch (Form.Refused e) {
            throw new AssertionError("setting " + path + " to «" + said + "» in\n" + text, e);
        }
        String after = FormEditTest.apply(text, edit);
        String where = path + " set to «" + said + "» in\n" + after;
        Field now = find(after, target.document(), path);
        boolean any = now.shape() == Shape.ANY || now.shape() == Shape.CHOICE;
        String read = ((Value.Single) now.value()).text();
        assertTrue(read.equals(said) || (any && read.equals(ScalarText.quoted(said))), () -> where + "\nread: " + read);
        Position whole = target.field().whole();
        assertNotNull(whole);
        Lines lines = new Lines(text);
        int from = lines.offset(whole.line(), whole.column());
        int to = lines.offset(whole.endLine(), whole.endColumn());
        assertTrue(after.startsWith(text.substring(0, from)), where);
        assertTrue(after.endsWith(text.substring(to)), where);
        return true;
    }

    private static Field find(String text, int document, List<Object> path) {
        return fields(text).stream()
                .filter(t -> t.document() == document && t.field().path().equals(path))
                .map(Target::field)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + path + " in\n" + text));
    }

    @Test
    void what_is_added_is_there_and_taking_it_away_gives_the_text_as_it_was() throws IOException {
        int made = 0;
        int same = 0;
        for (String text : texts()) {
            List<Target> fields =
                    fields(text).stream().filter(t -> !t.field().isSet()).toList();
            for (int i = 0; i < 12; i++) {
                Target target = fields.get(random.nextInt(fields.size()));
                List<Object> path = target.field().path();
                try {
                    String after =
                            FormEditTest.apply(text, LANGUAGE.edit(text, target.document(), new FormChange.Add(path)));
                    assertTrue(find(after, target.document(), path).isSet(), () -> path + " in\n" + after);
                    String back = FormEditTest.apply(
                            after, LANGUAGE.edit(after, target.document(), new FormChange.Remove(path)));
                    made++;
                    same += back.equals(text) ? 1 : 0;
                } catch (Form.Refused e) {
                    throw new AssertionError("adding " + path + " in\n" + text, e);
                }
            }
        }
        assertTrue(made > 150, "made " + made);
        assertTrue(same > made * 9 / 10, same + " of " + made + " came back as they were");
    }

    @Test
    void an_item_that_goes_down_and_up_again_is_where_it_was() throws IOException {
        int made = 0;
        for (String text : texts()) {
            for (Target target : fields(text)) {
                if (!(target.field().value() instanceof Value.Items items)
                        || items.items().size() < 2) {
                    continue;
                }
                List<Object> first = items.items().getFirst().path();
                List<Object> second = items.items().get(1).path();
                try {
                    String down = FormEditTest.apply(
                            text, LANGUAGE.edit(text, target.document(), new FormChange.Move(first, 1)));
                    String up = FormEditTest.apply(
                            down, LANGUAGE.edit(down, target.document(), new FormChange.Move(second, -1)));
                    assertEquals(text, up);
                    made++;
                } catch (Form.Refused e) {
                    throw new AssertionError("moving " + first + " in\n" + text, e);
                }
            }
        }
        assertTrue(made > 20, "made " + made);
    }
}
