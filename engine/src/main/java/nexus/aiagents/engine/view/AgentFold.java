package nexus.aiagents.engine.view;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.AgentView.ExitView;
import nexus.aiagents.engine.view.AgentView.GrantsView;
import nexus.aiagents.engine.view.AgentView.LifeSign;
import nexus.aiagents.engine.view.AgentView.LifeView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// What the events say about one agent so far. Confined to {@link ViewFold}.
final class AgentFold {
    private String name;
    /// Made when there is one: most agents of a large team are idle.
    private Set<String> activeCalls = Set.of();
    private Set<String> stuckCalls = Set.of();
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
    /// Made with the first call: most agents of a large team make none.
    private @Nullable GrantsFold grants;

    private transient @Nullable Shown shown;

    AgentFold(String name) {
        this.name = name;
    }

    /// To be filled from a snapshot.
    private AgentFold() {
        this("");
    }

    boolean isBusy() {
        return !activeCalls.isEmpty();
    }

    /// Something is about to change.
    AgentFold touched() {
        shown = null;
        return this;
    }

    private static Set<String> with(Set<String> calls, String call) {
        Set<String> more = calls.isEmpty() ? new HashSet<>() : calls;
        more.add(call);
        return more;
    }

    private static Set<String> without(Set<String> calls, String call) {
        if (!calls.isEmpty()) {
            calls.remove(call);
        }
        return calls.isEmpty() ? Set.of() : calls;
    }

    /// Whatever was alive in an earlier process is not any more.
    void processBegan(Instant at) {
        touched();
        activeCalls = Set.of();
        stuckCalls = Set.of();
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
        stuckCalls = Set.of();
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
        activeCalls = with(activeCalls, callId);
        calls++;
        stamp(before, at);
    }

    void callEnded(Instant at, EngineEvent.CallEnded e) {
        State before = state(true);
        activeCalls = without(activeCalls, e.callId());
        if (stuckCalls.contains(e.callId())) {
            stuckCalls = without(stuckCalls, e.callId());
            detail = stuckCalls.isEmpty() ? "" : detail;
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
        stuckCalls = with(stuckCalls, e.callId());
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
        if (gone.grants != null) {
            grants().takeOver(gone.grants);
        }
    }

    void hostCall(Instant at, EngineEvent.HostCallMade e) {
        hostCalls++;
        lastHostCall = e.kind() + " " + e.target();
        if (!e.grants().isEmpty()) {
            grants().used(at, e.grants());
        }
    }

    void denied(Instant at, EngineEvent.HostCallDenied e) {
        deniedCalls++;
        lastHostCall = e.kind() + " (denied)";
        grants().denied(at, e);
    }

    private GrantsFold grants() {
        GrantsFold known = grants;
        if (known == null) {
            known = new GrantsFold();
            grants = known;
        }
        return known;
    }

    /// The same as before as long as nothing was heard of it: a large team is mostly as it was.
    AgentView view(
            AgentSpec spec, Project project, @Nullable String supervisor, TrustView trust, @Nullable LifeSign sign) {
        Shown last = shown;
        if (last != null && sign == null && last.fits(spec, project, supervisor, trust)) {
            return last.view();
        }
        AgentView made = made(spec, project, supervisor, trust, sign);
        shown = sign == null ? new Shown(spec, project, made) : null;
        return made;
    }

    private record Shown(AgentSpec spec, Project project, AgentView view) {
        boolean fits(AgentSpec now, Project in, @Nullable String supervisor, TrustView trust) {
            return now == spec
                    && in == project
                    && Objects.equals(supervisor, view.supervisor())
                    && trust.equals(view.trust());
        }
    }

    private AgentView made(
            @Nullable AgentSpec spec,
            Project project,
            @Nullable String supervisor,
            TrustView trust,
            @Nullable LifeSign sign) {
        return new AgentView(
                name,
                spec == null ? "" : spec.runtime().name().toLowerCase(Locale.ROOT),
                spec == null ? null : spec.source(),
                isolation(spec, project, trust),
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
                life(spec, sign),
                grantsView(spec),
                spec == null ? null : spec.inputSchema());
    }

    private GrantsView grantsView(@Nullable AgentSpec spec) {
        if (spec == null) {
            return GrantsView.NONE;
        }
        return grants == null ? GrantsFold.unused(spec) : grants.view(spec);
    }

    private static String isolation(@Nullable AgentSpec spec, Project project, TrustView trust) {
        return spec == null || spec.runtime() == AgentSpec.Runtime.MODEL
                ? ""
                : project.isolationOf(spec, trust.tier()).name().toLowerCase(Locale.ROOT);
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
