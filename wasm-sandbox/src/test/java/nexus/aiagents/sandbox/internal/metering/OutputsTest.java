package nexus.aiagents.sandbox.internal.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputsTest {
    static final Limits WIDE = Limits.DEFAULT.withOutputBytes(Limits.MOST_OUTPUT);

    static Outcome.Failed problem(String json, Limits limits) {
        return Outputs.problem(json, limits, () -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", " 1 ", "\"a\"", "[]", "{\"a\":[1,2.5e3,true,{}]}", "-0", "123456789012345678901234"})
    void one_value_is_an_output(String json) {
        assertNull(problem(json, Limits.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "1 2", "[] []", "[1", "{\"a\"}", "nul", "[1,]", "\"a", "{} x", "// 1", "NaN"})
    void anything_else_is_none(String json) {
        assertEquals("bad-output", problem(json, Limits.DEFAULT).code());
    }

    @Test
    void its_length_is_that_of_its_bytes() {
        for (String text : new String[] {"\"abc\"", "\"äöü\"", "\"€\"", "\"\ud83e\udd16\""}) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            assertNull(problem(text, Limits.DEFAULT.withOutputBytes(bytes)), text);
            assertEquals(
                    "output-too-large",
                    problem(text, Limits.DEFAULT.withOutputBytes(bytes - 1)).code());
        }
    }

    @Test
    void what_is_nested_too_deeply_or_has_too_many_values_is_refused_whatever_it_weighs() {
        assertEquals("bad-output", problem("[".repeat(30_000_000), WIDE).code());
        assertEquals(
                "bad-output",
                problem("[".repeat(2_000) + "]".repeat(2_000), WIDE).code());
        String most = "[" + "0,".repeat(Outputs.MOST_VALUES - 2) + "0]";
        assertNull(problem(most, WIDE));
        Outcome.Failed failed = problem("[" + "0,".repeat(Outputs.MOST_VALUES - 1) + "0]", WIDE);
        assertEquals("bad-output", failed.code());
        assertTrue(failed.message().contains("1000000 values"), failed.message());
        assertEquals(
                "bad-output",
                problem("[" + "{},".repeat(20_000_000) + "0]", WIDE).code());
    }

    /// However long it is, it is never read further than a piece once somebody says stop.
    @Test
    void reading_it_can_be_stopped_anywhere() {
        for (String long_ : new String[] {"\"" + "x".repeat(20_000_000) + "\"", " ".repeat(20_000_000) + "1"}) {
            AtomicInteger pieces = new AtomicInteger();
            assertThrows(
                    CancellationException.class,
                    () -> Outputs.problem(long_, WIDE, () -> {
                        if (pieces.incrementAndGet() == 10) {
                            throw new CancellationException();
                        }
                    }));
            assertEquals(10, pieces.get());
        }
    }
}
