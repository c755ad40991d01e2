package nexus.aiagents.app.desktop.parts;

import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// One event in words: what it is about, what happened, and how serious that is.
///
/// @param subject agent, run, supervisor or budget; empty: the project
public record EventText(String subject, String summary, Tone tone) {

    /// One switch over every event, so that a new one is not forgotten here.
    public static EventText of(EngineEvent event) {
        return switch (event) {
            case EngineEvent.ProjectOpened e ->
                info(
                        "",
                        e.recoveredRuns() == 0
                                ? "Project opened"
                                : "Project opened, going on with " + Words.plural(e.recoveredRuns(), "run"));
            case EngineEvent.ProjectClosed _ -> info("", "Project closed");
            case EngineEvent.ProjectReloaded e ->
                info("", "Changes applied" + (e.changed().isEmpty() ? "" : ": " + String.join(", ", e.changed())));
            case EngineEvent.TeamStarted _ -> info("", "Team started");
            case EngineEvent.TeamStopped _ -> info("", "Team stopped");
            case EngineEvent.Notice e -> new EventText("", e.message(), level(e.level()));
            case EngineEvent.WorkerStarted e ->
                info("", "Worker process " + e.pid() + " started" + (e.compiles() ? " to compile" : ""));
            case EngineEvent.WorkerEnded e ->
                e.wanted()
                        ? info("", "Worker process " + e.pid() + " ended: " + e.why())
                        : bad("", "Worker process " + e.pid() + " is no more: " + e.why());
            case EngineEvent.JournalCompacted e ->
                info("", "Entries " + e.firstSeq() + " to " + e.lastSeq() + " moved to " + e.archive());
            case EngineEvent.OperatorActed e -> new EventText(e.by(), e.command(), Tone.INFO);
            case EngineEvent.AgentStarting e -> info(e.agent(), "Starting");
            case EngineEvent.AgentUp e -> good(e.agent(), "Up, start " + e.incarnation());
            case EngineEvent.AgentStartFailed e -> bad(e.agent(), "Could not start: " + why(e.reason()));
            case EngineEvent.AgentExited e -> exited(e.agent(), "Ended: " + why(e.reason()), e.reason());
            case EngineEvent.AgentPaused e ->
                warn(e.agent(), "Paused by " + e.cause() + (e.detail().isEmpty() ? "" : ": " + e.detail()));
            case EngineEvent.AgentStuck e ->
                warn(
                        e.agent(),
                        "Stuck: no " + (e.setting().equals("heartbeat") ? "sign of life" : "progress") + " for "
                                + e.silentMillis() + " ms, last call "
                                + (e.lastCall().isEmpty() ? "none" : e.lastCall()));
            case EngineEvent.AgentResumed e -> good(e.agent(), "Resumed");
            case EngineEvent.CallStarted e -> info(e.agent(), e.loop() ? "Loop run began" : "Call began");
            case EngineEvent.CallEnded e ->
                exited(e.agent(), "Call ended after " + e.millis() + " ms: " + why(e.reason()), e.reason());
            case EngineEvent.AgentLogged e -> new EventText(e.agent(), e.message(), level(e.level()));
            case EngineEvent.AgentEmitted e -> info(e.agent(), e.event() + " " + e.dataJson());
            case EngineEvent.HostCallMade e ->
                new EventText(
                        e.agent(),
                        e.kind() + " " + e.target() + (e.ok() ? "" : ", failed") + ", " + e.millis() + " ms",
                        e.ok() ? Tone.NEUTRAL : Tone.WARNING);
            case EngineEvent.HostCallDenied e -> warn(e.agent(), "Denied " + e.kind() + ": " + e.reason());
            case EngineEvent.TrustDecided e ->
                info(e.agent(), Words.trustDecided(e.decision()) + (e.reason().isEmpty() ? "" : ": " + e.reason()));
            case EngineEvent.AgentSigned e -> good(e.agent(), "Signed by " + e.signer());
            case EngineEvent.GrantAsked e -> warn(e.agent(), "Waits for your leave: " + e.what());
            case EngineEvent.GrantDecided e -> info(e.agent(), Words.decided(e));
            case EngineEvent.GrantChanged e ->
                info(e.agent(), "Grant " + e.change() + ": " + (e.kind() + " " + e.grant()).strip());
            case EngineEvent.TrustChecked e ->
                new EventText(
                        e.agent(),
                        (e.allowed() ? "Trusted" : "Not trusted") + ", score " + e.score() + ", T" + e.tier() + ", "
                                + e.rating(),
                        e.allowed() ? Tone.NEUTRAL : Tone.DANGER);
            case EngineEvent.SupervisorStarted e -> good(e.supervisor(), "Supervisor started");
            case EngineEvent.SupervisorRestarted e ->
                warn(
                        e.supervisor(),
                        "Restarted " + String.join(", ", e.affected()) + " because " + e.child() + " ended: "
                                + why(e.reason()) + " (" + e.inWindow() + " of " + e.maxRestarts() + ")");
            case EngineEvent.ChildBackingOff e -> warn(e.supervisor(), e.child() + " waits before its next start");
            case EngineEvent.ChildHeld e ->
                warn(e.supervisor(), e.child() + " stays down until it is started: " + Words.held(e.why()));
            case EngineEvent.ChildAdded e -> good(e.supervisor(), e.child() + " is a child now");
            case EngineEvent.ChildDeleted e -> info(e.supervisor(), e.child() + " is no child any more");
            case EngineEvent.SupervisorGaveUp e ->
                bad(
                        e.supervisor(),
                        (e.why().equals("dollars") ? "Gave up, restarts cost too much: " : "Gave up because of ")
                                + e.child() + ": " + why(e.reason()));
            case EngineEvent.SupervisorStopped e ->
                info(
                        e.supervisor(),
                        e.why().equals("auto-shutdown")
                                ? "Supervisor shut itself down: its significant children have ended"
                                : "Supervisor stopped");
            case EngineEvent.HoldPlaced e ->
                info(e.agent(), "Set aside " + Money.format(e.microDollars()) + " for " + e.model());
            case EngineEvent.HoldSettled e ->
                info(
                        e.agent(),
                        "Spent " + Money.format(e.microDollars()) + ", "
                                + Words.plural(e.inputTokens() + e.outputTokens(), "token") + " on " + e.model()
                                + (e.scripted() ? " (scripted)" : ""));
            case EngineEvent.HoldReleased e -> info(e.agent(), "Set nothing aside any more: the call was not made");
            case EngineEvent.HoldRefused e -> bad(e.agent(), "Refused by " + e.budget() + ": " + e.why());
            case EngineEvent.BudgetAlert e -> warn(e.budget(), e.percent() + " % used");
            case EngineEvent.BudgetChanged e -> info(e.budget(), "Limit changed" + limits(e));
            case EngineEvent.RunStarted e -> info(e.runId(), "Run of " + e.name() + " began");
            case EngineEvent.RunResumed e -> info(e.runId(), "Goes on after the process had ended");
            case EngineEvent.StepStarted e ->
                info(e.runId(), e.step() + " began" + (e.attempt() > 1 ? ", attempt " + e.attempt() : ""));
            case EngineEvent.StepDone e -> good(e.runId(), e.step() + " done");
            case EngineEvent.StepFailed e -> bad(e.runId(), e.step() + " failed: " + why(e.reason()));
            case EngineEvent.StepUnknown e -> warn(e.runId(), e.step() + " unknown: " + e.why());
            case EngineEvent.CompensationStarted e -> done(e.runId(), "Undoing " + e.step() + " with " + e.agent());
            case EngineEvent.CompensationDone e -> done(e.runId(), e.step() + " undone");
            case EngineEvent.CompensationFailed e ->
                bad(e.runId(), "Undoing " + e.step() + " failed: " + why(e.reason()));
            case EngineEvent.CompensationSkipped e ->
                info(e.runId(), "Undoing " + e.step() + " left out: " + Words.spaced(e.why()));
            case EngineEvent.RunParked e ->
                warn(e.runId(), "Waits for you at " + e.step() + ": " + Words.spaced(e.why()));
            case EngineEvent.RunPaused e -> warn(e.runId(), "Paused");
            case EngineEvent.RunUnpaused e -> info(e.runId(), "Goes on");
            case EngineEvent.ApprovalAsked e -> warn(e.runId(), "Waits for your approval of " + e.step());
            case EngineEvent.StepApproved e -> good(e.runId(), e.step() + " approved" + said(e.comment()));
            case EngineEvent.StepRejected e -> bad(e.runId(), e.step() + " rejected" + said(e.comment()));
            case EngineEvent.StepSkipped e -> info(e.runId(), e.step() + " left out: " + Words.spaced(e.why()));
            case EngineEvent.RunReopened e -> info(e.runId(), "Taken up again from " + e.step());
            case EngineEvent.RunEnded e -> ended(e);
            case EngineEvent.ScheduleFired e -> info(e.runId(), "Started by the schedule of " + e.schedule());
            case EngineEvent.ScheduleSkipped e ->
                warn(e.schedule(), "Left out " + Words.plural(e.count(), "time") + ": " + Words.spaced(e.why()));
            case EngineEvent.SchedulePaused e -> warn(e.schedule(), "Schedule paused");
            case EngineEvent.ScheduleResumed e -> good(e.schedule(), "Schedule goes on");
            case EngineEvent.PoolVoted e -> info(e.runId(), e.member() + " voted");
            case EngineEvent.PoolMemberFailed e -> warn(e.runId(), e.member() + " failed: " + why(e.reason()));
            case EngineEvent.PoolOpened e ->
                info(
                        e.pool(),
                        "Open with " + Words.plural(e.workers(), "worker") + ", " + Words.plural(e.jobs(), "job")
                                + " left over");
            case EngineEvent.PoolClosed e -> info(e.pool(), "Closed: no job starts any more");
            case EngineEvent.PoolScaled e ->
                info(
                        e.pool(),
                        Words.plural(e.to(), "worker") + " instead of " + e.from() + ": " + scaleCause(e.cause()));
            case EngineEvent.PoolPinned e ->
                info(e.pool(), e.byHand() ? "A person says how many workers" : "The queue says how many workers");
            case EngineEvent.PoolDraining e -> warn(e.pool(), "Drains: no new jobs");
            case EngineEvent.PoolDrained e -> info(e.pool(), "Drained: every job is done");
            case EngineEvent.PoolResumed e -> good(e.pool(), "Takes jobs again");
            case EngineEvent.PoolJobStarted e ->
                info(e.runId(), e.agent() + " began" + (e.attempt() > 1 ? ", attempt " + e.attempt() : ""));
            case EngineEvent.PoolJobFailed e ->
                bad(e.runId(), "Failed: " + why(e.reason()) + (e.retryAtEpochMillis() > 0 ? ", is tried again" : ""));
            case EngineEvent.PoolJobUnknown e -> warn(e.runId(), "What it did is not known: " + e.why());
            case EngineEvent.PoolJobRefused e -> warn(e.pool(), "A job was not taken: " + Words.spaced(e.code()));
            case EngineEvent.PoolTied e ->
                warn(
                        e.runId(),
                        "No agreement: "
                                + (e.who().equals("person")
                                        ? "you pick"
                                        : e.who().replace("judge:", "") + " picks")
                                + " one of " + Words.plural(e.candidates().size(), "answer"));
            case EngineEvent.PoolDecided e ->
                good(
                        e.runId(),
                        "Decided"
                                + (e.by().equals("votes") ? "" : " by " + decider(e.by()))
                                + (e.dissent().isEmpty()
                                        ? ""
                                        : ", " + Words.plural(e.dissent().size(), "dissenter")));
        };
    }

    private static String scaleCause(String cause) {
        return switch (cause) {
            case "queue" -> "many jobs wait";
            case "wait" -> "a job waited too long";
            case "idle" -> "one had nothing to do";
            case "operator" -> "a person said so";
            default -> "the YAML says so";
        };
    }

    private static String decider(String by) {
        return switch (by) {
            case "first" -> "the first of the most";
            case "person" -> "a person";
            default -> by.replace("judge:", "");
        };
    }

    private static String said(@Nullable String comment) {
        return comment == null || comment.isBlank() ? "" : ": " + comment;
    }

    private static EventText ended(EngineEvent.RunEnded e) {
        ExitReason reason = e.reason();
        return switch (e.state()) {
            case "done" -> good(e.runId(), "Done");
            case "cancelled" -> info(e.runId(), "Cancelled");
            default ->
                bad(
                        e.runId(),
                        "Failed"
                                + (e.failedStep() == null ? "" : " at " + e.failedStep())
                                + (reason == null ? "" : ": " + why(reason)));
        };
    }

    private static String limits(EngineEvent.BudgetChanged e) {
        Long dollars = e.maxMicroDollars();
        Long tokens = e.maxTokens();
        return (dollars == null ? "" : ", " + Money.format(dollars))
                + (tokens == null ? "" : ", " + Words.plural(tokens, "token"))
                + ", at the limit: " + e.onLimit();
    }

    /// The run that an event belongs to, null if to none.
    public static @Nullable String runOf(EngineEvent event) {
        return switch (event) {
            case EngineEvent.CallStarted e -> e.runId();
            case EngineEvent.AgentLogged e -> e.runId();
            case EngineEvent.AgentEmitted e -> e.runId();
            case EngineEvent.HostCallMade e -> e.runId();
            case EngineEvent.HostCallDenied e -> e.runId();
            case EngineEvent.HoldPlaced e -> e.runId();
            case EngineEvent.HoldSettled e -> e.runId();
            case EngineEvent.HoldReleased e -> e.runId();
            case EngineEvent.HoldRefused e -> e.runId();
            default -> of(event).subject();
        };
    }

    /// The step of its run that it is about, null: none.
    public static @Nullable String stepOf(EngineEvent event) {
        return switch (event) {
            case EngineEvent.StepStarted e -> e.step();
            case EngineEvent.StepDone e -> e.step();
            case EngineEvent.StepFailed e -> e.step();
            case EngineEvent.StepUnknown e -> e.step();
            case EngineEvent.StepSkipped e -> e.step();
            case EngineEvent.StepApproved e -> e.step();
            case EngineEvent.StepRejected e -> e.step();
            case EngineEvent.ApprovalAsked e -> e.step();
            case EngineEvent.CompensationStarted e -> e.step();
            case EngineEvent.CompensationDone e -> e.step();
            case EngineEvent.CompensationFailed e -> e.step();
            case EngineEvent.CompensationSkipped e -> e.step();
            case EngineEvent.RunParked e -> e.step();
            case EngineEvent.RunReopened e -> e.step();
            case EngineEvent.HoldPlaced e -> e.step();
            case EngineEvent.HoldSettled e -> e.step();
            default -> null;
        };
    }

    /// `trap: unreachable executed`, or only the code.
    public static String why(ExitReason reason) {
        return reason.message().isBlank() ? reason.code() : reason.code() + ": " + reason.message();
    }

    private static EventText exited(String subject, String text, ExitReason reason) {
        return new EventText(subject, text, reason.isNormal() ? Tone.NEUTRAL : Tone.DANGER);
    }

    private static EventText info(String subject, String text) {
        return new EventText(subject, text, Tone.NEUTRAL);
    }

    private static EventText good(String subject, String text) {
        return new EventText(subject, text, Tone.SUCCESS);
    }

    private static EventText warn(String subject, String text) {
        return new EventText(subject, text, Tone.WARNING);
    }

    private static EventText bad(String subject, String text) {
        return new EventText(subject, text, Tone.DANGER);
    }

    private static EventText done(String subject, String text) {
        return new EventText(subject, text, Tone.DONE);
    }

    private static Tone level(@Nullable String level) {
        return switch (level == null ? "" : level) {
            case "error" -> Tone.DANGER;
            case "warn", "warning" -> Tone.WARNING;
            default -> Tone.NEUTRAL;
        };
    }
}
