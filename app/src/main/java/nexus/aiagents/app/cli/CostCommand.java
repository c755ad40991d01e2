package nexus.aiagents.app.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.RemoveLimit;
import nexus.aiagents.engine.control.Command.SetBudget;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
        @Parameters(
                paramLabel = "BUDGET",
                description = "As naos cost status names it, agent/research-bot; the name alone where that is clear.")
        private String budget = "";

        @Option(names = "--max-dollars", paramLabel = "N", description = "The most it may spend, in dollars: 5.00")
        private @Nullable BigDecimal dollars;

        @Option(names = "--max-tokens", paramLabel = "N", description = "The most tokens it may use.")
        private @Nullable Long tokens;

        @Option(names = "--max-calls", paramLabel = "N", description = "The most calls of models it may make.")
        private @Nullable Long calls;

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

        @Option(names = "--on-limit", paramLabel = "ACTION", description = "Then: pause, throttle, alert or kill.")
        private @Nullable OnLimit onLimit;

        enum OnLimit {
            PAUSE,
            THROTTLE,
            ALERT,
            KILL
        }

        @Override
        int run(Context context) {
            boolean sets = dollars != null || tokens != null || calls != null || onLimit != null;
            if (!sets && removed.isEmpty()) {
                throw Failure.usage(
                        "say what to set: --max-dollars, --max-tokens, --max-calls, --on-limit or --no-limit.");
            }
            @Nullable Long micro = dollars == null ? null : micro(dollars);
            notBelowZero("--max-tokens", tokens);
            notBelowZero("--max-calls", calls);
            try (Session session = open(context, false)) {
                String id = resolve(session.engine().view(), budget);
                @Nullable String action = onLimit == null ? null : Format.lower(onLimit);
                if (sets) {
                    done(context, session.require(new SetBudget(id, micro, tokens, calls, action)));
                }
                for (Kind kind : removed) {
                    done(context, session.require(new RemoveLimit(id, kind.key)));
                }
                return Exit.DONE;
            }
        }

        private static void notBelowZero(String option, @Nullable Long limit) {
            if (limit != null && limit < 0) {
                throw Failure.usage(option + " " + limit + ": a limit is zero or more.");
            }
        }

        static long micro(BigDecimal dollars) {
            try {
                long micro = dollars.movePointRight(6).longValueExact();
                if (micro >= 0) {
                    return micro;
                }
            } catch (ArithmeticException _) {
                throw Failure.usage(
                        "--max-dollars " + dollars + ": six decimals at most, and less than nine trillion.");
            }
            throw Failure.usage("--max-dollars " + dollars + ": a limit is zero or more.");
        }

        /// Names alone where they are clear, so that one who wrote a name alone is told one.
        private static List<String> shortened(List<String> ids) {
            List<String> names =
                    ids.stream().map(id -> id.substring(id.indexOf('/') + 1)).toList();
            return names.stream().distinct().count() == names.size() ? names : ids;
        }

        static String resolve(ProjectView view, String wanted) {
            List<String> ids = view.budgets().stream().map(BudgetView::id).toList();
            if (ids.contains(wanted)) {
                return wanted;
            }
            List<String> fits = ids.stream()
                    .filter(id -> id.substring(id.indexOf('/') + 1).equals(wanted))
                    .toList();
            if (fits.size() == 1) {
                return fits.getFirst();
            }
            if (fits.isEmpty()) {
                List<String> names = shortened(ids);
                throw Failure.unknown("budget", wanted, Similar.to(wanted, names) == null ? ids : names);
            }
            throw new Failure(
                    Exit.USAGE,
                    "unknown-name",
                    wanted + " is the name of several budgets: " + String.join(", ", fits) + "; write it in full");
        }
    }
}
