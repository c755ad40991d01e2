package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FormatterTest {
    private static void assertFormats(String before, String after) {
        assertEquals(after, Formatter.format(before));
        assertEquals(after, Formatter.format(after), "what is formatted stays so");
    }

    @Test
    void indentation_becomes_even_and_comments_move_with_what_they_belong_to() {
        assertFormats("""
                # the desk
                supervisor:
                    name:   desk   # kept as typed
                    # in order
                    children:
                    - writer
                    # the second
                    -   name: reader
                        restart: transient   \s
                    -
                      name: judge


                    strategy: one-for-one


                ---
                cost: {agent: writer,
                       maxDollars: 1}
                """.replace("    -\n      name: judge\n", ""), """
                # the desk
                supervisor:
                  name:   desk   # kept as typed
                  # in order
                  children:
                    - writer
                    # the second
                    - name: reader
                      restart: transient

                  strategy: one-for-one

                ---
                cost: {agent: writer,
                       maxDollars: 1}
                """);
    }

    @Test
    void texts_of_several_lines_keep_what_they_say() {
        assertFormats("""
                agent:
                      name: x
                      prompt: |
                         # not a comment

                           deeper\s\s
                         end
                      description: >-
                         folded
                         text
                      system: "quoted
                         over lines"
                      list:
                      - - a
                        - b
                      - |
                        text
                """, """
                agent:
                  name: x
                  prompt: |
                     # not a comment

                       deeper\s\s
                     end
                  description: >-
                     folded
                     text
                  system: "quoted
                     over lines"
                  list:
                    - - a
                      - b
                    - |
                      text
                """);
    }

    @Test
    void what_is_broken_or_unusual_stays_as_it_is() {
        String broken = "agent:\n    name: [x\n  y: 1\n";
        assertEquals(broken, Formatter.format(broken));
        String alone = "list:\n    -\n        name: x\n";
        assertEquals(alone, Formatter.format(alone));
        assertEquals("", Formatter.format(""));
        assertEquals("a: 1\r\nb:\r\n  c: 2\r\n", Formatter.format("a: 1\r\nb:\r\n     c: 2\r\n"));
    }

    @Test
    void every_sample_is_formatted_already_and_survives_any_even_indentation() throws IOException {
        Path samples = Path.of("..", "sample-projects");
        try (Stream<Path> files = Files.walk(samples)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file);
                assertEquals(text, Formatter.format(text), file.toString());
                for (int width : new int[] {3, 4, 7}) {
                    String wide = text.lines()
                            .map(line -> " "
                                            .repeat((line.length()
                                                            - line.stripLeading()
                                                                    .length())
                                                    / 2
                                                    * width)
                                    + line.stripLeading())
                            .reduce("", (a, b) -> a + b + "\n");
                    YamlText read = YamlText.read("", wide);
                    String back = Formatter.format(wide);
                    if (!read.broken()) {
                        assertEquals(values(read), values(YamlText.read("", back)), file.toString());
                        assertEquals(back, Formatter.format(back), file.toString());
                    }
                }
            }
        }
    }

    @Test
    void random_texts_mean_the_same_afterwards() {
        Random random = new Random(20);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int line = random.nextInt(12); line >= 0; line--) {
                text.append(" ".repeat(random.nextInt(5)))
                        .append(new String[] {
                                    "a: 1",
                                    "b:",
                                    "- c",
                                    "- d: 2",
                                    "# e",
                                    "",
                                    "f: |",
                                    "g: [1,",
                                    "2]",
                                    "---",
                                    "'h': \"i",
                                    "j\""
                                }
                                [random.nextInt(12)])
                        .append('\n');
            }
            YamlText read = YamlText.read("", text.toString());
            String formatted = Formatter.format(text.toString());
            if (!read.broken()) {
                assertEquals(values(read), values(YamlText.read("", formatted)), text.toString());
                assertEquals(formatted, Formatter.format(formatted), text.toString());
            }
        }
    }

    private static String values(YamlText yaml) {
        return yaml.documents().stream()
                .map(d -> d.toJson().toString())
                .toList()
                .toString();
    }
}
