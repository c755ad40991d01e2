package nexus.aiagents.engine.saga;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.run.RunSpecs;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import org.junit.jupiter.api.Test;

/// Thousands of random runs of random sagas, with crashes, time-outs and people between, each checked
/// against {@link SagaModel}.
class SagaPropertyTest {
    private static final int RUNS = Integer.getInteger("nexus.saga.runs", 5_000);

    private static final SortedSet<MermaidTable.Row> PHASES = new TreeSet<>();
    private static final SortedSet<MermaidTable.Row> STEPS = new TreeSet<>();

    private static final class Run {
        final Random random;
        final SagaRun run;
        SagaState state;
        long now;
        final List<EngineEvent> notes = new ArrayList<>();
        final SagaModel model;
        /// By step.
        final Map<Integer, SagaEffect> underWay = new HashMap<>();

        Run(int seed) {
            random = new Random(seed);
            run = new SagaRun("r-" + seed, randomSaga(), "{}", 0);
            state = SagaState.initial(run);
            model = new SagaModel(run.saga(), "seed " + seed);
        }

        private SagaSpec randomSaga() {
            int size = 1 + random.nextInt(5);
            int pivot = random.nextInt(3) == 0 ? random.nextInt(size) : size;
            List<Object> stages = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                boolean group = i != pivot && random.nextInt(3) == 0;
                if (!group) {
                    stages.add(randomStep("s" + i, i, pivot));
                    continue;
                }
                List<StepSpec> members = new ArrayList<>();
                for (int m = 0; m < 2 + random.nextInt(2); m++) {
                    members.add(randomStep("s" + i + "m" + m, i, pivot));
                }
                stages.add(members);
            }
            SagaSpec saga = RunSpecs.staged(stages.toArray());
            return random.nextInt(4) == 0 ? RunSpecs.timeout(saga, Duration.ofSeconds(5)) : saga;
        }

        private StepSpec randomStep(String name, int i, int pivot) {
            StepSpec step = RunSpecs.step(name);
            step = i == pivot ? RunSpecs.pivot(step) : step;
            step = i > pivot || random.nextInt(4) == 0 ? RunSpecs.withoutCompensation(step) : step;
            if (random.nextInt(6) == 0) {
                step = RunSpecs.nested(step, "child");
            } else if (random.nextInt(8) == 0) {
                step = RunSpecs.inPool(step, "jury");
            }
            step = random.nextInt(3) == 0 ? RunSpecs.idempotent(step) : step;
            step = random.nextInt(4) == 0 ? RunSpecs.ask(step) : step;
            step = random.nextInt(6) == 0 ? RunSpecs.approval(step) : step;
            step = random.nextBoolean() ? RunSpecs.retry(step, 3, Duration.ofSeconds(1)) : step;
            step = random.nextInt(5) == 0
                    ? RunSpecs.stepTimeout(step, Duration.ofSeconds(2), Duration.ofSeconds(4))
                    : step;
            return random.nextBoolean() ? RunSpecs.undoRetry(step, 2, Duration.ofSeconds(1)) : step;
        }

        void tell(SagaEvent event) {
            SagaState before = state;
            SagaMachine.Decision decision = SagaMachine.decide(run, state, event, now, random.nextDouble());
            state = decision.state();
            record(before);
            if (event instanceof SagaEvent.Cancel && !before.equals(state)) {
                model.cancelled();
            }
            for (SagaEffect effect : decision.effects()) {
                switch (effect) {
                    case SagaEffect.Note e -> {
                        notes.add(e.event());
                        model.hear(e.event());
                    }
                    case SagaEffect.CallAction e -> underWay.put(e.step(), e);
                    case SagaEffect.CallUndo e -> underWay.put(e.step(), e);
                    case SagaEffect.Refused _ -> assertEquals(before, state, "refused, and yet it changed");
                    default -> {}
                }
            }
        }

        private void record(SagaState before) {
            row(PHASES, before.phase(), state.phase());
            for (int i = 0; i < state.steps().size(); i++) {
                row(STEPS, before.steps().get(i).status(), state.steps().get(i).status());
            }
        }

        private static void row(SortedSet<MermaidTable.Row> rows, Enum<?> from, Enum<?> to) {
            if (from != to) {
                rows.add(MermaidTable.row(from, to, ""));
            }
        }

        void live() {
            tell(new SagaEvent.Begin());
            for (int i = 0; i < 400 && state.phase() != Phase.ENDED; i++) {
                disturb();
            }
            // From here on all goes well, so that it has to come to its end.
            for (int i = 0; i < 300 && state.phase() != Phase.ENDED; i++) {
                if (state.pausedAt() > 0) {
                    tell(new SagaEvent.Resume());
                }
                approve(true);
                tell(new SagaEvent.SkipParked(null, false));
                answer(false);
                pass(Duration.ofMinutes(1));
            }
        }

        private void disturb() {
            switch (random.nextInt(18)) {
                case 0 -> crash();
                case 1 -> tell(random.nextInt(8) == 0 ? new SagaEvent.Cancel() : new SagaEvent.Tick());
                case 2 -> tell(new SagaEvent.RetryParked(null, random.nextBoolean() ? "1" : null));
                case 3 -> tell(new SagaEvent.SkipParked(null, random.nextBoolean()));
                case 4 -> pass(Duration.ofMillis(random.nextInt(2_000)));
                case 5 -> tell(random.nextInt(4) == 0 ? new SagaEvent.Pause() : new SagaEvent.Resume());
                case 6 -> approve(random.nextInt(6) > 0);
                case 7 -> {
                    int i = random.nextInt(state.steps().size());
                    tell(new SagaEvent.RetryFrom(run.step(i).name(), random.nextBoolean() ? "2" : null));
                }
                default -> answer(random.nextInt(4) == 0);
            }
        }

        /// What agents were doing is over; nested runs go on.
        private void crash() {
            underWay.clear();
            tell(new SagaEvent.Recover());
        }

        private void approve(boolean yes) {
            for (int i = 0; i < state.steps().size(); i++) {
                if (state.steps().get(i).status() == Status.APPROVAL) {
                    String step = run.step(i).name();
                    tell(yes ? new SagaEvent.Approve(step, null) : new SagaEvent.Reject(step, "no"));
                    return;
                }
            }
        }

        private void pass(Duration time) {
            now += time.toMillis();
            tell(new SagaEvent.Tick());
        }

        private void answer(boolean badly) {
            List<Integer> steps = List.copyOf(underWay.keySet());
            if (steps.isEmpty()) {
                return;
            }
            SagaEffect call = underWay.remove(steps.get(random.nextInt(steps.size())));
            ExitReason why = random.nextBoolean() ? ExitReason.error("no", "") : ExitReason.of(Kind.TIMEOUT, "");
            switch (call) {
                case SagaEffect.CallAction c when badly -> tell(new SagaEvent.Ended(c.step(), c.attempt(), why));
                case SagaEffect.CallAction c -> tell(new SagaEvent.Returned(c.step(), c.attempt(), "1"));
                case SagaEffect.CallUndo c when badly -> tell(new SagaEvent.UndoFailed(c.step(), c.attempt(), why));
                case SagaEffect.CallUndo c -> tell(new SagaEvent.Undone(c.step(), c.attempt(), "1"));
                case null, default -> {}
            }
        }
    }

    @Test
    void every_run_keeps_every_promise_and_comes_to_its_end() {
        Map<Phase, Integer> reached = new EnumMap<>(Phase.class);
        int done = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Run r = new Run(seed);
            try {
                r.live();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + r.notes, e);
            }
            reached.merge(r.state.phase(), 1, Integer::sum);
            assertEquals(Phase.ENDED, r.state.phase(), "seed " + seed + ": " + r.state + r.notes);
            done += r.model.end().state().equals("done") ? 1 : 0;
            assertFoldedAlike(r, seed);
        }
        assertTrue(done > RUNS / 20 && done < RUNS * 19 / 20, "too one-sided to mean anything: " + done);
        drawn();
    }

    /// What the journal says of a run that ended is what its state was.
    private static void assertFoldedAlike(Run r, int seed) {
        SagaState folded = SagaHistory.fold(r.run, r.notes);
        String where = "seed " + seed + ": " + r.notes;
        assertEquals(r.state.phase(), folded.phase(), where);
        for (int i = 0; i < folded.steps().size(); i++) {
            SagaState.Step was = r.state.steps().get(i);
            SagaState.Step is = folded.steps().get(i);
            assertEquals(
                    was.output() == null || was.status() != Status.DONE ? null : was.output(),
                    is.status() != Status.DONE ? null : is.output(),
                    where);
            assertEquals(was.attempt(), is.attempt(), where);
            assertEquals(was.round(), is.round(), where + " of " + i);
            boolean isSettled = was.status() != Status.PENDING && was.status() != Status.APPROVAL;
            assertEquals(isSettled ? was.status() : Status.PENDING, isSettled ? is.status() : Status.PENDING, where);
        }
    }

    /// The diagrams of the page are what was seen.
    private static void drawn() {
        PHASES.add(new MermaidTable.Row("[*]", "forward", ""));
        STEPS.add(new MermaidTable.Row("[*]", "pending", ""));
        MermaidTable.assertDrawn(MermaidTable.page("sagas.md"), 0, PHASES);
        MermaidTable.assertDrawn(MermaidTable.page("sagas.md"), 1, STEPS);
        assertFalse(STEPS.isEmpty());
    }
}
