package nexus.aiagents.sandbox.internal.wasi;

import java.nio.charset.StandardCharsets;
import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;

/// Linear memory as host functions may touch it: every range is checked before anything is allocated
/// for it.
public record GuestMemory(Memory memory) {

    /// The most that one argument of a host call may have.
    public static final int MAX_ARGUMENT = 4 << 20;

    public byte[] read(int pointer, int length) {
        return read(pointer, length, MAX_ARGUMENT);
    }

    private byte[] read(int pointer, int length, int most) {
        check(pointer, length);
        if (Integer.compareUnsigned(length, most) > 0) {
            throw new TrapException("an argument of a host call is larger than " + most + " bytes");
        }
        return memory.readBytes(pointer, length);
    }

    public String readText(int pointer, int length) {
        return readText(pointer, length, MAX_ARGUMENT);
    }

    public String readText(int pointer, int length, int most) {
        return new String(read(pointer, length, most), StandardCharsets.UTF_8);
    }

    public int readInt(int pointer) {
        check(pointer, 4);
        return memory.readInt(pointer);
    }

    public long readLong(int pointer) {
        check(pointer, 8);
        return memory.readLong(pointer);
    }

    public void write(int pointer, byte[] bytes) {
        check(pointer, bytes.length);
        memory.write(pointer, bytes);
    }

    public void writeInt(int pointer, int value) {
        check(pointer, 4);
        memory.writeI32(pointer, value);
    }

    public void writeLong(int pointer, long value) {
        check(pointer, 8);
        memory.writeLong(pointer, value);
    }

    /// @throws TrapException unless the whole range is there
    void require(int pointer, int length) {
        check(pointer, length);
    }

    private void check(int pointer, int length) {
        long end = Integer.toUnsignedLong(pointer) + Integer.toUnsignedLong(length);
        if (end > (long) memory.pages() * Memory.PAGE_SIZE) {
            throw new TrapException("out of bounds memory access by a host call");
        }
    }
}
