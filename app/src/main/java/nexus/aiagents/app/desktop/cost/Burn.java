package nexus.aiagents.app.desktop.cost;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// How fast money goes, seen over the last five minutes. Pure.
///
/// @param microDollarsPerMinute of what counts against the budget
/// @param tokensPerMinute       as well
/// @param toLimit               null where nothing is spent or nothing is limited
/// @param scripted              all of it was answered by the built-in model
public record Burn(
        double microDollarsPerMinute,
        double tokensPerMinute,
        @Nullable Duration toLimit,
        boolean scripted) {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration LEAST = Duration.ofSeconds(30);

    public static Burn of(BudgetView budget, ProjectView view, Instant now) {
        Predicate<SpendPoint> counts = counts(budget, view);
        Instant from = now.minus(WINDOW);
        List<SpendPoint> recent = view.spend().stream()
                .filter(p -> p.at().isAfter(from))
                .filter(counts)
                .toList();
        if (recent.isEmpty()) {
            return new Burn(0, 0, null, view.spend().stream().filter(counts).allMatch(SpendPoint::scripted));
        }
        Duration seen = Duration.between(recent.getFirst().at(), now);
        double minutes = Math.max(LEAST.toMillis(), Math.min(WINDOW.toMillis(), seen.toMillis())) / 60_000.0;
        double dollars = recent.stream().mapToLong(SpendPoint::microDollars).sum() / minutes;
        double tokens = recent.stream().mapToLong(SpendPoint::tokens).sum() / minutes;
        double left = Math.min(
                left(budget.maxMicroDollars(), budget.spentMicroDollars() + budget.heldMicroDollars(), dollars),
                left(budget.maxTokens(), budget.spentTokens() + budget.heldTokens(), tokens));
        Duration toLimit = left > 525_600 ? null : Duration.ofMillis((long) (left * 60_000));
        return new Burn(dollars, tokens, toLimit, recent.stream().allMatch(SpendPoint::scripted));
    }

    private static double left(@Nullable Long limit, long used, double perMinute) {
        return limit == null || perMinute <= 0 ? Double.MAX_VALUE : Math.max(0, limit - used) / perMinute;
    }

    /// Which spending counts against a budget.
    static Predicate<SpendPoint> counts(BudgetView budget, ProjectView view) {
        return switch (budget.scope()) {
            case "agent" -> p -> p.agent().equals(budget.target());
            case "project" -> _ -> true;
            case "supervisor" -> {
                Map<String, String> above = above(view);
                Map<String, String> jobs = new HashMap<>();
                view.runs().stream().filter(r -> r.kind().equals("job")).forEach(r -> jobs.put(r.id(), r.name()));
                yield p -> isBelow(p.agent(), budget.target(), above)
                        || isBelow(jobs.getOrDefault(p.runId(), ""), budget.target(), above);
            }
            default -> {
                Map<String, String> runs = new HashMap<>();
                view.runs().stream()
                        .filter(r -> r.kind().equals(budget.scope()))
                        .forEach(r -> runs.put(r.id(), r.name()));
                yield p -> budget.target().equals(runs.get(p.runId()));
            }
        };
    }

    /// Agents that this budget has paused.
    public static List<AgentView> paused(BudgetView budget, ProjectView view) {
        Map<String, String> above = above(view);
        return view.agents().stream()
                .filter(a -> a.state() == AgentView.State.PAUSED && "budget".equals(a.pausedBy()))
                .filter(a -> switch (budget.scope()) {
                    case "agent" -> a.name().equals(budget.target());
                    case "project" -> true;
                    case "supervisor" -> isBelow(a.name(), budget.target(), above);
                    default -> a.detail().contains(budget.id());
                })
                .toList();
    }

    private static Map<String, String> above(ProjectView view) {
        Map<String, String> above = new HashMap<>();
        for (SupervisorView s : view.supervisors()) {
            s.children().forEach(c -> above.put(c.name(), s.name()));
        }
        return above;
    }

    private static boolean isBelow(String name, String supervisor, Map<String, String> above) {
        String at = above.get(name);
        for (int depth = 0; at != null && depth < 100; depth++) {
            if (at.equals(supervisor)) {
                return true;
            }
            at = above.get(at);
        }
        return false;
    }

    /// For a person.
    public String sentence(BudgetView budget) {
        if (microDollarsPerMinute == 0 && tokensPerMinute == 0) {
            return "Nothing spent in the last 5 minutes.";
        }
        String rate = "Spending " + Money.format(Math.round(microDollarsPerMinute)) + " and "
                + Words.count(Math.round(tokensPerMinute)) + " tokens a minute";
        if (budget.verdict() == BudgetView.Verdict.LIMIT || toLimit == null) {
            return rate + ".";
        }
        return rate + ": at the limit in " + Words.coarse(toLimit) + ".";
    }
}
