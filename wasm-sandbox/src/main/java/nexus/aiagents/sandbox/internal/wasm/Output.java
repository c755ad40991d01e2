package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import nexus.aiagents.sandbox.Direct;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.internal.metering.Execution;
import org.jspecify.annotations.Nullable;

/// Where the streams of a module go, and what becomes of them at its end. For the thread of the run only.
sealed interface Output {

    static Output of(Execution execution, @Nullable Direct direct) {
        return direct == null ? new OfAgent(execution) : new OfPerson(execution, direct.console());
    }

    void stdout(byte[] bytes);

    void stderr(byte[] bytes);

    Outcome endOfCommand(int status);

    Outcome endOfPlugin(byte[] output);

    private static Outcome failed(int status, String words) {
        return new Outcome.Failed("exit", "exit status " + status + words, "", Usage.NONE);
    }

    /// One JSON value on stdout, the log on stderr.
    final class OfAgent implements Output {
        private static final int MAX_LINE = 8_000;

        private final Execution execution;
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private String lastLine = "";

        private OfAgent(Execution execution) {
            this.execution = execution;
        }

        @Override
        public void stdout(byte[] bytes) {
            requireRoom(execution, (long) stdout.size() + bytes.length);
            stdout.writeBytes(bytes);
        }

        @Override
        public void stderr(byte[] bytes) {
            for (byte next : bytes) {
                if (next == '\n' || line.size() >= MAX_LINE) {
                    endLine();
                }
                if (next != '\n') {
                    line.write(next);
                }
            }
        }

        private void endLine() {
            if (line.size() > 0) {
                lastLine = line.toString(StandardCharsets.UTF_8);
                line.reset();
                execution.call(new HostCall.Log(HostCall.Level.INFO, lastLine));
            }
        }

        @Override
        public Outcome endOfCommand(int status) {
            endLine();
            return status == 0
                    ? execution.returned(stdout.toString(StandardCharsets.UTF_8))
                    : failed(status, lastLine.isEmpty() ? "" : ": " + lastLine);
        }

        @Override
        public Outcome endOfPlugin(byte[] output) {
            return execution.returned(new String(output, StandardCharsets.UTF_8));
        }
    }

    /// Bytes, as they come.
    final class OfPerson implements Output {
        private final Execution execution;
        private final Direct.Console console;
        private long written;
        private long logLeft;

        private OfPerson(Execution execution, Direct.Console console) {
            this.execution = execution;
            this.console = console;
            this.logLeft = execution.limits().logBytes();
        }

        @Override
        public void stdout(byte[] bytes) {
            written += bytes.length;
            requireRoom(execution, written);
            console.stdout(bytes);
        }

        /// What is beyond the limit is dropped.
        @Override
        public void stderr(byte[] bytes) {
            int length = (int) Math.min(bytes.length, logLeft);
            if (length > 0) {
                logLeft -= length;
                console.stderr(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
            }
        }

        @Override
        public Outcome endOfCommand(int status) {
            console.exited(status);
            return status == 0 ? new Outcome.Returned("null", Usage.NONE) : failed(status, "");
        }

        @Override
        public Outcome endOfPlugin(byte[] output) {
            stdout(output);
            return new Outcome.Returned("null", Usage.NONE);
        }
    }

    private static void requireRoom(Execution execution, long bytes) {
        if (bytes > execution.limits().outputBytes()) {
            throw execution.fail(
                    "output-too-large",
                    "the program wrote more to stdout than the limit of "
                            + execution.limits().outputBytes() + " bytes");
        }
    }
}
