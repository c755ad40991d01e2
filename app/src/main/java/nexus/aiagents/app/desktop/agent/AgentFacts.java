package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.parts.Columns;
import nexus.aiagents.app.desktop.parts.Facts;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;

/// The figures of one agent: its life, what it used, its trust and its schedule.
final class AgentFacts {
    private static final double FACT = 84;
    private static final int LONGEST = 160;

    private final Facts life = new Facts(FACT);
    private final Facts use = new Facts(FACT);
    private final Facts trust = new Facts(FACT);
    private final Columns columns = new Columns(24, life, use, trust);
    private @Nullable String shown;

    Region node() {
        return columns;
    }

    void forget() {
        shown = null;
    }

    /// @param schedule of the agent, null: it has none
    void show(AgentView a, @Nullable ScheduleView schedule, Instant now) {
        if (!a.name().equals(shown)) {
            shown = a.name();
            life.clear();
            use.clear();
            trust.clear();
        }
        life.show(isUp(a) ? "Uptime" : "In this state", Words.coarse(Duration.between(a.since(), now)));
        life.show(isUp(a) ? "In this state" : "Uptime", "");
        life.show("Restarts", Words.count(a.restarts()));
        AgentView.ExitView exit = a.lastExit();
        life.show(
                "Last exit",
                exit == null
                        ? ""
                        : Words.brief(exit.code() + (exit.message().isBlank() ? "" : ": " + exit.message()), LONGEST),
                exit != null && !exit.kind().equals("normal") && !exit.kind().equals("shutdown")
                        ? Tone.DANGER.styleClass()
                        : "");
        life.show("Runtime", a.runtime() + (a.source() == null ? "" : ", " + a.source()));
        life.show("Runs in", place(a));
        use.show("Cost", Money.format(a.microDollars()) + (a.scripted() ? ", scripted" : ""));
        use.show("Tokens", Words.count(a.tokens()));
        use.show("Calls", Words.count(a.calls()) + ", " + Words.count(a.failedCalls()) + " failed");
        use.show("Host calls", Words.count(a.hostCalls()) + ", " + Words.count(a.deniedCalls()) + " denied");
        use.show("Memory", a.memoryBytes() == 0 ? "" : Words.bytes(a.memoryBytes()));
        use.show("Fuel", a.fuel() == 0 ? "" : Words.count(a.fuel()) + " ticks");
        trust.show(
                "Trust",
                a.trust().score() + " of 100 · T" + a.trust().tier() + " · "
                        + a.trust().rating(),
                a.trust().allowed() ? "" : Tone.DANGER.styleClass());
        trust.show("Because", a.trust().why());
        trust.show("Last call", a.lastHostCall() == null ? "" : a.lastHostCall());
        showLife(a.life());
        showSchedule(schedule, now);
    }

    private static String place(AgentView a) {
        AgentView.LifeSign sign = a.life().sign();
        List<Long> workers = sign == null ? List.of() : sign.workers();
        return switch (a.isolation()) {
            case "process" ->
                "a worker process"
                        + (workers.isEmpty()
                                ? ""
                                : ", now "
                                        + workers.stream().map(String::valueOf).collect(Collectors.joining(", ")));
            case "thread" -> "the app, sandboxed";
            default -> "";
        };
    }

    /// How a run is told from one that is stuck, and what the one that is silent longest looks like now.
    private void showLife(AgentView.LifeView signs) {
        life.show("Heartbeat", span(signs.heartbeatMillis()));
        life.show("Idle time-out", span(signs.idleTimeoutMillis()));
        AgentView.LifeSign sign = signs.sign();
        life.show(
                "Silent for",
                sign == null
                        ? ""
                        : sign.waitsForModel()
                                ? "waits for a model"
                                : Words.duration(Duration.ofMillis(sign.silentMillis()))
                                        + (sign.lastCall().isEmpty() ? "" : " since " + sign.lastCall()));
    }

    private static String span(@Nullable Long millis) {
        return millis == null ? "" : Words.duration(Duration.ofMillis(millis));
    }

    private void showSchedule(@Nullable ScheduleView schedule, Instant now) {
        if (schedule == null) {
            for (String fact : List.of("Schedule", "Next run", "Last run", "Waiting")) {
                life.show(fact, "");
            }
            return;
        }
        Instant next = schedule.next();
        Instant last = schedule.lastStarted();
        life.show("Schedule", schedule.cron() + " " + schedule.timezone());
        life.show(
                "Next run",
                schedule.paused()
                        ? "paused"
                        : next == null
                                ? "never"
                                : nextRun(next, now) + (schedule.active() ? "" : ", if the team is up"));
        life.show("Last run", last == null ? "" : Words.time(last, now));
        life.show("Waiting", schedule.waiting() == 0 ? "" : Words.plural(schedule.waiting(), "run"));
    }

    private static String nextRun(Instant next, Instant now) {
        return Words.time(next, now) + ", in " + Words.coarse(Duration.between(now, next));
    }

    private static boolean isUp(AgentView a) {
        return switch (a.state()) {
            case RUNNING, IDLE, PAUSED, STUCK -> true;
            case STOPPED, STARTING, BACKING_OFF, FAILED, COMPLETED -> false;
        };
    }
}
