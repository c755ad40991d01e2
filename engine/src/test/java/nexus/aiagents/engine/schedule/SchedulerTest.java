package nexus.aiagents.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent.ScheduleFired;
import nexus.aiagents.engine.journal.EngineEvent.ScheduleSkipped;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.ScheduleSpec.Missed;
import nexus.aiagents.engine.project.ScheduleSpec.Overlap;
import nexus.aiagents.engine.run.DurableRuns;
import nexus.aiagents.engine.run.RunSpecs;
import nexus.aiagents.engine.view.ScheduleView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real runs, by a clock that stands still until it is moved. Passes are made by the test, not by the
/// thread.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchedulerTest {
    private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final List<Process> processes = new ArrayList<>();

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    /// What one process of the program would hold.
    private final class Process implements AutoCloseable {
        final InMemoryJournal journal;
        final ScheduleSpec spec;
        final DurableRuns runs;
        final Scheduler scheduler;
        /// What a next process would find if this one had been killed after a write.
        final List<InMemoryJournal> kills = new CopyOnWriteArrayList<>();

        final List<CompletableFuture<AgentCalls.Result>> calls = new CopyOnWriteArrayList<>();
        volatile CommandResult refusal;

        Process(InMemoryJournal journal, ScheduleSpec spec) {
            this.journal = journal;
            this.spec = spec;
            this.runs = new DurableRuns(journal, this::call, clock, new Random(processes.size()), _ -> null);
            this.scheduler = new Scheduler(Map.of(spec.id(), spec), journal, clock, this::start, runs::isUnderWay);
            journal.subscribe(_ -> kills.add(journal.reopened()));
            journal.subscribe(entry -> scheduler.apply(entry.event()));
            runs.recover();
            processes.add(this);
        }

        private AgentCalls.Call call(AgentCalls.Request request) {
            CompletableFuture<AgentCalls.Result> result = new CompletableFuture<>();
            calls.add(result);
            return new AgentCalls.Call() {
                @Override
                public CompletionStage<AgentCalls.Result> result() {
                    return result;
                }

                @Override
                public void cancel(ExitReason reason) {
                    result.complete(new AgentCalls.Result.Ended(reason));
                }
            };
        }

        private CommandResult start(ScheduleSpec due) {
            return refusal != null
                    ? refusal
                    : runs.startAgent(RunSpecs.agent(due.name()), due.inputJson())
                            .toCompletableFuture()
                            .join();
        }

        /// Up, but the thread stays out of it.
        Process up() {
            scheduler.watch();
            return this;
        }

        void at(String time) {
            now = Instant.parse("2026-11-23T" + time + "Z");
            scheduler.pass();
        }

        void endAll() {
            await(() -> calls.size() == count(RunStarted.class));
            calls.forEach(c -> c.complete(new AgentCalls.Result.Returned("1")));
            await(() -> count(EngineEvent.RunEnded.class) == count(RunStarted.class));
        }

        <T extends EngineEvent> List<T> events(Class<T> type) {
            return journal.read(0, 10_000).stream()
                    .map(entry -> entry.event())
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }

        int count(Class<? extends EngineEvent> type) {
            return events(type).size();
        }

        ScheduleView view() {
            return scheduler.views().getFirst();
        }

        @Override
        public void close() {
            scheduler.close();
            runs.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static ScheduleSpec hourly(Missed missed, Overlap overlap) {
        return ScheduleMachineTest.spec("0 * * * *", missed, overlap);
    }

    @AfterEach
    void end() {
        processes.forEach(Process::close);
    }

    @Test
    void a_run_begins_in_one_transaction_with_its_time_being_done_with() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ONCE, Overlap.SKIP)).up();
        p.at("12:30:00");
        assertEquals(0, p.count(ScheduleFired.class));
        p.at("13:00:00");
        await(() -> p.count(ScheduleFired.class) == 1);
        ScheduleFired fired = p.events(ScheduleFired.class).getFirst();
        assertEquals(Instant.parse("2026-11-23T13:00:00Z").toEpochMilli(), fired.plannedEpochMillis());
        assertEquals("time", fired.why());
        assertFalse(p.kills.isEmpty());
        for (InMemoryJournal killed : p.kills) {
            long begun = killed.read(0, 1_000).stream()
                    .filter(e -> e.event() instanceof RunStarted)
                    .count();
            long done = killed.read(0, 1_000).stream()
                    .filter(e -> e.event() instanceof ScheduleFired)
                    .count();
            assertEquals(begun, done, "one without the other");
        }
    }

    @Test
    void killed_after_any_write_no_time_is_run_twice_and_none_is_lost() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ALL, Overlap.QUEUE)).up();
        for (String time : List.of("12:00:01", "13:00:00", "14:00:00")) {
            p.at(time);
        }
        p.endAll();
        p.at("14:10:00");
        p.endAll();
        assertTrue(p.kills.size() >= 6, "kills: " + p.kills.size());
        for (InMemoryJournal killed : List.copyOf(p.kills)) {
            Process next = new Process(killed, p.spec).up();
            next.at("15:00:10");
            while (next.view().waiting() + next.view().running() > 0) {
                next.calls.forEach(c -> c.complete(new AgentCalls.Result.Returned("1")));
                next.scheduler.pass();
            }
            List<Long> planned = next.events(ScheduleFired.class).stream()
                    .map(ScheduleFired::plannedEpochMillis)
                    .toList();
            assertEquals(
                    List.of("13", "14", "15").stream()
                            .map(h ->
                                    Instant.parse("2026-11-23T" + h + ":00:00Z").toEpochMilli())
                            .toList(),
                    planned);
        }
    }

    @Test
    void the_end_of_a_run_lets_the_one_go_that_waits_for_it() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ONCE, Overlap.QUEUE)).up();
        p.at("12:00:01");
        p.at("13:00:00");
        p.at("14:00:00");
        assertEquals(1, p.view().running());
        assertEquals(1, p.view().waiting());
        p.endAll();
        p.scheduler.pass();
        assertEquals(2, p.count(ScheduleFired.class));
        assertEquals("queued", p.events(ScheduleFired.class).getLast().why());
    }

    @Test
    void a_run_of_the_process_before_that_goes_on_still_counts() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ONCE, Overlap.SKIP)).up();
        p.at("12:00:01");
        p.at("13:00:00");
        Process next = new Process(p.journal.reopened(), p.spec).up();
        // A call of an agent that was cut off has ended as interrupted; a saga would go on.
        await(() -> next.count(EngineEvent.RunEnded.class) == 1);
        next.at("14:00:00");
        assertEquals(2, next.count(ScheduleFired.class));
    }

    @Test
    void what_passes_while_nobody_has_it_up_was_missed() {
        InMemoryJournal journal = new InMemoryJournal();
        Process first = new Process(journal, hourly(Missed.ONCE, Overlap.SKIP)).up();
        first.at("12:00:01");
        first.at("12:30:00");
        first.scheduler.deactivate();
        first.at("16:30:00");
        assertEquals(0, first.count(ScheduleFired.class));
        first.up();
        first.at("17:30:00");
        assertEquals("missed", first.events(ScheduleFired.class).getFirst().why());
        assertEquals(4, first.events(ScheduleSkipped.class).getFirst().count());
        assertEquals(5, first.view().skipped() + first.view().started());
    }

    @Test
    void a_run_that_can_not_be_started_is_written_down_and_not_tried_again() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ONCE, Overlap.SKIP)).up();
        p.at("12:00:01");
        p.refusal = new CommandResult.Refused("untrusted", "nobody trusts it");
        p.at("13:00:00");
        assertEquals(
                "it could not be started: nobody trusts it",
                p.events(ScheduleSkipped.class).getFirst().why());
        p.refusal = null;
        p.at("13:00:05");
        assertEquals(0, p.count(ScheduleFired.class));
    }

    @Test
    void a_person_runs_it_now_and_its_times_stay_as_they_are() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ONCE, Overlap.SKIP)).up();
        p.at("12:00:01");
        now = Instant.parse("2026-11-23T12:59:00Z");
        assertInstanceOf(CommandResult.RunStarted.class, p.scheduler.runNow(p.spec));
        assertEquals("person", p.events(ScheduleFired.class).getFirst().why());
        assertEquals(Instant.parse("2026-11-23T13:00:00Z"), p.view().next());
        p.endAll();
        p.at("13:00:00");
        assertEquals(2, p.count(ScheduleFired.class));
    }

    @Test
    void a_pause_outlives_the_process_and_makes_up_for_nothing() {
        Process p = new Process(new InMemoryJournal(), hourly(Missed.ALL, Overlap.SKIP)).up();
        p.at("12:00:01");
        assertInstanceOf(CommandResult.Done.class, p.scheduler.pause(p.spec));
        assertInstanceOf(CommandResult.Refused.class, p.scheduler.pause(p.spec));
        p.at("14:30:00");
        Process next = new Process(p.journal.reopened(), p.spec).up();
        assertTrue(next.view().paused());
        assertNull(next.view().next());
        next.at("15:30:00");
        next.scheduler.resume(p.spec);
        next.at("15:40:00");
        assertEquals(0, next.count(ScheduleFired.class));
        assertFalse(next.view().paused());
        next.at("16:00:00");
        assertEquals(1, next.count(ScheduleFired.class));
    }

    @Test
    void its_thread_starts_what_is_due() {
        Process p =
                new Process(new InMemoryJournal(), ScheduleMachineTest.spec("* * * * * *", Missed.SKIP, Overlap.ALLOW));
        p.scheduler.activate();
        await(() -> p.view().active());
        await(() -> p.journal.state("schedule/saga/s") != null);
        now = now.plusSeconds(1);
        p.scheduler.configure(Map.of(p.spec.id(), p.spec)); // wakes it, as a change of the YAML does
        await(() -> p.count(ScheduleFired.class) == 1);
    }
}
