package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An agent: a named program with one entry point, JSON in and JSON out.
///
/// @param source      for `javascript` and `wasm`: the file, relative to the project folder
/// @param model       the model its calls use when they name none, and the one of a `model` agent; null
///     where the project has exactly one or none
/// @param prompt      for `model`: the system prompt
/// @param maxTokens   for `model`: the most tokens of an answer
/// @param loop        when set, a supervised agent runs again and again while it is up; else it waits
///     for calls
/// @param inputSchema JSON Schema of its input as JSON text, null if none
/// @param outputSchema JSON Schema of its output as JSON text, null if none
/// @param record      which of its runs are recorded, null: as the project says
/// @param isolation   where its program runs, null: as the project says
/// @param hash        SHA-256 of the definition, hex
public record AgentSpec(
        String name,
        Runtime runtime,
        @Nullable String source,
        @Nullable String model,
        @Nullable String prompt,
        int maxTokens,
        String description,
        GrantSpec grants,
        LimitSpec limits,
        LivenessSpec liveness,
        RunawaySpec runaway,
        @Nullable LoopSpec loop,
        @Nullable String inputSchema,
        @Nullable String outputSchema,
        RecordingSpec.@Nullable Policy record,
        SandboxSpec.@Nullable Isolation isolation,
        String hash,
        Position at) {

    /// Recorded and isolated as the project says, and for any input.
    public AgentSpec(
            String name,
            Runtime runtime,
            @Nullable String source,
            @Nullable String model,
            @Nullable String prompt,
            int maxTokens,
            String description,
            GrantSpec grants,
            LimitSpec limits,
            LivenessSpec liveness,
            RunawaySpec runaway,
            @Nullable LoopSpec loop,
            @Nullable String outputSchema,
            String hash,
            Position at) {
        this(
                name,
                runtime,
                source,
                model,
                prompt,
                maxTokens,
                description,
                grants,
                limits,
                liveness,
                runaway,
                loop,
                null,
                outputSchema,
                null,
                null,
                hash,
                at);
    }

    /// The same under the name of an instance.
    public AgentSpec named(String instance) {
        return new AgentSpec(
                instance,
                runtime,
                source,
                model,
                prompt,
                maxTokens,
                description,
                grants,
                limits,
                liveness,
                runaway,
                loop,
                inputSchema,
                outputSchema,
                record,
                isolation,
                hash,
                at);
    }

    public enum Runtime {
        JAVASCRIPT,
        WASM,
        MODEL
    }

    /// How long a run may be silent before it counts as stuck; pauses and waits for a model do not count.
    ///
    /// @param heartbeat   the longest time without a call to the host, null: any
    /// @param idleTimeout the longest time without a new event or a new answer, null: any
    public record LivenessSpec(
            @Nullable Duration heartbeat, @Nullable Duration idleTimeout) {
        public static final LivenessSpec NONE = new LivenessSpec(null, null);
    }

    /// When an agent is paused because it runs in circles.
    ///
    /// @param repeats               the same call so many times in a row, within one run; 0: never
    /// @param microDollarsPerMinute spent by all its runs within a minute; 0: never
    public record RunawaySpec(int repeats, long microDollarsPerMinute) {
        public static final RunawaySpec DEFAULT = new RunawaySpec(50, 10_000_000);
    }

    /// Runs with `inputJson`, and again `every` after it returned.
    ///
    /// @param times after so many rounds that returned it has ended normally; 0: never
    public record LoopSpec(Duration every, int times, String inputJson) {}

    /// @param kvBytes what its durable keys may hold together, where it has them
    /// @param env     names of variables of the host that the agent may read
    /// @param secrets  what the host puts into its requests
    /// @param onDenied what becomes of a call that is not granted
    public record GrantSpec(
            Set<String> models,
            List<HttpGrant> http,
            List<FileGrant> files,
            Set<String> agents,
            boolean kv,
            Set<String> env,
            long kvBytes,
            List<SecretGrant> secrets,
            OnDenied onDenied) {
        public static final long KV_BYTES = 1 << 20;
        public static final GrantSpec NONE = new GrantSpec(Set.of(), List.of(), List.of(), Set.of(), false, Set.of());

        public GrantSpec(
                Set<String> models,
                List<HttpGrant> http,
                List<FileGrant> files,
                Set<String> agents,
                boolean kv,
                Set<String> env) {
            this(models, http, files, agents, kv, env, KV_BYTES, List.of(), OnDenied.DENY);
        }
    }

    public enum OnDenied {
        /// An error for the program.
        DENY,
        /// A person is asked, and the call waits.
        ASK
    }

    /// @param privateToo also where the host has an address of this machine or of a private network
    public record HttpGrant(String host, Set<String> methods, boolean privateToo) {
        public HttpGrant(String host, Set<String> methods) {
            this(host, methods, false);
        }
    }

    /// A key that goes with every request to a host, and that the program never sees.
    ///
    /// @param name   of the variable of the host that holds it
    /// @param host   exactly this one, with `:port` if that is not 80 or 443
    /// @param header that carries it
    /// @param query  the parameter of the URL that carries it instead, null: the header does
    /// @param format the text that is sent, `{}` stands for the value
    public record SecretGrant(
            String name,
            String host,
            String header,
            @Nullable String query,
            String format) {}

    /// @param path relative to the project folder; the agent sees the same path
    public record FileGrant(String path, boolean writable) {}

    /// @param timeout per run, host calls included; a budget pause does not count
    /// @param cpuTime per run, waits not included
    /// @param tableElements of all tables of a WebAssembly module
    /// @param stackBytes of WebAssembly functions under way
    /// @param outputBytes of the answer
    /// @param logBytes of a run; what is beyond is dropped
    /// @param instances runs at a time that begin from outside; one more waits
    public record LimitSpec(
            long fuel,
            long memoryBytes,
            Duration timeout,
            Duration cpuTime,
            int tableElements,
            int stackBytes,
            int outputBytes,
            int logBytes,
            int hostCallsPerSecond,
            int instances) {
        public static final LimitSpec DEFAULT = new LimitSpec(
                10_000_000_000L,
                64L << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                100_000,
                8 << 20,
                1 << 20,
                1 << 20,
                10_000,
                8);

        /// Standard in everything else.
        public LimitSpec(long fuel, long memoryBytes, Duration timeout) {
            this(
                    fuel,
                    memoryBytes,
                    timeout,
                    DEFAULT.cpuTime,
                    DEFAULT.tableElements,
                    DEFAULT.stackBytes,
                    DEFAULT.outputBytes,
                    DEFAULT.logBytes,
                    DEFAULT.hostCallsPerSecond,
                    DEFAULT.instances);
        }
    }
}
