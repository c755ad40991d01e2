package nexus.aiagents.app.desktop.tree;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// One node of the picture.
///
/// @param parent       index in the model, -1 for a root
/// @param children     how many it has, also while they are folded away
/// @param held         why it stays down until a person starts it, as {@link
///     SupervisorView.ChildView#held()}; null: it does not
/// @param microDollars its own, or of everything below it
public record TreeNode(
        String id,
        Kind kind,
        String name,
        int parent,
        int depth,
        int children,
        boolean folded,
        long microDollars,
        @Nullable AgentView agent,
        @Nullable SupervisorView supervisor,
        @Nullable PoolView pool,
        @Nullable String held) {

    public enum Kind {
        SUPERVISOR,
        AGENT,
        POOL,
        GROUP
    }

    TreeNode withCost(long cost) {
        return new TreeNode(id, kind, name, parent, depth, children, folded, cost, agent, supervisor, pool, held);
    }

    /// The same place in the tree with what is known of it now.
    TreeNode with(@Nullable AgentView a, @Nullable SupervisorView s, @Nullable PoolView p) {
        return new TreeNode(id, kind, name, parent, depth, children, folded, microDollars, a, s, p, held);
    }

    TreeNode withHeld(@Nullable String why) {
        return new TreeNode(
                id, kind, name, parent, depth, children, folded, microDollars, agent, supervisor, pool, why);
    }

    TreeNode withParent(int index) {
        return new TreeNode(
                id, kind, name, index, depth, children, folded, microDollars, agent, supervisor, pool, held);
    }

    public Mark mark() {
        if (agent != null) {
            return Mark.of(agent);
        }
        QueueView queue = pool == null ? null : pool.queue();
        if (queue != null) {
            return Mark.of(queue);
        }
        return supervisor != null
                ? Mark.of(supervisor.state())
                : new Mark(Mark.Shape.DIAMOND, Tone.NEUTRAL, "Called when needed");
    }

    /// The second line: what it is doing.
    public String status(Instant now) {
        return statusWords(now).getFirst();
    }

    /// The second line whole and ever shorter, for cards with less room.
    List<String> statusWords(Instant now) {
        if (agent != null) {
            String word = mark().text();
            Instant until = agent.backoffUntil();
            if (agent.state() == AgentView.State.BACKING_OFF && until != null) {
                word = startsAgain(now, until);
            }
            return agent.restarts() == 0
                    ? List.of(word)
                    : List.of(word + " · " + Words.plural(agent.restarts(), "restart"), word);
        }
        if (supervisor != null) {
            String count = Words.plural(children, "child").replace("childs", "children");
            Instant until = supervisor.backoffUntil();
            if (until != null && until.isAfter(now)) {
                String word = startsAgain(now, until);
                return List.of(word + " · " + count, word);
            }
            String word = mark().text();
            String how = word + " · " + supervisor.strategy();
            return List.of(how + " · " + count, how, word + " · " + count, word);
        }
        if (pool != null) {
            QueueView queue = pool.queue();
            String word = mark().text();
            String how = word + " · " + pool.strategy();
            return queue == null
                    ? List.of(how, word)
                    : List.of(how + " · " + Words.plural(queue.workers(), "worker"), how, word);
        }
        String count = Words.plural(children, "agent");
        return List.of(count + " under no supervisor", count);
    }

    private static String startsAgain(Instant now, Instant until) {
        return "Starts again in " + Words.coarse(Duration.between(now, until).plusMillis(999));
    }

    /// The third line: what a person should know, empty if nothing.
    public String note() {
        return noteWords().getFirst();
    }

    /// The third line whole and ever shorter, for cards with less room.
    List<String> noteWords() {
        if (held != null && !held.equals("temporary")) {
            return List.of("Stays down: " + Words.held(held));
        }
        if (supervisor != null
                && supervisor.state() != SupervisorView.State.RUNNING
                && !supervisor.reason().isEmpty()) {
            return List.of(supervisor.reason());
        }
        if (supervisor != null) {
            return restarts(supervisor);
        }
        if (pool != null) {
            QueueView queue = pool.queue();
            if (queue == null) {
                return List.of("");
            }
            String waiting = Words.plural(queue.depth(), "job") + " waiting";
            return List.of(waiting + ", " + queue.done() + " done", waiting);
        }
        if (agent == null) {
            return List.of("Run only when something calls them", "Run only when called");
        }
        AgentView.ExitView exit = agent.lastExit();
        if (agent.state() == AgentView.State.PAUSED
                || exit == null
                || exit.kind().equals("normal")) {
            return List.of(agent.detail().isEmpty() ? agent.description() : agent.detail());
        }
        return List.of("Last: " + crash());
    }

    private static List<String> restarts(SupervisorView supervisor) {
        String few = supervisor.restartsLeft() + " of " + supervisor.maxRestarts() + " left";
        String left = supervisor.restartsLeft() + " of " + Words.plural(supervisor.maxRestarts(), "restart") + " left";
        String within = left + " in " + Words.coarse(Duration.ofSeconds(supervisor.withinSeconds()));
        return List.of(within + dollarsLeft(supervisor), within, left, few);
    }

    private static String dollarsLeft(SupervisorView supervisor) {
        Long left = supervisor.restartMicroDollarsLeft();
        return left == null ? "" : ", " + Money.format(left) + " for restarts left";
    }

    /// Whether {@link #note()} tells of something bad.
    public Tone noteTone() {
        if (supervisor != null) {
            return supervisor.restartsLeft() == 0
                    ? Tone.DANGER
                    : supervisor.restartsLeft() * 2 <= supervisor.maxRestarts() ? Tone.WARNING : Tone.NEUTRAL;
        }
        if (agent == null || !note().startsWith("Last: ") || agent.state() == AgentView.State.STOPPED) {
            return Tone.NEUTRAL;
        }
        return Tone.DANGER;
    }

    private String crash() {
        AgentView.ExitView exit = agent == null ? null : agent.lastExit();
        if (exit == null) {
            return "";
        }
        return exit.message().isBlank() ? exit.code() : exit.code() + ", " + exit.message();
    }

    /// The whole node for a screen reader.
    public String spoken(Instant now) {
        String what = switch (kind) {
            case AGENT -> "Agent ";
            case SUPERVISOR -> "Supervisor ";
            case POOL -> "Pool ";
            case GROUP -> "Group ";
        };
        return what + name + ", " + status(now) + (note().isEmpty() ? "" : ", " + note());
    }

    /// What the filter looks in.
    String text() {
        return (name + " " + mark().text() + " " + crash()).toLowerCase(Locale.ROOT);
    }
}
