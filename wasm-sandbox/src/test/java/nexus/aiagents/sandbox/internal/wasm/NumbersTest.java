package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void a_negative_zero_arrives_as_one_and_comes_back_as_one() throws Exception {
        long[] zeros = Numbers.arguments("[-0.0, -0.0, 0.0]", "fFF");

        assertArrayEquals(new long[] {0x8000_0000L, Long.MIN_VALUE, 0}, zeros);
        assertEquals("[-0.0,-0.0,0.0]", Numbers.results(zeros, "fFF"));
    }

    @Test
    void numbers_are_rounded_once() throws Exception {
        // In between two floats, and as a double right in the middle.
        long[] numbers = Numbers.arguments("[1.00000005960464477540, 1e-400, -1e-400]", "fFF");

        assertEquals(Math.nextUp(1f), Float.intBitsToFloat((int) numbers[0]));
        assertArrayEquals(new long[] {0, Long.MIN_VALUE}, new long[] {numbers[1], numbers[2]});
    }
}
