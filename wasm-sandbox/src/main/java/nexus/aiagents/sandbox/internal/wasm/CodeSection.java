package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;
import nexus.aiagents.sandbox.ProgramRejected;

/// The bodies of the functions of a module that {@link ModuleScan} let through, and other bodies in their
/// place. Functions are numbered as those that the module has a body of: what is imported does not count.
final class CodeSection {
    /// Bytes before the first section.
    static final int HEAD = 8;

    static final int ID = 10;

    private static final int NOP = 0x01;
    private static final int END = 0x0b;

    /// A body of three bytes that fits every type: no locals, unreachable, end.
    private static final byte[] UNREACHABLE = {3, 0, 0, END};

    /// Copies one body with its size before it.
    @FunctionalInterface
    private interface Copy {
        void body(int number, int start, int end, ByteArrayOutputStream out);
    }

    private CodeSection() {}

    /// The module without what its functions do, which nobody needs once they are compiled: parsed, an
    /// instruction takes a hundred times the room it takes in the module.
    static byte[] skeleton(byte[] module) throws ProgramRejected {
        return without(module, _ -> true);
    }

    /// The module without what some of its functions do.
    static byte[] without(byte[] module, IntPredicate functions) throws ProgramRejected {
        return copy(module, (number, start, end, out) -> {
            if (functions.test(number)) {
                out.writeBytes(UNREACHABLE);
            } else {
                unsigned(out, end - start);
                out.write(module, start, end - start);
            }
        });
    }

    /// The same module as the compiler understands it: where a body ends with the end of a block, version
    /// 1.0.0 takes a branch out of the function for one out of that block, and keeps the wrong operands.
    /// With an instruction in between that does nothing it does not.
    static byte[] withoutDoubleEnds(byte[] module) throws ProgramRejected {
        return copy(module, (_, start, end, out) -> {
            boolean twice = module[end - 2] == END; // or the last byte of a number: then it does no harm
            unsigned(out, end - start + (twice ? 1 : 0));
            out.write(module, start, end - start - 1);
            if (twice) {
                out.write(NOP);
            }
            out.write(END);
        });
    }

    private static byte[] copy(byte[] module, Copy copy) throws ProgramRejected {
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length);
        BinaryReader in = new BinaryReader(module, 0, module.length);
        in.skip(HEAD);
        out.write(module, 0, HEAD);
        while (in.hasMore()) {
            int start = in.position();
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id == ID) {
                byte[] bodies = bodies(section, copy);
                out.write(ID);
                unsigned(out, bodies.length);
                out.writeBytes(bodies);
            } else {
                out.write(module, start, in.position() - start);
            }
        }
        return out.toByteArray();
    }

    private static byte[] bodies(BinaryReader section, Copy copy) throws ProgramRejected {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = section.u32();
        unsigned(out, count);
        for (int number = 0; number < count; number++) {
            int size = section.u32();
            int start = section.position();
            section.skip(size);
            copy.body(number, start, section.position(), out);
        }
        return out.toByteArray();
    }

    /// The bytes that each function takes.
    static int[] sizes(byte[] module) throws ProgramRejected {
        BinaryReader in = new BinaryReader(module, 0, module.length);
        in.skip(HEAD);
        while (in.hasMore()) {
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id == ID) {
                int[] sizes = new int[section.u32()];
                for (int i = 0; i < sizes.length; i++) {
                    sizes[i] = section.u32();
                    section.skip(sizes[i]);
                }
                return sizes;
            }
        }
        return new int[0];
    }

    private static void unsigned(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left > 0x7f) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
