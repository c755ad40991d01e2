package nexus.aiagents.engine.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that can happen, as it is written to the journal and told to front ends. Serialised with the
/// record's simple name in `type`. Times are in {@link JournalEntry#at()} unless named.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface EngineEvent {

    /// The agent that this is about, null if about none.
    default @Nullable String agent() {
        return null;
    }

    /// The run that this is about, null if about none.
    default @Nullable String runId() {
        return null;
    }

    // ---- project

    /// @param recoveredRuns runs that were under way when the process ended
    record ProjectOpened(String project, String hash, int recoveredRuns) implements EngineEvent {}

    record ProjectClosed() implements EngineEvent {}

    /// The YAML changed and was applied.
    record ProjectReloaded(String hash, List<String> changed) implements EngineEvent {}

    record TeamStarted() implements EngineEvent {}

    record TeamStopped() implements EngineEvent {}

    /// Something a person should know. `level` is `info`, `warning` or `error`.
    record Notice(String level, String code, String message) implements EngineEvent {}

    /// A person or a tool did something. `command` is the command's JSON, `by` is `desktop`, `naos` or
    /// `engine`.
    record OperatorActed(String command, String by) implements EngineEvent {}

    /// Entries `firstSeq` to `lastSeq` are in the archive from now on and leave the store. `lastHash`
    /// is the hash of the last of them, where the chain goes on. `archive` is a file name or a path.
    record JournalCompacted(long firstSeq, long lastSeq, String lastHash, String archive) implements EngineEvent {}

    // ---- workers: processes that run programs, or compile WebAssembly

    /// @param compiles it compiles modules and runs nothing
    record WorkerStarted(long pid, boolean compiles) implements EngineEvent {}

    /// @param wanted it was told to end
    /// @param why    one clause about `it`
    /// @param runs   that ended with it
    record WorkerEnded(long pid, boolean compiles, boolean wanted, String why, int runs) implements EngineEvent {}

    // ---- agents

    record AgentStarting(String agent, long incarnation) implements EngineEvent {}

    record AgentUp(String agent, long incarnation) implements EngineEvent {}

    /// It could not be started; it never was up.
    record AgentStartFailed(String agent, ExitReason reason) implements EngineEvent {}

    /// @param microDollars what this incarnation had spent
    record AgentExited(String agent, long incarnation, ExitReason reason, long microDollars) implements EngineEvent {}

    /// `cause` is `budget`, `operator`, `trust`, `approval` or `runaway`.
    record AgentPaused(String agent, String cause, String detail) implements EngineEvent {}

    record AgentResumed(String agent) implements EngineEvent {}

    /// A run of it shows no sign of life, or no progress, for as long as its settings allow, and is
    /// ended as `stuck`.
    ///
    /// @param setting  `heartbeat` or `idleTimeout`
    /// @param lastCall kind and target of its last call to the host, empty if it made none
    record AgentStuck(
            String agent,
            String callId,
            @Nullable String runId,
            @Nullable String step,
            String setting,
            long silentMillis,
            String lastCall)
            implements EngineEvent {}

    /// One run of the program began: a tick of its loop or a call. `callId` is unique.
    record CallStarted(
            String callId,
            String agent,
            @Nullable String runId,
            @Nullable String step,
            String inputJson,
            boolean loop) implements EngineEvent {}

    /// @param outputJson set when it returned
    /// @param reason     `NORMAL` when it returned
    /// @param hostCalls  how often it asked its host for something; 0 in entries of old
    /// @param recordHash SHA-256 of its record, from which it can be replayed; null: it has none
    record CallEnded(
            String callId,
            String agent,
            ExitReason reason,
            @Nullable String outputJson,
            long fuel,
            long memoryBytes,
            long millis,
            long hostCalls,
            @Nullable String recordHash)
            implements EngineEvent {
        public CallEnded(
                String callId,
                String agent,
                ExitReason reason,
                @Nullable String outputJson,
                long fuel,
                long memoryBytes,
                long millis) {
            this(callId, agent, reason, outputJson, fuel, memoryBytes, millis, 0, null);
        }
    }

    record AgentLogged(String agent, @Nullable String runId, String level, String message) implements EngineEvent {}

    record AgentEmitted(String agent, @Nullable String runId, String event, String dataJson) implements EngineEvent {}

    /// A call to the world that was granted. `target` is the model, host, key, path or agent.
    ///
    /// @param grants what covered it: `http *.example.org`, `files notes`, `kv`, `secrets GITHUB_TOKEN`
    record HostCallMade(
            String agent,
            @Nullable String runId,
            String kind,
            String target,
            boolean ok,
            long millis,
            List<String> grants)
            implements EngineEvent {
        public HostCallMade {
            grants = grants == null ? List.of() : List.copyOf(grants); // was not written at first
        }

        public HostCallMade(String agent, @Nullable String runId, String kind, String target, boolean ok, long millis) {
            this(agent, runId, kind, target, ok, millis, List.of());
        }
    }

    record HostCallDenied(String agent, @Nullable String runId, String kind, String reason, String remedy)
            implements EngineEvent {}

    /// A call that is not granted waits for a person.
    ///
    /// @param kind   a key of `grants`
    /// @param grant  what would be granted: a model, an agent, a host with its port, a path; empty for `kv`
    /// @param mode   the method, or `ro` or `rw`; else empty
    /// @param what   the call, in words
    record GrantAsked(
            String askId, String agent, @Nullable String runId, String kind, String grant, String mode, String what)
            implements EngineEvent {}

    /// `decision` is `once`, `run`, `project` (until it is closed), `always` (it is in the YAML),
    /// `deny`, or `withdrawn`: what asked is over.
    record GrantDecided(
            String askId, String agent, @Nullable String runId, String kind, String grant, String mode, String decision)
            implements EngineEvent {}

    /// The YAML was changed: `change` is `added` or `removed`.
    record GrantChanged(String agent, String kind, String grant, String change) implements EngineEvent {}

    // ---- supervisors

    record SupervisorStarted(String supervisor) implements EngineEvent {}

    /// One incident was handled: `affected` children are restarted because `child` ended.
    ///
    /// @param microDollars what counts for `maxRestartDollars` from now on: spent by the incarnation
    ///     that ended and by those that were stopped along with one before it
    record SupervisorRestarted(
            String supervisor,
            String child,
            ExitReason reason,
            List<String> affected,
            int inWindow,
            int maxRestarts,
            long microDollars)
            implements EngineEvent {
        @Override
        public String agent() {
            return child;
        }
    }

    record ChildBackingOff(String supervisor, String child, long untilEpochMillis) implements EngineEvent {
        @Override
        public String agent() {
            return child;
        }
    }

    /// It stays down until a person starts it. `why` is `operator`, `budget`, `untrusted`,
    /// `start-failed` or `temporary`.
    record ChildHeld(String supervisor, String child, String why) implements EngineEvent {
        @Override
        public String agent() {
            return child;
        }
    }

    /// It was added while the supervisor runs: `kind` is `agent` or `supervisor`, `restart` its restart
    /// type.
    ///
    /// @param instance it was made from the supervisor's template
    record ChildAdded(String supervisor, String child, String kind, String restart, boolean instance)
            implements EngineEvent {
        @Override
        public String agent() {
            return child;
        }
    }

    /// It is no child any more: a person deleted it, or it was an instance that ended for good.
    record ChildDeleted(String supervisor, String child) implements EngineEvent {
        @Override
        public String agent() {
            return child;
        }
    }

    /// `why` is `restarts` (too many), `dollars` (restarts cost too much) or `start` (`child` did not
    /// start).
    record SupervisorGaveUp(String supervisor, String child, ExitReason reason, String why) implements EngineEvent {
        public SupervisorGaveUp {
            why = Objects.requireNonNullElse(why, "restarts"); // was not written at first
        }

        @Override
        public String agent() {
            return child;
        }
    }

    /// `why` is `asked`, `auto-shutdown` or `killed`.
    record SupervisorStopped(String supervisor, String why) implements EngineEvent {
        public SupervisorStopped {
            why = Objects.requireNonNullElse(why, "asked"); // was not written at first
        }
    }

    // ---- runs: one call of an agent, a saga, a pool decision

    /// `kind` is `agent`, `saga`, `pool` or `job`. `definition` is what the run is pinned to, as JSON.
    ///
    /// @param parentRunId the run that this one is a step of, null: it stands for itself
    /// @param parentStep  that step
    /// @param forkedFrom  the run whose outputs it takes over, null: it began at the beginning
    record RunStarted(
            String runId,
            String kind,
            String name,
            String hash,
            String definition,
            String inputJson,
            @Nullable String parentRunId,
            @Nullable String parentStep,
            @Nullable String forkedFrom)
            implements EngineEvent {
        public RunStarted(String runId, String kind, String name, String hash, String definition, String inputJson) {
            this(runId, kind, name, hash, definition, inputJson, null, null, null);
        }
    }

    /// The process had ended in the middle; the run goes on.
    record RunResumed(String runId) implements EngineEvent {}

    /// Durable before the action starts.
    record StepStarted(
            String runId,
            String step,
            int attempt,
            String agent,
            String idempotencyKey,
            String inputJson,
            @Nullable String compensation)
            implements EngineEvent {}

    /// @param attempt 0 if the output is taken over from the run this one was forked from
    record StepDone(String runId, String step, int attempt, String outputJson) implements EngineEvent {}

    /// @param retryAtEpochMillis 0 if it is not tried again
    record StepFailed(String runId, String step, int attempt, ExitReason reason, long retryAtEpochMillis)
            implements EngineEvent {}

    /// The effect can not be known: the process or the time ended in the middle.
    record StepUnknown(String runId, String step, int attempt, String why) implements EngineEvent {}

    record CompensationStarted(String runId, String step, int attempt, String agent, String idempotencyKey)
            implements EngineEvent {}

    record CompensationDone(String runId, String step, String outputJson) implements EngineEvent {}

    record CompensationFailed(String runId, String step, int attempt, ExitReason reason, long retryAtEpochMillis)
            implements EngineEvent {}

    /// `why` is `none-declared`, `skipped-by-person`, `resolved-by-person` or `retried-by-person`.
    record CompensationSkipped(String runId, String step, String why) implements EngineEvent {}

    /// It waits for a person: `why` is `compensation-failed`, `unknown`, `step-failed` (there is no way
    /// back), or `tie` of a pool.
    record RunParked(String runId, String step, String why) implements EngineEvent {}

    /// A person paused it: what is under way comes to its end, nothing new is begun.
    record RunPaused(String runId) implements EngineEvent {}

    record RunUnpaused(String runId) implements EngineEvent {}

    /// The step begins when a person approves of it. `inputJson` is what its action would get.
    record ApprovalAsked(String runId, String step, String inputJson) implements EngineEvent {}

    record StepApproved(String runId, String step, @Nullable String comment) implements EngineEvent {}

    record StepRejected(String runId, String step, @Nullable String comment) implements EngineEvent {}

    /// The way forward goes on without it: `why` is `skipped-by-person` or `resolved-by-person`.
    record StepSkipped(String runId, String step, String why) implements EngineEvent {}

    /// A run that had ended, or waited for a person, is taken up again from this step.
    record RunReopened(String runId, String step) implements EngineEvent {}

    /// `state` is `done`, `failed` (rolled back where there was something to), or `cancelled`.
    /// `failedStep` and `reason` name the original error.
    record RunEnded(
            String runId,
            String state,
            @Nullable String outputJson,
            @Nullable String failedStep,
            @Nullable ExitReason reason)
            implements EngineEvent {}

    // ---- schedules

    /// A run was started by its schedule. In one transaction with its `RunStarted`.
    ///
    /// @param schedule           `kind/name`
    /// @param plannedEpochMillis the time it was due
    /// @param why                `time`, `missed`, `queued` or `person`
    record ScheduleFired(String schedule, String runId, long plannedEpochMillis, String why) implements EngineEvent {}

    /// Times of a schedule were left out.
    ///
    /// @param plannedEpochMillis the last of them
    /// @param count              at least so many
    /// @param why                `missed`, `overlap`, `queue-full`, or why the run could not be started
    record ScheduleSkipped(String schedule, long plannedEpochMillis, int count, String why) implements EngineEvent {}

    record SchedulePaused(String schedule) implements EngineEvent {}

    record ScheduleResumed(String schedule) implements EngineEvent {}

    // ---- pools

    record PoolVoted(String runId, String member, int index, String outputJson) implements EngineEvent {
        @Override
        public String agent() {
            return member;
        }
    }

    record PoolMemberFailed(String runId, String member, int index, ExitReason reason) implements EngineEvent {
        @Override
        public String agent() {
            return member;
        }
    }

    /// There is no agreement, and a judge or a person is asked to pick.
    ///
    /// @param who        `judge:AGENT` or `person`
    /// @param candidates members (by index) who said the same, the largest set first
    record PoolTied(String runId, String who, List<List<Integer>> candidates) implements EngineEvent {}

    /// @param votes member index → key of the group it voted for
    /// @param by    whose word made it the answer: `votes`, `first`, `judge:AGENT` or `person`
    record PoolDecided(
            String runId,
            String outputJson,
            Map<Integer, String> votes,
            List<Integer> dissent,
            List<Integer> cancelled,
            String by)
            implements EngineEvent {
        public PoolDecided {
            by = Objects.requireNonNullElse(by, "votes"); // was not written at first
        }
    }

    // ---- pools whose members share a queue; a job is a run of kind `job`

    /// Its workers work from now on.
    ///
    /// @param jobs that were waiting, or at work when the process ended
    record PoolOpened(String pool, int workers, int jobs) implements EngineEvent {}

    /// No job starts any more.
    record PoolClosed(String pool) implements EngineEvent {}

    /// `cause` is `queue`, `wait`, `idle`, `operator` or `configuration`.
    record PoolScaled(String pool, int from, int to, String cause) implements EngineEvent {}

    /// Whether a person decides on the number of workers, or the queue.
    record PoolPinned(String pool, boolean byHand) implements EngineEvent {}

    /// It takes no new jobs and finishes those it has.
    record PoolDraining(String pool) implements EngineEvent {}

    record PoolDrained(String pool) implements EngineEvent {}

    record PoolResumed(String pool) implements EngineEvent {}

    /// Durable before the job's agent is called.
    ///
    /// @param worker index of who works on it
    record PoolJobStarted(
            String runId, String pool, int worker, String agent, int attempt, String idempotencyKey, long waitedMillis)
            implements EngineEvent {}

    /// @param retryAtEpochMillis 0 if it is not tried again
    record PoolJobFailed(String runId, String pool, int worker, int attempt, ExitReason reason, long retryAtEpochMillis)
            implements EngineEvent {}

    /// It was cut short: what it did can not be known. It is started again with the same key.
    record PoolJobUnknown(String runId, String pool, int attempt, String why) implements EngineEvent {}

    /// A job was not taken. `code` is `queue-full` or `draining`.
    record PoolJobRefused(String pool, String code) implements EngineEvent {}

    // ---- money

    /// @param budgets ids of every budget the hold counts against
    /// @param step    of the run that asked, null: it has none, or it was not written at first
    record HoldPlaced(
            String holdId,
            String agent,
            @Nullable String runId,
            String model,
            List<String> budgets,
            long tokens,
            long microDollars,
            @Nullable String step)
            implements EngineEvent {
        public HoldPlaced(
                String holdId,
                String agent,
                @Nullable String runId,
                String model,
                List<String> budgets,
                long tokens,
                long microDollars) {
            this(holdId, agent, runId, model, budgets, tokens, microDollars, null);
        }
    }

    /// @param estimated the provider did not say what was used, or a crash left the hold
    /// @param step      of the run that asked, null: it has none, or it was not written at first
    record HoldSettled(
            String holdId,
            String agent,
            @Nullable String runId,
            String model,
            List<String> budgets,
            long inputTokens,
            long outputTokens,
            long microDollars,
            boolean scripted,
            boolean estimated,
            @Nullable String step)
            implements EngineEvent {
        public HoldSettled(
                String holdId,
                String agent,
                @Nullable String runId,
                String model,
                List<String> budgets,
                long inputTokens,
                long outputTokens,
                long microDollars,
                boolean scripted,
                boolean estimated) {
            this(
                    holdId,
                    agent,
                    runId,
                    model,
                    budgets,
                    inputTokens,
                    outputTokens,
                    microDollars,
                    scripted,
                    estimated,
                    null);
        }
    }

    /// The call was never sent: the hold is given back whole.
    record HoldReleased(
            String holdId, String agent, @Nullable String runId, String model, List<String> budgets)
            implements EngineEvent {}

    /// The call was not made.
    record HoldRefused(String agent, @Nullable String runId, String budget, String why) implements EngineEvent {}

    record BudgetAlert(String budget, int percent, long spentMicroDollars, long spentTokens) implements EngineEvent {}

    record BudgetChanged(
            String budget,
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            String onLimit)
            implements EngineEvent {}

    // ---- trust

    record TrustChecked(String agent, boolean allowed, int score, int tier, String rating, String why)
            implements EngineEvent {}

    /// A person said whether it may run, whatever its score: `decision` is `allow`, `refuse` or `reset` (as
    /// the score says again).
    ///
    /// @param untilEpochMillis 0: until another is said
    record TrustDecided(String agent, String decision, String reason, long untilEpochMillis) implements EngineEvent {}

    /// @param hash   of its definition
    /// @param signer whose key it was
    record AgentSigned(String agent, String hash, String signer) implements EngineEvent {}
}
