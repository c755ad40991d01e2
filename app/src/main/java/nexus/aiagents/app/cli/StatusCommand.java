package nexus.aiagents.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Shows every agent with its restarts and spend, supervisors, budgets and runs.")
final class StatusCommand extends Action {
    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description =
                    "As it was after an entry of the journal, by its number, or at a time: 2026-11-23T10:00, or 10m for ten minutes ago.")
    private @Nullable String at;

    @Override
    int run(Context context) {
        try (Session session = open(context, false)) {
            ProjectView view =
                    at == null ? session.engine().view() : session.engine().viewAt(entry(session.engine(), at));
            boolean remote = session.engine().isRemote();
            if (context.terminal().json()) {
                json(context.terminal(), view, remote);
            } else {
                print(context.terminal(), view, remote);
            }
            return Exit.DONE;
        }
    }

    private static long entry(EngineClient engine, String when) {
        if (when.matches("\\d{1,18}")) {
            return Long.parseLong(when);
        }
        Instant moment = Times.parse("--at", when, Instant.now());
        List<JournalEntry> before =
                engine.history(new HistoryQuery(0, 1, true, Set.of(), null, null, null, moment, null));
        return before.isEmpty() ? 0 : before.getFirst().seq();
    }

    private static void json(Terminal terminal, ProjectView view, boolean remote) {
        terminal.json(Json.object("project")
                .put("name", view.project())
                .put("folder", view.folder())
                .put("up", view.up())
                .put("open", remote)
                .put("seq", view.seq()));
        view.agents().forEach(a -> terminal.json(Json.object("agent", a)));
        view.supervisors().forEach(s -> terminal.json(SupervisorCommand.json(s)));
        view.budgets().forEach(b -> terminal.json(Json.object("budget", b)));
        view.schedules().forEach(s -> terminal.json(Json.object("schedule", s)));
        view.runs().stream().filter(r -> !r.state().isFinal()).forEach(r -> terminal.json(Json.run(r)));
    }

    private void print(Terminal terminal, ProjectView view, boolean remote) {
        String state = view.up() ? "up" : remote ? "open, not up" : "not running; naos up starts it";
        if (at != null) {
            terminal.line(
                    terminal.tint(Tone.CAUTION, "as of " + Format.moment(view.at()) + ", after entry " + view.seq()));
        }
        terminal.line(terminal.tint(Tone.STRONG, view.project()) + "  "
                + terminal.tint(view.up() ? Tone.GOOD : Tone.CAUTION, state)
                + terminal.tint(Tone.DIM, "  " + view.folder()));
        terminal.line("");
        Table agents = new Table("AGENT", "STATE", "RESTARTS", "CALLS", "FAILED", "TOKENS", "SPENT", "");
        for (AgentView a : view.agents()) {
            agents.cell(a.name())
                    .cell(
                            tone(a.state()),
                            Format.lower(a.state()) + (a.pausedBy() == null ? "" : " (" + a.pausedBy() + ")"))
                    .cell(a.restarts())
                    .cell(Format.count(a.calls()))
                    .cell(Format.count(a.failedCalls()))
                    .cell(Format.count(a.tokens()))
                    .cell(Format.dollars(a.microDollars()) + (a.scripted() && a.tokens() > 0 ? " scripted" : ""))
                    .cell(Tone.DIM, Format.brief(note(a, view), 80))
                    .end();
        }
        agents.printOr(terminal, "The project has no agent; naos create NAME --template javascript adds one.");
        SupervisorCommand.print(terminal, view, "");
        if (!view.budgets().isEmpty()) {
            terminal.line("");
            CostCommand.print(terminal, view);
        }
        runs(terminal, view, remote);
    }

    private static void runs(Terminal terminal, ProjectView view, boolean remote) {
        var open = view.runs().stream().filter(r -> !r.state().isFinal()).toList();
        if (open.isEmpty()) {
            return;
        }
        terminal.line("");
        Table runs = new Table("RUN", "OF", "STATE", "STARTED");
        open.forEach(r -> runs.cell(r.id())
                .cell(r.name())
                .cell(
                        RunReport.tone(r.state()),
                        remote || !Follower.isUnderWay(r) ? Format.lower(r.state()) : "interrupted")
                .cell(Format.moment(r.startedAt()))
                .end());
        runs.print(terminal);
    }

    private static String note(AgentView a, ProjectView view) {
        if (!a.trust().allowed()) {
            return "not trusted: " + a.trust().why();
        }
        AgentView.LifeSign sign = a.life().sign();
        if (a.state() == AgentView.State.PAUSED || a.lastExit() == null) {
            return sign == null || sign.workers().isEmpty()
                    ? a.detail()
                    : a.detail() + (a.detail().isEmpty() ? "" : "; ") + "in worker process "
                            + sign.workers().stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        Duration ago = Duration.between(a.lastExit().at(), view.at());
        return "last exit " + Format.duration(ago) + " ago: " + a.lastExit().code() + " "
                + a.lastExit().message();
    }

    private static Tone tone(AgentView.State state) {
        return switch (state) {
            case RUNNING, IDLE, COMPLETED -> Tone.GOOD;
            case STARTING, BACKING_OFF, PAUSED -> Tone.CAUTION;
            case STUCK, FAILED -> Tone.BAD;
            case STOPPED -> Tone.DIM;
        };
    }
}
