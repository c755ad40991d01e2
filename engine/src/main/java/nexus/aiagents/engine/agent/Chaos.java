package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What a person does to an agent on purpose, to see how the rest takes it. It strikes at calls to the
/// host, where the agent can not tell it from a host that is slow or gone. Nothing of it is kept when the
/// project is closed. Thread-safe.
final class Chaos {
    private boolean hangs;
    private Duration slower = Duration.ZERO;
    private Instant slowUntil = Instant.MIN;

    /// The next call is never answered.
    synchronized void hang() {
        hangs = true;
    }

    /// Every call takes so much longer, until then.
    synchronized void slow(Duration by, Instant until) {
        slower = by;
        slowUntil = until;
    }

    /// Before each call.
    void strike(InstantSource clock) throws InterruptedException {
        boolean forEver;
        Duration wait;
        synchronized (this) {
            forEver = hangs;
            hangs = false;
            wait = clock.instant().isBefore(slowUntil) ? slower : Duration.ZERO;
        }
        if (forEver) {
            new CountDownLatch(1).await(); // until the run is ended
        }
        if (wait.isPositive()) {
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        }
    }
}
