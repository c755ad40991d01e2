package nexus.aiagents.app.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// Starts a run and stays with it to its end.
final class Follower {
    private static final Duration PULSE = Duration.ofMillis(500);
    private static final Duration SNAPSHOT = Duration.ofSeconds(10);

    private final Session session;
    private final Context context;
    private final Consumer<String> print;
    /// Of the runs that are followed.
    private final Map<String, String> kinds = new HashMap<>();

    /// @param print where lines for people go
    Follower(Session session, Context context, Consumer<String> print) {
        this.session = session;
        this.context = context;
        this.print = print;
    }

    /// @return the run as it ended, or as it waits for a person
    RunView start(Command command) {
        ProjectView before = session.engine().view();
        CommandResult result = session.require(command);
        if (!(result instanceof CommandResult.RunStarted(String runId))) {
            throw new IllegalStateException("no run came of it: " + result);
        }
        sayHowToLeave(runId, !(command instanceof Command.RunAgent));
        return asItIs(stay(before, Set.of(runId)), runId);
    }

    /// Sends a command to a run that is there and stays with it.
    ///
    /// @return the exit code: done if the run has come to its end by it, whatever that is
    int steer(String runId, Command command) {
        ProjectView before = session.engine().view();
        session.require(command);
        sayHowToLeave(runId, true);
        RunView run = asItIs(stay(before, Set.of(runId)), runId);
        new RunReport(context.terminal(), run).print();
        return run.state().isFinal() ? Exit.DONE : Exit.FAILED;
    }

    /// Stays with the runs that were interrupted before this process took them up when it opened the
    /// project.
    ///
    /// @return them as they are now
    List<RunView> finishInterrupted() {
        if (session.engine().isRemote()) {
            return List.of();
        }
        ProjectView before = session.engine().view();
        Set<String> open = new HashSet<>();
        Set<String> all = new HashSet<>();
        for (RunView run : before.runs()) {
            if (isUnderWay(run)) {
                open.add(run.id());
            }
            boolean endedHere = run.endedAt() != null && !run.endedAt().isBefore(session.openedAt());
            if (isUnderWay(run) || run.resumed() && endedHere) {
                all.add(run.id());
            }
        }
        ProjectView after = stay(before, open);
        return all.stream().map(id -> asItIs(after, id)).toList();
    }

    static boolean isUnderWay(RunView run) {
        return switch (run.state()) {
            case RUNNING, COMPENSATING -> true;
            case PAUSED, WAITING, PARKED, DONE, FAILED, CANCELLED -> false;
        };
    }

    /// Prints what happens to these runs until all have ended or wait for a person.
    ///
    /// @return a snapshot that knows of it
    private ProjectView stay(ProjectView since, Set<String> runIds) {
        Set<String> open = new HashSet<>(runIds);
        long last = since.seq();
        BlockingQueue<JournalEntry> entries = new LinkedBlockingQueue<>();
        Runnable unsubscribe = session.engine().follow(since.seq(), entries::add);
        try {
            while (!open.isEmpty()) {
                @Nullable JournalEntry entry = entries.poll(PULSE.toMillis(), TimeUnit.MILLISECONDS);
                if (entry == null) {
                    // Tells if the process that works for us has gone, and which runs only a person
                    // lets go on.
                    ProjectView now = session.engine().view();
                    open.removeIf(id -> now.runs().stream().anyMatch(r -> r.id().equals(id) && waitsForPerson(r, now)));
                } else {
                    last = entry.seq();
                    hear(entry, runIds, open);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(Exit.FAILED, "interrupted", "interrupted");
        } finally {
            unsubscribe.run();
        }
        return upTo(last);
    }

    private void hear(JournalEntry entry, Set<String> runIds, Set<String> open) {
        @Nullable String runId = entry.event().runId();
        boolean ours = runId != null && runIds.contains(runId);
        if (ours || entry.event() instanceof EngineEvent.AgentPaused) {
            show(entry);
        }
        switch (entry.event()) {
            case EngineEvent.RunEnded e -> open.remove(e.runId());
            case EngineEvent.RunParked e when !mayHaveMoreUnderWay(e.runId()) -> open.remove(e.runId());
            case EngineEvent.RunPaused e when !mayHaveMoreUnderWay(e.runId()) -> open.remove(e.runId());
            case EngineEvent.ApprovalAsked e when !mayHaveMoreUnderWay(e.runId()) -> open.remove(e.runId());
            default -> {}
        }
    }

    /// Where steps run side by side, one that waits for a person stops no other.
    private boolean mayHaveMoreUnderWay(String runId) {
        return kinds.computeIfAbsent(
                        runId,
                        id -> session.engine()
                                .run(id)
                                .map(found -> found.record().kind())
                                .orElse(""))
                .equals("workflow");
    }

    /// Whether it waits for a person and nothing of it goes on by itself, in runs that are its steps
    /// neither.
    private static boolean waitsForPerson(RunView run, ProjectView view) {
        if (!run.kind().equals("workflow")) {
            return false;
        }
        List<RunView> nested = view.runs().stream()
                .filter(r -> run.id().equals(r.parentRunId()) && !r.state().isFinal())
                .toList();
        long own = run.steps().stream()
                .filter(step -> step.retryAt() != null || step.state() == RunView.StepState.RUNNING)
                .mapToLong(step -> step.items() == null ? 1 : step.items().running())
                .sum();
        boolean nestedWait =
                nested.stream().allMatch(r -> r.kind().equals("workflow") ? waitsForPerson(r, view) : !isUnderWay(r));
        boolean waits = run.state() == RunView.State.WAITING
                || run.state() == RunView.State.PARKED
                || run.state() == RunView.State.PAUSED
                || !nested.isEmpty();
        return waits && nestedWait && own <= nested.size();
    }

    private void show(JournalEntry entry) {
        if (context.terminal().json()) {
            context.terminal().json(Json.entry("event", entry));
            return;
        }
        EventLines.@Nullable Line line = EventLines.of(entry.event());
        if (line != null) {
            print.accept(EventLines.text(context.terminal(), entry, line));
        }
    }

    /// @param isDurable whether it goes on by itself: the call of a single agent has no step to go on from
    private void sayHowToLeave(String runId, boolean isDurable) {
        session.onInterrupt(() -> {
            if (!context.terminal().json()) {
                context.terminal()
                        .aside(
                                session.engine().isRemote()
                                        ? "the run goes on in the other process; naos runs cancel " + runId + " ends it"
                                        : "interrupted; the run " + runId
                                                + (isDurable
                                                        ? " goes on from its last durable step at the next naos saga"
                                                                + " resume"
                                                        : " ends here: a call of a single agent is not taken up again"));
            }
            return -1;
        });
    }

    /// The snapshot follows the journal; it may be a moment behind.
    private ProjectView upTo(long seq) {
        long deadline = System.nanoTime() + SNAPSHOT.toNanos();
        ProjectView view = session.engine().view();
        while (view.seq() < seq && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            view = session.engine().view();
        }
        return view;
    }

    /// A busy project may have pushed it out of the snapshot meanwhile.
    private RunView asItIs(ProjectView view, String runId) {
        return view.runs().stream()
                .filter(run -> run.id().equals(runId))
                .findFirst()
                .orElseGet(() -> new RunLookup(session.engine()).find(runId));
    }
}
