package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// What a call waits for before it begins: a place, the end of a pause, leave to run. For the thread of the
/// call, which its cancellation reaches in every wait.
final class CallAdmission {
    private final AgentSpec spec;
    private final AgentState agent;
    private final Errand errand;
    private final Cancellation cancellation;
    private final @Nullable Duration timeout;
    private final boolean needsPlace;

    /// @param timeout for the wait for a place, null: none
    CallAdmission(
            AgentSpec spec, AgentState agent, Errand errand, Cancellation cancellation, @Nullable Duration timeout) {
        this.spec = spec;
        this.agent = agent;
        this.errand = errand;
        this.cancellation = cancellation;
        this.timeout = timeout;
        this.needsPlace = errand.depth() == 0 && !errand.loop() && !errand.placed();
    }

    /// @return false if none became free in time
    boolean takePlace() throws InterruptedException {
        if (!needsPlace) {
            return true;
        }
        Slots slots = agent.work().slots;
        slots.resize(spec.limits().instances());
        return cancellation.during(() -> {
            if (timeout == null) {
                slots.acquire();
                return true;
            }
            return slots.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    void leavePlace() {
        if (needsPlace) {
            agent.work().slots.release();
        }
    }

    void awaitPause() throws InterruptedException {
        if (agent.gate.isPaused()) {
            errand.stopwatch().suspend();
            try {
                cancellation.during(() -> {
                    agent.gate.await();
                    return true;
                });
            } finally {
                errand.stopwatch().resume();
            }
        }
    }

    /// @return what the gate says once nobody has to be asked
    TrustView awaitVerdict(TrustGate gate) throws InterruptedException {
        TrustView trust = agent.admission(gate);
        while (trust.asks()) {
            awaitPause();
            trust = agent.admission(gate);
        }
        return trust;
    }
}
