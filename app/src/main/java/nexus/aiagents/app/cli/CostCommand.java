package nexus.aiagents.app.cli;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.RemoveLimit;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cost",
        description = "Shows and sets what agents may spend.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CostCommand.Status.class, CostCommand.Set.class, CostPreview.class})
final class CostCommand {
    @Command(name = "status", description = "Shows every budget: spent, set aside for calls under way, and limit.")
    static final class Status extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                if (terminal.json()) {
                    view.budgets().forEach(b -> terminal.json(Json.object("budget", b)));
                } else {
                    print(terminal, view);
                }
                return Exit.DONE;
            }
        }
    }

    static void print(Terminal terminal, ProjectView view) {
        Table table = new Table(
                "BUDGET", "SPENT", "HELD", "LIMIT", "TOKENS", "LIMIT", "CALLS", "LIMIT", "USED", "PER", "THEN");
        for (BudgetView b : view.budgets()) {
            Tone tone = switch (b.verdict()) {
                case OK -> Tone.GOOD;
                case ALERT -> Tone.CAUTION;
                case LIMIT -> Tone.BAD;
            };
            table.cell(b.id())
                    .cell(Format.dollars(b.spentMicroDollars()))
                    .cell(Format.dollars(b.heldMicroDollars()))
                    .cell(b.maxMicroDollars() == null ? "-" : Format.dollars(b.maxMicroDollars()))
                    .cell(Format.count(b.spentTokens()))
                    .cell(b.maxTokens() == null ? "-" : Format.count(b.maxTokens()))
                    .cell(Format.count(b.spentCalls()))
                    .cell(b.maxCalls() == null ? "-" : Format.count(b.maxCalls()))
                    .cell(tone, b.percent() + " %")
                    .cell(b.window())
                    .cell(b.onLimit())
                    .end();
        }
        table.printOr(terminal, "The project has no budget; a cost block in its YAML sets one.");
        view.budgets().forEach(b -> {
            String kept = kept(b);
            if (!kept.isEmpty()) {
                terminal.line(b.id() + ": " + kept + " of the limit kept for compensations");
            }
        });
    }

    private static String kept(BudgetView b) {
        BudgetSpec.Reserve reserve = b.reserve();
        if (reserve == null) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        if (reserve.maxMicroDollars() != null && b.maxMicroDollars() != null) {
            parts.add(Format.dollars(reserve.maxMicroDollars()));
        }
        if (reserve.maxTokens() != null && b.maxTokens() != null) {
            parts.add(Format.count(reserve.maxTokens()) + " tokens");
        }
        if (reserve.maxCalls() != null && b.maxCalls() != null) {
            parts.add(Format.count(reserve.maxCalls()) + " calls");
        }
        return String.join(", ", parts);
    }

    @Command(
            name = "set",
            description = "Changes a budget, in the YAML with its comments kept and at once for agents that run.")
    static final class Set extends Action {
        @Mixin
        private BudgetLimits wanted = new BudgetLimits();

        @Option(
                names = "--no-limit",
                paramLabel = "KIND",
                split = ",",
                description = "Takes limits away: dollars, tokens or calls. One has to be left.")
        private List<Kind> removed = List.of();

        enum Kind {
            DOLLARS("maxDollars"),
            TOKENS("maxTokens"),
            CALLS("maxCalls");

            private final String key;

            Kind(String key) {
                this.key = key;
            }
        }

        @Override
        int run(Context context) {
            if (!wanted.isAny() && removed.isEmpty()) {
                throw Failure.usage(
                        "say what to set: --max-dollars, --max-tokens, --max-calls, --on-limit or --no-limit.");
            }
            wanted.check();
            try (Session session = open(context, false)) {
                String id = wanted.budget(session.engine().view());
                if (wanted.isAny()) {
                    done(context, session.require(wanted.command(id)));
                }
                for (Kind kind : removed) {
                    done(context, session.require(new RemoveLimit(id, kind.key)));
                }
                return Exit.DONE;
            }
        }
    }
}
