package nexus.aiagents.sandbox.internal.metering;

/// One NaN for all that compiled code computes. Which bits a NaN has is left to the processor, and to
/// what HotSpot made of the code: 0/0 has its sign set on one and not on another, and of two NaNs
/// either is the sum. A program that looks at them would do something else in its next run.
public final class Nans {
    private Nans() {}

    /// @return the value, or the NaN that WebAssembly calls canonical, with its sign not set
    public static float canonical(float value) {
        return Float.isNaN(value) ? Float.NaN : value;
    }

    /// @return the value, or the NaN that WebAssembly calls canonical, with its sign not set
    public static double canonical(double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }
}
