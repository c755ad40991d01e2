package nexus.aiagents.sandbox.internal.wasm;

import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.ProgramRejected;

/// Looks through element and data segments and the constant expressions they begin with.
final class SegmentScan {
    private static final int MAX_ENTRIES = Limits.MOST_TABLE_ELEMENTS;

    private final BinaryReader in;
    private int entries;

    SegmentScan(BinaryReader in) {
        this.in = in;
    }

    void elements(int count) throws ProgramRejected {
        for (int i = 0; i < count; i++) {
            int flags = in.u32();
            if (flags > 7) {
                throw in.malformed("has an element segment of unknown kind " + flags);
            }
            boolean active = (flags & 1) == 0;
            boolean explicit = (flags & 2) != 0;
            boolean expressions = (flags & 4) != 0;
            if (active && explicit) {
                in.u32();
            }
            if (active) {
                constant(in);
            }
            if (!active || explicit) {
                kind(expressions);
            }
            int size = in.count("elements of a segment", MAX_ENTRIES);
            entries += size;
            if (entries > MAX_ENTRIES) {
                throw BinaryReader.tooMany("elements of segments", entries, MAX_ENTRIES);
            }
            for (int j = 0; j < size; j++) {
                if (expressions) {
                    constant(in);
                } else {
                    in.u32();
                }
            }
        }
    }

    /// Of one byte: what is longer, the library would read on.
    private void kind(boolean expressions) throws ProgramRejected {
        if (expressions) {
            ModuleScan.referenceType(in);
        } else if (in.u8() != 0) {
            throw in.malformed("has an element segment of something else than functions");
        }
    }

    void data(int count) throws ProgramRejected {
        for (int i = 0; i < count; i++) {
            int flags = in.u32();
            if (flags > 2) {
                throw in.malformed("has a data segment of unknown kind " + flags);
            }
            if (flags == 2 && in.u32() != 0) {
                throw ModuleScan.unsupported("more than one memory");
            }
            if (flags != 1) {
                constant(in);
            }
            in.skip(in.u32());
        }
    }

    /// One constant and the end of its expression.
    static void constant(BinaryReader in) throws ProgramRejected {
        int opcode = in.u8();
        switch (opcode) {
            case 0x41 -> in.skipSigned(32);
            case 0x42 -> in.skipSigned(64);
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0x23, 0xd2 -> in.u32();
            case 0xd0 -> ModuleScan.referenceType(in);
            default -> throw ModuleScan.unsupported("a computed constant");
        }
        if (in.u8() != 0x0b) {
            throw ModuleScan.unsupported("a computed constant");
        }
    }
}
