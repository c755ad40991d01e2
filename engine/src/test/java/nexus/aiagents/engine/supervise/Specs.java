package nexus.aiagents.engine.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import org.jspecify.annotations.Nullable;

/// Short ways to say what a supervisor is.
record Specs(
        String name,
        Strategy strategy,
        int maxRestarts,
        Duration within,
        List<ChildSpec> children,
        AutoShutdown autoShutdown,
        @Nullable BackoffSpec backoff) {

    static final ExitReason CRASH = ExitReason.error("boom", "it broke");

    static Specs supervisor(Strategy strategy, ChildSpec... children) {
        return new Specs("team", strategy, 3, Duration.ofSeconds(60), List.of(children), AutoShutdown.NEVER, null);
    }

    static ChildSpec permanent(String name) {
        return child(name, RestartType.PERMANENT);
    }

    static ChildSpec child(String name, RestartType type) {
        return new ChildSpec(name, ChildKind.AGENT, type, Duration.ofSeconds(5), false);
    }

    static ChildSpec nested(String name) {
        return new ChildSpec(name, ChildKind.SUPERVISOR, RestartType.PERMANENT, null, false);
    }

    static ChildSpec shutdown(ChildSpec c, @Nullable Duration shutdown) {
        return new ChildSpec(c.name(), c.kind(), c.restart(), shutdown, c.significant());
    }

    static ChildSpec significant(ChildSpec c) {
        return new ChildSpec(c.name(), c.kind(), c.restart(), c.shutdown(), true);
    }

    Specs named(String newName) {
        return new Specs(newName, strategy, maxRestarts, within, children, autoShutdown, backoff);
    }

    Specs intensity(int max, Duration period) {
        return new Specs(name, strategy, max, period, children, autoShutdown, backoff);
    }

    Specs autoShutdown(AutoShutdown how) {
        return new Specs(name, strategy, maxRestarts, within, children, how, backoff);
    }

    Specs backoff(BackoffSpec how) {
        return new Specs(name, strategy, maxRestarts, within, children, autoShutdown, how);
    }

    SupervisorSpec spec() {
        return new SupervisorSpec(
                name,
                strategy,
                maxRestarts,
                within,
                children,
                autoShutdown,
                backoff,
                new Position("nexus.yaml", 0, 0, 0, 0));
    }

    static Project project(Specs... supervisors) {
        Map<String, SupervisorSpec> all = new LinkedHashMap<>();
        for (Specs s : supervisors) {
            all.put(s.name(), s.spec());
        }
        return new Project(
                Path.of("."), "test", "h", Map.of(), all, Map.of(), Map.of(), Map.of(), Map.of(), List.of(), null);
    }
}
