package nexus.aiagents.engine;

import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorGaveUp;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorStarted;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorStopped;
import nexus.aiagents.engine.journal.EngineEvent.TeamStarted;
import nexus.aiagents.engine.journal.EngineEvent.TeamStopped;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.AgentLauncher;
import nexus.aiagents.engine.supervise.SupervisionTree;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The supervision trees of the project, and in the journal whether the team is up. Thread-safe.
final class Supervision {
    private static final String MEANT_TO_BE_UP = "team/up";
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    private final Journal journal;
    private final Clock clock;
    private final AgentLauncher launcher;
    private final Set<String> rootsUp = new HashSet<>();
    private Set<String> roots;
    private Map<String, SupervisorSpec> specs;
    private volatile SupervisionTree tree;
    private boolean hasSchedules;
    private boolean up;
    private volatile boolean closing;
    private long starts;

    Supervision(Project project, AgentLauncher launcher, Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
        this.launcher = launcher;
        this.roots = rootsOf(project);
        this.hasSchedules = !project.schedules().isEmpty();
        this.specs = withoutPlaces(project);
        this.tree = new SupervisionTree(project, launcher, journal, clock);
    }

    SupervisionTree tree() {
        return tree;
    }

    CommandResult start() {
        synchronized (this) {
            starts++;
            if (!up && (!roots.isEmpty() || hasSchedules)) {
                mark(new TeamStarted(), "true");
                up = true;
            }
        }
        SupervisionTree now = tree;
        CommandResult result = now.start().toCompletableFuture().join();
        if (result instanceof Refused && !now.isUp()) {
            markDown();
        }
        return result;
    }

    CommandResult stop() {
        CommandResult result = tree.stop().toCompletableFuture().join();
        return markDown() && result instanceof Refused ? new CommandResult.Done("the team is stopped") : result;
    }

    /// What stops from now on only stops because the project is closed: it is meant to be up.
    void closing() {
        closing = true;
    }

    /// Whether it was up when the project was last open, and nobody has stopped it.
    static boolean isMeantToBeUp(Journal journal) {
        return journal.state(MEANT_TO_BE_UP) != null;
    }

    /// A person wants it down, although it is not up in this process.
    synchronized void forget() {
        if (!up && isMeantToBeUp(journal)) {
            Map<String, @Nullable String> state = new HashMap<>();
            state.put(MEANT_TO_BE_UP, null);
            journal.commitAndWait(new Journal.Batch(List.of(), state));
        }
    }

    private synchronized boolean markDown() {
        boolean wasUp = up;
        if (wasUp) {
            up = false;
            mark(new TeamStopped(), closing ? "true" : null);
        }
        return wasUp;
    }

    private void mark(EngineEvent event, @Nullable String meantToBeUp) {
        Map<String, @Nullable String> state = new HashMap<>();
        state.put(MEANT_TO_BE_UP, meantToBeUp);
        journal.commitAndWait(new Journal.Batch(List.of(event), state));
    }

    /// Notices when the last root gave up or ended by itself. Called for every entry, in order; does
    /// not block.
    void apply(EngineEvent event) {
        long seen;
        synchronized (this) {
            switch (event) {
                case SupervisorStarted e when roots.contains(e.supervisor()) -> rootsUp.add(e.supervisor());
                case SupervisorStopped e when rootsUp.remove(e.supervisor()) -> {}
                case SupervisorGaveUp e when rootsUp.remove(e.supervisor()) -> {}
                default -> {
                    return;
                }
            }
            if (!rootsUp.isEmpty()) {
                return;
            }
            seen = starts;
        }
        Thread.ofVirtual().name("team-ended").start(() -> ended(seen));
    }

    private synchronized void ended(long seen) {
        if (starts != seen || !rootsUp.isEmpty()) {
            return; // it was started again meanwhile
        }
        try {
            markDown();
        } catch (StoreException e) {
            LOG.warn("that the team is down could not be written: {}", e.getMessage());
        }
    }

    /// Adds a child that is named, and goes by that project from now on; if it is refused, by the one
    /// before.
    CommandResult addChild(String supervisor, ChildSpec child, Project before, Project next) {
        if (child.kind() == ChildKind.SUPERVISOR) {
            tree.stopRoot(child.name()).toCompletableFuture().join();
        }
        CommandResult result =
                tree.addChild(supervisor, child, next).toCompletableFuture().join();
        if (result instanceof Refused(String code, String _) && code.equals("not-up")) {
            become(next, false);
            return new CommandResult.Done(child.name() + " is a child of " + supervisor + " and starts with it");
        }
        become(result instanceof Refused ? before : next, true);
        return result;
    }

    CommandResult deleteChild(String supervisor, String child, boolean named) {
        CommandResult result =
                tree.deleteChild(supervisor, child).toCompletableFuture().join();
        boolean down = result instanceof Refused(String code, String _) && code.equals("not-up");
        return down && named ? new CommandResult.Done(child + " is no child of " + supervisor + " any more") : result;
    }

    /// Moves a child: what is up is stopped under the supervisor it had and started under the other one,
    /// what a person keeps down stays down. In the same supervisor it runs on, in another place.
    ///
    /// @param between as it is while the child is nobody's
    CommandResult moveChild(String from, String child, String to, Project between, Project next) {
        if (from.equals(to)) {
            become(next, false);
            return new CommandResult.Done(child + " has another place in " + to);
        }
        CommandResult stopped =
                tree.stopChild(from, child).toCompletableFuture().join();
        boolean kept = stopped instanceof Refused(String code, String _) && code.equals("already");
        become(between, false);
        if (!become(next, false, kept ? Set.of(child) : Set.of())) {
            return new Refused("running", child + " was started again meanwhile: stop it and move it then");
        }
        return new CommandResult.Done(
                child + " is a child of " + to + " now" + (kept ? " and stays down until it is started" : ""));
    }

    /// What runs and is still there runs on.
    ///
    /// @return false if that can not be done while the team is up
    boolean become(Project project, boolean startNew) {
        return become(project, startNew, Set.of());
    }

    private boolean become(Project project, boolean startNew, Set<String> held) {
        CommandResult result =
                tree.change(project, startNew, held).toCompletableFuture().join();
        if (result instanceof Refused) {
            return false;
        }
        synchronized (this) {
            roots = rootsOf(project);
            specs = withoutPlaces(project);
        }
        return true;
    }

    /// A supervisor that is up and has another parent in `next`: then {@link #restartAll} is the only way.
    @Nullable
    String movedWhileUp(Project next) {
        return withoutPlaces(next).equals(specsNow())
                ? null
                : tree.movedWhileUp(next).toCompletableFuture().join().orElse(null);
    }

    private synchronized Map<String, SupervisorSpec> specsNow() {
        return specs;
    }

    /// Goes by the supervisors of this project: new children start, those that are no more stop, the others
    /// run on.
    ///
    /// @return false if a supervisor that is up would get another parent; then nothing was done
    boolean reload(Project project) {
        synchronized (this) {
            hasSchedules = !project.schedules().isEmpty();
            if (withoutPlaces(project).equals(specs)) {
                return true;
            }
        }
        return become(project, true);
    }

    /// Stops the whole team and, if it was up, starts it by the supervisors of this project.
    void restartAll(Project project) {
        boolean wasUp;
        synchronized (this) {
            wasUp = up;
        }
        tree.close();
        synchronized (this) {
            hasSchedules = !project.schedules().isEmpty();
            markDown();
            roots = rootsOf(project);
            specs = withoutPlaces(project);
            rootsUp.clear();
            tree = new SupervisionTree(project, launcher, journal, clock);
        }
        if (wasUp) {
            start();
        }
    }

    private static Set<String> rootsOf(Project project) {
        Set<String> names = new HashSet<>();
        project.roots().forEach(root -> names.add(root.name()));
        return names;
    }

    /// Where something stands in a file does not change what it means.
    private static Map<String, SupervisorSpec> withoutPlaces(Project project) {
        Map<String, SupervisorSpec> specs = new LinkedHashMap<>();
        project.supervisors().forEach((name, spec) -> specs.put(name, spec.anywhere()));
        return specs;
    }
}
