package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Remembers, outside the database, which entry was the last: the database opens a file that was cut short
/// without a word. It is written after the entry is durable and is not forced to the disk itself, so it is
/// never ahead of an honest store and at worst a little behind. Written by one thread.
final class TailMarker implements AutoCloseable {
    private static final int SIZE = 8 + 32 + 4;

    record Tail(long seq, byte[] hash) {}

    /// An interrupt closes a file channel but not this.
    private final RandomAccessFile file;

    TailMarker(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /// @return null if nothing was ever written, or it was torn
    @Nullable
    Tail read() throws IOException {
        byte[] bytes = new byte[SIZE];
        if (file.length() < SIZE) {
            return null;
        }
        file.seek(0);
        file.readFully(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] hash = new byte[32];
        long seq = in.getLong();
        in.get(hash);
        return in.getInt() == crc(bytes) ? new Tail(seq, hash) : null;
    }

    void write(long seq, byte[] hash) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(SIZE).putLong(seq).put(hash);
        out.putInt(crc(out.array()));
        file.seek(0);
        file.write(out.array());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SIZE - 4);
        return (int) crc.getValue();
    }
}
