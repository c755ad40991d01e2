package nexus.aiagents.sandbox.internal.metering;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCall.Level;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one run to its host: bounds how often and how much, and carries each call out on a helper
/// thread. Used by the thread of the run only.
public final class HostGateway {
    private static final Logger LOG = LoggerFactory.getLogger(HostGateway.class);

    private final String name;
    private final HostCalls hostCalls;
    private final Limits limits;
    private volatile long calls;
    private final Supplier<Outcome.Usage> usage;
    private double tokens;
    private long refilledAt = System.nanoTime();
    private long logBytesLeft;
    private long droppedLines;

    HostGateway(String name, HostCalls hostCalls, Limits limits, Supplier<Outcome.Usage> usage) {
        this.name = name;
        this.hostCalls = hostCalls;
        this.limits = limits;
        this.usage = usage;
        this.tokens = limits.hostCallsPerSecond();
        this.logBytesLeft = limits.logBytes();
    }

    long calls() {
        return calls;
    }

    /// @return a fatal error also where the host itself fails
    @SuppressWarnings("NonAtomicVolatileUpdate")
    HostAnswer call(HostCall call) throws InterruptedException {
        calls++;
        refill();
        while (tokens < 1 && call instanceof HostCall.Disk && limits.hostCallsPerSecond() > 0) {
            // A program knows nothing of calls where it reads and writes files: it is slowed down, not
            // ended.
            TimeUnit.MILLISECONDS.sleep(1);
            refill();
        }
        if (tokens < 1) {
            return new HostAnswer.Error(
                    "host-call-flood",
                    "more than " + limits.hostCallsPerSecond() + " host calls a second, the last one '" + call.kind()
                            + "'",
                    true);
        }
        tokens--;
        return handOver(call);
    }

    private void refill() {
        long now = System.nanoTime();
        tokens = Math.min(limits.hostCallsPerSecond(), tokens + (now - refilledAt) / 1e9 * limits.hostCallsPerSecond());
        refilledAt = now;
    }

    private HostAnswer handOver(HostCall call) throws InterruptedException {
        Outcome.Usage now = usage.get();
        if (hostCalls instanceof PassedOn direct) {
            return direct.call(call, now);
        }
        FutureTask<HostAnswer> task = new FutureTask<>(() -> hostCalls.call(call, now));
        Thread helper = Thread.ofVirtual().name(name + " host call").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            helper.interrupt();
            throw e;
        } catch (ExecutionException e) {
            return failed(name, call, e.getCause());
        }
    }

    /// What a program hears where the host itself failed.
    public static HostAnswer failed(String program, HostCall call, @Nullable Throwable why) {
        LOG.warn("host call '{}' of {} failed", call.kind(), program, why);
        return new HostAnswer.Error(
                "host-error", "the host could not carry out a call of kind '" + call.kind() + "'", true);
    }

    /// Drops what is beyond the limit.
    HostAnswer log(Level level, String message) throws InterruptedException {
        if (logBytesLeft <= 0) {
            droppedLines++;
            return HostAnswer.NOTHING;
        }
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        String kept = message;
        if (bytes.length > logBytesLeft) {
            kept = new String(bytes, 0, (int) logBytesLeft, StandardCharsets.UTF_8);
        }
        logBytesLeft -= Math.max(1, bytes.length);
        HostAnswer answer = call(new HostCall.Log(level, kept));
        if (logBytesLeft <= 0 && !(answer instanceof HostAnswer.Error error && error.fatal())) {
            return call(new HostCall.Log(
                    Level.WARN,
                    "the log limit of " + limits.logBytes() + " bytes is reached: what follows is dropped"));
        }
        return answer;
    }

    /// Says how much was dropped, if anything was.
    void reportDropped() throws InterruptedException {
        if (droppedLines > 0) {
            handOver(new HostCall.Log(Level.WARN, droppedLines + " log lines were dropped"));
        }
    }
}
