package nexus.aiagents.engine.view;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.AgentView.ExitView;
import nexus.aiagents.engine.view.AgentView.LifeSign;
import nexus.aiagents.engine.view.AgentView.LifeView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// What the events say about one agent so far. Confined to {@link ViewFold}.
final class AgentFold {
    private final String name;
    private final Set<String> activeCalls = new HashSet<>();
    private final Set<String> stuckCalls = new HashSet<>();
    private boolean starting;
    private boolean up;
    private boolean failed;
    private boolean completed;
    private @Nullable String pausedBy;
    private String detail = "";
    private Instant since = Instant.EPOCH;
    private int restarts;
    private @Nullable ExitView lastExit;
    private long calls;
    private long failedCalls;
    private long tokens;
    private long microDollars;
    private long fuel;
    private long memoryBytes;
    private long hostCalls;
    private long deniedCalls;
    private @Nullable String lastHostCall;
    private @Nullable Instant backoffUntil;

    AgentFold(String name) {
        this.name = name;
    }

    /// Whatever was alive in an earlier process is not any more.
    void processBegan(Instant at) {
        activeCalls.clear();
        stuckCalls.clear();
        starting = false;
        up = false;
        failed = false;
        completed = false;
        pausedBy = null;
        backoffUntil = null;
        detail = "";
        restarts = 0;
        since = at;
    }

    void starting(Instant at) {
        State before = state(true);
        starting = true;
        failed = false;
        completed = false;
        backoffUntil = null;
        detail = "";
        stamp(before, at);
    }

    void up(Instant at) {
        starting = false;
        up = true;
        since = at;
    }

    void startFailed(Instant at, ExitReason reason) {
        starting = false;
        failed = true;
        detail = reason.message();
        lastExit = exit(at, reason);
        since = at;
    }

    void exited(Instant at, ExitReason reason) {
        starting = false;
        up = false;
        pausedBy = null;
        completed = reason.kind() == ExitReason.Kind.NORMAL;
        failed = !reason.isNormal();
        detail = reason.isNormal() ? "" : reason.message();
        lastExit = exit(at, reason);
        since = at;
        stuckCalls.clear();
    }

    /// Its supervisor gave up because of it, whatever its own last exit was.
    void gaveUp(Instant at, ExitReason reason) {
        failed = true;
        completed = false;
        detail = "Its supervisor gave up after too many restarts. Last: " + reason.message();
        since = at;
    }

    void paused(Instant at, String cause, String why) {
        pausedBy = cause;
        detail = why;
        since = at;
    }

    void resumed(Instant at) {
        pausedBy = null;
        detail = "";
        since = at;
    }

    void callStarted(Instant at, String callId) {
        State before = state(true);
        activeCalls.add(callId);
        calls++;
        stamp(before, at);
    }

    void callEnded(Instant at, EngineEvent.CallEnded e) {
        State before = state(true);
        activeCalls.remove(e.callId());
        if (stuckCalls.remove(e.callId()) && stuckCalls.isEmpty()) {
            detail = "";
        }
        if (!e.reason().isNormal()) {
            failedCalls++;
            lastExit = exit(at, e.reason());
        }
        fuel += e.fuel();
        memoryBytes = e.memoryBytes();
        stamp(before, at);
    }

    /// Since when it has been silent, not since when that was noticed.
    void stuck(Instant at, EngineEvent.AgentStuck e) {
        stuckCalls.add(e.callId());
        detail = inWords(e);
        since = at.minusMillis(e.silentMillis());
    }

    static String inWords(EngineEvent.AgentStuck e) {
        String missing = e.setting().equals("heartbeat") ? "no sign of life" : "no progress";
        return e.agent() + " is stuck: " + missing + " for " + e.silentMillis() + " ms, last call "
                + (e.lastCall().isEmpty() ? "none" : e.lastCall());
    }

    void backingOff(Instant at, Instant until) {
        backoffUntil = until;
        since = at;
    }

    void restarted() {
        restarts++;
    }

    void spent(long moreTokens, long moreMicroDollars) {
        tokens += moreTokens;
        microDollars += moreMicroDollars;
    }

    /// An instance is no more; what it did was done.
    void takeOver(AgentFold gone) {
        calls += gone.calls;
        failedCalls += gone.failedCalls;
        tokens += gone.tokens;
        microDollars += gone.microDollars;
        fuel += gone.fuel;
        hostCalls += gone.hostCalls;
        deniedCalls += gone.deniedCalls;
    }

    void hostCall(String what) {
        hostCalls++;
        lastHostCall = what;
    }

    void denied(String what) {
        deniedCalls++;
        lastHostCall = what + " (denied)";
    }

    AgentView view(
            @Nullable AgentSpec spec,
            Project project,
            @Nullable String supervisor,
            TrustView trust,
            @Nullable LifeSign sign) {
        return new AgentView(
                name,
                spec == null ? "" : spec.runtime().name().toLowerCase(Locale.ROOT),
                spec == null ? null : spec.source(),
                spec == null ? "" : spec.description(),
                supervisor,
                state(supervisor != null),
                pausedBy,
                detail,
                since,
                restarts,
                lastExit,
                activeCalls.size(),
                calls,
                failedCalls,
                tokens,
                microDollars,
                spec != null && scripted(spec, project),
                fuel,
                memoryBytes,
                hostCalls,
                deniedCalls,
                lastHostCall,
                backoffUntil,
                trust,
                life(spec, sign));
    }

    private static LifeView life(@Nullable AgentSpec spec, @Nullable LifeSign sign) {
        return spec == null
                ? LifeView.NONE
                : new LifeView(
                        millis(spec.liveness().heartbeat()),
                        millis(spec.liveness().idleTimeout()),
                        spec.runaway().repeats(),
                        spec.runaway().microDollarsPerMinute(),
                        sign);
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private State state(boolean supervised) {
        if (!stuckCalls.isEmpty()) {
            return State.STUCK;
        }
        if (pausedBy != null) {
            return State.PAUSED;
        }
        if (!up && backoffUntil != null) {
            return State.BACKING_OFF;
        }
        if (!activeCalls.isEmpty()) {
            return State.RUNNING;
        }
        if (starting) {
            return State.STARTING;
        }
        if (up) {
            return State.IDLE;
        }
        if (failed) {
            return State.FAILED;
        }
        return supervised && completed ? State.COMPLETED : State.STOPPED;
    }

    private void stamp(State before, Instant at) {
        if (state(true) != before) {
            since = at;
        }
    }

    private static boolean scripted(AgentSpec spec, Project project) {
        if (spec.runtime() != AgentSpec.Runtime.MODEL && spec.grants().models().isEmpty()) {
            return false;
        }
        String model = spec.model();
        ModelSpec used = model != null
                ? project.models().get(model)
                : project.models().size() == 1
                        ? project.models().values().iterator().next()
                        : null;
        return used != null && used.provider() == ModelSpec.Provider.SCRIPTED;
    }

    private static ExitView exit(Instant at, ExitReason reason) {
        return new ExitView(
                at, reason.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), reason.code(), reason.message());
    }
}
