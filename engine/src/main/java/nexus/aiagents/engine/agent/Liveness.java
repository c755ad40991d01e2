package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells a run that is stuck from one that is only slow. Two clocks run while it works: one since its
/// last sign of life, a call to the host made or answered; one since its last progress, an answer or an
/// event that it has not had before. Both stand still while it is paused and while it waits for a
/// model, whose own time-out watches that wait. What an agent that it called does counts as done by
/// itself. Thread-safe.
final class Liveness {
    /// Going round in a circle of at most so many different answers is no progress.
    private static final int REMEMBERED = 64;

    private final @Nullable Liveness caller;
    private final Supplier<Duration> working;
    private final @Nullable Duration heartbeat;
    private final @Nullable Duration idleTimeout;
    private final LinkedHashSet<Deed> done = new LinkedHashSet<>();
    private Duration waited = Duration.ZERO;
    private Duration waitingSince = Duration.ZERO;
    private int waits;
    private Duration lastSign = Duration.ZERO;
    private Duration lastProgress = Duration.ZERO;
    private String lastCall = "";

    /// A call and its answer, by their hashes: they may be large.
    private record Deed(int call, int answer) {}

    /// @param setting  `heartbeat` or `idleTimeout`
    /// @param silence  how long it went without a sign of life, or without progress
    /// @param lastCall kind and target of its last call to the host, empty if it made none
    record Stuck(String setting, Duration silence, String lastCall) {
        String words() {
            String missing = setting.equals("heartbeat") ? "no sign of life" : "no progress";
            return missing + " for " + silence.toMillis() + " ms (`" + setting + "`); its last call to the host was "
                    + (lastCall.isEmpty() ? "none" : lastCall);
        }
    }

    /// @param working     how long the run has been at work; waiting for a person or a budget does not
    ///     count
    /// @param heartbeat   the longest time without a sign of life, null: any
    /// @param idleTimeout the longest time without progress, null: any
    Liveness(
            @Nullable Liveness caller,
            Supplier<Duration> working,
            @Nullable Duration heartbeat,
            @Nullable Duration idleTimeout) {
        this.caller = caller;
        this.working = working;
        this.heartbeat = heartbeat;
        this.idleTimeout = idleTimeout;
    }

    /// Its program begins only now: what came before was not its own time.
    synchronized void begins() {
        lastSign = own();
        lastProgress = lastSign;
    }

    /// @param what kind and target
    void asked(String what) {
        synchronized (this) {
            lastCall = what;
        }
        sign();
    }

    /// An answer that was waited for.
    ///
    /// @param call   everything that was asked; null: such an answer is a sign of life and never progress
    /// @param answer what came of it
    void answered(@Nullable Object call, Object answer) {
        sign();
        if (call != null && watchesProgress() && isNew(new Deed(call.hashCode(), answer.hashCode()))) {
            progress();
        }
    }

    private boolean watchesProgress() {
        return idleTimeout != null || caller != null && caller.watchesProgress();
    }

    private synchronized boolean isNew(Deed deed) {
        boolean known = done.remove(deed);
        done.add(deed);
        if (done.size() > REMEMBERED) {
            done.removeFirst();
        }
        return !known;
    }

    private void sign() {
        synchronized (this) {
            lastSign = own();
        }
        if (caller != null) {
            caller.sign();
        }
    }

    private void progress() {
        synchronized (this) {
            lastProgress = own();
        }
        if (caller != null) {
            caller.progress();
        }
    }

    /// From here to {@link #waitEnds} it waits for a model.
    void waitBegins() {
        synchronized (this) {
            if (waits++ == 0) {
                waitingSince = working.get();
            }
        }
        if (caller != null) {
            caller.waitBegins();
        }
    }

    void waitEnds() {
        synchronized (this) {
            if (--waits == 0) {
                waited = waited.plus(working.get()).minus(waitingSince);
            }
        }
        if (caller != null) {
            caller.waitEnds();
        }
    }

    private Duration own() {
        return (waits > 0 ? waitingSince : working.get()).minus(waited);
    }

    synchronized String lastCall() {
        return lastCall;
    }

    /// Since its last call to the host was made or answered; waits do not count.
    synchronized Duration silence() {
        return own().minus(lastSign);
    }

    /// Since it last got on; waits do not count.
    synchronized Duration withoutProgress() {
        return own().minus(lastProgress);
    }

    synchronized boolean isWaiting() {
        return waits > 0;
    }

    /// @return null while it is alive as far as anybody can tell
    synchronized @Nullable Stuck stuck() {
        if (waits > 0) {
            return null;
        }
        if (heartbeat != null && silence().compareTo(heartbeat) >= 0) {
            return new Stuck("heartbeat", silence(), lastCall);
        }
        if (idleTimeout != null && withoutProgress().compareTo(idleTimeout) >= 0) {
            return new Stuck("idleTimeout", withoutProgress(), lastCall);
        }
        return null;
    }

    /// When it is worth looking again if nothing happens meanwhile; null: never.
    synchronized @Nullable Duration patience() {
        Duration sign = heartbeat == null ? null : heartbeat.minus(silence());
        Duration progress = idleTimeout == null ? null : idleTimeout.minus(withoutProgress());
        if (sign == null || progress == null) {
            return sign == null ? progress : sign;
        }
        return sign.compareTo(progress) < 0 ? sign : progress;
    }
}
