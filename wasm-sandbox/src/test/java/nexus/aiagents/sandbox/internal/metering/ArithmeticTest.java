package nexus.aiagents.sandbox.internal.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    private static BigDecimal exact(long unsigned) {
        return new BigDecimal(new BigInteger(Long.toUnsignedString(unsigned)));
    }

    private static void rounds(long unsigned) {
        assertEquals(exact(unsigned).floatValue(), Arithmetic.toFloat(unsigned), Long.toHexString(unsigned));
        assertEquals(exact(unsigned).doubleValue(), Arithmetic.toDouble(unsigned), Long.toHexString(unsigned));
    }

    @Test
    void unsigned_numbers_are_rounded_to_the_nearest_and_from_the_middle_to_the_even_one() {
        SplittableRandom random = new SplittableRandom(3);
        for (long start : new long[] {0, 1L << 53, 1L << 62, 1L << 63, 3L << 62, -1L << 41}) {
            for (int bit = 0; bit < 45; bit++) {
                for (long odd = 0; odd < 8; odd++) {
                    rounds(start + (odd << bit) - 1);
                    rounds(start + (odd << bit));
                    rounds(start + (odd << bit) + 1);
                }
            }
            rounds(start | random.nextLong());
        }
        rounds(-1);
    }

    @Test
    void a_sign_is_copied_from_any_number_and_from_a_nan_too() {
        for (float sign : new float[] {0f, 1f, 2143289344f, 4290772992f, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertEquals(1.5f, Arithmetic.copysign(-1.5f, sign));
            assertEquals(1.5f, Arithmetic.copysign(1.5f, sign));
        }
        float negative = Float.intBitsToFloat(0xffc00001);
        for (float sign : new float[] {-0f, -1f, -4290772992f, negative, Float.NEGATIVE_INFINITY}) {
            assertEquals(-1.5f, Arithmetic.copysign(1.5f, sign));
        }
        assertEquals(0x7fc00001, Float.floatToRawIntBits(Arithmetic.copysign(negative, 1)));
    }
}
