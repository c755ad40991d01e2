package nexus.aiagents.sandbox.internal.script;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// What every script runs in: QuickJS as it was when the host API had been loaded. To get there takes a
/// second, so that state is shipped. Immutable.
///
/// @param start loads the program; still to be linked
/// @param tick goes on with the next timer
record ScriptEngine(Image image, ModuleBytecode start, byte[] tick) {
    static final String FILE = "quickjs.state";

    private static final int MOST_BYTES = 64 << 20;

    private static final Once<ScriptEngine> SHARED = new Once<>(ScriptEngine::load);

    /// What is shipped.
    ///
    /// @param start as QuickJS compiled it
    record Shipped(Image.State state, byte[] start, byte[] tick) {

        /// @throws IOException if it is damaged, cut off or has anything behind it
        static Shipped read(InputStream from) throws IOException {
            try (DataInputStream in = new DataInputStream(new InflaterInputStream(from))) {
                Shipped shipped = parts(in);
                if (in.read() >= 0) { // at its end the checksum is compared, not before
                    throw new IOException(FILE + " does not end where it has to");
                }
                return shipped;
            }
        }

        private static Shipped parts(DataInputStream in) throws IOException {
            byte[] memory = bytes(in);
            long[] globals = new long[length(in)];
            for (int i = 0; i < globals.length; i++) {
                globals[i] = in.readLong();
            }
            StackGuard guard = new StackGuard(in.readInt(), in.readInt());
            return new Shipped(new Image.State(memory, globals, guard), bytes(in), bytes(in));
        }

        void write(OutputStream to) throws IOException {
            try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(to))) {
                write(out, state.memory());
                out.writeInt(state.globals().length);
                for (long global : state.globals()) {
                    out.writeLong(global);
                }
                out.writeInt(state.guard().at());
                out.writeInt(state.guard().top());
                write(out, start);
                write(out, tick);
            }
        }

        private static byte[] bytes(DataInputStream in) throws IOException {
            byte[] bytes = new byte[length(in)];
            in.readFully(bytes);
            return bytes;
        }

        private static int length(DataInputStream in) throws IOException {
            int length = in.readInt();
            if (length < 0 || length > MOST_BYTES) {
                throw new IOException(FILE + " is damaged: a length of " + length);
            }
            return length;
        }

        private static void write(DataOutputStream out, byte[] bytes) throws IOException {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    /// Loaded when the first script comes: a project without one does not pay for it.
    static ScriptEngine shared() {
        return SHARED.get();
    }

    static Shipped shipped() {
        try (InputStream in = ScriptEngine.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the sandbox");
            }
            return Shipped.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ScriptEngine load() {
        Shipped shipped = shipped();
        return new ScriptEngine(
                new Image(QuickJs.load(), shipped.state()), ModuleBytecode.parse(shipped.start()), shipped.tick());
    }
}
