package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// Finds, between two snapshots, what a person should hear of: what needs them, failed or finished. Pure.
final class Watch {
    private Watch() {}

    record Told(
            Notification.Kind kind,
            String title,
            String text,
            @Nullable String screen,
            @Nullable String selection) {}

    static List<Told> between(ProjectView before, ProjectView after) {
        List<Told> told = new ArrayList<>();
        runs(before, after, told);
        agents(before, after, told);
        supervisors(before, after, told);
        budgets(before, after, told);
        notices(before, after, told);
        return told;
    }

    private static void runs(ProjectView before, ProjectView after, List<Told> told) {
        Map<String, RunView> known = new HashMap<>();
        before.runs().forEach(r -> known.put(r.id(), r));
        for (RunView run : after.runs()) {
            RunView old = known.get(run.id());
            if (old != null && old.state() == run.state()) {
                continue;
            }
            switch (run.state()) {
                case PARKED -> told.add(run(run, Notification.Kind.NEEDS_YOU, run.name() + " waits for you"));
                case FAILED -> told.add(run(run, Notification.Kind.FAILED, run.name() + " failed"));
                case DONE -> {
                    if (!run.kind().equals("job")) { // a queue finishes them all day
                        told.add(run(run, Notification.Kind.FINISHED, run.name() + " finished"));
                    }
                }
                case WAITING ->
                    told.add(run(run, Notification.Kind.NEEDS_YOU, run.name() + " waits for your approval"));
                case RUNNING, PAUSED, COMPENSATING, CANCELLED -> {}
            }
        }
    }

    private static Told run(RunView run, Notification.Kind kind, String title) {
        String why = run.errorMessage() == null ? "" : run.errorMessage();
        String step = run.failedStep() == null ? "" : "Step " + run.failedStep() + ": ";
        String cost = "Cost " + Money.format(run.microDollars()) + ".";
        String text = switch (kind) {
            case FINISHED -> cost;
            case NEEDS_YOU -> asked(run, step + why);
            case FAILED, INFO -> step + why;
        };
        boolean pool = run.kind().equals("pool") || run.kind().equals("job");
        String screen = pool ? Screen.POOLS : Screen.RUNS;
        return new Told(kind, title, text, screen, run.id());
    }

    /// What a run waits for that has not gone wrong.
    private static String asked(RunView run, String otherwise) {
        return run.steps().stream()
                .filter(s -> s.state() == RunView.StepState.WAITING)
                .findFirst()
                .map(s -> "Step " + s.name() + " begins when you approve it.")
                .orElse(otherwise);
    }

    private static void agents(ProjectView before, ProjectView after, List<Told> told) {
        Map<String, AgentView> known = new HashMap<>();
        before.agents().forEach(a -> known.put(a.name(), a));
        for (AgentView agent : after.agents()) {
            AgentView old = known.get(agent.name());
            if (old != null && old.state() == agent.state()) {
                continue;
            }
            if (agent.state() == AgentView.State.PAUSED && !"operator".equals(agent.pausedBy())) {
                told.add(new Told(
                        Notification.Kind.NEEDS_YOU,
                        agent.name() + " is paused",
                        agent.detail(),
                        "budget".equals(agent.pausedBy()) ? Screen.COST : Screen.AGENT,
                        agent.name()));
            } else if (agent.state() == AgentView.State.STUCK
                    || (agent.state() == AgentView.State.FAILED && !comesBack(agent, after))) {
                told.add(new Told(
                        Notification.Kind.FAILED,
                        agent.name() + (agent.state() == AgentView.State.STUCK ? " is stuck" : " failed"),
                        agent.detail(),
                        Screen.AGENT,
                        agent.name()));
            }
        }
    }

    /// Whether its supervisor starts it again: then a crash is everyday life.
    private static boolean comesBack(AgentView agent, ProjectView view) {
        return view.supervisors().stream()
                .filter(s -> s.name().equals(agent.supervisor()) && s.state() == SupervisorView.State.RUNNING)
                .flatMap(s -> s.children().stream())
                .anyMatch(c -> c.name().equals(agent.name()) && !c.restart().equals("temporary"));
    }

    private static void supervisors(ProjectView before, ProjectView after, List<Told> told) {
        Map<String, SupervisorView> known = new HashMap<>();
        before.supervisors().forEach(s -> known.put(s.name(), s));
        for (SupervisorView supervisor : after.supervisors()) {
            SupervisorView old = known.get(supervisor.name());
            if (supervisor.state() == SupervisorView.State.FAILED
                    && (old == null || old.state() != SupervisorView.State.FAILED)) {
                told.add(new Told(
                        Notification.Kind.FAILED,
                        supervisor.name() + " gave up",
                        sentence(supervisor.reason())
                                + (supervisor.parent() == null
                                        ? " Start the team again when the cause is gone."
                                        : " What is above it decides what happens now."),
                        Screen.SUPERVISORS,
                        supervisor.name()));
            }
        }
    }

    private static String sentence(String words) {
        return words.isEmpty() || words.matches("(?s).*[.!?]") ? words : words + ".";
    }

    private static void budgets(ProjectView before, ProjectView after, List<Told> told) {
        Map<String, BudgetView> known = new HashMap<>();
        before.budgets().forEach(b -> known.put(b.id(), b));
        for (BudgetView budget : after.budgets()) {
            BudgetView old = known.get(budget.id());
            boolean risen = old != null && old.verdict().compareTo(budget.verdict()) < 0;
            if (risen
                    && budget.verdict() == BudgetView.Verdict.LIMIT
                    && !budget.onLimit().equals("pause")) {
                told.add(new Told(
                        Notification.Kind.NEEDS_YOU,
                        "The budget of " + budget.target() + " is used up",
                        "What it does at the limit: " + budget.onLimit() + ". Raise it on the Cost screen.",
                        Screen.COST,
                        budget.id()));
            }
        }
    }

    private static void notices(ProjectView before, ProjectView after, List<Told> told) {
        long seen = before.seq();
        after.notices().stream()
                .filter(n -> n.seq() > seen && !n.level().equals("info") && !isToldOtherwise(n.code()))
                .forEach(n -> told.add(notice(n)));
    }

    /// What the states of agents, runs and supervisors say already.
    private static boolean isToldOtherwise(String code) {
        return code.startsWith("paused-")
                || code.equals("run-parked")
                || code.equals("gave-up")
                || code.equals("stuck")
                || code.equals("tree-failed");
    }

    private static Told notice(ProjectView.NoticeView notice) {
        boolean error = notice.level().equals("error");
        Notification.Kind kind = error ? Notification.Kind.FAILED : Notification.Kind.NEEDS_YOU;
        return switch (notice.code()) {
            case "budget-alert" -> new Told(kind, "A budget runs low", notice.message(), Screen.COST, null);
            case "grant-asked" ->
                new Told(kind, "An agent asks for leave", notice.message(), Screen.CAPABILITIES, null);
            case "untrusted" -> new Told(kind, "Not trusted", notice.message(), Screen.TRUST, null);
            default -> new Told(kind, error ? "Something failed" : "Please look", notice.message(), Screen.AUDIT, null);
        };
    }
}
