package nexus.aiagents.engine.saga;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.run.RunSpecs;
import nexus.aiagents.engine.saga.SagaState.Phase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Thousands of random runs of random sagas, with crashes, cancels, time-outs and people between.
class SagaPropertyTest {

    private static final class Run {
        final Random random;
        final SagaRun run;
        SagaState state;
        long now;
        final List<EngineEvent> notes = new ArrayList<>();

        @Nullable
        SagaEffect underWay;

        Run(int seed) {
            random = new Random(seed);
            run = new SagaRun("r-" + seed, randomSaga(), "{}", 0);
            state = SagaState.initial(run);
        }

        private SagaSpec randomSaga() {
            StepSpec[] steps = new StepSpec[1 + random.nextInt(5)];
            for (int i = 0; i < steps.length; i++) {
                StepSpec step = RunSpecs.step("s" + i);
                step = random.nextInt(4) == 0 ? RunSpecs.withoutCompensation(step) : step;
                step = random.nextInt(3) == 0 ? RunSpecs.idempotent(step) : step;
                step = random.nextInt(4) == 0 ? RunSpecs.ask(step) : step;
                step = random.nextBoolean() ? RunSpecs.retry(step, 3, Duration.ofSeconds(1)) : step;
                steps[i] = random.nextBoolean() ? RunSpecs.undoRetry(step, 2, Duration.ofSeconds(1)) : step;
            }
            SagaSpec saga = RunSpecs.saga(steps);
            return random.nextInt(4) == 0 ? RunSpecs.timeout(saga, Duration.ofSeconds(5)) : saga;
        }

        void tell(SagaEvent event) {
            SagaMachine.Decision decision = SagaMachine.decide(run, state, event, now, random.nextDouble());
            state = decision.state();
            for (SagaEffect effect : decision.effects()) {
                switch (effect) {
                    case SagaEffect.Note e -> notes.add(e.event());
                    case SagaEffect.CallAction e -> begin(e);
                    case SagaEffect.CallUndo e -> begin(e);
                    default -> {}
                }
            }
        }

        private void begin(SagaEffect call) {
            assertNull(underWay, "two calls at once");
            underWay = call;
        }

        void live() {
            tell(new SagaEvent.Begin());
            for (int i = 0; i < 400 && state.phase() != Phase.ENDED; i++) {
                disturb();
            }
            // From here on all goes well, so that it has to come to its end.
            for (int i = 0; i < 200 && state.phase() != Phase.ENDED; i++) {
                if (state.isParked()) {
                    tell(new SagaEvent.SkipParked(false));
                } else {
                    answer(false);
                    pass(Duration.ofMinutes(1));
                }
            }
        }

        private void disturb() {
            switch (random.nextInt(12)) {
                case 0 -> {
                    underWay = null;
                    tell(new SagaEvent.Recover());
                }
                case 1 -> tell(random.nextInt(8) == 0 ? new SagaEvent.Cancel() : new SagaEvent.Tick());
                case 2 -> tell(new SagaEvent.RetryParked(random.nextBoolean() ? "1" : null));
                case 3 -> tell(new SagaEvent.SkipParked(random.nextBoolean()));
                case 4 -> pass(Duration.ofMillis(random.nextInt(2_000)));
                default -> answer(random.nextInt(4) == 0);
            }
        }

        private void pass(Duration time) {
            now += time.toMillis();
            tell(new SagaEvent.Tick());
        }

        private void answer(boolean badly) {
            SagaEffect call = underWay;
            underWay = null;
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
    void every_run_ends_and_everything_that_may_have_happened_was_undone_once_and_in_reverse() {
        int done = 0;
        for (int seed = 0; seed < 5_000; seed++) {
            Run r = new Run(seed);
            r.live();
            String where = "seed " + seed + ": " + r.notes;
            assertEquals(Phase.ENDED, r.state.phase(), where);
            Set<String> happened = new LinkedHashSet<>();
            List<String> undone = new ArrayList<>();
            List<EngineEvent.RunEnded> ends = new ArrayList<>();
            for (EngineEvent note : r.notes) {
                switch (note) {
                    case EngineEvent.StepDone e -> assertTrue(happened.add(e.step()) || unknown(r, e.step()), where);
                    case EngineEvent.StepUnknown e -> happened.add(e.step());
                    case EngineEvent.CompensationDone e -> undone.add(e.step());
                    case EngineEvent.CompensationSkipped e -> undone.add(e.step());
                    case EngineEvent.RunEnded e -> ends.add(e);
                    default -> {}
                }
            }
            assertEquals(1, ends.size(), where);
            if (ends.getFirst().state().equals("done")) {
                done++;
                assertEquals(List.of(), undone, where);
                assertEquals(r.run.saga().steps().size(), happened.size(), where);
            } else {
                assertEquals(List.copyOf(happened).reversed(), undone, where);
            }
        }
        assertTrue(done > 250 && done < 4_750, "too one-sided to mean anything: " + done);
    }

    private static boolean unknown(Run r, String step) {
        return r.notes.stream()
                .anyMatch(
                        n -> n instanceof EngineEvent.StepUnknown u && u.step().equals(step));
    }
}
