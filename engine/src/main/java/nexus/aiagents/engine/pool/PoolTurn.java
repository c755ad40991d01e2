package nexus.aiagents.engine.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.pool.PoolState.Member;
import nexus.aiagents.engine.pool.PoolState.Phase;
import nexus.aiagents.engine.pool.PoolState.Status;
import nexus.aiagents.engine.project.PoolSpec;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision.
///
/// A judge gets `{"pool", "input", "candidates": [{"choice": 1, "votes": 2, "members": [names],
/// "answer"}]}` and says `{"choice": 1, "reason": "…"}`; 0 or null is none of them.
final class PoolTurn {
    /// The step that a run which waits for a person names.
    private static final String DECISION = "decision";

    private static final String BY_VOTES = "votes";

    private final PoolRun run;
    private final PoolSpec pool;
    private final long now;
    private final List<Member> members;
    private final List<Integer> arrived;
    private final List<PoolEffect> effects = new ArrayList<>();
    private PoolState.Phase phase;
    private List<List<Integer>> candidates;
    private int judgeAttempt;
    private boolean ended;
    private boolean suspended;
    private PoolMachine.@Nullable Refusal refused;

    PoolTurn(PoolRun run, PoolState state, long now) {
        this.run = run;
        this.pool = run.pool();
        this.now = now;
        this.members = new ArrayList<>(state.members());
        this.arrived = new ArrayList<>(state.arrived());
        this.phase = state.phase();
        this.candidates = state.candidates();
        this.judgeAttempt = state.judgeAttempt();
        this.ended = state.ended();
        this.suspended = state.suspended();
    }

    PoolMachine.Decision decision() {
        return new PoolMachine.Decision(
                new PoolState(
                        List.copyOf(members), List.copyOf(arrived), phase, candidates, judgeAttempt, ended, suspended),
                List.copyOf(effects),
                refused);
    }

    void handle(PoolEvent event) {
        if (ended) {
            return;
        }
        switch (event) {
            case PoolEvent.Begin _ -> askAll();
            case PoolEvent.Recover _ -> {
                suspended = false;
                note(new EngineEvent.RunResumed(run.runId()));
                askAll();
                if (phase == Phase.JUDGING) {
                    askJudge();
                }
            }
            case PoolEvent.Suspend _ -> suspended = true;
            case PoolEvent.Tick _ -> tick();
            case PoolEvent.Returned e -> returned(e);
            case PoolEvent.Ended e -> {
                if (isRunning(e.member(), e.attempt())) {
                    failed(e.member(), e.reason());
                }
            }
            case PoolEvent.Judged e -> judged(e);
            case PoolEvent.JudgeEnded e -> judgeEnded(e);
            case PoolEvent.Pick e -> picked(e);
            case PoolEvent.Cancel _ -> cancel();
        }
        if (!ended && !suspended && phase == Phase.VOTING) {
            decide();
        }
    }

    private void askAll() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status() == Status.RUNNING) {
                members.set(i, members.get(i).asked());
                effects.add(new PoolEffect.Call(i, members.get(i).attempt()));
            }
        }
    }

    private void tick() {
        if (now < PoolMachine.deadline(run) || phase != Phase.VOTING) {
            return;
        }
        ExitReason late = ExitReason.of(Kind.TIMEOUT, "no answer within the pool's " + words(pool.timeout()));
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status() == Status.RUNNING) {
                failed(i, late);
                effects.add(new PoolEffect.CancelCall(i, late));
            }
        }
    }

    private void returned(PoolEvent.Returned e) {
        if (!isRunning(e.member(), e.attempt())) {
            return;
        }
        String field = pool.agreeOn();
        if (field != null && Votes.value(e.outputJson(), field) == null) {
            failed(
                    e.member(),
                    ExitReason.error("no-vote", "its answer has no field \"" + field + "\", which the pool agrees on"));
            return;
        }
        members.set(e.member(), members.get(e.member()).voted(e.outputJson()));
        arrived.add(e.member());
        note(new EngineEvent.PoolVoted(run.runId(), pool.members().get(e.member()), e.member(), e.outputJson()));
    }

    private void failed(int i, ExitReason reason) {
        members.set(i, members.get(i).failed(reason.message().isEmpty() ? reason.code() : reason.message()));
        note(new EngineEvent.PoolMemberFailed(run.runId(), pool.members().get(i), i, reason));
    }

    private void cancel() {
        if (phase == Phase.JUDGING) {
            effects.add(new PoolEffect.CancelJudge(ExitReason.of(Kind.KILLED, "the run was cancelled")));
        }
        cancelRest(ExitReason.of(Kind.KILLED, "the run was cancelled"));
        end("cancelled", null, ExitReason.of(Kind.KILLED, "cancelled"));
    }

    private void decide() {
        switch (pool.strategy()) {
            case ALL -> decideAll();
            case FIRST -> decideFirst();
            case MAJORITY, QUORUM -> decideAgreement();
            case ROUND_ROBIN, LEAST_BUSY, RANDOM ->
                throw new IllegalStateException("pool " + pool.name() + " is a queue and does not vote");
        }
    }

    private void decideAll() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status() == Status.FAILED) {
                fail(ExitReason.error(
                        "member-failed",
                        pool.members().get(i) + " (member " + i + ") failed: "
                                + members.get(i).error()));
                return;
            }
        }
        if (pending() == 0) {
            List<String> outputs =
                    members.stream().map(m -> String.valueOf(m.output())).toList();
            agreed("{\"results\":[" + String.join(",", outputs) + "]}", arrived, BY_VOTES);
        }
    }

    private void decideFirst() {
        if (!arrived.isEmpty()) {
            agreed(output(arrived.getFirst()), List.of(arrived.getFirst()), BY_VOTES);
        } else if (pending() == 0) {
            fail(ExitReason.error("no-answer", "every member failed: " + errors()));
        }
    }

    private void decideAgreement() {
        int needed = PoolRun.needed(pool);
        int pending = pending();
        if (arrived.size() < needed && (arrived.isEmpty() ? 0 : 1) + pending >= needed) {
            return; // too few for agreement, and enough to come: nothing to compare yet
        }
        List<Integer> best = votes().largest();
        if (best.size() >= needed) {
            agreed(output(best.getFirst()), best, BY_VOTES);
        } else if (best.size() + pending < needed) {
            disagreed(needed, best);
        }
    }

    /// Agreement has become impossible. A judge and a person get every answer to pick from: they wait
    /// for those who are still at work.
    private void disagreed(int needed, List<Integer> best) {
        boolean nobody = best.isEmpty() && pending() == 0;
        PoolSpec.OnTie onTie = nobody ? PoolSpec.OnTie.FAIL : pool.onTie();
        switch (onTie) {
            case FAIL -> fail(ExitReason.error("no-agreement", noAgreement(needed, best.size())));
            case FIRST -> {
                if (!best.isEmpty()) {
                    agreed(output(best.getFirst()), best, "first");
                }
            }
            case JUDGE, ASK -> {
                if (pending() == 0) {
                    candidates = votes().groups();
                    tied(onTie == PoolSpec.OnTie.JUDGE);
                }
            }
        }
    }

    private void tied(boolean judge) {
        note(new EngineEvent.PoolTied(run.runId(), judge ? judgeName() : "person", candidates));
        if (judge) {
            phase = Phase.JUDGING;
            askJudge();
        } else {
            phase = Phase.ASKING;
            note(new EngineEvent.RunParked(run.runId(), DECISION, "tie"));
        }
    }

    private void askJudge() {
        judgeAttempt++;
        effects.add(new PoolEffect.CallJudge(
                String.valueOf(pool.judge()), judgeAttempt, Ballot.of(run, candidates, this::output)));
    }

    private void judged(PoolEvent.Judged e) {
        if (phase != Phase.JUDGING || e.attempt() != judgeAttempt) {
            return;
        }
        Ballot.Choice choice = Ballot.read(e.outputJson(), candidates.size());
        if (choice.problem() != null) {
            fail(ExitReason.error("bad-choice", "the judge " + pool.judge() + " picked nothing: " + choice.problem()));
        } else {
            pick(choice.number(), judgeName(), choice.reason());
        }
    }

    private void judgeEnded(PoolEvent.JudgeEnded e) {
        if (phase == Phase.JUDGING && e.attempt() == judgeAttempt) {
            String why = e.reason().message().isEmpty()
                    ? e.reason().code()
                    : e.reason().message();
            fail(ExitReason.error("judge-failed", "the judge " + pool.judge() + " failed: " + why));
        }
    }

    private void picked(PoolEvent.Pick e) {
        if (phase != Phase.ASKING) {
            refused = new PoolMachine.Refusal(
                    "not-parked", "run " + run.runId() + " does not wait for a person to pick an answer");
        } else if (e.choice() < 0 || e.choice() > candidates.size()) {
            refused = new PoolMachine.Refusal(
                    "bad-input",
                    "pick one of the " + candidates.size() + " answers, 1 to " + candidates.size()
                            + ", or 0 for none of them");
        } else {
            pick(e.choice(), "person", "");
        }
    }

    private void pick(int choice, String by, String why) {
        if (choice == 0) {
            String none =
                    by.equals("person") ? "a person picked none of the answers" : by + " picked none of the answers";
            fail(ExitReason.error("no-agreement", none + (why.isEmpty() ? "" : ": " + why)));
            return;
        }
        List<Integer> winners = candidates.get(choice - 1);
        agreed(output(winners.getFirst()), winners, by);
    }

    private String judgeName() {
        return "judge:" + pool.judge();
    }

    private Votes votes() {
        return Votes.of(arrived, this::output, pool.agreeOn(), pool.tolerance());
    }

    /// @param winners who said it
    /// @param by      whose word made it the answer
    private void agreed(String output, List<Integer> winners, String by) {
        List<Integer> cancelled = cancelRest(ExitReason.of(Kind.KILLED, "the pool has decided"));
        Votes votes = votes();
        boolean compared = pool.strategy() == PoolSpec.Strategy.MAJORITY || pool.strategy() == PoolSpec.Strategy.QUORUM;
        Map<Integer, String> keys = new TreeMap<>();
        List<Integer> dissent = new ArrayList<>();
        for (int i : arrived) {
            boolean agrees = winners.contains(i);
            keys.put(i, votes.key(compared && agrees ? winners.getFirst() : i));
            if (!agrees) {
                dissent.add(i);
            }
        }
        dissent.sort(null);
        note(new EngineEvent.PoolDecided(run.runId(), output, keys, List.copyOf(dissent), cancelled, by));
        end("done", output, null);
    }

    private void fail(ExitReason reason) {
        cancelRest(ExitReason.of(Kind.KILLED, "the pool can not decide any more"));
        end("failed", null, reason);
    }

    private List<Integer> cancelRest(ExitReason reason) {
        List<Integer> cancelled = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status() == Status.RUNNING) {
                members.set(i, members.get(i).cancelled());
                effects.add(new PoolEffect.CancelCall(i, reason));
                cancelled.add(i);
            }
        }
        return List.copyOf(cancelled);
    }

    private void end(String state, @Nullable String output, @Nullable ExitReason reason) {
        note(new EngineEvent.RunEnded(run.runId(), state, output, null, reason));
        ended = true;
        effects.add(new PoolEffect.End());
    }

    private String noAgreement(int needed, int most) {
        StringBuilder text = new StringBuilder();
        text.append(needed).append(" of ").append(members.size()).append(" had to agree, at most ");
        text.append(most).append(" did");
        String errors = errors();
        return errors.isEmpty()
                ? text.toString()
                : text.append("; failed: ").append(errors).toString();
    }

    private String errors() {
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status() == Status.FAILED) {
                errors.add(pool.members().get(i) + " (member " + i + "): "
                        + members.get(i).error());
            }
        }
        return String.join("; ", errors);
    }

    private int pending() {
        return (int) members.stream().filter(m -> m.status() == Status.RUNNING).count();
    }

    private String output(int member) {
        return String.valueOf(members.get(member).output());
    }

    private boolean isRunning(int member, int attempt) {
        return members.get(member).status() == Status.RUNNING
                && members.get(member).attempt() == attempt;
    }

    private void note(EngineEvent event) {
        effects.add(new PoolEffect.Note(event));
    }

    /// As it is written in YAML: `90s` and not `PT1M30S`.
    private static String words(@Nullable Duration time) {
        return time == null ? "" : time.toSeconds() > 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
