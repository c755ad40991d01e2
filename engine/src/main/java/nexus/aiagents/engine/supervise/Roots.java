package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// Starts the supervisors at the top one after the other and stops them in reverse. They do not depend
/// on each other: one that fails leaves the others up.
final class Roots {
    private final BiConsumer<String, SupervisorEvent> tell;
    private final List<String> toStart = new ArrayList<>();
    private final Set<String> live = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<CompletableFuture<CommandResult>> starters = new ArrayList<>();
    private final List<CompletableFuture<CommandResult>> stoppers = new ArrayList<>();
    private final List<CompletableFuture<CommandResult>> afterStop = new ArrayList<>();
    /// Who waits for one root to be down.
    private final Map<String, List<CompletableFuture<CommandResult>>> single = new HashMap<>();
    private List<String> names;
    private @Nullable String starting;
    private volatile boolean up;

    Roots(List<String> names, BiConsumer<String, SupervisorEvent> tell) {
        this.names = names;
        this.tell = tell;
    }

    boolean isUp() {
        return up;
    }

    boolean isRoot(String name) {
        return names.contains(name);
    }

    void start(CompletableFuture<CommandResult> answer) {
        if (!stoppers.isEmpty()) {
            afterStop.add(answer);
            return;
        }
        if (names.isEmpty()) {
            answer(answer, new CommandResult.Done("this project has no supervisors"));
            return;
        }
        if (starting == null) {
            names.stream().filter(name -> !live.contains(name)).forEach(toStart::add);
            if (toStart.isEmpty()) {
                answer(answer, new CommandResult.Refused("already", "the team is up already"));
                return;
            }
            problems.clear();
        }
        starters.add(answer);
        if (starting == null) {
            startNext();
        }
    }

    void stop(CompletableFuture<CommandResult> answer) {
        toStart.clear();
        if (live.isEmpty()) {
            answer(answer, new CommandResult.Refused("not-up", "the team is not up"));
            return;
        }
        stoppers.add(answer);
        if (stoppers.size() == 1) {
            finishStart(new CommandResult.Refused("not-up", "it was stopped before it was up"));
            stopNext();
        }
    }

    /// Completes when that one is down.
    void stop(String root, CompletableFuture<CommandResult> answer) {
        toStart.remove(root);
        if (!live.contains(root)) {
            answer(answer, new CommandResult.Done(root + " is down"));
            return;
        }
        single.computeIfAbsent(root, _ -> new ArrayList<>()).add(answer);
        tell.accept(root, new SupervisorEvent.Stop());
    }

    /// The supervisors at the top are others now. One that went is stopped.
    ///
    /// @param startNew one that came is started if the others are up
    void become(List<String> now, boolean startNew) {
        names = now;
        toStart.removeIf(name -> !now.contains(name));
        live.stream()
                .filter(name -> !now.contains(name))
                .forEach(name -> tell.accept(name, new SupervisorEvent.Stop()));
        if (startNew && up && stoppers.isEmpty()) {
            now.stream()
                    .filter(name -> !live.contains(name) && !toStart.contains(name))
                    .forEach(toStart::add);
            if (starting == null) {
                startNext();
            }
        }
    }

    void kill() {
        toStart.clear();
        live.forEach(name -> tell.accept(name, new SupervisorEvent.Kill()));
    }

    void up(String root) {
        if (root.equals(starting)) {
            startNext();
        }
    }

    void down(String root, ExitReason reason) {
        live.remove(root);
        up = !live.isEmpty();
        List<CompletableFuture<CommandResult>> waiting = single.remove(root);
        if (waiting != null) {
            waiting.forEach(answer -> answer(answer, new CommandResult.Done(root + " is down")));
        }
        if (root.equals(starting)) {
            problems.add(root + ": " + Draft.words(reason));
            startNext();
        }
        if (!stoppers.isEmpty()) {
            stopNext();
        }
    }

    private void startNext() {
        starting = toStart.isEmpty() ? null : toStart.removeFirst();
        if (starting != null) {
            live.add(starting);
            up = true;
            tell.accept(starting, new SupervisorEvent.Start());
        } else if (problems.isEmpty()) {
            finishStart(new CommandResult.Done("the team is up"));
        } else {
            finishStart(new CommandResult.Refused("start-failed", String.join("; ", problems)));
        }
    }

    private void finishStart(CommandResult result) {
        starting = null;
        starters.forEach(starter -> answer(starter, result));
        starters.clear();
    }

    private void stopNext() {
        for (String name : names.reversed()) {
            if (live.contains(name)) {
                tell.accept(name, new SupervisorEvent.Stop());
                return;
            }
        }
        if (!live.isEmpty()) {
            return; // what is no root any more is on its way down
        }
        stoppers.forEach(stopper -> answer(stopper, new CommandResult.Done("the team is stopped")));
        stoppers.clear();
        List<CompletableFuture<CommandResult>> next = List.copyOf(afterStop);
        afterStop.clear();
        next.forEach(this::start);
    }

    /// On a thread of its own: what hangs on the answer may take its time, the loop may not.
    static void answer(CompletableFuture<CommandResult> who, CommandResult result) {
        Thread.startVirtualThread(() -> who.complete(result));
    }
}
