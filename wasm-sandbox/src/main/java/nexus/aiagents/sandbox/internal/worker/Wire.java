package nexus.aiagents.sandbox.internal.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Turns the records of a sealed interface into bytes and back. Both sides run the same code, so their
/// classes are all the description there is. What is read may be anything: lengths are compared with what
/// is there, nulls and enums and numbers of kinds are checked, and nothing may be left over. Immutable.
final class Wire<T> {
    private final Class<T> type;
    private final Shapes.Shape shape;

    Wire(Class<T> type) {
        this.type = type;
        this.shape = Shapes.of((Type) type);
    }

    byte[] write(T message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            shape.write(new DataOutputStream(bytes), message);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /// Whether a frame says by its first byte that it is a message of this kind.
    boolean isOf(Class<? extends T> kind, byte[] frame) {
        Class<?>[] kinds = type.getPermittedSubclasses();
        return frame.length > 0 && frame[0] >= 0 && frame[0] < kinds.length && kinds[frame[0]] == kind;
    }

    T read(byte[] frame) throws BadFrame {
        ByteBuffer in = ByteBuffer.wrap(frame);
        try {
            T message = type.cast(shape.read(in));
            if (in.hasRemaining()) {
                throw new BadFrame(in.remaining() + " bytes too many");
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new BadFrame("it ends too soon");
        }
    }
}
