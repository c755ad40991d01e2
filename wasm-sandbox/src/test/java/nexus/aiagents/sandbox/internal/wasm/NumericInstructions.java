package nexus.aiagents.sandbox.internal.wasm;

/// What the instructions of WebAssembly that compute numbers take and give: those of one byte from 0x45
/// to 0xc4, and the conversions behind 0xfc, which are numbered from 0x100 here.
final class NumericInstructions {
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final int F32 = 0x7d;
    private static final int F64 = 0x7c;

    static final int FIRST = 0x45;
    static final int LAST = 0xc4;
    static final int SATURATING = 0x100;

    /// Conversions from 0xa7 on: what they take and give.
    private static final int[][] CONVERSIONS = {
        {I64, I32}, {F32, I32}, {F32, I32}, {F64, I32}, {F64, I32}, {I32, I64}, {I32, I64},
        {F32, I64}, {F32, I64}, {F64, I64}, {F64, I64}, {I32, F32}, {I32, F32}, {I64, F32},
        {I64, F32}, {F64, F32}, {I32, F64}, {I32, F64}, {I64, F64}, {I64, F64}, {F32, F64},
        {F32, I32}, {F64, I64}, {I32, F32}, {I64, F64}, {I32, I32}, {I32, I32}, {I64, I64},
        {I64, I64}, {I64, I64},
    };

    private static final int[][] SATURATING_ONES = {
        {F32, I32}, {F32, I32}, {F64, I32}, {F64, I32}, {F32, I64}, {F32, I64}, {F64, I64}, {F64, I64},
    };

    private NumericInstructions() {}

    static int[] takes(int opcode) {
        if (opcode >= SATURATING) {
            return new int[] {SATURATING_ONES[opcode - SATURATING][0]};
        } else if (opcode >= 0xa7) {
            return new int[] {CONVERSIONS[opcode - 0xa7][0]};
        } else if (opcode == 0x45 || opcode >= 0x67 && opcode <= 0x69) {
            return new int[] {I32};
        } else if (opcode == 0x50 || opcode >= 0x79 && opcode <= 0x7b) {
            return new int[] {I64};
        } else if (opcode >= 0x8b && opcode <= 0x91) {
            return new int[] {F32};
        } else if (opcode >= 0x99 && opcode <= 0x9f) {
            return new int[] {F64};
        }
        int type = opcode <= 0x4f || opcode >= 0x6a && opcode <= 0x78
                ? I32
                : opcode <= 0x5a || opcode >= 0x7c && opcode <= 0x8a
                        ? I64
                        : opcode <= 0x60 || opcode >= 0x92 && opcode <= 0x98 ? F32 : F64;
        return new int[] {type, type};
    }

    static int gives(int opcode) {
        if (opcode >= SATURATING) {
            return SATURATING_ONES[opcode - SATURATING][1];
        } else if (opcode >= 0xa7) {
            return CONVERSIONS[opcode - 0xa7][1];
        }
        return opcode <= 0x66 ? I32 : takes(opcode)[0]; // comparisons give whether it is so
    }

    /// Whether some operands end the run.
    static boolean mayTrap(int opcode) {
        return opcode >= 0x6d && opcode <= 0x70
                || opcode >= 0x7f && opcode <= 0x82
                || opcode >= 0xa8 && opcode <= 0xab
                || opcode >= 0xae && opcode <= 0xb1;
    }

    /// Whether what it gives may be a NaN whose bits the specification leaves open.
    static boolean mayGiveNan(int opcode) {
        return opcode >= 0x8d && opcode <= 0x97 || opcode >= 0x9b && opcode <= 0xa5 || opcode == 0xb6 || opcode == 0xbb;
    }
}
