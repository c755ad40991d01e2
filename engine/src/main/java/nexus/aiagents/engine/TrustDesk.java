package nexus.aiagents.engine;

import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.TrustSpec;
import nexus.aiagents.engine.trust.AxisTrust;
import nexus.aiagents.engine.trust.LocalTrust;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// The gate that the project asks for; another one after a reload that says so. Thread-safe.
final class TrustDesk implements TrustGate, AutoCloseable {
    private final LocalTrust local;
    private final Function<String, @Nullable String> environment;
    private final Clock clock;
    private volatile Project project;
    private volatile @Nullable AxisTrust axis;

    TrustDesk(Project project, Function<String, @Nullable String> environment, Clock clock) {
        this.local = new LocalTrust(project.trust(), clock);
        this.environment = environment;
        this.clock = clock;
        this.project = project;
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

    @Override
    public TrustView check(String agent) {
        return gate().check(agent);
    }

    @Override
    public TrustView known(String agent) {
        return gate().known(agent);
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
