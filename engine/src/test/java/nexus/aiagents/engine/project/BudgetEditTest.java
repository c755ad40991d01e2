package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetEditTest {
    private static final String BOT = "agent/bot";

    @TempDir
    Path temp;

    @Test
    void a_value_changes_and_every_other_byte_stays() {
        String text = """
                # Money.
                cost:
                  agent: "bot"   # the one
                  budget:
                    maxTokens:   100000  # plenty
                    maxDollars: 5.00 # hard
                  onLimit: 'pause'
                """;
        assertEquals(text.replace("5.00", "7.50"), BudgetEdit.apply(text, BOT, 7_500_000L, null, null, null));
        assertEquals(
                text.replace("100000", "1").replace("'pause'", "kill"),
                BudgetEdit.apply(text, BOT, null, 1L, null, "kill"));
        String calls = text.replace("maxDollars: 5.00", "maxCalls: 0x10");
        assertEquals(calls, BudgetEdit.apply(calls, BOT, null, null, 16L, null));
        assertEquals(calls.replace("0x10", "200"), BudgetEdit.apply(calls, BOT, null, null, 200L, null));
    }

    @Test
    void a_value_that_is_the_same_keeps_the_way_it_was_written() {
        String text = "cost: {agent: bot, budget: {maxDollars: 5, maxTokens: 0x10}, onLimit: \"kill\"}";
        assertEquals(text, BudgetEdit.apply(text, BOT, 5_000_000L, 16L, null, "kill"));
    }

    @Test
    void dollars_have_two_to_six_decimals() {
        String text = "cost: {agent: bot, budget: {maxDollars: 5}}";
        assertEquals(
                "cost: {agent: bot, budget: {maxDollars: 0.000001}}",
                BudgetEdit.apply(text, BOT, 1L, null, null, null));
        assertEquals(
                "cost: {agent: bot, budget: {maxDollars: 12.00}}",
                BudgetEdit.apply(text, BOT, 12_000_000L, null, null, null));
        assertEquals(
                "cost: {agent: bot, budget: {maxDollars: 0.00}}", BudgetEdit.apply(text, BOT, 0L, null, null, null));
    }

    @Test
    void a_limit_that_is_removed_takes_its_line_and_nothing_else() {
        String text = """
                cost:
                  agent: bot
                  budget: # of the bot
                    maxTokens: 100000 # plenty
                    # the hard one
                    maxDollars: 5.00
                  onLimit: pause
                """;
        assertEquals(
                text.replace("    maxTokens: 100000 # plenty\n", ""), BudgetEdit.removeLimit(text, BOT, "maxTokens"));
        assertEquals(text.replace("    maxDollars: 5.00\n", ""), BudgetEdit.removeLimit(text, BOT, "maxDollars"));
        String flow = "cost: {agent: bot, budget: {maxTokens: 1, maxCalls: 2, maxDollars: 5}, onLimit: kill}";
        assertEquals(flow.replace("maxTokens: 1, ", ""), BudgetEdit.removeLimit(flow, BOT, "maxTokens"));
        assertEquals(flow.replace("maxCalls: 2, ", ""), BudgetEdit.removeLimit(flow, BOT, "maxCalls"));
        assertEquals(flow.replace(", maxDollars: 5", ""), BudgetEdit.removeLimit(flow, BOT, "maxDollars"));
        String lines = "cost: {agent: bot, budget: {\n  maxTokens: 1\n  , maxDollars: 5\n}}";
        assertEquals(
                "cost: {agent: bot, budget: {\n  maxDollars: 5\n}}", BudgetEdit.removeLimit(lines, BOT, "maxTokens"));
        assertEquals(
                "cost: {agent: bot, budget: {\n  maxTokens: 1\n  \n}}",
                BudgetEdit.removeLimit(lines, BOT, "maxDollars"));
        String odd = lines.replace("1\n", "1 # one\n");
        assertThrows(IllegalArgumentException.class, () -> BudgetEdit.removeLimit(odd, BOT, "maxTokens"));
    }

    @Test
    void the_only_limit_and_one_that_is_not_there_can_not_be_removed() {
        String text = "cost: {agent: bot, budget: {maxDollars: 5}}";
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BudgetEdit.removeLimit(text, BOT, "maxDollars"))
                .getMessage()
                .contains("only limit"));
        assertThrows(IllegalArgumentException.class, () -> BudgetEdit.removeLimit(text, BOT, "maxTokens"));
        assertThrows(IllegalArgumentException.class, () -> BudgetEdit.removeLimit(text, BOT, "per"));
    }

    @Test
    void a_missing_line_goes_where_it_belongs() {
        String text = "cost:\n    agent: bot\n    budget:\n          maxTokens: 1 # x\n          per: day\n# end\n";
        assertEquals(
                "cost:\n    agent: bot\n    budget:\n          maxTokens: 1 # x\n          maxDollars: 2.00\n"
                        + "          per: day\n    onLimit: kill\n# end\n",
                BudgetEdit.apply(text, BOT, 2_000_000L, null, null, "kill"));
        String first = "cost:\n  agent: bot\n  budget:\n    per: day";
        assertEquals(
                "cost:\n  agent: bot\n  budget:\n    maxTokens: 9\n    maxDollars: 1.00\n    per: day\n  onLimit: alert",
                BudgetEdit.apply(first, BOT, 1_000_000L, 9L, null, "alert"));
        assertEquals(
                first.replace("    per", "    maxCalls: 3\n    per"),
                BudgetEdit.apply(first, BOT, null, null, 3L, null));
    }

    @Test
    void line_ends_of_the_file_are_kept() {
        String text = "cost:\r\n  agent: bot\r\n  budget:\r\n    maxTokens: 1\r\n";
        assertEquals(
                "cost:\r\n  agent: bot\r\n  budget:\r\n    maxTokens: 1\r\n    maxDollars: 1.00\r\n  onLimit: throttle\r\n",
                BudgetEdit.apply(text, BOT, 1_000_000L, null, null, "throttle"));
    }

    @Test
    void flow_style_stays_flow_style() {
        assertEquals(
                "cost: { agent: bot, budget: { maxTokens: 1, maxDollars: 1.00 }, onLimit: kill }",
                BudgetEdit.apply(
                        "cost: { agent: bot, budget: { maxTokens: 1 } }", BOT, 1_000_000L, null, null, "kill"));
        assertEquals(
                "cost:\n  agent: bot\n  budget: {maxTokens: 3, maxDollars: 1.00}\n",
                BudgetEdit.apply("cost:\n  agent: bot\n  budget: {maxDollars: 1.00}\n", BOT, null, 3L, null, null));
        assertEquals(
                "cost: {agent: bot, budget: {maxTokens: 3}}",
                BudgetEdit.apply("cost: {agent: bot, budget: {}}", BOT, null, 3L, null, null));
    }

    @Test
    void the_right_one_of_several_documents_is_changed() {
        String text = "cost: {agent: a, budget: {maxTokens: 1}}\n---\ncost: {project: true, budget: {maxTokens: 1}}\n"
                + "---\ncost: {pool: a, budget: {maxTokens: 1}}\n";
        assertEquals(
                "cost: {agent: a, budget: {maxTokens: 1}}\n---\ncost: {project: true, budget: {maxTokens: 2}}\n"
                        + "---\ncost: {pool: a, budget: {maxTokens: 1}}\n",
                BudgetEdit.apply(text, "project", null, 2L, null, null));
    }

    @Test
    void an_anchor_stays_and_an_alias_is_written_out_where_it_stands() {
        String text = "cost:\n  agent: bot\n  budget:\n    maxTokens: &most 5 # here\n    maxCalls: *most\n";
        assertEquals(text.replace("&most 5", "&most 6"), BudgetEdit.apply(text, BOT, null, 6L, null, null));
        String alias = "cost:\n  agent: bot\n  budget:\n    maxCalls: &most 5\n    maxTokens: *most # there\n";
        assertEquals(alias.replace("*most", "6"), BudgetEdit.apply(alias, BOT, null, 6L, null, null));
        assertEquals(
                "cost: {agent: bot, budget: {maxTokens: 6}}",
                BudgetEdit.apply("cost: {agent: bot, budget: {maxTokens: !!str 5}}", BOT, null, 6L, null, null));
        String shared = "cost: {agent: other, budget: &b {maxTokens: 1}}\n";
        String both = "cost:\n  alertAt: &b [50]\n  agent: bot\n  budget: *b\n";
        assertThrows(IllegalArgumentException.class, () -> BudgetEdit.apply(both, BOT, null, 6L, null, null));
        assertTrue(BudgetEdit.apply(shared, "agent/other", null, 2L, null, null).contains("&b {maxTokens: 2}"));
    }

    @Test
    void an_empty_value_is_filled_in() {
        assertEquals(
                "cost:\n  agent: bot\n  budget:\n    maxTokens: 4 # none yet\n    maxDollars: 1.00\n",
                BudgetEdit.apply(
                        "cost:\n  agent: bot\n  budget:\n    maxTokens: # none yet\n    maxDollars:\n",
                        BOT,
                        1_000_000L,
                        4L,
                        null,
                        null));
    }

    @Test
    void what_can_not_be_done_says_why() {
        IllegalArgumentException unknown = assertThrows(
                IllegalArgumentException.class,
                () -> BudgetEdit.apply("cost: {agent: bots, budget: {maxTokens: 1}}", BOT, null, 1L, null, null));
        assertTrue(String.valueOf(unknown.getMessage()).contains("did you mean `agent/bots`?"), unknown.getMessage());
        IllegalArgumentException broken = assertThrows(
                IllegalArgumentException.class,
                () -> BudgetEdit.apply(
                        "a: b\ncost: {agent: bot, budget: {maxTokens: \"1}}", BOT, null, 1L, null, null));
        assertTrue(String.valueOf(broken.getMessage()).startsWith("line 2: "), broken.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> BudgetEdit.apply("cost: {agent: bot, budget: {maxTokens: 1}}", BOT, null, null, null, "panic"));
        assertThrows(
                IllegalArgumentException.class,
                () -> BudgetEdit.apply("cost: {agent: bot, budget: {maxTokens: 1}}", BOT, -1L, null, null, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> BudgetEdit.apply("cost: {agent: bot, budget: {maxCalls: 1}}", BOT, null, null, -1L, null));
    }

    /// Texts of every style, and edits of every combination: afterwards the analysis reads the new values,
    /// and taking the edit back gives the old text, byte for byte, wherever nothing had to be inserted.
    @Test
    void after_any_edit_the_new_values_are_read_and_nothing_else_has_changed() {
        ProjectFolder folder = new ProjectFolder(temp).withAgents("bot", "other");
        Random random = new Random(20260711);
        for (int round = 0; round < 200; round++) {
            String text = new Generated(random).text();
            Long dollars = random.nextBoolean() ? (Long) (long) random.nextInt(50_000_000) : null;
            Long tokens = random.nextBoolean() ? (Long) (long) random.nextInt(1_000_000) : null;
            String onLimit = random.nextBoolean()
                    ? List.of("pause", "throttle", "alert", "kill").get(random.nextInt(4))
                    : null;
            Project before = folder.with("nexus.yaml", text).project();
            Long calls = random.nextBoolean() ? (Long) (long) random.nextInt(1_000) : null;
            String edited = BudgetEdit.apply(text, BOT, dollars, tokens, calls, onLimit);
            Project after = folder.with("nexus.yaml", edited).project();
            BudgetSpec was = budget(before);
            BudgetSpec is = budget(after);
            assertEquals(dollars == null ? was.maxMicroDollars() : dollars, is.maxMicroDollars(), edited);
            assertEquals(tokens == null ? was.maxTokens() : tokens, is.maxTokens(), edited);
            assertEquals(
                    onLimit == null ? was.onLimit() : BudgetSpec.OnLimit.valueOf(onLimit.toUpperCase()),
                    is.onLimit(),
                    edited);
            assertEquals(calls == null ? was.maxCalls() : calls, is.maxCalls(), edited);
            assertEquals(
                    before.budgets().getLast(),
                    moved(after.budgets().getLast(), before.budgets().getLast()));
            assertTrue(isSubsequence(withoutValues(text), edited), () -> text + "\n=>\n" + edited);
        }
    }

    private static BudgetSpec budget(Project project) {
        return project.budgets().stream()
                .filter(b -> b.id().equals(BOT))
                .findFirst()
                .orElseThrow();
    }

    private static BudgetSpec moved(BudgetSpec spec, BudgetSpec to) {
        return new BudgetSpec(
                spec.id(),
                spec.scope(),
                spec.target(),
                spec.maxTokens(),
                spec.maxMicroDollars(),
                spec.maxCalls(),
                spec.window(),
                spec.onLimit(),
                spec.alertAt(),
                to.at());
    }

    /// The text without the values that an edit may replace.
    private static String withoutValues(String text) {
        return text.replaceAll("(maxTokens|maxDollars|maxCalls)(\\s*:\\s*)[0-9.]+", "$1$2")
                .replaceAll("(onLimit\\s*:\\s*)[\"']?[a-z]+[\"']?", "$1");
    }

    private static boolean isSubsequence(String part, String whole) {
        int at = 0;
        for (int i = 0; i < whole.length() && at < part.length(); i++) {
            if (whole.charAt(i) == part.charAt(at)) {
                at++;
            }
        }
        return at == part.length();
    }

    /// A file with two budgets, in a style drawn by lot.
    private static final class Generated {
        private final Random random;
        private final String end;
        private final String indent;

        Generated(Random random) {
            this.random = random;
            this.end = random.nextInt(3) == 0 ? "\r\n" : "\n";
            this.indent = " ".repeat(1 + random.nextInt(4));
        }

        String text() {
            StringBuilder out = new StringBuilder(random.nextInt(5) == 0 ? "\uFEFF" : "");
            out.append(comment())
                    .append(end)
                    .append("project: {name: ünïcode-free}".replace("ünïcode", "x"))
                    .append(end);
            out.append("---").append(end).append(random.nextBoolean() ? block() : flow());
            out.append(end).append("---").append(end);
            out.append("cost: {agent: other, budget: {maxTokens: 7, maxDollars: 3}, onLimit: alert}");
            return out + (random.nextBoolean() ? end : "");
        }

        private String comment() {
            return random.nextBoolean() ? "  # 😀 maxTokens: of course" : "";
        }

        private List<@Nullable String> limits() {
            List<@Nullable String> limits = new ArrayList<>(List.of("maxCalls: " + random.nextInt(9)));
            if (random.nextBoolean()) {
                limits.add("maxTokens: " + random.nextInt(99));
            }
            if (random.nextBoolean()) {
                limits.add("maxDollars:  " + random.nextInt(99) + (random.nextBoolean() ? ".50" : ""));
            }
            if (random.nextBoolean()) {
                limits.add("per: day");
            }
            java.util.Collections.shuffle(limits, random);
            return limits;
        }

        private String onLimit() {
            return List.of("onLimit: pause", "onLimit: \"kill\"", "onLimit:   'alert'")
                    .get(random.nextInt(3));
        }

        private String block() {
            List<String> parts = new ArrayList<>();
            parts.add(indent + "agent: bot" + comment() + end);
            StringBuilder budget = new StringBuilder(indent + "budget:" + comment() + end);
            if (random.nextInt(3) == 0) {
                budget = new StringBuilder(indent + "budget: {" + String.join(", ", limits()) + "}" + comment() + end);
            } else {
                for (String limit : limits()) {
                    budget.append(indent)
                            .append("   ")
                            .append(limit)
                            .append(comment())
                            .append(end);
                }
            }
            parts.add(budget.toString());
            if (random.nextBoolean()) {
                parts.add(indent + onLimit() + comment() + end);
            }
            if (random.nextBoolean()) {
                parts.add(indent + "alertAt: [10, 20]" + end);
            }
            java.util.Collections.shuffle(parts, random);
            return "cost:" + comment() + end + String.join(random.nextBoolean() ? "" : end, parts);
        }

        private String flow() {
            List<String> parts =
                    new ArrayList<>(List.of("agent: bot", "budget: {" + String.join(", ", limits()) + " }"));
            if (random.nextBoolean()) {
                parts.add(onLimit());
            }
            java.util.Collections.shuffle(parts, random);
            return "cost: { " + String.join(random.nextBoolean() ? ", " : "," + end + "  ", parts) + " }" + comment()
                    + end;
        }
    }
}
