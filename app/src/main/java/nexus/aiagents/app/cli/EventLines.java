package nexus.aiagents.app.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.*;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// What happens, as one line each for a person who watches.
public final class EventLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /// So that no text of an agent looks like a line of its own.
    private static final String UNDER = "\n" + " ".repeat(34);

    /// @param subject the agent, supervisor, step or budget it is about
    public record Line(Tone tone, String subject, String text) {}

    private EventLines() {}

    private static String gaveUp(SupervisorGaveUp e) {
        return switch (e.why()) {
            case "start" -> e.child() + " did not start";
            case "dollars" -> "restarts cost too much, the last was " + e.child();
            default -> e.child() + " crashed too often";
        };
    }

    /// One switch without a default, so that the compiler asks for the words of a new event.
    ///
    /// @return null for what would only be noise: single host calls, holds, ticks of loops
    public static @Nullable Line of(EngineEvent event) {
        return switch (event) {
            case AgentStarting _,
                    CallStarted _,
                    CallEnded _,
                    HostCallMade _,
                    HoldPlaced _,
                    HoldSettled _,
                    HoldReleased _ -> null;
            case OperatorActed _, ProjectClosed _, SupervisorStarted _, RunEnded _ -> null;
            case TrustChecked e -> e.allowed() ? null : bad(e.agent(), "not trusted: " + e.why());
            case ProjectOpened e ->
                e.recoveredRuns() == 0
                        ? null
                        : caution(e.project(), "goes on with interrupted runs: " + e.recoveredRuns());
            case ProjectReloaded e -> plain("project", "reloaded: " + String.join(", ", e.changed()));
            case TeamStarted _ -> good("team", "up");
            case TeamStopped _ -> plain("team", "stopped");
            case WorkerStarted e -> e.compiles() ? null : dim("worker", "process " + e.pid() + " started");
            case WorkerEnded e -> e.wanted() ? null : bad("worker", "process " + e.pid() + " is no more: " + e.why());
            case JournalCompacted e ->
                plain("journal", "entries " + e.firstSeq() + " to " + e.lastSeq() + " were moved to " + e.archive());
            case Notice e -> new Line(ofLevel(e.level()), e.level(), e.message());
            case AgentUp e ->
                e.incarnation() == 1 ? good(e.agent(), "up") : good(e.agent(), "up again, start " + e.incarnation());
            case AgentStartFailed e -> bad(e.agent(), "could not start: " + reason(e.reason()));
            case AgentExited e ->
                e.reason().isNormal()
                        ? plain(e.agent(), "ended: " + reason(e.reason()))
                        : bad(e.agent(), "crashed: " + reason(e.reason()));
            case AgentPaused e -> caution(e.agent(), "paused (" + e.cause() + "): " + e.detail());
            case AgentStuck e ->
                bad(
                        e.agent(),
                        "stuck: no " + (e.setting().equals("heartbeat") ? "sign of life" : "progress") + " for "
                                + e.silentMillis() + " ms, last call "
                                + (e.lastCall().isEmpty() ? "none" : e.lastCall()));
            case AgentResumed e -> good(e.agent(), "goes on");
            case AgentLogged e ->
                new Line(e.level().equals("info") ? Tone.DIM : ofLevel(e.level()), e.agent(), e.message());
            case AgentEmitted e -> dim(e.agent(), e.event() + " " + Format.brief(e.dataJson(), 200));
            case HostCallDenied e ->
                bad(
                        e.agent(),
                        "denied " + e.kind() + ": " + e.reason() + (e.remedy().isEmpty() ? "" : "; " + e.remedy()));
            case TrustDecided e ->
                plain(e.agent(), "trust: " + e.decision() + (e.reason().isEmpty() ? "" : ", " + e.reason()));
            case AgentSigned e -> good(e.agent(), "signed by " + e.signer());
            case GrantAsked e ->
                caution(
                        e.agent(),
                        "waits for your leave: " + e.what() + "; naos grants allow " + e.askId() + ", or deny");
            case GrantDecided e ->
                plain(e.agent(), decided(e.decision()) + (e.kind() + " " + e.grant() + " " + e.mode()).strip());
            case GrantChanged e -> plain(e.agent(), e.change() + " " + (e.kind() + " " + e.grant()).strip());
            case SupervisorRestarted e ->
                caution(
                        e.supervisor(),
                        "restarts " + String.join(", ", e.affected()) + " (" + e.inWindow() + " of " + e.maxRestarts()
                                + " restarts used)");
            case ChildBackingOff e -> caution(e.supervisor(), e.child() + " waits before its next start");
            case ChildHeld e ->
                caution(e.supervisor(), e.child() + " stays down until it is started (" + e.why() + ")");
            case ChildAdded e -> plain(e.supervisor(), e.child() + " is a child now");
            case ChildDeleted e -> plain(e.supervisor(), e.child() + " is no child any more");
            case SupervisorGaveUp e -> bad(e.supervisor(), "gave up: " + gaveUp(e) + ", " + reason(e.reason()));
            case SupervisorStopped e ->
                e.why().equals("auto-shutdown")
                        ? plain(e.supervisor(), "shut itself down: its significant children have ended")
                        : null;
            case RunStarted e -> plain(e.name(), "run " + e.runId() + " started");
            case RunResumed e -> caution("run", e.runId() + " goes on where it was interrupted");
            case StepStarted e ->
                plain(e.step(), "running " + e.agent() + (e.attempt() > 1 ? ", attempt " + e.attempt() : ""));
            case StepDone e -> good(e.step(), "done");
            case StepFailed e -> bad(e.step(), "failed: " + reason(e.reason()) + again(e.retryAtEpochMillis()));
            case StepUnknown e -> caution(e.step(), "may or may not have happened: " + e.why());
            case CompensationStarted e ->
                plain(e.step(), "undoing with " + e.agent() + (e.attempt() > 1 ? ", attempt " + e.attempt() : ""));
            case CompensationDone e -> good(e.step(), "undone");
            case CompensationFailed e ->
                bad(e.step(), "could not be undone: " + reason(e.reason()) + again(e.retryAtEpochMillis()));
            case CompensationSkipped e -> dim(e.step(), "not undone: " + e.why());
            case RunParked e -> caution(e.step(), "waits for you: " + e.why());
            case RunPaused e -> caution("run", e.runId() + " is paused");
            case RunUnpaused e -> plain("run", e.runId() + " goes on");
            case ApprovalAsked e ->
                caution(e.step(), "waits for your approval; it would get " + Format.brief(e.inputJson(), 100));
            case StepApproved e -> good(e.step(), "approved" + said(e.comment()));
            case StepRejected e -> bad(e.step(), "rejected" + said(e.comment()));
            case StepSkipped e -> dim(e.step(), "left out: " + e.why());
            case RunReopened e -> caution("run", e.runId() + " is taken up again from " + e.step());
            case PoolVoted e -> plain(e.member(), "answered " + Format.brief(e.outputJson(), 100));
            case PoolMemberFailed e -> bad(e.member(), "dropped: " + reason(e.reason()));
            case PoolOpened e ->
                plain(e.pool(), "open with " + e.workers() + " workers, " + e.jobs() + " jobs left over");
            case PoolClosed e -> dim(e.pool(), "closed");
            case PoolScaled e ->
                plain(
                        e.pool(),
                        e.to() + (e.to() == 1 ? " worker" : " workers") + " instead of " + e.from() + " (" + e.cause()
                                + ")");
            case PoolPinned e -> dim(e.pool(), e.byHand() ? "scaled by hand" : "scaled by its queue");
            case PoolDraining e -> caution(e.pool(), "takes no new jobs");
            case PoolDrained e -> plain(e.pool(), "drained");
            case PoolResumed e -> good(e.pool(), "takes jobs again");
            case PoolJobStarted e ->
                plain(
                        e.pool(),
                        "job " + e.runId() + " at work with " + e.agent()
                                + (e.attempt() > 1 ? ", attempt " + e.attempt() : ""));
            case PoolJobFailed e ->
                bad(e.pool(), "job " + e.runId() + " failed: " + reason(e.reason()) + again(e.retryAtEpochMillis()));
            case PoolJobUnknown e ->
                caution(e.pool(), "job " + e.runId() + " may or may not have happened: " + e.why());
            case PoolJobRefused e -> caution(e.pool(), "a job was refused: " + e.code());
            case PoolTied e ->
                caution(
                        "pool",
                        "no agreement: " + e.who().replace("judge:", "") + " picks one of "
                                + e.candidates().size() + (e.candidates().size() == 1 ? " answer" : " answers"));
            case PoolDecided e ->
                good(
                        "pool",
                        (e.by().equals("votes") ? "agreed on " : e.by() + " picked ")
                                + Format.brief(e.outputJson(), 100) + " ("
                                + e.dissent().size() + " dissenting, "
                                + e.cancelled().size() + " cancelled)");
            case ScheduleFired e ->
                plain(
                        e.schedule(),
                        "is due" + (e.why().equals("time") ? "" : " (" + e.why() + ")") + ": run " + e.runId());
            case ScheduleSkipped e ->
                caution(
                        e.schedule(),
                        "left out " + (e.count() == 1 ? "a time" : e.count() + " times") + ": " + e.why());
            case SchedulePaused e -> caution(e.schedule(), "paused");
            case ScheduleResumed e -> good(e.schedule(), "goes on");
            case HoldRefused _ -> null; // what it leads to, a pause or an end, is told with the same words
            case BudgetAlert e ->
                caution(e.budget(), e.percent() + " % spent, " + Format.dollars(e.spentMicroDollars()));
            case BudgetChanged e -> plain(e.budget(), "changed: " + limits(e));
        };
    }

    private static String limits(BudgetChanged e) {
        StringBuilder text = new StringBuilder();
        if (e.maxMicroDollars() != null) {
            text.append(Format.dollars(e.maxMicroDollars())).append(", ");
        }
        if (e.maxTokens() != null) {
            text.append(Format.count(e.maxTokens())).append(" tokens, ");
        }
        if (e.maxCalls() != null) {
            text.append(Format.count(e.maxCalls())).append(" calls, ");
        }
        return text + "then " + e.onLimit();
    }

    private static String said(@Nullable String comment) {
        return comment == null || comment.isBlank() ? "" : ": " + comment;
    }

    private static String again(long retryAtEpochMillis) {
        return retryAtEpochMillis > 0 ? ", is tried again" : "";
    }

    /// The code, and what there is to say about it.
    static String reason(ExitReason reason) {
        return reason.message().isEmpty() || reason.message().equals(reason.code())
                ? reason.code()
                : reason.code() + ": " + reason.message();
    }

    /// As it stands on the screen.
    public static String text(Terminal terminal, JournalEntry entry, Line line) {
        String time = TIME.format(entry.at().atZone(ZoneId.systemDefault()));
        String subject = String.format("%-22s", Terminal.safe(line.subject()));
        return terminal.tint(Tone.DIM, time) + "  " + terminal.tint(Tone.STRONG, subject) + "  "
                + terminal.tint(line.tone(), Terminal.safe(line.text()).replace("\n", UNDER));
    }

    private static Tone ofLevel(String level) {
        return switch (level) {
            case "error" -> Tone.BAD;
            case "warning", "warn" -> Tone.CAUTION;
            default -> Tone.PLAIN;
        };
    }

    private static Line good(String subject, String text) {
        return new Line(Tone.GOOD, subject, text);
    }

    private static Line bad(String subject, String text) {
        return new Line(Tone.BAD, subject, text);
    }

    private static Line caution(String subject, String text) {
        return new Line(Tone.CAUTION, subject, text);
    }

    private static Line plain(String subject, String text) {
        return new Line(Tone.PLAIN, subject, text);
    }

    private static Line dim(String subject, String text) {
        return new Line(Tone.DIM, subject, text);
    }

    private static String decided(String decision) {
        return switch (decision) {
            case "once" -> "may this once: ";
            case "run" -> "may to the end of the run: ";
            case "project" -> "may until the project is closed: ";
            case "always" -> "may from now on: ";
            case "deny" -> "may not: ";
            default -> "not asked any more (" + decision + "): ";
        };
    }
}
