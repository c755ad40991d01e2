package nexus.aiagents.engine.view;

import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.ProjectView.AskView;
import nexus.aiagents.engine.view.ProjectView.NoticeView;
import org.jspecify.annotations.Nullable;

/// What of the journal a person is told without having looked for it, in words.
final class Notices {
    private static final String WARNING = "warning";

    private Notices() {}

    /// @return null if the entry is nothing to tell
    static @Nullable NoticeView of(JournalEntry entry, Project project) {
        return switch (entry.event()) {
            case EngineEvent.Notice e -> notice(entry, e.level(), e.code(), e.message());
            case EngineEvent.JournalCompacted e ->
                notice(
                        entry,
                        "info",
                        "journal-compacted",
                        "Entries " + e.firstSeq() + " to " + e.lastSeq() + " of the journal were moved to "
                                + e.archive() + ".");
            case EngineEvent.WorkerEnded e -> e.wanted() ? null : warning(entry, "worker-died", lost(e));
            case EngineEvent.AgentPaused e ->
                e.cause().equals("approval") // what is asked says more
                        ? null
                        : warning(entry, "paused-" + e.cause(), e.agent() + " is paused: " + e.detail());
            case EngineEvent.GrantAsked e -> {
                AskView ask = new AskView(
                        e.askId(), entry.at(), e.agent(), e.runId(), e.kind(), e.grant(), e.mode(), e.what());
                yield warning(entry, "grant-asked", e.agent() + " waits for your leave: " + ask.inWords() + ".");
            }
            case EngineEvent.AgentStuck e -> warning(entry, "stuck", AgentFold.inWords(e));
            case EngineEvent.ChildHeld e -> held(entry, e);
            case EngineEvent.SupervisorGaveUp e -> gaveUp(entry, e, project);
            case EngineEvent.RunParked e ->
                warning(
                        entry,
                        "run-parked",
                        "Run " + e.runId() + " waits for you at step '" + e.step() + "' (" + e.why() + ").");
            case EngineEvent.ApprovalAsked e ->
                warning(entry, "approval", "Run " + e.runId() + " waits for your approval of step '" + e.step() + "'.");
            case EngineEvent.ScheduleSkipped e ->
                e.why().startsWith("it could")
                        ? warning(entry, "schedule-refused", e.schedule() + " was due, but " + e.why())
                        : null;
            case EngineEvent.BudgetAlert e ->
                warning(entry, "budget-alert", e.budget() + " has used " + e.percent() + " % of its budget.");
            case EngineEvent.TrustChecked e ->
                e.allowed() ? null : warning(entry, "untrusted", e.agent() + " may not run: " + e.why());
            default -> null;
        };
    }

    private static @Nullable NoticeView held(JournalEntry entry, EngineEvent.ChildHeld e) {
        return e.why().equals("budget")
                ? warning(
                        entry,
                        "held-budget",
                        e.child() + " ended for want of money and is not restarted: raise its budget, then start it.")
                : null;
    }

    private static NoticeView gaveUp(JournalEntry entry, EngineEvent.SupervisorGaveUp e, Project project) {
        boolean nested = project.supervisors().values().stream()
                .anyMatch(s -> s.everyChild().anyMatch(c -> c.name().equals(e.supervisor())));
        String why =
                e.reason().message().isEmpty() ? e.reason().code() : e.reason().message();
        return notice(
                entry,
                nested ? WARNING : "error",
                "gave-up",
                "Supervisor " + e.supervisor() + " gave up: " + e.child() + " kept failing (" + why + ").");
    }

    private static String lost(EngineEvent.WorkerEnded e) {
        String what = "Worker process " + e.pid() + " is no more: " + e.why();
        return e.compiles()
                ? what + ". The module that it compiled was not taken."
                : what + ". " + e.runs() + (e.runs() == 1 ? " run" : " runs") + " ended with it.";
    }

    private static NoticeView warning(JournalEntry entry, String code, String message) {
        return notice(entry, WARNING, code, message);
    }

    private static NoticeView notice(JournalEntry entry, String level, String code, String message) {
        return new NoticeView(entry.seq(), entry.at(), level, code, message);
    }
}
