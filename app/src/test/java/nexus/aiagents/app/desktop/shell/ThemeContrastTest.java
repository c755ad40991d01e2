package nexus.aiagents.app.desktop.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;

/// Reads the style sheets themselves, so that no colour is forgotten: every token, and every rule that
/// puts a text on a ground of its own. Texts of what is disabled are exempt, as they are in WCAG.
class ThemeContrastTest {
    private static final double TEXT = 4.5;
    /// What is no text: icons, carets, rings of the focus.
    private static final double SIGN = 3.0;

    private static final List<String> SHEETS = List.of("nexus.css", "home.css", "editor.css", "pictures.css");
    private static final Set<String> GROUNDS = Set.of("-nx-background", "-nx-surface", "-nx-raised");
    private static final Set<String> NO_TEXT = Set.of("-nx-border", "-nx-shadow", "-nx-tone", "-nx-selection");
    private static final Pattern RULE = Pattern.compile("([^{}]+)\\{([^{}]*)\\}");

    /// A theme as its sheets make it: what each rule sets, and what the tokens are.
    private record Look(String name, Map<String, Map<String, String>> rules, Map<String, String> tokens) {
        Color color(String value) {
            String last = value.substring(value.lastIndexOf(", ") + 1).strip();
            if (value.contains("(")) {
                last = value.strip();
            }
            for (int hops = 0; tokens.containsKey(last) && hops < 10; hops++) {
                last = tokens.get(last);
            }
            try {
                return last.equals("transparent") || last.startsWith("-") || last.startsWith("derive(")
                        ? null
                        : Color.web(last);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }

    @Test
    void every_token_can_be_read_on_every_ground_it_stands_on() throws IOException {
        for (Look look : List.of(look(false), look(true))) {
            Set<String> unchecked = new TreeSet<>(look.tokens().keySet());
            unchecked.removeIf(t -> !t.startsWith("-nx-") && !t.startsWith("-code-"));
            unchecked.removeAll(GROUNDS);
            unchecked.removeAll(NO_TEXT);
            for (String token : Set.copyOf(unchecked)) {
                if (token.endsWith("-soft")) {
                    String bright = token.substring(0, token.length() - "-soft".length());
                    assertReadable(look, bright, token, TEXT);
                    assertReadable(look, "-nx-text", token, TEXT);
                    assertReadable(look, "-nx-muted", token, TEXT);
                } else if (token.startsWith("-code-")) {
                    for (String ground : List.of("-nx-surface", "-nx-background", "-nx-raised")) {
                        assertReadable(look, token, ground, TEXT);
                    }
                } else {
                    for (String ground : GROUNDS) {
                        assertReadable(look, token, ground, TEXT);
                    }
                }
                unchecked.remove(token);
            }
            assertEquals(Set.of(), unchecked, look.name());
        }
    }

    @Test
    void every_rule_with_a_text_on_a_ground_of_its_own_can_be_read() throws IOException {
        int checked = 0;
        for (Look look : List.of(look(false), look(true))) {
            for (var rule : look.rules().entrySet()) {
                String text = rule.getValue().get("-fx-text-fill");
                String ground = rule.getValue().get("-fx-background-color");
                if (text == null || rule.getKey().contains(":disabled")) {
                    continue;
                }
                Color on = ground == null ? null : look.color(ground);
                Color color = look.color(text);
                if (color == null) {
                    continue;
                }
                for (Color behind :
                        on == null ? List.of(look.color("-nx-background"), look.color("-nx-surface")) : List.of(on)) {
                    double ratio = contrast(color, over(behind, look.color("-nx-surface")));
                    boolean white = on == null && text.equals("white"); // on the accent; see the next test
                    assertTrue(white || ratio >= TEXT, look.name() + " " + rule.getKey() + " " + ratio);
                    checked++;
                }
            }
        }
        assertTrue(checked > 40, "rules that were checked: " + checked);
    }

    @Test
    void buttons_selections_prompts_and_the_code_in_a_selection_can_be_read() throws IOException {
        for (Look look : List.of(look(false), look(true))) {
            assertReadable(look, "-color-fg-emphasis", "-color-accent-emphasis", TEXT);
            assertReadable(look, "-color-fg-default", "-color-bg-default", TEXT);
            assertReadable(look, "-color-fg-muted", "-color-bg-default", TEXT);
            assertReadable(look, "-color-danger-fg", "-color-bg-default", TEXT);
            assertReadable(look, "-color-accent-fg", "-color-bg-default", TEXT);
            String selection = look.rules().get(".editor-area .main-selection").get("-fx-fill");
            for (String token : look.tokens().keySet()) {
                if (token.startsWith("-code-")) {
                    assertReadable(look, token, selection, TEXT);
                }
            }
            assertReadable(look, "-nx-text", selection, TEXT);
            for (String ground : GROUNDS) {
                assertReadable(look, "-nx-accent", ground, SIGN); // rings of the focus, carets
            }
        }
    }

    @Test
    void canvases_have_the_colours_of_the_style_sheet() throws IOException {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            Look look = look(palette == Palette.DARK);
            assertEquals(look.color("-nx-background"), palette.background());
            assertEquals(look.color("-nx-surface"), palette.surface());
            assertEquals(look.color("-nx-raised"), palette.raised());
            assertEquals(look.color("-nx-text"), palette.text());
            assertEquals(look.color("-nx-muted"), palette.muted());
            assertEquals(look.color("-nx-accent"), palette.accent());
            assertEquals(look.color("-nx-success"), palette.success());
            assertEquals(look.color("-nx-warning"), palette.warning());
            assertEquals(look.color("-nx-danger"), palette.danger());
            assertEquals(look.color("-nx-done"), palette.done());
        }
    }

    private static void assertReadable(Look look, String text, String ground, double least) {
        Color behind = over(look.color(ground), look.color("-nx-surface"));
        double ratio = contrast(over(look.color(text), behind), behind);
        assertTrue(ratio >= least, look.name() + ": " + text + " on " + ground + " " + ratio);
    }

    private static Look look(boolean dark) throws IOException {
        Map<String, Map<String, String>> rules = new LinkedHashMap<>();
        List<String> sheets = new ArrayList<>();
        sheets.add(read("/atlantafx/base/theme/primer-" + (dark ? "dark" : "light") + ".css"));
        for (String sheet : SHEETS) {
            sheets.add(read("/nexus/aiagents/app/desktop/" + sheet));
        }
        Map<String, String> tokens = new LinkedHashMap<>();
        for (int i = 0; i < sheets.size(); i++) {
            Matcher rule = RULE.matcher(sheets.get(i).replaceAll("(?s)/\\*.*?\\*/", ""));
            while (rule.find()) {
                for (String selector : rule.group(1).strip().split("\\s*,\\s*")) {
                    boolean forDark = selector.startsWith(".root:dark");
                    if (forDark && !dark) {
                        continue;
                    }
                    String plain =
                            forDark ? selector.substring(".root:dark".length()).strip() : selector;
                    Map<String, String> body = declarations(rule.group(2));
                    if (plain.isEmpty() || plain.equals(".root")) {
                        body.forEach((key, value) -> {
                            if (!key.startsWith("-fx-")) {
                                tokens.put(key, value);
                            }
                        });
                    } else if (i > 0) {
                        rules.computeIfAbsent(plain, _ -> new LinkedHashMap<>()).putAll(body);
                    }
                }
            }
        }
        return new Look(dark ? "dark" : "light", rules, tokens);
    }

    private static Map<String, String> declarations(String body) {
        Map<String, String> declared = new LinkedHashMap<>();
        for (String line : body.split(";")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                declared.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return declared;
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = ThemeContrastTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Color over(Color top, Color behind) {
        double a = top.getOpacity();
        return Color.color(
                top.getRed() * a + behind.getRed() * (1 - a),
                top.getGreen() * a + behind.getGreen() * (1 - a),
                top.getBlue() * a + behind.getBlue() * (1 - a));
    }

    private static double contrast(Color a, Color b) {
        double high = Math.max(luminance(a), luminance(b));
        double low = Math.min(luminance(a), luminance(b));
        return (high + 0.05) / (low + 0.05);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }
}
