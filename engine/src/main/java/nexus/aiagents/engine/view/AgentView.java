package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One agent as it is now.
///
/// @param isolation   where its program runs: `thread` of the app, `process` of its own; empty for a
///     model agent, which has none
/// @param supervisor  the supervisor it is a child of, null: it runs only when called
/// @param pausedBy    `budget`, `operator`, `runaway`, `approval`, `trust`; null unless paused
/// @param detail      one sentence for a person: what it does, why it is paused, why it failed
/// @param since       when it got into this state
/// @param restarts    since the project was opened
/// @param activeCalls calls and loop ticks under way
/// @param scripted    its model is the built-in scripted one
/// @param inputSchema JSON Schema of its input as JSON text, null: it takes any
/// @param life        how it is told from one that is stuck, and what its runs look like just now
/// @param backoffUntil when the next start is tried, null unless backing off
public record AgentView(
        String name,
        String runtime,
        @Nullable String source,
        String isolation,
        String description,
        @Nullable String supervisor,
        State state,
        @Nullable String pausedBy,
        String detail,
        Instant since,
        int restarts,
        @Nullable ExitView lastExit,
        int activeCalls,
        long calls,
        long failedCalls,
        long tokens,
        long microDollars,
        boolean scripted,
        long fuel,
        long memoryBytes,
        long hostCalls,
        long deniedCalls,
        @Nullable String lastHostCall,
        @Nullable Instant backoffUntil,
        TrustView trust,
        LifeView life,
        GrantsView grants,
        @Nullable String inputSchema) {

    /// One without grants and for any input, on a thread of the app.
    public AgentView(
            String name,
            String runtime,
            @Nullable String source,
            String description,
            @Nullable String supervisor,
            State state,
            @Nullable String pausedBy,
            String detail,
            Instant since,
            int restarts,
            @Nullable ExitView lastExit,
            int activeCalls,
            long calls,
            long failedCalls,
            long tokens,
            long microDollars,
            boolean scripted,
            long fuel,
            long memoryBytes,
            long hostCalls,
            long deniedCalls,
            @Nullable String lastHostCall,
            @Nullable Instant backoffUntil,
            TrustView trust,
            LifeView life) {
        this(
                name,
                runtime,
                source,
                "thread",
                description,
                supervisor,
                state,
                pausedBy,
                detail,
                since,
                restarts,
                lastExit,
                activeCalls,
                calls,
                failedCalls,
                tokens,
                microDollars,
                scripted,
                fuel,
                memoryBytes,
                hostCalls,
                deniedCalls,
                lastHostCall,
                backoffUntil,
                trust,
                life,
                GrantsView.NONE,
                null);
    }

    public enum State {
        STOPPED,
        STARTING,
        RUNNING,
        IDLE,
        BACKING_OFF,
        PAUSED,
        STUCK,
        FAILED,
        COMPLETED
    }

    /// Whether it is up, or on its way.
    public boolean isAlive() {
        return switch (state) {
            case STARTING, RUNNING, IDLE, PAUSED, STUCK -> true;
            case STOPPED, BACKING_OFF, FAILED, COMPLETED -> false;
        };
    }

    /// @param kind as {@link nexus.aiagents.engine.journal.ExitReason.Kind}, lower case with dashes
    public record ExitView(Instant at, String kind, String code, String message) {}

    /// @param heartbeatMillis       the longest a run may be silent, null: any time
    /// @param idleTimeoutMillis     the longest a run may go without progress, null: any time
    /// @param repeats               the same call so many times in a row pauses it, 0: never
    /// @param microDollarsPerMinute spending more pauses it, 0: never
    /// @param sign                  of the run that has been silent longest, null: none is under way
    public record LifeView(
            @Nullable Long heartbeatMillis,
            @Nullable Long idleTimeoutMillis,
            int repeats,
            long microDollarsPerMinute,
            @Nullable LifeSign sign) {
        public static final LifeView NONE = new LifeView(null, null, 0, 0, null);
    }

    /// @param lastCall              kind and target of its last call to the host, empty if it made none yet
    /// @param silentMillis          since then, while it worked
    /// @param withoutProgressMillis since it last got on, while it worked
    /// @param waitsForModel         it waits for an answer of a model: slow, not stuck
    /// @param workers               process ids of the workers that its runs are in
    public record LifeSign(
            String lastCall,
            long silentMillis,
            long withoutProgressMillis,
            boolean waitsForModel,
            List<Long> workers) {}

    /// What it may do to the world, and what it made of that.
    ///
    /// @param asks     a call that is not granted waits for a person, instead of being refused
    /// @param declared in the order of the YAML, by kind
    /// @param denied   what was refused, latest first, at most 50
    public record GrantsView(boolean asks, List<GrantView> declared, List<DenialView> denied) {
        public static final GrantsView NONE = new GrantsView(false, List.of(), List.of());

        public GrantsView {
            declared = List.copyOf(declared);
            denied = List.copyOf(denied);
        }
    }

    /// @param kind     a key of `grants`: `models`, `http`, `files`, `agents`, `kv`, `env`, `secrets`
    /// @param name     the model, host, path, agent or variable; empty for `kv`
    /// @param detail   what else it says: methods, mode, size, header
    /// @param itemJson as it stands in the YAML, as JSON
    /// @param used     how often it covered a call; of `env`, which is read unseen, 0
    /// @param lastUsed null: never
    public record GrantView(
            String kind,
            String name,
            String detail,
            String itemJson,
            long used,
            @Nullable Instant lastUsed) {}

    /// @param kind   of the call: `model`, `http`, `kv`, `file`, `agent`
    /// @param what   what was wanted, in words
    /// @param remedy the line of YAML that would grant it; empty: none would
    public record DenialView(String kind, String what, String remedy, long count, Instant last) {}

    /// @param allowed   whether it may run
    /// @param score     0-100
    /// @param tier      1-5
    /// @param why       what is against it, or what lets it run in spite of that; empty: nothing
    /// @param asks      it may not, and a person is asked
    /// @param signature `verified`, `unsigned`, `changed`, `foreign` or `broken`
    /// @param decision  what a person said, null: nothing, or not any more
    public record TrustView(
            boolean allowed,
            int score,
            int tier,
            String rating,
            String why,
            boolean asks,
            String signature,
            @Nullable DecisionView decision) {
        public TrustView(boolean allowed, int score, int tier, String rating, String why) {
            this(allowed, score, tier, rating, why, false, "unsigned", null);
        }
    }

    /// A person's word on whether an agent may run, whatever its score.
    ///
    /// @param until null: until another is said
    public record DecisionView(
            boolean allow, String reason, @Nullable Instant until) {}
}
