package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.control.Command.RunAgent;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Calls an agent once and prints its output; what it says on the way goes to standard error.")
final class RunCommand extends Action {
    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name = "";

    @Mixin
    private Input input = new Input();

    @Override
    int run(Context context) throws Exception {
        String json = input.json(context);
        Terminal terminal = context.terminal();
        try (Session session = open(context, true)) {
            refuseOtherKinds(session.engine().view());
            RunView run = new Follower(session, context, terminal::aside).start(new RunAgent(name, json));
            if (terminal.json()) {
                terminal.json(Json.run(run));
            } else if (run.state() == RunView.State.DONE && run.outputJson() != null) {
                terminal.line(Json.pretty(run.outputJson()));
            } else {
                new RunReport(terminal.beside(), withoutSteps(run)).print();
            }
            return Exit.of(run);
        }
    }

    private void refuseOtherKinds(ProjectView view) {
        String kind = null;
        if (view.agents().stream().noneMatch(a -> a.name().equals(Instances.agentOf(name)))) {
            kind = view.sagas().stream().anyMatch(s -> s.name().equals(name))
                    ? "saga"
                    : view.workflows().stream().anyMatch(w -> w.name().equals(name))
                            ? "workflow"
                            : view.pools().stream().anyMatch(p -> p.name().equals(name)) ? "pool" : null;
        }
        if (kind != null) {
            throw new Failure(
                    Exit.USAGE,
                    "unknown-name",
                    "there is no agent '" + name + "'; " + name + " is a " + kind + "; naos " + kind + " run " + name
                            + " runs it");
        }
    }

    /// A call is one step; its table would only say the same again.
    private static RunView withoutSteps(RunView r) {
        return new RunView(
                r.id(),
                r.kind(),
                r.name(),
                r.state(),
                r.startedAt(),
                r.endedAt(),
                r.inputJson(),
                r.outputJson(),
                null,
                r.errorCode(),
                r.errorMessage(),
                r.microDollars(),
                r.tokens(),
                r.resumed(),
                List.of(),
                List.of());
    }
}
