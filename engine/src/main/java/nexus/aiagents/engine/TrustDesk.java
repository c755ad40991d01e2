package nexus.aiagents.engine;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent.AgentSigned;
import nexus.aiagents.engine.journal.EngineEvent.TrustDecided;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.TrustSpec;
import nexus.aiagents.engine.trust.AxisTrust;
import nexus.aiagents.engine.trust.LocalTrust;
import nexus.aiagents.engine.trust.Signatures;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.DecisionView;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// The gate that the project asks for, what signatures say, and the last word of a person, which is
/// kept with the project. Thread-safe.
final class TrustDesk implements TrustGate, AutoCloseable {
    private static final String DECISIONS = "trust-decision/";
    private static final List<String> WORDS = List.of("allow", "refuse", "reset");
    private static final long MOST_MINUTES = 525_600;

    private final LocalTrust local;
    private final Function<String, @Nullable String> environment;
    private final Clock clock;
    private final transient Journal journal;
    private final transient Signatures signatures;
    /// Kept as state, not folded.
    private final transient Map<String, Decision> decisions = new ConcurrentHashMap<>();
    private volatile Project project;
    private volatile @Nullable AxisTrust axis;

    /// @param untilEpochMillis 0: for good
    private record Decision(boolean allow, String reason, long untilEpochMillis) {}

    TrustDesk(
            Project project,
            Function<String, @Nullable String> environment,
            Journal journal,
            Signatures signatures,
            Clock clock) {
        this.local = new LocalTrust(project.trust(), clock);
        this.environment = environment;
        this.journal = journal;
        this.signatures = signatures;
        this.clock = clock;
        this.project = project;
        journal.states(DECISIONS)
                .forEach((key, json) -> decisions.put(
                        key.substring(DECISIONS.length()), EventJson.mapper().readValue(json, Decision.class)));
        configure(project);
    }

    void configure(Project changed) {
        project = changed;
        TrustSpec spec = changed.trust();
        // One that is replaced is not closed: an agent may be waiting for its answer just now.
        axis = spec != null && spec.provider() == TrustSpec.Provider.AXIS
                ? new AxisTrust(spec, this::auid, environment, clock)
                : null;
        local.configure(spec);
        signatures.reload();
    }

    /// `axis:<registry>:<class>:<id>:<hash>`: what the registry knows is one version of an agent of one
    /// project.
    private String auid(String agent) {
        Project now = project;
        AgentSpec spec = now.agents().get(agent);
        String hash = spec == null
                ? "0"
                : spec.hash().substring(0, Math.min(16, spec.hash().length()));
        return "axis:local:agent:" + now.name() + "." + agent + ":" + hash;
    }

    Supplier<byte[]> remember() {
        return local.remember();
    }

    void recall(byte[] remembered) {
        local.recall(remembered);
    }

    /// Local scores come from what is in the journal.
    void apply(JournalEntry entry) {
        local.apply(entry);
    }

    /// Durable when it returns.
    CommandResult decide(Command.DecideTrust asked) {
        String agent = Instances.agentOf(asked.agent());
        Long minutes = asked.minutes();
        if (!WORDS.contains(asked.decision())) {
            return new Refused("bad-input", "'" + asked.decision() + "' is none of " + String.join(", ", WORDS));
        }
        if (minutes != null && (minutes < 1 || minutes > MOST_MINUTES)) {
            return new Refused("bad-input", "a decision is good for 1 to " + MOST_MINUTES + " minutes");
        }
        Instant until = minutes == null ? null : clock.instant().plus(Duration.ofMinutes(minutes));
        long millis = until == null ? 0 : until.toEpochMilli();
        boolean allow = asked.decision().equals("allow");
        Decision decision = asked.decision().equals("reset")
                ? null
                : new Decision(allow, asked.reason().strip(), millis);
        Map<String, @Nullable String> state = new LinkedHashMap<>();
        state.put(
                DECISIONS + agent, decision == null ? null : EventJson.mapper().writeValueAsString(decision));
        TrustDecided event =
                new TrustDecided(agent, asked.decision(), asked.reason().strip(), millis);
        journal.commitAndWait(new Journal.Batch(List.of(event), state));
        if (decision == null) {
            decisions.remove(agent);
            return new Done(agent + " goes by its score again");
        }
        decisions.put(agent, decision);
        return new Done(agent + (allow ? " may run" : " may not run") + (until == null ? "" : " until " + until));
    }

    /// Vouches for the agent as it is.
    CommandResult sign(String name) {
        Project now = project;
        AgentSpec agent = Objects.requireNonNull(now.agents().get(Instances.agentOf(name)));
        try {
            String signer = signatures.sign(now, agent, clock.instant());
            journal.commitAndWait(Journal.Batch.of(new AgentSigned(agent.name(), agent.hash(), signer)));
            return new Done(agent.name() + " is signed by " + signer);
        } catch (IOException e) {
            return new Refused("signing", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public TrustView check(String agent) {
        return judged(agent, gate().check(agent), true);
    }

    @Override
    public TrustView known(String agent) {
        return judged(agent, gate().known(agent), false);
    }

    private TrustView judged(String agent, TrustView score, boolean anew) {
        Project now = project;
        TrustSpec spec = now.trust();
        AgentSpec known = now.agents().get(agent);
        boolean required = spec != null && spec.requireSignature();
        Set<String> signers = spec == null ? Set.of() : spec.signers();
        boolean allowed = score.allowed();
        String why = score.why();
        String signature = "unsigned";
        if (known != null) {
            Signatures.Status status =
                    anew && required ? signatures.check(now, known, signers) : signatures.known(now, known, signers);
            signature = status.word();
            if (spec != null && required && status.state() != Signatures.State.VERIFIED) {
                allowed = allowed && spec.onUntrusted() == TrustSpec.OnUntrusted.WARN;
                String unsigned = "trust.requireSignature: " + status.why();
                why = why.isEmpty() ? unsigned : unsigned + "; " + why;
            }
        }
        Decision decision = decision(agent);
        if (decision == null && allowed && signature.equals("unsigned") && !required) {
            return score; // most agents of a large team are so
        }
        boolean asks = !allowed && decision == null && spec != null && spec.onUntrusted() == TrustSpec.OnUntrusted.ASK;
        if (decision != null) {
            why = (decision.allow() ? "allowed" : "refused") + " by a person" + because(decision)
                    + (why.isEmpty() ? "" : "; " + why);
            allowed = decision.allow();
        }
        DecisionView said = decision == null
                ? null
                : new DecisionView(
                        decision.allow(),
                        decision.reason(),
                        decision.untilEpochMillis() == 0 ? null : Instant.ofEpochMilli(decision.untilEpochMillis()));
        return new TrustView(allowed, score.score(), score.tier(), score.rating(), why, asks, signature, said);
    }

    private static String because(Decision decision) {
        String until =
                decision.untilEpochMillis() == 0 ? "" : " until " + Instant.ofEpochMilli(decision.untilEpochMillis());
        return until + (decision.reason().isEmpty() ? "" : ": " + decision.reason());
    }

    private @Nullable Decision decision(String agent) {
        Decision decision = decisions.get(agent);
        boolean over =
                decision != null && decision.untilEpochMillis() != 0 && clock.millis() >= decision.untilEpochMillis();
        return over ? null : decision;
    }

    private TrustGate gate() {
        AxisTrust registry = axis;
        return registry == null ? local : registry;
    }

    @Override
    public void close() {
        AxisTrust registry = axis;
        if (registry != null) {
            registry.close();
        }
    }
}
