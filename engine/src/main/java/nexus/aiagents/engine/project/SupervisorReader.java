package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import org.jspecify.annotations.Nullable;

/// From a `supervisor` block to its specification.
final class SupervisorReader {
    private static final Duration DEFAULT_SHUTDOWN = Duration.ofSeconds(5);

    private final Definition definition;
    private final Body body;
    private final Scope scope;
    private final AutoShutdown autoShutdown;
    private final Set<String> seen = new HashSet<>();

    SupervisorReader(Definition definition, Scope scope) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
        this.autoShutdown = body.word("autoShutdown", AutoShutdown.NEVER);
    }

    SupervisorSpec read() {
        if (body.has("agents") && body.has("children")) {
            scope.add(Code.AGENTS_AND_CHILDREN.at(
                    key("agents"), "`agents` is short for `children`: put all of them into `children`, in order"));
        }
        if (body.has("withinSeconds") && body.has("restartWindow")) {
            scope.add(Code.TWO_WINDOWS.at(
                    key("restartWindow"),
                    "`restartWindow` is another word for `withinSeconds`: remove one of the two"));
        }
        TemplateSpec template = template();
        List<ChildSpec> children = new ArrayList<>();
        for (YamlNode item : children()) {
            ChildSpec child = child(item);
            if (child != null) {
                children.add(child);
            }
        }
        SupervisorSpec spec = new SupervisorSpec(
                definition.name(),
                body.word("strategy", SupervisorSpec.Strategy.ONE_FOR_ONE),
                (int) body.whole("maxRestarts", 3),
                within(),
                maxRestartMicroDollars(),
                List.copyOf(children),
                template,
                autoShutdown,
                backoff(),
                definition.at());
        if (autoShutdown != AutoShutdown.NEVER && spec.everyChild().noneMatch(ChildSpec::significant)) {
            scope.add(Code.AUTO_SHUTDOWN_UNUSED.at(
                    body.at("autoShutdown"),
                    "no child is `significant: true`, so this supervisor never stops by itself"));
        }
        if (template != null && spec.strategy() != SupervisorSpec.Strategy.ONE_FOR_ONE) {
            scope.add(Code.TEMPLATE_STRATEGY.at(
                    body.at("strategy"),
                    "instances of a template are restarted one by one: remove `strategy`, or name the children"));
        }
        return spec;
    }

    private Position key(String key) {
        YamlNode.Entry entry = body.map().entries().get(key);
        return entry == null ? definition.at() : entry.key();
    }

    private List<YamlNode> children() {
        return body.has("children") ? body.list("children") : body.list("agents");
    }

    private @Nullable ChildSpec child(YamlNode item) {
        Body child = item instanceof YamlNode.Mapping map ? new Body(map) : Body.EMPTY;
        String name = item instanceof YamlNode.Mapping ? child.text("name") : item.string();
        if (name == null) {
            return null;
        }
        Position at = item instanceof YamlNode.Mapping ? child.at("name") : item.at();
        if (!seen.add(name)) {
            scope.add(Code.CHILD_TWICE.at(at, "`" + name + "` is already a child of this supervisor: remove one"));
            return null;
        }
        boolean agent = scope.find(Kind.AGENT, name) != null;
        boolean supervisor = scope.find(Kind.SUPERVISOR, name) != null;
        Definition pool = scope.find(Kind.POOL, name);
        if (agent || supervisor) {
            return child(name, agent ? ChildKind.AGENT : ChildKind.SUPERVISOR, child);
        }
        if (pool == null) {
            unknown(name, at);
            return null;
        }
        PoolSpec.Strategy strategy = new Body(pool.body()).word("strategy", PoolSpec.Strategy.ALL);
        if (!strategy.isQueue()) {
            scope.add(Code.POOL_CHILD_WITHOUT_QUEUE.at(
                    at,
                    "pool `" + name + "` has no queue: with `strategy: " + Body.word(strategy) + "` it runs only when"
                            + " it is asked, and there is nothing to start or stop. Give it `strategy: round-robin`,"
                            + " `least-busy` or `random`, or supervise its agents instead"));
            return null;
        }
        return child(name, ChildKind.POOL, child);
    }

    private ChildSpec child(String name, ChildKind kind, Body child) {
        RestartType restart = child.word("restart", RestartType.PERMANENT);
        boolean significant = child.flag("significant");
        if (significant) {
            checkSignificant(name, restart, child.at("significant"));
        }
        return new ChildSpec(name, kind, restart, shutdown(child, kind != ChildKind.SUPERVISOR), significant);
    }

    /// `children` as a map: what each of them is made from.
    private @Nullable TemplateSpec template() {
        if (!(body.node("children") instanceof YamlNode.Mapping map)) {
            return null;
        }
        Body template = new Body(map);
        String agent = template.text("template");
        if (agent == null) {
            return null;
        }
        scope.require(Kind.AGENT, agent, template.at("template"), Code.UNKNOWN_CHILD);
        int start = (int) template.whole("start", 0);
        int max = (int) template.whole("max", TemplateSpec.DEFAULT_MAX);
        if (start > max) {
            scope.add(Code.TEMPLATE_START.at(
                    template.at("start"), "`start` is " + start + ", but at most " + max + " may be there (`max`)"));
        }
        return new TemplateSpec(child(agent, ChildKind.AGENT, template), start, max);
    }

    private void unknown(String name, Position at) {
        List<String> known = new ArrayList<>(scope.names(Kind.AGENT));
        known.addAll(scope.names(Kind.SUPERVISOR));
        known.addAll(scope.names(Kind.POOL));
        known.remove(definition.name());
        scope.unknown(Code.UNKNOWN_CHILD, at, "there is no agent, supervisor or pool `" + name + "`", name, known);
    }

    private void checkSignificant(String name, RestartType restart, Position at) {
        if (restart == RestartType.PERMANENT) {
            scope.add(Code.SIGNIFICANT_PERMANENT.at(
                    at,
                    "`" + name
                            + "` is permanent, so its end never counts: give it `restart: transient` or `temporary`, or"
                            + " remove `significant`"));
        } else if (autoShutdown == AutoShutdown.NEVER) {
            scope.add(Code.SIGNIFICANT_NEVER.at(
                    at, "`significant` needs `autoShutdown: any` or `all` at the supervisor, or must go"));
        }
    }

    private static @Nullable Duration shutdown(Body child, boolean bounded) {
        if (!child.has("shutdown")) {
            return bounded ? DEFAULT_SHUTDOWN : null;
        }
        return switch (child.text("shutdown", "")) {
            case "infinity" -> null;
            case "brutal-kill" -> Duration.ZERO;
            default -> child.duration("shutdown", DEFAULT_SHUTDOWN);
        };
    }

    private Duration within() {
        BigDecimal seconds = body.number(body.has("withinSeconds") ? "withinSeconds" : "restartWindow");
        return seconds == null
                ? Duration.ofSeconds(60)
                : Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private @Nullable Long maxRestartMicroDollars() {
        BigDecimal dollars = body.number("maxRestartDollars");
        if (dollars == null) {
            return null;
        }
        if (dollars.stripTrailingZeros().scale() > 6) {
            scope.add(Code.TOO_PRECISE.at(
                    body.at("maxRestartDollars"), "money is counted in millionths of a dollar: at most six decimals"));
        }
        return dollars.movePointRight(6).longValue();
    }

    private SupervisorSpec.@Nullable BackoffSpec backoff() {
        if (!body.has("backoff")) {
            return null;
        }
        Body backoff = body.body("backoff");
        SupervisorSpec.BackoffSpec spec = new SupervisorSpec.BackoffSpec(
                backoff.duration("initial", Duration.ofSeconds(1)),
                backoff.real("factor", 2),
                backoff.duration("max", Duration.ofSeconds(30)),
                backoff.duration("resetAfter", Duration.ofSeconds(60)),
                backoff.real("jitter", 0));
        if (spec.initial().compareTo(spec.max()) > 0) {
            scope.add(Code.BACKOFF_ORDER.at(
                    backoff.at(backoff.has("initial") ? "initial" : "max"),
                    "the first wait, " + spec.initial().toMillis() + " ms, is longer than the longest, "
                            + spec.max().toMillis() + " ms"));
        }
        return spec;
    }
}
