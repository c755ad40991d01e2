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
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import org.jspecify.annotations.Nullable;

/// Short ways to say what a supervisor is.
record Specs(
        String name,
        Strategy strategy,
        int maxRestarts,
        Duration within,
        @Nullable Long dollars,
        List<ChildSpec> children,
        @Nullable TemplateSpec template,
        AutoShutdown autoShutdown,
        @Nullable BackoffSpec backoff) {

    static final ExitReason CRASH = ExitReason.error("boom", "it broke");

    static Specs supervisor(Strategy strategy, ChildSpec... children) {
        return new Specs(
                "team", strategy, 3, Duration.ofSeconds(60), null, List.of(children), null, AutoShutdown.NEVER, null);
    }

    /// Instances of this child, at most 100 at once.
    static Specs dynamic(ChildSpec child) {
        return dynamic(child, 0, TemplateSpec.DEFAULT_MAX);
    }

    static Specs dynamic(ChildSpec child, int start, int max) {
        return new Specs(
                "team",
                Strategy.ONE_FOR_ONE,
                3,
                Duration.ofSeconds(60),
                null,
                List.of(),
                new TemplateSpec(child, start, max),
                AutoShutdown.NEVER,
                null);
    }

    static ChildSpec permanent(String name) {
        return child(name, RestartType.PERMANENT);
    }

    static ChildSpec child(String name, RestartType type) {
        return new ChildSpec(name, ChildKind.AGENT, type, Duration.ofSeconds(5), false);
    }

    static ChildSpec nested(String name) {
        return nested(name, RestartType.PERMANENT);
    }

    static ChildSpec nested(String name, RestartType type) {
        return new ChildSpec(name, ChildKind.SUPERVISOR, type, null, false);
    }

    static ChildSpec shutdown(ChildSpec c, @Nullable Duration shutdown) {
        return new ChildSpec(c.name(), c.kind(), c.restart(), shutdown, c.significant());
    }

    static ChildSpec significant(ChildSpec c) {
        return new ChildSpec(c.name(), c.kind(), c.restart(), c.shutdown(), true);
    }

    Specs named(String newName) {
        return new Specs(newName, strategy, maxRestarts, within, dollars, children, template, autoShutdown, backoff);
    }

    Specs strategy(Strategy other) {
        return new Specs(name, other, maxRestarts, within, dollars, children, template, autoShutdown, backoff);
    }

    Specs children(ChildSpec... others) {
        return new Specs(
                name, strategy, maxRestarts, within, dollars, List.of(others), template, autoShutdown, backoff);
    }

    Specs intensity(int max, Duration period) {
        return new Specs(name, strategy, max, period, dollars, children, template, autoShutdown, backoff);
    }

    Specs dollars(long micro) {
        return new Specs(name, strategy, maxRestarts, within, micro, children, template, autoShutdown, backoff);
    }

    Specs autoShutdown(AutoShutdown how) {
        return new Specs(name, strategy, maxRestarts, within, dollars, children, template, how, backoff);
    }

    Specs backoff(BackoffSpec how) {
        return new Specs(name, strategy, maxRestarts, within, dollars, children, template, autoShutdown, how);
    }

    SupervisorSpec spec() {
        return new SupervisorSpec(
                name,
                strategy,
                maxRestarts,
                within,
                dollars,
                children,
                template,
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
