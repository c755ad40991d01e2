package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is typed, the service answers, and what it marks lies inside of the text.
class AnyTextTest {
    private static final String[] SPICES = {
        "\t",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        "- ",
        "---\n",
        "&a ",
        "*a",
        "!!str ",
        "|\n",
        ">\n",
        "? ",
        "%",
        "@",
        "`",
        "#",
        " ",
        "\n",
        "\r\n",
        "\r",
        "😀",
        "\u0000",
        "\uFEFF",
        "\u0085",
        "\u2028",
        "${",
        "}",
        "<<: ",
        "null",
        "1e400",
        "0x",
        "0o9",
        ".inf",
        ".nan",
        "~",
        "\\",
        "-1",
        "99999999999999999999",
        "name: ",
        "agents: ",
        "\uD800"
    };

    @TempDir
    Path temp;

    private static String resource(String name) throws IOException {
        try (InputStream in = AnyTextTest.class.getResourceAsStream(name)) {
            assertNotNull(in, name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> seeds() throws IOException {
        List<String> seeds = new ArrayList<>();
        for (String name : List.of("supervisor", "saga", "cost", "pool", "trust")) {
            seeds.add(resource("article-" + name + ".yaml"));
        }
        seeds.add(resource("map-form.yaml"));
        seeds.add("agent: {name: a, source: src/a.js, limits: {memory: 64MB}, loop: {every: 4s, input: {x: 1}}}\n---\n"
                + "model:\n  name: m\n  provider: openai\n  price: {input: 0.15, output: 1}\n");
        return seeds;
    }

    private static String mutated(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(out.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> out.insert(at, SPICES[random.nextInt(SPICES.length)]);
                case 1 -> out.delete(at, Math.min(out.length(), at + random.nextInt(12)));
                default -> out.insert(at, text, 0, random.nextInt(text.length()));
            }
        }
        return out.toString();
    }

    @Test
    void every_text_is_answered_and_every_mark_lies_inside_it() throws IOException {
        Random random = new Random(7);
        List<String> seeds = seeds();
        ProjectFolder folder = new ProjectFolder(temp).withAgents("a");
        for (int round = 0; round < 1_000; round++) {
            String text = mutated(seeds.get(random.nextInt(seeds.size())), random);
            Analysis analysis = folder.service().analyze(temp, Map.of("nexus.yaml", text));
            assertEquals(analysis.hasErrors(), analysis.project() == null, text);
            Lines lines = new Lines(text);
            for (Diagnostic diagnostic : analysis.diagnostics()) {
                inside(diagnostic.at(), lines, text);
                assertTrue(diagnostic.message().length() > 10, diagnostic.message());
            }
            analysis.outline().forEach(symbol -> inside(symbol.at(), lines, text));
            int line = random.nextInt(lines.count());
            int column = random.nextInt(lines.line(line).length() + 3);
            assertNotNull(folder.service().complete(temp, Map.of("nexus.yaml", text), "nexus.yaml", line, column));
            folder.service().hover(text, line, column);
        }
    }

    private static void inside(Position at, Lines lines, String text) {
        if (!at.file().equals("nexus.yaml")) {
            return;
        }
        boolean ordered = at.line() < at.endLine() || (at.line() == at.endLine() && at.column() <= at.endColumn());
        boolean within = at.line() >= 0
                && at.endLine() < lines.count()
                && at.column() >= 0
                && at.column() <= lines.line(at.line()).length()
                && at.endColumn() <= lines.line(at.endLine()).length();
        assertTrue(ordered && within, () -> at + " in\n" + text);
    }

    @Test
    void a_budget_edit_of_any_text_works_or_says_why() throws IOException {
        Random random = new Random(11);
        String seed = resource("article-cost.yaml");
        for (int round = 0; round < 1_000; round++) {
            String text = mutated(seed, random);
            String edited;
            try {
                edited = BudgetEdit.apply(text, "agent/research-bot", 7_250_000L, 42L, null, "kill");
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).length() > 10);
                continue;
            }
            YamlText yaml = YamlText.read("", edited);
            YamlNode.Mapping cost = yaml.documents().stream()
                    .filter(d -> d instanceof YamlNode.Mapping)
                    .map(d -> ((YamlNode.Mapping) d).get("cost"))
                    .filter(c -> c instanceof YamlNode.Mapping m
                            && BudgetTarget.id(m).equals("agent/research-bot"))
                    .map(c -> (YamlNode.Mapping) c)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(text + "\n=>\n" + edited));
            Body budget = new Body(cost).body("budget");
            assertEquals(42L, budget.whole("maxTokens"), () -> text + "\n=>\n" + edited);
            assertEquals("7.25", String.valueOf(budget.number("maxDollars")), () -> text + "\n=>\n" + edited);
            assertEquals("kill", new Body(cost).text("onLimit"), () -> text + "\n=>\n" + edited);
        }
    }
}
