package nexus.aiagents.engine.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import nexus.aiagents.engine.view.SupervisorView.State;
import nexus.aiagents.engine.view.SupervisorView.TemplateView;
import org.jspecify.annotations.Nullable;

/// What the events say about one supervisor so far. Confined to {@link ViewFold}.
final class SupervisorFold {
    private static final int KEPT = 1_000;

    private record Restart(Instant at, long microDollars) {}

    private Deque<Restart> restarts = new ArrayDeque<>();
    private Map<String, ChildView> instances = new LinkedHashMap<>();
    private State state = State.STOPPED;
    private transient @Nullable SupervisorSpec described;
    private transient List<ChildView> named = List.of();
    private String why = "";
    private @Nullable Instant backoffUntil;

    void processBegan() {
        state = State.STOPPED;
        why = "";
        backoffUntil = null;
        restarts.clear();
        instances.clear();
    }

    void started() {
        state = State.RUNNING;
        why = "";
        backoffUntil = null;
        restarts.clear();
        instances.clear();
    }

    void restarted(Instant at, long microDollars) {
        restarts.addLast(new Restart(at, microDollars));
        if (restarts.size() > KEPT) {
            restarts.removeFirst();
        }
    }

    void backingOff(Instant until) {
        backoffUntil = until;
    }

    void gaveUp(EngineEvent.SupervisorGaveUp e, @Nullable SupervisorSpec spec) {
        state = State.FAILED;
        instances.clear();
        String last = e.child() + ": " + words(e.reason());
        why = switch (e.why()) {
            case "start" -> "A child did not start. " + last;
            case "dollars" -> "Its restarts cost more than " + dollars(spec) + within(spec) + ". Last " + last;
            default ->
                "More than " + (spec == null ? "the allowed" : spec.maxRestarts()) + " restarts" + within(spec)
                        + ". Last " + last;
        };
    }

    private static String within(@Nullable SupervisorSpec spec) {
        if (spec == null) {
            return "";
        }
        Duration period = spec.within();
        if (period.toSeconds() >= 120 && period.toMillis() % 60_000 == 0) {
            return " in " + period.toMinutes() + " min";
        }
        return " in "
                + (period.toMillis() % 1_000 == 0
                        ? period.toSeconds()
                        : BigDecimal.valueOf(period.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString())
                + " s";
    }

    private static String dollars(@Nullable SupervisorSpec spec) {
        Long limit = spec == null ? null : spec.maxRestartMicroDollars();
        return limit == null
                ? "allowed"
                : "$" + BigDecimal.valueOf(limit, 6).setScale(limit % 10_000 == 0 ? 2 : 6, RoundingMode.UNNECESSARY);
    }

    private static String words(ExitReason reason) {
        return reason.message().isEmpty() ? reason.code() : reason.message();
    }

    void stopped(String because) {
        instances.clear();
        if (state != State.FAILED) {
            state = State.STOPPED;
            why = because.equals("auto-shutdown") ? "It shut itself down: its significant children have ended." : "";
        }
    }

    void added(EngineEvent.ChildAdded e) {
        if (e.instance()) {
            instances.put(e.child(), new ChildView(e.child(), e.kind(), e.restart(), true, null));
        }
    }

    void deleted(String child) {
        instances.remove(child);
    }

    Collection<String> instances() {
        return instances.keySet();
    }

    /// @param held why children stay down, by name
    SupervisorView view(SupervisorSpec spec, @Nullable String parent, Map<String, String> held, Instant now) {
        Instant windowStart = now.minus(spec.within());
        List<Restart> counted =
                restarts.stream().filter(r -> !r.at().isBefore(windowStart)).toList();
        List<ChildView> children = children(spec, held);
        TemplateSpec template = spec.template();
        return new SupervisorView(
                spec.name(),
                parent,
                dashed(spec.strategy()),
                state,
                why,
                spec.maxRestarts(),
                spec.within().toSeconds(),
                counted.size(),
                counted.stream().map(Restart::at).toList(),
                spec.maxRestartMicroDollars(),
                counted.stream().mapToLong(Restart::microDollars).sum(),
                state == State.RUNNING ? null : backoffUntil,
                template == null ? null : new TemplateView(template.agent(), template.max()),
                children,
                dashed(spec.autoShutdown()));
    }

    /// Those that are named are described once: there may be very many, and hardly ever one that is held.
    private List<ChildView> children(SupervisorSpec spec, Map<String, String> held) {
        if (spec != described) {
            described = spec;
            named = spec.children().stream()
                    .map(c -> new ChildView(
                            c.name(), dashed(c.kind()), dashed(c.restart()), false, null, c.significant()))
                    .toList();
        }
        if (held.isEmpty() && instances.isEmpty()) {
            return named;
        }
        List<ChildView> children = new ArrayList<>(named.size() + instances.size());
        named.forEach(c -> children.add(held(c, held.get(c.name()))));
        TemplateSpec template = spec.template();
        boolean significant = template != null && template.child().significant();
        instances
                .values()
                .forEach(c -> children.add(
                        new ChildView(c.name(), c.kind(), c.restart(), true, held.get(c.name()), significant)));
        return List.copyOf(children);
    }

    private static ChildView held(ChildView child, @Nullable String why) {
        return why == null
                ? child
                : new ChildView(
                        child.name(), child.kind(), child.restart(), child.instance(), why, child.significant());
    }

    static String dashed(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
