package nexus.aiagents.engine.secret;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nexus.aiagents.engine.secret.SystemKeychain.Done;
import nexus.aiagents.engine.secret.SystemKeychain.ToolFailed;

/// A command as a process that ends in time, or is ended.
final class ToolProcess implements SystemKeychain.Tool {
    private static final int MOST_BYTES = 64 << 10;

    @Override
    public Done run(List<String> command, String stdin, Duration within) throws ToolFailed {
        String tool = command.getFirst();
        Process process;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException _) {
            throw new ToolFailed(
                    tool.equals("secret-tool")
                            ? "secret-tool is not installed (libsecret-tools in Debian and Ubuntu, libsecret in others)"
                            : tool + " can not be run");
        }
        try {
            CompletableFuture<String> out = reading(process.getInputStream());
            CompletableFuture<String> err = reading(process.getErrorStream());
            Thread.ofVirtual().start(() -> write(process, stdin));
            long end = System.nanoTime() + within.toNanos();
            if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw late(within);
            }
            return new Done(process.exitValue(), before(end, out, within), before(end, err, within));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ToolFailed("it was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static ToolFailed late(Duration within) {
        return new ToolFailed("it did not answer within " + within.toSeconds() + " seconds; is it locked?");
    }

    private static String before(long end, CompletableFuture<String> text, Duration within)
            throws ToolFailed, InterruptedException {
        try {
            return text.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw late(within);
        } catch (ExecutionException _) {
            throw new ToolFailed("its answer could not be read");
        }
    }

    private static CompletableFuture<String> reading(InputStream in) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (in) {
                text.complete(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    private static void write(Process process, String stdin) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) { // it ended before it read: its exit code tells
        }
    }
}
