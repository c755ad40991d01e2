package nexus.aiagents.engine.supervise;

import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what supervisors want done. Confined to the loop.
final class Doing {
    private static final Logger LOG = LoggerFactory.getLogger(Doing.class);

    interface Out {
        /// Before anything that comes from outside.
        void now(Message message);

        /// From any thread.
        void later(Message message);

        void at(long atNanos, Message message);

        void answer(long request, CommandResult result);

        void write(EngineEvent event);
    }

    private final AgentLauncher launcher;
    private final Nodes nodes;
    private final Roots roots;
    private final Out out;

    Doing(AgentLauncher launcher, Nodes nodes, Roots roots, Out out) {
        this.launcher = launcher;
        this.nodes = nodes;
        this.roots = roots;
        this.out = out;
    }

    void perform(Nodes.Node node, SupervisorEffect effect) {
        switch (effect) {
            case SupervisorEffect.Note _, SupervisorEffect.BackOff _ -> {}
            case SupervisorEffect.StartChild e -> start(node, e);
            case SupervisorEffect.AskChild e -> {
                if (nodes.get(e.child()) == null) {
                    node.slot(e.child(), e.generation()).shutdown();
                } else {
                    tell(e.child(), new SupervisorEvent.Stop());
                }
            }
            case SupervisorEffect.KillChild e -> {
                if (nodes.get(e.child()) != null) {
                    tell(e.child(), new SupervisorEvent.Kill());
                } else if (!node.slot(e.child(), e.generation()).kill()) {
                    tell(node.name(), new SupervisorEvent.ChildEnded(e.child(), e.generation(), AgentSlot.KILLED));
                }
            }
            case SupervisorEffect.AbandonChild e -> {
                LOG.error("agent {} did not end when it was killed; it is given up", e.child());
                node.slot(e.child(), e.generation()).abandoned = true;
            }
            case SupervisorEffect.ForgetChild e -> {
                node.slots.remove(e.child());
                launcher.forget(e.child());
            }
            case SupervisorEffect.StartTimer e ->
                out.at(
                        e.atNanos(),
                        new Message.ToSupervisor(
                                node.name(), new SupervisorEvent.TimeUp(e.child(), e.generation(), e.kind())));
            case SupervisorEffect.Answer e ->
                out.answer(
                        e.request(),
                        e.done()
                                ? new CommandResult.Done(e.message())
                                : new CommandResult.Refused(e.code(), e.message()));
            case SupervisorEffect.Added e ->
                out.answer(e.request(), new CommandResult.ChildAdded(node.name(), e.child()));
            case SupervisorEffect.Up _ -> tellParent(node, (name, g) -> new SupervisorEvent.ChildUp(name, g), null);
            case SupervisorEffect.NotUp e -> notUp(node, e);
            case SupervisorEffect.Ended e -> ended(node, e);
        }
    }

    private void start(Nodes.Node node, SupervisorEffect.StartChild e) {
        Nodes.Node supervisor = nodes.get(e.child());
        if (supervisor != null) {
            supervisor.generation = e.generation();
            tell(e.child(), new SupervisorEvent.Start());
            return;
        }
        AgentSlot slot = new AgentSlot(node.name(), e.child(), e.generation());
        node.slots.put(e.child(), slot);
        slot.launch(launcher, out::later);
    }

    private void notUp(Nodes.Node node, SupervisorEffect.NotUp e) {
        ExitReason why = ExitReason.error("start-failed", e.child() + " did not start: " + Draft.words(e.reason()));
        down(node);
        tellParent(node, (name, g) -> new SupervisorEvent.ChildStartFailed(name, g, why), why);
    }

    private void ended(Nodes.Node node, SupervisorEffect.Ended e) {
        down(node);
        if (e.gaveUp() && node.parent == null) {
            out.write(new EngineEvent.Notice(
                    "error",
                    "tree-failed",
                    "Supervisor " + node.name()
                            + " has given up and nothing is above it to start it again: all below it"
                            + " is down until you start the team."));
        }
        Exit exit = new Exit(e.reason(), e.microDollars(), false);
        tellParent(node, (name, g) -> new SupervisorEvent.ChildEnded(name, g, exit), e.reason());
    }

    /// The instances of a template go with it: when it starts again it makes new ones, which are
    /// counted anew.
    private void down(Nodes.Node node) {
        if (node.state.spec().template() != null) {
            node.slots.keySet().forEach(launcher::forget);
        }
        nodes.down(node);
    }

    private void tellParent(Nodes.Node node, Report report, @Nullable ExitReason down) {
        if (node.parent != null) {
            tell(node.parent, report.event(node.name(), node.generation));
        } else if (down == null) {
            roots.up(node.name());
        } else {
            roots.down(node.name(), down);
        }
    }

    private interface Report {
        SupervisorEvent event(String supervisor, int generation);
    }

    private void tell(String supervisor, SupervisorEvent event) {
        out.now(new Message.ToSupervisor(supervisor, event));
    }
}
