package nexus.aiagents.sandbox.internal.worker;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.internal.wasi.GuestMemory;
import org.jspecify.annotations.Nullable;

/// Frames on a pipe: the length as four bytes, then so many. Any thread may write, one reads.
final class Frames {
    /// Of a frame from a worker: the largest output, and what else is said of it.
    static final int MAX_FROM_WORKER = Limits.MOST_OUTPUT + (1 << 20);

    /// Of a frame with a host call from a worker: all that the arguments of one may have, in the longest
    /// spelling. What is larger takes many times its size when it is read.
    static final int MAX_CALL = 5 * GuestMemory.MAX_ARGUMENT;

    /// Of a frame to a worker, which are modules at the largest.
    static final int MAX_TO_WORKER = 128 << 20;

    /// What a fatal error message of the JVM begins with, read as a length: `#\n# `.
    private static final int FATAL = 0x230a2320;

    private static final int FATAL_BYTES = 1_000;

    private final DataInputStream in;
    private final OutputStream out;
    private final int maxIn;
    private final int maxOut;
    private final ReentrantLock writing = new ReentrantLock();

    Frames(InputStream in, int maxIn, OutputStream out, int maxOut) {
        this.in = new DataInputStream(in);
        this.maxIn = maxIn;
        this.out = out;
        this.maxOut = maxOut;
    }

    /// Blocks while the other side does not read.
    ///
    /// @return false if it is too large: nothing was written
    boolean write(byte[] frame) throws IOException {
        if (frame.length > maxOut) {
            return false;
        }
        byte[] whole = ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
        writing.lock();
        try {
            out.write(whole);
            out.flush();
            return true;
        } finally {
            writing.unlock();
        }
    }

    /// @return null at the end of the pipe
    byte @Nullable [] read() throws IOException, BadFrame, JvmBroke {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException e) {
            return null;
        }
        if (length == FATAL) {
            throw new JvmBroke(new String(in.readNBytes(FATAL_BYTES), StandardCharsets.UTF_8));
        }
        if (length < 0 || length > maxIn) {
            throw new BadFrame("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] frame = in.readNBytes(length); // grows as they come: a length alone takes no memory
        return frame.length < length ? null : frame;
    }
}
