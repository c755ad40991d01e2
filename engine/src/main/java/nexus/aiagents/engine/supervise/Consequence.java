package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorMachine.Decision;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePVector;

/// What would happen if a child failed now: asked of the very decision that a supervisor makes when one
/// does. Pure.
///
/// @param steps from the supervisor of the child upwards, as far as one ends; empty: it has none
public record Consequence(List<Step> steps) {
    private static final ExitReason CRASH = ExitReason.error("crash", "");
    private static final int FEW = 6;
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    /// What one supervisor does.
    ///
    /// @param failed   the child that it hears of
    /// @param restarts who is restarted, in order; the failed one may be among them
    /// @param ends     temporary siblings that are stopped for good
    /// @param gaveUp   too many restarts, or too dear: it stops all its children and ends
    /// @param shutDown it stops all its children and ends, because significant ones have ended
    /// @param left     how many more restarts it allows after that
    public record Step(
            String supervisor,
            String failed,
            List<String> restarts,
            List<String> ends,
            boolean gaveUp,
            boolean shutDown,
            int left) {
        /// Whether its own supervisor hears of it.
        public boolean ended() {
            return gaveUp || shutDown;
        }
    }

    /// @param child an agent, an instance, a pool or a supervisor
    public static Consequence of(ProjectView view, String child) {
        List<Step> steps = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String failed = child;
        SupervisorView supervisor = above(view, failed);
        while (supervisor != null && seen.add(supervisor.name())) {
            Step step = step(supervisor, failed, steps.isEmpty() ? CRASH : ExitReason.SHUTDOWN, view.at());
            steps.add(step);
            failed = supervisor.name();
            supervisor = step.ended() ? above(view, failed) : null;
        }
        return new Consequence(List.copyOf(steps));
    }

    /// For a person, one for each supervisor that has to do with it; empty if none has.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            sentences.add(sentence(steps.get(i), i + 1 == steps.size()));
        }
        return List.copyOf(sentences);
    }

    private static String sentence(Step step, boolean last) {
        if (step.gaveUp()) {
            return step.supervisor() + " gives up, for its restarts are used up, and stops all its children"
                    + (last ? ": nothing is above it, the tree is down." : ".");
        }
        if (step.shutDown()) {
            return step.supervisor() + " shuts itself down with all its children.";
        }
        if (step.restarts().isEmpty()) {
            return step.failed() + " is not restarted by " + step.supervisor() + ".";
        }
        List<String> others = new ArrayList<>(step.restarts());
        others.remove(step.failed());
        return step.supervisor() + " restarts " + step.failed()
                + (others.isEmpty() ? "" : " and with it " + few(others))
                + (step.ends().isEmpty() ? "" : ", and ends " + few(step.ends()))
                + "; after that "
                + (step.left() == 0 ? "the next failure is one too many." : step.left() + " more within its time.");
    }

    private static String few(List<String> names) {
        return names.size() <= FEW
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, FEW)) + " and " + (names.size() - FEW) + " more";
    }

    private static @Nullable SupervisorView above(ProjectView view, String child) {
        for (SupervisorView supervisor : view.supervisors()) {
            for (ChildView each : supervisor.children()) {
                if (each.name().equals(child)) {
                    return supervisor;
                }
            }
        }
        return null;
    }

    private static Step step(SupervisorView supervisor, String failed, ExitReason reason, Instant at) {
        SupervisorState state = running(supervisor, failed, at);
        Decision decision = SupervisorMachine.decide(
                state,
                new SupervisorEvent.ChildEnded(failed, 0, reason),
                new Moment(0, new SplittableRandom(0), Moves.UNHEARD));
        List<String> restarts = List.of();
        for (SupervisorEffect effect : decision.effects()) {
            if (effect instanceof SupervisorEffect.Note(EngineEvent.SupervisorRestarted e)) {
                restarts = e.affected();
            }
        }
        SupervisorState.Ending ending = decision.state().ending();
        boolean shutDown = ending != null && ending.why().equals("auto-shutdown");
        boolean gaveUp = ending != null && !shutDown;
        List<String> ends = new ArrayList<>();
        if (ending == null) {
            for (Child child : decision.state().children()) {
                if (child.goal() == Child.Goal.GONE && child.live()) {
                    ends.add(child.name());
                }
            }
        }
        int left = Math.max(
                0, supervisor.maxRestarts() - decision.state().restarts().size());
        return new Step(supervisor.name(), failed, restarts, List.copyOf(ends), gaveUp, shutDown, left);
    }

    /// The supervisor as it is seen, all up but those that are held.
    private static SupervisorState running(SupervisorView view, String failed, Instant at) {
        SupervisorSpec spec = new SupervisorSpec(
                view.name(),
                value(Strategy.values(), view.strategy()),
                view.maxRestarts(),
                Duration.ofSeconds(view.withinSeconds()),
                view.maxRestartMicroDollars(),
                List.of(),
                null,
                value(AutoShutdown.values(), view.autoShutdown()),
                null,
                new Position("", 0, 0, 0, 0));
        Children children = Children.NONE;
        for (ChildView each : view.children()) {
            ChildSpec child = new ChildSpec(
                    each.name(),
                    value(ChildKind.values(), each.kind()),
                    value(RestartType.values(), each.restart()),
                    SHUTDOWN,
                    each.significant());
            Child there = Child.of(child, children.nextPlace(), each.instance());
            boolean up = each.held() == null || each.name().equals(failed);
            children = children.with(
                    up
                            ? there.with(Child.Status.UP)
                            : there.with("temporary".equals(each.held()) ? Child.Goal.GONE : Child.Goal.HELD));
        }
        Window restarts = Window.EMPTY;
        for (Instant restart : view.lastRestarts()) {
            restarts = restarts.plus(-Duration.between(restart, at).toNanos(), 1);
        }
        return new SupervisorState(
                spec,
                SupervisorState.Phase.RUNNING,
                children,
                restarts,
                Window.EMPTY.plus(0, view.restartMicroDollars()),
                0,
                0,
                TreePVector.empty(),
                0,
                0,
                null);
    }

    private static <E extends Enum<E>> E value(E[] all, String dashed) {
        String name = dashed.toUpperCase(Locale.ROOT).replace('-', '_');
        for (E each : all) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no " + dashed);
    }
}
