package nexus.aiagents.engine.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random graphs with random failures, crashes, time-outs and people, beside a small model of what may
/// happen that knows the definition and the journal alone. A failing seed is named and replays.
class WorkflowPropertyTest {

    /// A random life of a random workflow.
    private static final class Life {
        final int seed;
        final Random random;
        final FlowDriver run;
        final FlowModel model;
        int read;

        Life(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.run = new FlowDriver(flow());
            this.model = new FlowModel(run.run.workflow());
            for (WorkflowSpec.StepSpec step : run.run.workflow().steps()) {
                run.conditions.put(step.name(), random.nextInt(3) > 0);
                List<String> items = new ArrayList<>();
                for (int i = random.nextInt(7); i > 0; i--) {
                    items.add(String.valueOf(i));
                }
                run.items.put(step.name(), items);
            }
        }

        private WorkflowSpec flow() {
            int size = 1 + random.nextInt(7);
            boolean chain = random.nextInt(4) == 0;
            Flows.Step[] steps = new Flows.Step[size];
            for (int i = 0; i < size; i++) {
                List<String> needs = new ArrayList<>();
                for (int j = 0; j < i && !chain; j++) {
                    if (random.nextInt(3) == 0) {
                        needs.add("s" + j);
                    }
                }
                steps[i] = step("s" + i, needs);
            }
            WorkflowSpec flow = chain ? Flows.chain(steps) : Flows.graph(steps);
            return random.nextInt(5) == 0 ? Flows.timeout(flow, Duration.ofSeconds(20)) : flow;
        }

        private Flows.Step step(String name, List<String> needs) {
            Flows.Step step = Flows.step(name, needs.toArray(String[]::new));
            if (random.nextInt(4) == 0) {
                step.forEach("[]", 1 + random.nextInt(3));
            }
            if (random.nextInt(4) == 0) {
                step.when("x");
            }
            if (random.nextInt(2) == 0) {
                step.retry(1 + random.nextInt(3), Duration.ofSeconds(1));
            }
            if (random.nextInt(3) == 0) {
                step.idempotent();
            }
            if (random.nextInt(4) == 0) {
                step.ask();
            }
            if (random.nextInt(4) == 0) {
                step.skipOnError();
            }
            if (random.nextInt(6) == 0) {
                step.approval();
            }
            if (random.nextInt(6) == 0) {
                step.totalTimeout(Duration.ofSeconds(5));
            }
            if (random.nextInt(6) == 0) {
                step.calls(Called.SAGA, "nested").timeout(Duration.ofSeconds(3));
            }
            return step;
        }

        void live() {
            try {
                tell(new WorkflowEvent.Begin());
                for (int i = 0; i < 300; i++) {
                    disturb();
                }
                comeToAnEnd();
                model.checkEnd(run);
                sameAsItsJournal();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\n" + run.run.workflow() + "\n"
                                + String.join(
                                        "\n",
                                        run.notes.stream().map(Object::toString).toList()),
                        e);
            }
        }

        private void tell(WorkflowEvent event) {
            run.tell(event);
            for (; read < run.notes.size(); read++) {
                model.saw(run.notes.get(read));
            }
            model.checkNow(run);
        }

        private void disturb() {
            String step = "s" + random.nextInt(run.run.workflow().steps().size());
            switch (random.nextInt(24)) {
                case 0 -> crash();
                case 1 -> tell(random.nextInt(6) == 0 ? new WorkflowEvent.Cancel() : new WorkflowEvent.Tick());
                case 2 -> {
                    model.personRetries(run);
                    tell(new WorkflowEvent.RetryParked(null, random.nextBoolean() ? "1" : null));
                }
                case 3 -> tell(new WorkflowEvent.SkipParked(null, random.nextBoolean()));
                case 4, 5 -> tell(new WorkflowEvent.Approve(step, null));
                case 6 ->
                    tell(random.nextInt(4) == 0 ? new WorkflowEvent.Reject(step, null) : new WorkflowEvent.Tick());
                case 7 -> tell(random.nextInt(3) == 0 ? new WorkflowEvent.Pause() : new WorkflowEvent.Resume());
                case 8 -> tell(new WorkflowEvent.RetryFrom(step, random.nextInt(4) == 0 ? "1" : null));
                case 9, 10 -> pass(random.nextInt(2_000));
                default -> answer(random.nextInt(4) == 0);
            }
        }

        private void crash() {
            model.crashed(run);
            run.underWay.clear();
            tell(new WorkflowEvent.Recover());
        }

        private void pass(long millis) {
            run.now += millis;
            tell(new WorkflowEvent.Tick());
        }

        private void answer(boolean badly) {
            List<String> names = List.copyOf(run.underWay.keySet());
            if (names.isEmpty()) {
                return;
            }
            String name = names.get(random.nextInt(names.size()));
            WorkflowEffect.Call call = run.underWay.remove(name);
            ExitReason why =
                    random.nextBoolean() ? ExitReason.error("no", "") : ExitReason.of(ExitReason.Kind.TIMEOUT, "");
            model.answered(name, badly ? why : null);
            tell(
                    badly
                            ? new WorkflowEvent.Ended(call.step(), call.item(), call.attempt(), why)
                            : new WorkflowEvent.Returned(call.step(), call.item(), call.attempt(), "1"));
        }

        /// From here on all goes well, so that it has to come to its end.
        private void comeToAnEnd() {
            tell(new WorkflowEvent.Resume());
            for (int i = 0; i < 400 && run.state.phase() != Phase.ENDED; i++) {
                tell(new WorkflowEvent.SkipParked(null, false));
                for (WorkflowSpec.StepSpec step : run.run.workflow().steps()) {
                    tell(new WorkflowEvent.Approve(step.name(), null));
                }
                answer(false);
                if (run.underWay.isEmpty()) {
                    pass(60_000);
                }
            }
            assertEquals(Phase.ENDED, run.state.phase(), "it never comes to its end: " + run.state);
        }

        /// A run that ended is known from its journal alone.
        private void sameAsItsJournal() {
            WorkflowState told = WorkflowHistory.fold(run.run, run.machine.graph(), run.notes);
            assertEquals(run.state.phase(), told.phase());
            assertEquals(run.state.cancelled(), told.cancelled());
            for (int i = 0; i < told.steps().size(); i++) {
                WorkflowState.Step live = run.state.steps().get(i);
                WorkflowState.Step read = told.steps().get(i);
                assertEquals(live.status(), read.status(), "step " + i);
                assertEquals(live.output(), read.output(), "output " + i);
                assertEquals(live.skipped(), read.skipped(), "skipped " + i);
                WorkflowState.Fan fan = live.fan();
                for (int k = 0;
                        fan != null && read.fan() != null && k < fan.items().size();
                        k++) {
                    assertEquals(
                            fan.tasks().get(k).status(),
                            read.fan().tasks().get(k).status(),
                            "item " + i + "/" + k);
                    assertEquals(
                            fan.tasks().get(k).output(),
                            read.fan().tasks().get(k).output());
                }
            }
        }
    }

    private static void lives(int from, int count) {
        for (int seed = from; seed < from + count; seed++) {
            new Life(seed).live();
        }
    }

    @Test
    void whatever_happens_every_step_is_done_once_in_order_within_the_limits_and_to_an_end() {
        lives(0, 1_000);
    }

    @Test
    @Tag("soak")
    void and_so_in_very_many_lives() {
        lives(1_000_000, Integer.getInteger("nexus.soak.lives", 500_000));
    }

    @Test
    void a_seed_replays_to_the_same_journal() {
        for (int seed = 0; seed < 50; seed++) {
            Life one = new Life(seed);
            Life other = new Life(seed);
            one.live();
            other.live();
            List<EngineEvent> notes = one.run.notes;
            assertEquals(notes, other.run.notes);
            assertTrue(notes.size() > 0);
        }
    }
}
