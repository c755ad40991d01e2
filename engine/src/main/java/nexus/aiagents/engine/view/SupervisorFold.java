package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import nexus.aiagents.engine.view.SupervisorView.State;
import org.jspecify.annotations.Nullable;

/// What the events say about one supervisor so far. Confined to {@link ViewFold}.
final class SupervisorFold {
    private static final int KEPT = 1_000;

    private final Deque<Instant> restarts = new ArrayDeque<>();
    private State state = State.STOPPED;

    void processBegan() {
        state = State.STOPPED;
        restarts.clear();
    }

    void started() {
        state = State.RUNNING;
        restarts.clear();
    }

    void restarted(Instant at) {
        restarts.addLast(at);
        if (restarts.size() > KEPT) {
            restarts.removeFirst();
        }
    }

    void gaveUp() {
        state = State.FAILED;
    }

    void stopped() {
        if (state != State.FAILED) {
            state = State.STOPPED;
        }
    }

    SupervisorView view(SupervisorSpec spec, @Nullable String parent, Instant now) {
        Instant windowStart = now.minus(spec.within());
        List<Instant> counted =
                restarts.stream().filter(t -> !t.isBefore(windowStart)).toList();
        return new SupervisorView(
                spec.name(),
                parent,
                dashed(spec.strategy()),
                state,
                spec.maxRestarts(),
                spec.within().toSeconds(),
                counted.size(),
                counted,
                spec.children().stream()
                        .map(c -> new ChildView(c.name(), dashed(c.kind()), dashed(c.restart())))
                        .toList());
    }

    static String dashed(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
