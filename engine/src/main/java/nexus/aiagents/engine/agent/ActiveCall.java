package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import nexus.aiagents.engine.journal.EngineEvent.AgentStuck;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.journal.EngineEvent.CallStarted;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.engine.prompt.PromptRun;
import nexus.aiagents.engine.replay.ProgramId;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// One run of an agent in an instance of its own: a call or a tick of its loop. Thread-safe.
final class ActiveCall implements AgentCalls.Call {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveCall.class);

    /// The clock of a call stands still while it waits for a person, so it is kept here and not by the
    /// sandbox.
    private static final Duration NO_LIMIT_OF_ITS_OWN = Duration.ofDays(365);
    /// Less than a supervisor waits for an agent that it killed.
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(20);

    private final HostParts parts;
    private final Programs programs;
    private final Team team;
    private final AgentSpec spec;
    private final AgentState agent;
    private final Errand errand;
    private final String inputJson;
    private final @Nullable Duration timeout;
    private final BooleanSupplier stopping;
    private final @Nullable Actor linked;
    private final CompletableFuture<AgentCalls.Result> result = new CompletableFuture<>();
    private final Cancellation cancellation = new Cancellation();
    private final String id;
    private final Liveness life;
    private final CallAdmission admission;
    private final CallEndings endings;
    private final CallRecord record;
    private @Nullable ExitReason foundStuck;
    private volatile @Nullable Run running;
    private CompletableFuture<?> begun = CompletableFuture.completedFuture(null);

    /// @param timeout beyond the agent's own, counted from now; null: none
    ActiveCall(
            HostParts parts,
            Programs programs,
            Team team,
            AgentSpec spec,
            AgentState agent,
            Errand errand,
            String inputJson,
            @Nullable Duration timeout,
            BooleanSupplier stopping) {
        this.parts = parts;
        this.programs = programs;
        this.team = team;
        this.spec = spec;
        this.agent = agent;
        this.errand = errand;
        this.inputJson = inputJson;
        this.timeout = timeout;
        this.stopping = stopping;
        this.linked = errand.loop() ? null : agent.actor.get();
        AgentSpec.LivenessSpec signs = spec.liveness();
        this.life = new Liveness(errand.caller(), errand.stopwatch()::elapsed, signs.heartbeat(), signs.idleTimeout());
        this.id = "c" + HexFormat.of().toHexDigits(parts.services().random().nextLong());
        this.admission = new CallAdmission(spec, agent, errand, cancellation, timeout);
        this.endings = new CallEndings(spec, timeout);
        this.record = new CallRecord(parts.services(), spec, errand, id);
    }

    @Override
    public CompletionStage<AgentCalls.Result> result() {
        return result;
    }

    @Override
    public void cancel(ExitReason reason) {
        cancellation.cancel(reason);
    }

    @Override
    public boolean waitsForSomebody() {
        return agent.gate.isPaused() && errand.stopwatch().isSuspended();
    }

    boolean isLinkedTo(Actor actor) {
        return linked == actor;
    }

    AgentCalls.Result await() throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it never completes exceptionally
        }
    }

    void start() {
        agent.work().calls.add(this);
        Thread.ofVirtual().name("agent-" + spec.name()).start(this::live);
    }

    private void live() {
        AgentCalls.Result ended;
        try {
            ended = inPlace();
        } catch (InterruptedException _) {
            ended = new AgentCalls.Result.Ended(cancelled());
        } catch (ProgramRejected e) {
            ended = new AgentCalls.Result.Ended(CallEndings.rejected(e));
        } catch (StoreException e) {
            ended = new AgentCalls.Result.Ended(
                    ExitReason.error(e.code(), "it was not run, because that could not be written: " + e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("a call of agent {} failed inside", spec.name(), e);
            ended = new AgentCalls.Result.Ended(ExitReason.error("internal", "failed inside: " + e));
        }
        agent.work().calls.remove(this);
        Actor actor = linked;
        ExitReason ending = cancellation.reason();
        boolean ownFault = ending == null || ending == foundStuck;
        if (actor != null
                && ownFault
                && ended instanceof AgentCalls.Result.Ended(ExitReason reason)
                && CallEndings.takesDown(reason)) {
            actor.kill(reason);
        }
        result.complete(ended);
    }

    private ExitReason cancelled() {
        return CallEndings.cancelled(cancellation.reason());
    }

    private AgentCalls.Result inPlace() throws InterruptedException, ProgramRejected {
        if (!admission.takePlace()) {
            return new AgentCalls.Result.Ended(endings.timedOut("all "
                    + spec.limits().instances() + " places of agent '" + spec.name() + "' stayed taken that long"));
        }
        try {
            admission.awaitPause();
            return admitted();
        } finally {
            admission.leavePlace();
        }
    }

    private AgentCalls.Result admitted() throws InterruptedException, ProgramRejected {
        TrustView trust = admission.awaitVerdict(team.trust());
        if (!trust.allowed()) {
            return new AgentCalls.Result.Ended(ExitReason.of(ExitReason.Kind.UNTRUSTED, trust.why()));
        }
        String schema = spec.inputSchema();
        String problem = schema == null ? null : parts.services().outputs().problem(schema, inputJson);
        if (problem != null) {
            return new AgentCalls.Result.Ended(ExitReason.error(
                    "input-schema", "it was not run, because its input does not fit its schema: " + problem));
        }
        Programs.Ready program = spec.runtime() == AgentSpec.Runtime.MODEL ? null : prepared(trust);
        // Nobody waits for this one: a program that does nothing to the world may be computing meanwhile.
        begun = parts.services()
                .journal()
                .commitSoon(Journal.Batch.of(
                        new CallStarted(id, spec.name(), errand.runId(), errand.step(), inputJson, errand.loop())))
                .toCompletableFuture();
        HostDesk desk = new HostDesk(parts, team, spec, agent, errand, life, stopping, begun);
        Run run;
        life.begins();
        try {
            run = begin(program, desk);
        } catch (RuntimeException e) {
            LOG.error("agent {} could not be run", spec.name(), e);
            desk.close();
            return ended(ExitReason.error("internal", "failed inside: " + e), null, Outcome.Usage.NONE, null);
        }
        return finished(run, desk);
    }

    /// Where a worker has to be started first, that is not the program's own time.
    private Programs.Ready prepared(TrustView trust) throws ProgramRejected, InterruptedException {
        Programs.Ready ready = programs.prepared(team.project().folder(), spec, team.isolationOf(spec, trust));
        cancellation.during(() -> {
            ready.program().awaitReady();
            return true;
        });
        return ready;
    }

    /// The process id of the worker that its program runs in; empty where it runs in this process.
    OptionalLong workerPid() {
        Run now = running;
        return now == null ? OptionalLong.empty() : now.workerPid();
    }

    private Run begin(Programs.@Nullable Ready ready, HostDesk desk) {
        PromptProgram prompt = new PromptProgram(agent.agent, spec.prompt());
        ProgramId program = ready == null ? programs.kept(prompt) : ready.id();
        ObjectNode context = Json.object();
        context.put("agent", spec.name());
        context.put("runId", errand.runId());
        context.put("step", errand.step());
        context.put("attempt", errand.attempt());
        context.put("idempotencyKey", errand.idempotencyKey());
        HostCalls host = record.watching(desk, program, ready == null ? Isolation.THREAD : ready.isolation());
        Invocation invocation =
                new Invocation(inputJson, Json.write(context), desk.grants().env(), limits(), host);
        record.starts(invocation);
        Run run = ready == null
                ? PromptRun.start(prompt, invocation)
                : ready.program().start(invocation);
        running = run;
        return run;
    }

    private Limits limits() {
        AgentSpec.LimitSpec own = spec.limits();
        return new Limits(
                own.fuel(),
                NO_LIMIT_OF_ITS_OWN,
                own.cpuTime(),
                own.memoryBytes(),
                own.tableElements(),
                own.stackBytes(),
                own.outputBytes(),
                own.logBytes(),
                own.hostCallsPerSecond());
    }

    private AgentCalls.Result finished(Run run, HostDesk desk) {
        Outcome outcome;
        try {
            outcome = cancellation.during(() -> awaitInTime(run));
        } catch (InterruptedException _) {
            outcome = stop(run);
        } finally {
            desk.close();
        }
        ExitReason reason = reason(outcome, desk);
        String output =
                outcome instanceof Outcome.Returned returned && reason.isNormal() ? returned.outputJson() : null;
        return ended(reason, output, outcome.usage(), record.finish(outcome, reason));
    }

    private ExitReason reason(Outcome outcome, HostDesk desk) {
        String schema = spec.outputSchema();
        if (schema != null && outcome instanceof Outcome.Returned(String output, Outcome.Usage _)) {
            String problem = parts.services().outputs().problem(schema, output);
            if (problem != null) {
                return ExitReason.error("output-schema", "its output does not fit its schema: " + problem);
            }
        }
        return endings.of(outcome, cancellation.reason(), desk.end());
    }

    /// @throws InterruptedException also when its time is over or it is stuck, with the reason noted
    private Outcome awaitInTime(Run run) throws InterruptedException {
        Duration began = errand.stopwatch().elapsed();
        Duration own = began.plus(spec.limits().timeout());
        Duration limit = timeout != null && timeout.compareTo(own) < 0 ? timeout : own;
        CompletableFuture<Outcome> outcome = run.outcome().toCompletableFuture();
        while (true) {
            Duration left = limit.minus(errand.stopwatch().elapsed());
            if (!left.isPositive()) {
                String waits = run.waitsFor();
                cancellation.cancel(endings.timedOut(
                        waits == null
                                ? "it was still running"
                                : "it still waited for " + waits + " and had not begun"));
                throw new InterruptedException();
            }
            Liveness.Stuck stuck = life.stuck();
            if (stuck != null) {
                Reports.send(parts.services().journal(), stuck(stuck));
                foundStuck = ExitReason.of(ExitReason.Kind.STUCK, stuck.words());
                cancellation.cancel(foundStuck);
                throw new InterruptedException();
            }
            Duration patience = life.patience();
            if (patience != null && patience.compareTo(left) < 0) {
                left = patience;
            }
            try {
                Duration wait = left.compareTo(TICK) < 0 ? TICK : left;
                return outcome.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // The clock may have stood still meanwhile: look again.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private AgentStuck stuck(Liveness.Stuck stuck) {
        return new AgentStuck(
                spec.name(),
                id,
                errand.runId(),
                errand.step(),
                stuck.setting(),
                stuck.silence().toMillis(),
                stuck.lastCall());
    }

    Liveness life() {
        return life;
    }

    private Outcome stop(Run run) {
        run.cancel();
        try {
            return run.outcome().toCompletableFuture().get(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("a run of agent {} does not stop", spec.name());
            return new Outcome.Cancelled(run.usage());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e); // nobody interrupts this thread here
        }
    }

    /// @param recordHash of the record of this call, null if it has none
    private AgentCalls.Result ended(
            ExitReason reason, @Nullable String output, Outcome.Usage usage, @Nullable String recordHash) {
        Journal journal = parts.services().journal();
        // Whatever the caller decides on this is written behind it.
        CompletableFuture<?> written = journal.commitSoon(Journal.Batch.of(new CallEnded(
                        id,
                        spec.name(),
                        reason,
                        output,
                        usage.fuel(),
                        usage.memoryBytes(),
                        usage.millis(),
                        usage.hostCalls(),
                        recordHash)))
                .toCompletableFuture();
        var _ = written.whenComplete((_, _) -> parts.services().recordings().entered(id));
        try {
            if (errand.loop()) {
                // Nobody writes behind a round: it must not go on unseen. One that is killed goes on no
                // more.
                CompletableFuture<?> both = CompletableFuture.allOf(begun, written);
                journal.hurry();
                cancellation.during(() -> isDone(both));
            } else if (begun.isCompletedExceptionally()) {
                begun.join();
            }
        } catch (InterruptedException _) {
            return new AgentCalls.Result.Ended(cancelled());
        } catch (CompletionException e) {
            LOG.error("a call of agent {} could not be written", spec.name(), e.getCause());
            return new AgentCalls.Result.Ended(Reports.unwritten("what it did", e));
        }
        return output == null ? new AgentCalls.Result.Ended(reason) : new AgentCalls.Result.Returned(output);
    }

    private static boolean isDone(CompletableFuture<?> write) throws InterruptedException {
        try {
            write.get();
            return true;
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }
}
