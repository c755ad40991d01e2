package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.AgentStartFailed;
import nexus.aiagents.engine.journal.EngineEvent.AgentStarting;
import nexus.aiagents.engine.journal.EngineEvent.AgentUp;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.supervise.AgentLauncher;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.LifeSign;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the agents of a project: brings them up for their supervisors and calls them for sagas, pools,
/// people and each other. Thread-safe.
public final class AgentHost implements AgentCalls, AgentLauncher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHost.class);
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);

    private final HostParts parts;
    private final Programs programs;
    private final AgentStates states;
    private final AgentControls controls;
    private volatile Team team;
    private volatile boolean closed;

    public AgentHost(AgentServices services, Project project, TrustGate trust) {
        this.programs = new Programs(services.preparer(), Programs.Keeper.of(services.recordings()));
        this.states = new AgentStates(services.journal());
        this.team = Team.of(project, trust, services.secrets());
        this.parts = new HostParts(
                services,
                new ModelDesk(services),
                new HttpDesk(HTTP_TIMEOUT),
                new Asks(services.journal()),
                this::callAndWait);
        this.controls = new AgentControls(states, () -> team, parts.asks(), services);
    }

    /// What a person does to them.
    public AgentControls controls() {
        return controls;
    }

    /// Calls and starts from now on follow this project; what runs keeps the one it began with.
    public void configure(Project project, TrustGate trust) {
        team = Team.of(project, trust, parts.services().secrets());
        parts.services().preparer().configure(project.sandbox());
        states.all().forEach(state -> state.gate.release(PauseGate.TRUST)); // who waits asks the new one
    }

    /// What must not stand in anything that is kept; of the project as it is now.
    public Secrets secrets() {
        return team.secrets();
    }

    public boolean isUp(String agent) {
        return states.of(agent).actor.get() != null;
    }

    /// What the run that has been silent longest looks like from here; null if none is under way.
    public @Nullable LifeSign lifeSign(String agent) {
        AgentState state = states.known(agent);
        if (state == null || state.calls().isEmpty()) {
            return null;
        }
        List<ActiveCall> calls = List.copyOf(state.calls());
        List<Long> workers = calls.stream()
                .flatMapToLong(call -> call.workerPid().stream())
                .distinct()
                .sorted()
                .boxed()
                .toList();
        return calls.stream()
                .map(ActiveCall::life)
                .max(Comparator.comparing(Liveness::silence))
                .map(life -> new LifeSign(
                        life.lastCall(),
                        life.silence().toMillis(),
                        life.withoutProgress().toMillis(),
                        life.isWaiting(),
                        workers))
                .orElse(null);
    }

    @Override
    public Call call(Request request) {
        return call(request, false);
    }

    @Override
    public Call callInOwnPlace(Request request) {
        return call(request, true);
    }

    private Call call(Request request, boolean placed) {
        Errand errand = new Errand(
                request.runId(),
                request.step(),
                request.attempt(),
                request.idempotencyKey(),
                request.budgets(),
                0,
                placed,
                false,
                new Stopwatch(null),
                null,
                request.compensating());
        return begin(request.agent(), request.inputJson(), errand, request.timeout(), () -> false);
    }

    private Result callAndWait(String agent, String inputJson, Errand errand) throws InterruptedException {
        Call call = begin(agent, inputJson, errand, null, () -> false);
        try {
            return call.result().toCompletableFuture().get();
        } catch (InterruptedException e) {
            call.cancel(ExitReason.of(ExitReason.Kind.KILLED, "its caller ended"));
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // results never complete exceptionally
        }
    }

    private Call begin(
            String agent, String inputJson, Errand errand, @Nullable Duration timeout, BooleanSupplier stopping) {
        Team now = team;
        AgentSpec spec = now.agent(agent);
        if (spec == null) {
            return new Refused(ExitReason.error("unknown-agent", unknown(agent)));
        }
        try {
            Json.read("the input of agent '" + agent + "'", inputJson);
        } catch (HostCallFailed e) {
            return new Refused(ExitReason.error(e.code(), String.valueOf(e.getMessage())));
        }
        ActiveCall call =
                new ActiveCall(parts, programs, now, spec, states.of(agent), errand, inputJson, timeout, stopping);
        call.start();
        if (closed) {
            call.cancel(ExitReason.SHUTDOWN);
        }
        return call;
    }

    private String unknown(String agent) {
        return Similar.unknown("agent", agent, team.project().agents().keySet());
    }

    /// A call that never began.
    private record Refused(ExitReason reason) implements Call {
        @Override
        public CompletableFuture<Result> result() {
            return CompletableFuture.completedFuture(new Result.Ended(reason));
        }

        @Override
        public void cancel(ExitReason ignored) {}
    }

    @Override
    public LiveAgent launch(String agent, Consumer<Exit> onExit) throws StartFailed, InterruptedException {
        Team now = team;
        AgentSpec spec = now.agent(agent);
        AgentState state = states.of(agent);
        Journal journal = parts.services().journal();
        if (spec == null) {
            throw failed(agent, ExitReason.error("unknown-agent", unknown(agent)));
        }
        if (closed) {
            throw new StartFailed(ExitReason.SHUTDOWN);
        }
        long incarnation = state.incarnations.incrementAndGet();
        List<EngineEvent> story = new ArrayList<>(List.of(new AgentStarting(agent, incarnation)));
        try {
            check(now, spec, state, story);
        } catch (StartFailed e) {
            story.add(new AgentStartFailed(agent, e.reason()));
            Reports.send(journal, new Journal.Batch(story, Map.of()));
            throw e;
        }
        story.add(new AgentUp(agent, incarnation));
        Actor actor = new Actor(
                state,
                journal,
                incarnation,
                spec.loop(),
                (input, stopping) -> tick(now, spec, state, input, stopping),
                onExit);
        state.actor.set(actor);
        // Nothing the agent does can get ahead of this on the disk, and nothing reaches the world
        // before that: a call waits for its own entry. So many agents that start together share their
        // writes.
        journal.commit(new Journal.Batch(story, Map.of())).whenComplete((_, failure) -> {
            if (failure != null) {
                actor.kill(Reports.unwritten("its start", failure));
            }
        });
        state.gate.tellAgain();
        var _ = state.admission(now.trust()); // what is not trusted is up, and waits for a person
        actor.start();
        return actor;
    }

    /// Whatever could keep it from starting; none of it touches the world.
    private void check(Team now, AgentSpec spec, AgentState state, List<EngineEvent> story) throws StartFailed {
        try {
            List<EngineEvent> verdict = new ArrayList<>();
            TrustView trust = state.trust(now.trust(), verdict::add);
            Isolation isolation = now.isolationOf(spec, trust);
            boolean program = spec.runtime() != AgentSpec.Runtime.MODEL;
            if (program && !programs.isReady(spec, isolation)) {
                Reports.send(parts.services().journal(), story.removeFirst()); // it takes a while: say so
            }
            story.addAll(verdict);
            if (!trust.allowed() && !trust.asks()) {
                throw new StartFailed(ExitReason.of(ExitReason.Kind.UNTRUSTED, trust.why()));
            }
            if (program) {
                programs.prepared(now.project().folder(), spec, isolation);
            }
        } catch (ProgramRejected e) {
            throw new StartFailed(CallEndings.rejected(e));
        }
    }

    private ActiveCall tick(Team now, AgentSpec spec, AgentState state, String input, BooleanSupplier stopping) {
        Errand errand = new Errand(null, null, 1, null, List.of(), 0, false, true, new Stopwatch(null), null, false);
        ActiveCall call = new ActiveCall(parts, programs, now, spec, state, errand, input, null, stopping);
        call.start();
        return call;
    }

    private StartFailed failed(String agent, ExitReason reason) {
        Reports.send(parts.services().journal(), new AgentStartFailed(agent, reason));
        return new StartFailed(reason);
    }

    /// Who is up, instances by their own names.
    public Set<String> up() {
        return states.up();
    }

    /// The agent itself, or instances of it, as far as they are up.
    public List<String> upOf(String agent) {
        return states.upOf(agent);
    }

    @Override
    public void forget(String child) {
        states.forget(child);
    }

    /// How many agents and instances it keeps anything of.
    int kept() {
        return states.all().size();
    }

    /// Ends what still runs and waits for it, for a bounded time.
    @Override
    public void close() {
        closed = true;
        controls.close();
        for (AgentState agent : states.all()) {
            Actor actor = agent.actor.get();
            if (actor != null) {
                actor.kill(ExitReason.SHUTDOWN);
            }
            agent.calls().forEach(call -> call.cancel(ExitReason.SHUTDOWN));
            agent.watchers().forEach(Thread::interrupt);
        }
        CompletableFuture<?>[] left = states.all().stream()
                .flatMap(agent -> agent.calls().stream())
                .map(call -> call.result().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(left).get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} calls of agents did not end in time", left.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // results never complete exceptionally
        }
    }
}
