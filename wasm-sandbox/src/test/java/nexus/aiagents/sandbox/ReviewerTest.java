package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The WebAssembly agent of the sample project, as it lies there.
class ReviewerTest {
    static final Path REVIEWER = Path.of("../sample-projects/research-team/agents/reviewer/reviewer.wasm");

    @TempDir
    static Path cache;

    static Sandbox sandbox;
    static PreparedProgram reviewer;

    final FakeHost host = new FakeHost();

    @BeforeAll
    static void open() throws Exception {
        sandbox = Sandbox.open(cache);
        reviewer = sandbox.prepare(new Program.WasmModule("reviewer.wasm", Files.readAllBytes(REVIEWER)));
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    Outcome review(String input) {
        return FakeHost.await(reviewer.start(new Invocation(input, Limits.DEFAULT.withMemoryBytes(16 << 20), host)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"text":"Otters hold hands. They do! Really?"}          | 6,"sentences":3,"characters":35,"verdict":"ok"
            {"text":"one two","minWords":2}                         | 2,"sentences":1,"characters":7,"verdict":"ok"
            {"text":"a\\nb\\u00a0c \\"d\\" \\ud83e\\udda6"}         | 5,"sentences":1,"characters":11,"verdict":"ok"
            {"text":"äöü 日本 x"}                                    | 3,"sentences":1,"characters":8,"verdict":"too-short"
            {"input":{"text":"one","n":[1,{"text":"no"}]},"step":"review"} | 1,"sentences":1,"characters":3,"verdict":"too-short"
            {"input":{"topic":"x"},"previous":{"text":"a b"},"step":"review"} | 2,"sentences":1,"characters":3,"verdict":"too-short"
            {}                                                      | 0,"sentences":0,"characters":0,"verdict":"too-short"
            {"text":7}                                              | 0,"sentences":0,"characters":0,"verdict":"too-short"
            """)
    void it_counts_and_judges(String input, String expected) {
        assertEquals(
                "{\"words\":" + expected + "}",
                assertInstanceOf(Outcome.Returned.class, review(input)).outputJson());
        assertEquals(1, host.logged().size());
    }

    @Test
    void it_traps_and_fails_on_request() {
        assertInstanceOf(Outcome.Trapped.class, review("{\"input\":{\"crash\": true }}"));
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, review("{\"failAt\":\"review\"}"));
        assertEquals("asked-to-fail", failed.code());
        assertInstanceOf(Outcome.Returned.class, review("{\"failAt\":\"publish\",\"crash\":false}"));
    }

    @Test
    void a_text_of_two_megabytes_is_no_problem() {
        Outcome outcome = review("{\"text\":\"" + "word ".repeat(400_000) + "\"}");

        assertTrue(
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson().contains("\"words\":400000,"));
    }

    @Test
    void no_input_makes_it_trap() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        String alphabet = "{}[]\"\\:,u0 ntext input previous true17é";
        for (int i = 0; i < 300; i++) {
            StringBuilder input = new StringBuilder(random.nextInt(3) == 0 ? "{\"text\":\"" : "");
            for (int left = random.nextInt(60); left > 0; left--) {
                input.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertInstanceOf(Outcome.Returned.class, review(input.toString()), input.toString());
        }
    }
}
