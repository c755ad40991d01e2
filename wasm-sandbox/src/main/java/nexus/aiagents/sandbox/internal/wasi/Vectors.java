package nexus.aiagents.sandbox.internal.wasi;

/// The pieces of memory that one read fills or one write empties.
///
/// @param total of all lengths, at most what one call moves: moving less than asked is always allowed
record Vectors(GuestMemory memory, int[] pointers, int[] lengths, int total) {
    private static final int MAX_COUNT = 1024;
    private static final int BYTES = 8;

    /// @param limit the most that one call moves
    static Vectors read(GuestMemory memory, long table, long count, int limit) throws Errno.Failed {
        if (Integer.compareUnsigned((int) count, MAX_COUNT) > 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        memory.require((int) table, BYTES * (int) count);
        int[] pointers = new int[(int) count];
        int[] lengths = new int[(int) count];
        int total = 0;
        for (int i = 0; i < pointers.length; i++) {
            int wanted = memory.readInt((int) table + BYTES * i + 4);
            pointers[i] = memory.readInt((int) table + BYTES * i);
            lengths[i] = (int) Math.min(Integer.toUnsignedLong(wanted), limit - total);
            memory.require(pointers[i], lengths[i]);
            total += lengths[i];
        }
        return new Vectors(memory, pointers, lengths, total);
    }

    void fill(byte[] bytes) {
        int done = 0;
        for (int i = 0; i < pointers.length && done < bytes.length; i++) {
            int length = Math.min(lengths[i], bytes.length - done);
            byte[] part = new byte[length];
            System.arraycopy(bytes, done, part, 0, length);
            memory.write(pointers[i], part);
            done += length;
        }
    }

    byte[] gather() {
        byte[] all = new byte[total];
        int done = 0;
        for (int i = 0; i < pointers.length; i++) {
            byte[] part = memory.read(pointers[i], lengths[i]);
            System.arraycopy(part, 0, all, done, part.length);
            done += part.length;
        }
        return all;
    }
}
