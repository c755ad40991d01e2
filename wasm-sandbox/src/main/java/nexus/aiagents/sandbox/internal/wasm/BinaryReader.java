package nexus.aiagents.sandbox.internal.wasm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import nexus.aiagents.sandbox.ProgramRejected;

/// Reads the binary format of WebAssembly between two positions and never beyond.
final class BinaryReader {
    private static final int MOST_SHOWN = 200;

    private final byte[] bytes;
    private final int end;
    private int at;

    BinaryReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    int position() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    boolean hasMore() {
        return at < end;
    }

    int u8() throws ProgramRejected {
        if (at >= end) {
            throw malformed("ends in the middle");
        }
        return bytes[at++] & 0xff;
    }

    /// An unsigned number of 32 bits that has to fit an `int`: everything larger is beyond every cap.
    int u32() throws ProgramRejected {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (value > 0xffff_ffffL) {
                    break;
                }
                return value > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) value;
            }
        }
        throw malformed("has a number of more than 32 bits");
    }

    /// Skips a signed number.
    void skipSigned(int bits) throws ProgramRejected {
        for (int read = 0; read < bits; read += 7) {
            if (u8() < 0x80) {
                return;
            }
        }
        throw malformed("has a number of more than " + bits + " bits");
    }

    /// A number of things that each take at least one byte.
    int count(String what, int max) throws ProgramRejected {
        int count = u32();
        if (count > max) {
            throw tooMany(what, count, max);
        }
        if (count > remaining()) {
            throw malformed("announces " + count + " " + what + " where " + remaining() + " bytes are left");
        }
        return count;
    }

    static ProgramRejected tooMany(String what, int count, int max) {
        return new ProgramRejected(
                "too-large", "the module has " + Integer.toUnsignedString(count) + " " + what + ", the most is " + max);
    }

    void skip(int length) throws ProgramRejected {
        if (length < 0 || length > remaining()) {
            throw malformed("announces " + length + " bytes where " + remaining() + " are left");
        }
        at += length;
    }

    String name() throws ProgramRejected {
        int length = u32();
        int start = at;
        skip(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("has a name that is not UTF-8");
        }
    }

    /// A text of the module as messages may hold it, which end up in terminals and logs: short, and without
    /// anything that moves a cursor or turns the writing round.
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MOST_SHOWN)
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> '?';
                    default -> c;
                })
                .forEach(shown::appendCodePoint);
        return text.length() > shown.length() ? shown + "…" : shown.toString();
    }

    /// The next `length` bytes as a reader of their own.
    BinaryReader part(int length) throws ProgramRejected {
        int start = at;
        skip(length);
        return new BinaryReader(bytes, start, at);
    }

    void expectEnd(String what) throws ProgramRejected {
        if (hasMore()) {
            throw malformed(what + " is longer than what it holds");
        }
    }

    ProgramRejected malformed(String what) {
        return new ProgramRejected("malformed", "not a WebAssembly module: at byte " + at + " it " + what);
    }
}
