package nexus.aiagents.engine.journal;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The first bytes of a stream, and all of them.
final class BoundedInputStream extends FilterInputStream {
    private long left;

    private BoundedInputStream(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    static InputStream of(InputStream in, long length) {
        return new BoundedInputStream(in, length);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = in.read(bytes, from, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("a file of the database is shorter than the database says");
        }
        left -= read;
        return read;
    }
}
