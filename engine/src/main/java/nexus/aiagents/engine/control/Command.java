package nexus.aiagents.engine.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// Everything a person or a tool can ask of an open project. Serialised with the record's simple name in
/// `type`.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Command {

    /// Starts the supervision trees.
    record Up() implements Command {}

    /// Stops them, children in reverse order.
    record Down() implements Command {}

    /// Reads the YAML again and applies it: budgets at once; agents whose definition changed are restarted;
    /// supervisors go by their new definition, start new children, stop those that are no more and
    /// leave the others alone; runs under way keep theirs.
    record Reload() implements Command {}

    record StartAgent(String agent) implements Command {}

    /// Stops it; its supervisor keeps it down until it is started again.
    record StopAgent(String agent) implements Command {}

    record RestartAgent(String agent) implements Command {}

    /// Starts a child, an agent, a supervisor or a pool, that is down, backing off or was stopped.
    record StartChild(String supervisor, String child) implements Command {}

    /// Stops a child; its supervisor keeps it down until it is started again. An instance of a template
    /// is gone.
    record StopChild(String supervisor, String child) implements Command {}

    /// Stops a child if it is up and starts it; does not count as a restart of its supervisor.
    record RestartChild(String supervisor, String child) implements Command {}

    /// Adds a child behind all others and starts it; where the supervisor has a template, makes another
    /// instance, and only `supervisor` is given. A named child is written into the YAML, comments kept;
    /// one that does not come up is not added. Answers {@link CommandResult.ChildAdded}.
    ///
    /// @param child       an agent, a supervisor or a pool with a queue that is no child yet
    /// @param restart     `permanent`, `transient`, `temporary`; null: `permanent`
    /// @param shutdown    as in the YAML: `5s`, `infinity`, `brutal-kill`; null: the default
    record AddChild(
            String supervisor,
            @Nullable String child,
            @Nullable String restart,
            @Nullable String shutdown,
            boolean significant)
            implements Command {}

    /// Takes a child that is down off the list, and out of the YAML.
    record DeleteChild(String supervisor, String child) implements Command {}

    /// Makes a child that is named in the YAML one of another supervisor, or gives it another place among
    /// its siblings. Its entry is moved in the YAML with its settings and comments. Under another
    /// supervisor what is up is stopped and started again; in another place nothing is.
    ///
    /// @param supervisor whose child it is now
    /// @param to         whose child it will be; the same: only its place changes
    /// @param place      among the named children of `to`, itself left out, from 0; null: the last
    record MoveChild(
            String supervisor,
            String child,
            String to,
            @Nullable Integer place) implements Command {}

    /// Chaos: makes the live agent end so. The supervisor does the rest.
    record CrashAgent(String agent) implements Command {}

    /// Chaos: the next call to the host that the agent makes is never answered.
    record HangAgent(String agent) implements Command {}

    /// Chaos: for `forMillis` every call to the host takes `byMillis` longer; both at most an hour.
    record SlowAgent(String agent, long byMillis, long forMillis) implements Command {}

    /// Chaos: for `forMillis`, at most an hour, all that is left of the agent's nearest budget is held.
    record OverspendAgent(String agent, long forMillis) implements Command {}

    record PauseAgent(String agent) implements Command {}

    record ResumeAgent(String agent) implements Command {}

    /// Resumes an agent that the runaway guard paused; the guard leaves it alone from now on when it
    /// does the same.
    record AllowRunaway(String agent) implements Command {}

    /// A call that waits because it is not granted: how long it may be made from now on.
    ///
    /// @param askId    as in {@link nexus.aiagents.engine.view.ProjectView.AskView#id()}
    /// @param decision `once`, `run` (to the end of this run), `project` (until the project is closed),
    ///     `always` (written into the YAML, comments kept) or `deny`
    record DecideGrant(String askId, String decision) implements Command {}

    /// Writes a grant into the YAML, comments kept, and applies it.
    ///
    /// @param kind     a key of `grants`: `http`, `files` …
    /// @param itemJson as it stands in the list, as JSON: a name, or a map such as `{"host": "a.org"}`
    record AddGrant(String agent, String kind, String itemJson) implements Command {}

    /// Takes every grant of that kind and name out of the YAML, and applies that: an agent that is up is
    /// restarted.
    ///
    /// @param grant the name, host or path; empty for `kv`
    record RemoveGrant(String agent, String kind, String grant) implements Command {}

    /// Whether an agent may run, whatever its score. Work that waits for this goes on or ends.
    ///
    /// @param decision `allow`, `refuse`, or `reset`: as the score says
    /// @param reason   kept in the journal
    /// @param minutes  how long it is good; null: until another is said
    record DecideTrust(
            String agent,
            String decision,
            String reason,
            @Nullable Long minutes) implements Command {}

    /// Vouches with this person's key for an agent as it is: its definition, grants and program.
    record SignAgent(String agent) implements Command {}

    /// Answers {@link CommandResult.RunStarted}.
    record RunAgent(String agent, String inputJson) implements Command {}

    record RunSaga(String saga, String inputJson) implements Command {}

    record RunWorkflow(String workflow, String inputJson) implements Command {}

    /// Asks a pool; where its members share a queue, brings it a job. Answers {@link
    /// CommandResult.RunStarted}.
    record RunPool(String pool, String inputJson) implements Command {}

    /// Stops a run; a saga compensates what it did.
    record CancelRun(String runId) implements Command {}

    /// A parked run: try the compensation, or the unknown step, again; with another input if `inputJson` is
    /// set.
    ///
    /// @param step which of those that wait, `NAME` or `NAME[ITEM]`; null: the first
    record RetryParked(
            String runId, @Nullable String step, @Nullable String inputJson) implements Command {}

    /// A parked run: leave this compensation out (`resolved`: a person has done it) and go on.
    ///
    /// @param step which of those that wait, `NAME` or `NAME[ITEM]`; null: the first
    record SkipParked(String runId, @Nullable String step, boolean resolved) implements Command {}

    /// A pool without agreement that waits for a person: which of the answers is the pool's.
    ///
    /// @param choice as in {@link nexus.aiagents.engine.view.RunView.VoteView#choice()}, 0: none of them
    record DecidePool(String runId, int choice) implements Command {}

    /// Nothing new is begun in this run until it is resumed; what is under way comes to its end.
    record PauseRun(String runId) implements Command {}

    record ResumeRun(String runId) implements Command {}

    /// Lets a step begin that waits for it.
    record ApproveStep(String runId, String step, @Nullable String comment) implements Command {}

    /// A step that waits for approval fails with `rejected`.
    record RejectStep(String runId, String step, @Nullable String comment) implements Command {}

    /// Takes a run that ended or is parked up again from this step: outputs before it are kept, what
    /// was done from there on is undone first. `inputJson` is the step's input instead of the usual one.
    record RetryFrom(String runId, String step, @Nullable String inputJson) implements Command {}

    /// Begins a new run of the same definition and input that takes over the outputs before this step.
    /// Answers {@link CommandResult.RunStarted}.
    record ForkRun(String runId, String step, @Nullable String inputJson) implements Command {}

    /// A queue: so many workers from now on, between its `min` and `max`. Null: automatic again.
    record ScalePool(String pool, @Nullable Integer workers) implements Command {}

    /// Writes the least and the most workers of a queue into the YAML, comments kept, and applies them:
    /// workers come at once, those too many go when their job is done. Their number follows the queue
    /// between the two. What is null stays as it is.
    record LimitPool(
            String pool, @Nullable Integer min, @Nullable Integer max) implements Command {}

    /// A queue takes no new jobs and finishes those it has.
    record DrainPool(String pool) implements Command {}

    /// A drained queue takes jobs again.
    record ResumePool(String pool) implements Command {}

    /// Writes the limits into the YAML, comments kept, and applies them. What is null stays as it is.
    record SetBudget(
            String budgetId,
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            @Nullable String onLimit)
            implements Command {}

    /// Runs what a schedule (`kind/name`) runs, now. Its times stay as they are. Answers {@link
    /// CommandResult.RunStarted}.
    record RunScheduleNow(String schedule) implements Command {}

    /// Times that pass while it is paused are not made up for.
    record PauseSchedule(String schedule) implements Command {}

    record ResumeSchedule(String schedule) implements Command {}

    /// Takes one of several limits of a budget away, in the YAML and at once.
    ///
    /// @param limit `maxDollars`, `maxTokens` or `maxCalls`
    record RemoveLimit(String budgetId, String limit) implements Command {}

    /// Moves the oldest entries of the journal to a file. What unfinished runs, budgets' windows and
    /// calls under way are made of stays.
    ///
    /// @param before  ISO 8601: entries older than this; null: what the project's `journal: keep` says
    /// @param archive absolute path of a file that is not there yet; null: one in `.nexus/archive`
    record CompactJournal(@Nullable String before, @Nullable String archive) implements Command {}

    /// Makes a copy of the store.
    record BackUp() implements Command {}
}
