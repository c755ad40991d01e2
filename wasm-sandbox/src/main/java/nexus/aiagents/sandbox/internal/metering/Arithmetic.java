package nexus.aiagents.sandbox.internal.metering;

/// Instructions that version 1.0.0 of the runtime gets wrong, called by compiled functions in place of
/// its own.
public final class Arithmetic {
    private static final int SIGN = Integer.MIN_VALUE;

    private Arithmetic() {}

    /// `f32.copysign`. The runtime compares the sign's value with a number that was meant to be its bits,
    /// so it takes 4290772992 for negative.
    public static float copysign(float magnitude, float sign) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) & ~SIGN | Float.floatToRawIntBits(sign) & SIGN);
    }

    /// `f32.convert_i64_u`. From 2^63 on the runtime rounds up.
    public static float toFloat(long unsigned) {
        return unsigned >= 0 ? unsigned : halved(unsigned) * 2f;
    }

    /// `f64.convert_i64_u`. From 2^63 on the runtime rounds what lies in the middle down, not to the even
    /// neighbour.
    public static double toDouble(long unsigned) {
        return unsigned >= 0 ? unsigned : halved(unsigned) * 2d;
    }

    /// The half, in which the bit that is lost still makes what is not the middle more than the middle.
    private static long halved(long unsigned) {
        return unsigned >>> 1 | unsigned & 1;
    }
}
