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
import nexus.aiagents.engine.pool.PoolState.Status;
import nexus.aiagents.engine.project.PoolSpec;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision.
final class PoolTurn {
    private final PoolRun run;
    private final PoolSpec pool;
    private final long now;
    private final List<Member> members;
    private final List<Integer> arrived;
    private final List<PoolEffect> effects = new ArrayList<>();
    private boolean ended;
    private boolean suspended;

    PoolTurn(PoolRun run, PoolState state, long now) {
        this.run = run;
        this.pool = run.pool();
        this.now = now;
        this.members = new ArrayList<>(state.members());
        this.arrived = new ArrayList<>(state.arrived());
        this.ended = state.ended();
        this.suspended = state.suspended();
    }

    PoolMachine.Decision decision() {
        return new PoolMachine.Decision(
                new PoolState(List.copyOf(members), List.copyOf(arrived), ended, suspended), List.copyOf(effects));
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
            }
            case PoolEvent.Suspend _ -> suspended = true;
            case PoolEvent.Tick _ -> tick();
            case PoolEvent.Returned e -> returned(e);
            case PoolEvent.Ended e -> {
                if (isRunning(e.member(), e.attempt())) {
                    failed(e.member(), e.reason());
                }
            }
            case PoolEvent.Cancel _ -> cancel();
        }
        if (!ended && !suspended) {
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
        if (now < PoolMachine.deadline(run)) {
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
        cancelRest(ExitReason.of(Kind.KILLED, "the run was cancelled"));
        end("cancelled", null, ExitReason.of(Kind.KILLED, "cancelled"));
    }

    private void decide() {
        switch (pool.strategy()) {
            case ALL -> decideAll();
            case FIRST -> decideFirst();
            case MAJORITY, QUORUM -> decideAgreement();
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
            agreed("{\"results\":[" + String.join(",", outputs) + "]}", arrived);
        }
    }

    private void decideFirst() {
        if (!arrived.isEmpty()) {
            agreed(output(arrived.getFirst()), List.of(arrived.getFirst()));
        } else if (pending() == 0) {
            fail(ExitReason.error("no-answer", "every member failed: " + errors()));
        }
    }

    private void decideAgreement() {
        int needed = PoolRun.needed(pool);
        List<Integer> best = votes().largest();
        if (best.size() >= needed) {
            agreed(output(best.getFirst()), best);
        } else if (best.size() + pending() < needed) {
            if (pool.onTie() == PoolSpec.OnTie.FAIL || (best.isEmpty() && pending() == 0)) {
                fail(ExitReason.error("no-agreement", noAgreement(needed, best.size())));
            } else if (!best.isEmpty()) {
                agreed(output(best.getFirst()), best);
            }
        }
    }

    private Votes votes() {
        return Votes.of(arrived, this::output, pool.agreeOn(), pool.tolerance());
    }

    /// @param winners who said it
    private void agreed(String output, List<Integer> winners) {
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
        note(new EngineEvent.PoolDecided(run.runId(), output, keys, List.copyOf(dissent), cancelled));
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
