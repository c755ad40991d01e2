package nexus.aiagents.engine.agent;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import nexus.aiagents.engine.journal.EngineEvent.HostCallDenied;
import nexus.aiagents.engine.journal.EngineEvent.HostCallMade;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// The only way out of one run of an agent. Every call passes the same checks in the same order: grant,
/// trust, pause, runaway guard, money; then it is carried out and written down. Calls come one at a time.
final class HostDesk implements HostCalls, AutoCloseable {
    static final int MAX_DEPTH = 8;
    private static final String SPEND_RATE = "spend-rate";
    private static final String CALL_DEPTH = "call-depth";
    /// What only the attempt shows to lie outside the grant: a link that leads out, a name of a private
    /// address.
    private static final Set<String> DENIALS = Set.of("not-granted", "private-address");
    private static final int MAX_RANDOM_BYTES = 65_536;

    private final HostParts parts;
    private final Team team;
    private final AgentSpec spec;
    private final AgentState agent;
    private final Errand errand;
    private final BooleanSupplier stopping;
    private final CompletableFuture<?> begun;
    private final FileCalls files;
    private final GrantGate gate;
    private final ReportCalls reports;
    private final Liveness life;
    private final RunawayGuard guard;
    private final AtomicReference<@Nullable ExitReason> end = new AtomicReference<>();

    /// @param stopping whether the run was asked to end by itself
    /// @param begun    completes when the journal has that the run began: nothing reaches the world
    ///     before that
    HostDesk(
            HostParts parts,
            Team team,
            AgentSpec spec,
            AgentState agent,
            Errand errand,
            Liveness life,
            BooleanSupplier stopping,
            CompletableFuture<?> begun) {
        this.parts = parts;
        this.team = team;
        this.spec = spec;
        this.agent = agent;
        this.errand = errand;
        this.life = life;
        this.guard = new RunawayGuard(spec.runaway().repeats());
        this.stopping = stopping;
        this.begun = begun;
        Grants grants = team.grantsOf(spec, parts.services().environment());
        this.files = new FileCalls(grants.files(), team.project().folder());
        this.gate = new GrantGate(parts, team, spec, agent, errand, stopping, grants, files);
        this.reports = new ReportCalls(parts.services().journal(), spec.name(), errand.runId());
    }

    Grants grants() {
        return gate.grants();
    }

    /// Why this desk ended the run, null if it did not.
    @Nullable
    ExitReason end() {
        return end.get();
    }

    @Override
    public HostAnswer call(HostCall asked) throws InterruptedException {
        life.asked(CallWords.named(asked));
        agent.chaos.strike(parts.services().clock());
        HostAnswer answer = answer(asked);
        boolean showsProgress =
                asked instanceof HostCall.Emit || asked instanceof HostCall.Disk || CallWords.target(asked) != null;
        life.answered(showsProgress ? asked : null, answer);
        return answer;
    }

    private HostAnswer answer(HostCall asked) throws InterruptedException {
        try {
            if (stopping.getAsBoolean()) {
                throw HostCallFailed.ending(ExitReason.SHUTDOWN);
            }
            HostCall call = withModel(asked);
            GrantGate.Pass pass = requireGrant(call);
            requireTrust();
            waitWhilePaused();
            guardAgainstRunaway(call);
            return new HostAnswer.Ok(carryOut(call, pass));
        } catch (HostCallFailed e) {
            end.compareAndSet(null, e.end());
            HostAnswer.Error error = e.answer();
            // A server that is asked with a key may repeat it in what it complains about.
            return new HostAnswer.Error(error.code(), team.secrets().redact(error.message()), error.fatal());
        }
    }

    private HostCall withModel(HostCall call) throws HostCallFailed {
        if (!(call instanceof HostCall.Model(String name, String request)) || name != null) {
            return call;
        }
        String own = team.defaultModel(spec);
        if (own == null) {
            throw new HostCallFailed(
                    "unknown-model",
                    "the call names no model and agent '" + spec.name()
                            + "' has none; name one in the call or give the agent `model: NAME`");
        }
        return new HostCall.Model(own, request);
    }

    /// Who is denied again and again loses trust by that, so the gate of trust is asked here too.
    private GrantGate.Pass requireGrant(HostCall call) throws HostCallFailed, InterruptedException {
        try {
            return gate.require(call);
        } catch (GrantGate.Denied e) {
            requireTrust();
            throw e.failure();
        }
    }

    private void requireTrust() throws HostCallFailed, InterruptedException {
        TrustView trust = agent.admission(team.trust());
        while (trust.asks()) {
            waitWhilePaused();
            trust = agent.admission(team.trust());
        }
        if (!trust.allowed()) {
            throw HostCallFailed.ending(ExitReason.of(ExitReason.Kind.UNTRUSTED, trust.why()));
        }
    }

    private void waitWhilePaused() throws InterruptedException, HostCallFailed {
        if (!agent.gate.isPaused()) {
            return;
        }
        errand.stopwatch().suspend();
        try {
            agent.gate.await();
        } finally {
            errand.stopwatch().resume();
        }
        if (stopping.getAsBoolean()) {
            throw HostCallFailed.ending(ExitReason.SHUTDOWN);
        }
    }

    private void guardAgainstRunaway(HostCall call) throws HostCallFailed, InterruptedException {
        if (call instanceof HostCall.Model) {
            guardAgainstSpending();
        }
        if (CallWords.target(call) == null) {
            return;
        }
        String fingerprint = CallWords.fingerprint(call);
        String id = RunawayGuard.idOf(fingerprint);
        if (guard.isRunaway(fingerprint) && !agent.work().allowances.contains(id)) {
            agent.gate.pauseAsRunaway(
                    id,
                    "it made the same call " + spec.runaway().repeats() + " times in a row: " + CallWords.named(call)
                            + "; resume it, or allow it if that is meant");
            waitWhilePaused();
        }
    }

    private void guardAgainstSpending() throws HostCallFailed, InterruptedException {
        long limit = spec.runaway().microDollarsPerMinute();
        Instant now = parts.services().clock().instant();
        long spent = agent.work().spendRate.lastMinute(now);
        if (limit > 0 && spent > limit && !agent.work().allowances.contains(SPEND_RATE)) {
            agent.gate.pauseAsRunaway(
                    SPEND_RATE,
                    "it spent $"
                            + BigDecimal.valueOf(spent, 6).stripTrailingZeros().toPlainString()
                            + " within a minute, more than the $"
                            + BigDecimal.valueOf(limit, 6).stripTrailingZeros().toPlainString()
                            + " of `runaway: {maxDollarsPerMinute}`; resume it, or allow it if that is meant");
            agent.work().spendRate.reset();
            waitWhilePaused();
        }
    }

    private String carryOut(HostCall call, GrantGate.Pass pass) throws HostCallFailed, InterruptedException {
        return switch (call) {
            case HostCall.Log log -> reports.log(log);
            case HostCall.Emit emit -> reports.emit(emit);
            case HostCall.Now _ -> Long.toString(parts.services().clock().millis());
            case HostCall.Random random -> random(random.bytes());
            case HostCall.Model _, HostCall.Http _, HostCall.CallAgent _ -> recorded(call, pass);
            case HostCall.KvGet _, HostCall.KvPut _, HostCall.KvDelete _, HostCall.KvList _ -> recorded(call, pass);
            case HostCall.FileRead _, HostCall.FileWrite _, HostCall.FileDelete _, HostCall.FileList _ ->
                recorded(call, pass);
            case HostCall.Disk _ -> recorded(call, pass);
        };
    }

    private void awaitBeginning() throws HostCallFailed, InterruptedException {
        try {
            if (!begun.isDone()) {
                parts.services().journal().hurry();
            }
            begun.get();
        } catch (ExecutionException e) {
            throw HostCallFailed.ending(Reports.unwritten("its beginning", e));
        }
    }

    private String recorded(HostCall call, GrantGate.Pass pass) throws HostCallFailed, InterruptedException {
        long began = System.nanoTime();
        boolean ok = false;
        boolean denied = false;
        Set<String> onDisk = call instanceof HostCall.Disk disk ? files.grantsOf(disk) : Set.of(); // before it closes
        String target =
                call instanceof HostCall.Disk disk ? files.describe(disk) : String.valueOf(CallWords.target(call));
        try {
            awaitBeginning();
            String answer = effect(call, pass);
            ok = true;
            return answer;
        } catch (HostCallFailed e) {
            denied = DENIALS.contains(e.code());
            throw e;
        } finally {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            if (denied) {
                String what = call instanceof HostCall.Disk disk ? files.describeDenied(disk) : target;
                deniedCall(call, String.valueOf(what));
            } else if (target != null) {
                madeCall(call.kind(), target, ok, millis, covering(call, pass.granted(), onDisk));
            }
        }
    }

    private void deniedCall(HostCall call, String what) {
        Reports.send(
                parts.services().journal(), new HostCallDenied(spec.name(), errand.runId(), call.kind(), what, ""));
    }

    private void madeCall(String kind, String target, boolean ok, long millis, List<String> covering) {
        Reports.send(
                parts.services().journal(),
                new HostCallMade(spec.name(), errand.runId(), kind, target, ok, millis, covering));
    }

    /// Closes what the program left open.
    @Override
    public void close() {
        files.close(traffic -> madeCall("file", traffic, true, 0, List.of()));
    }

    private String effect(HostCall call, GrantGate.Pass pass) throws HostCallFailed, InterruptedException {
        return switch (call) {
            case HostCall.Model m -> model(String.valueOf(m.model()), m.requestJson());
            case HostCall.Http h -> parts.http().send(pass.granted(), keys(), h);
            case HostCall.CallAgent a -> agent(a);
            case HostCall.KvGet k -> agent.work().keys.get(k.key());
            case HostCall.KvPut k ->
                agent.work().keys.put(k.key(), k.valueJson(), spec.grants().kvBytes());
            case HostCall.KvDelete k -> agent.work().keys.delete(k.key());
            case HostCall.KvList k -> agent.work().keys.list(k.prefix());
            case HostCall.FileRead f -> files.read(pass.granted(), f);
            case HostCall.FileWrite f -> files.write(pass.granted(), f);
            case HostCall.FileDelete f -> files.delete(pass.granted(), f);
            case HostCall.FileList f -> files.list(pass.granted(), f);
            case HostCall.Disk d -> files.onDisk(d, pass.writesOnce());
            case HostCall.Log _, HostCall.Emit _, HostCall.Now _, HostCall.Random _ ->
                throw new IllegalStateException(call.kind());
        };
    }

    private HttpDesk.Keys keys() {
        return new HttpDesk.Keys(spec.grants().secrets(), team.secrets());
    }

    /// What covers the call, for those who want to know which grants are of use.
    private List<String> covering(HostCall call, Grants granted, Set<String> onDisk) {
        List<String> all = new ArrayList<>();
        onDisk.forEach(grant -> all.add("files " + grant));
        String grant = granted.covering(call);
        if (grant != null) {
            all.add(grant);
        }
        if (call instanceof HostCall.Http h) {
            keys().of(URI.create(h.url())).forEach(secret -> all.add("secrets " + secret.name()));
        }
        return all;
    }

    private String model(String name, String requestJson) throws HostCallFailed, InterruptedException {
        ModelSpec model = team.model(name);
        if (model == null) {
            throw new HostCallFailed(
                    "unknown-model",
                    Similar.unknown("model", name, team.project().models().keySet()));
        }
        List<String> budgets = team.budgetsOf(spec.name(), errand.budgets());
        life.waitBegins(); // a model that is slow is watched by its own time-out
        try {
            return parts.models()
                    .chat(
                            new ModelDesk.Caller(
                                    agent,
                                    errand.stopwatch(),
                                    errand.runId(),
                                    errand.step(),
                                    budgets,
                                    spec.maxTokens(),
                                    errand.compensating()),
                            model,
                            requestJson);
        } finally {
            life.waitEnds();
        }
    }

    private String agent(HostCall.CallAgent call) throws HostCallFailed, InterruptedException {
        if (errand.depth() + 1 > MAX_DEPTH) {
            throw new HostCallFailed(
                    CALL_DEPTH, "agents may call each other at most " + MAX_DEPTH + " deep; this looks like a circle");
        }
        return switch (parts.nested().callAndWait(call.agent(), call.inputJson(), errand.nested(life))) {
            case AgentCalls.Result.Returned(String output) -> output;
            case AgentCalls.Result.Ended(ExitReason reason) ->
                throw new HostCallFailed(
                        reason.code(),
                        reason.code().equals(CALL_DEPTH) // else every agent on the way back would say it once more
                                ? reason.message()
                                : "agent '" + call.agent() + "' ended with " + reason.code() + ": " + reason.message());
        };
    }

    private String random(int count) throws HostCallFailed {
        if (count < 0 || count > MAX_RANDOM_BYTES) {
            throw new HostCallFailed("bad-input", "random gives 0 to " + MAX_RANDOM_BYTES + " bytes at once");
        }
        byte[] bytes = new byte[count];
        parts.services().random().nextBytes(bytes);
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (byte b : bytes) {
            array.add(b & 0xff);
        }
        return Json.write(array);
    }
}
