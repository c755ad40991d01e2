package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// By a clock that stands still until it is moved.
class LivenessTest {
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private long seconds;
    private final Stopwatch stopwatch = new Stopwatch(null, () -> seconds * 1_000_000_000L);
    private final Liveness life = new Liveness(null, stopwatch::elapsed, BEAT, IDLE);

    private void pass(long more) {
        seconds += more;
    }

    /// One answer, the same or another.
    private void call(Liveness run, String what) {
        run.asked("kv get " + what);
        run.answered(what, "1");
    }

    @Test
    void a_run_without_settings_is_never_stuck() {
        Liveness free = new Liveness(null, stopwatch::elapsed, null, null);
        pass(1_000_000);
        assertNull(free.stuck());
        assertNull(free.patience());
    }

    @Test
    void silence_counts_to_the_boundary_and_says_what_the_last_call_was() {
        pass(3);
        call(life, "a");
        pass(9);
        assertNull(life.stuck());
        assertEquals(Duration.ofSeconds(1), life.patience());
        pass(1);
        Liveness.Stuck stuck = life.stuck();
        assertNotNull(stuck);
        assertEquals(new Liveness.Stuck("heartbeat", BEAT, "kv get a"), stuck);
        assertTrue(stuck.words().contains("10000 ms (`heartbeat`)"), stuck.words());
    }

    @Test
    void a_call_that_hangs_is_a_sign_of_life_when_it_begins_and_then_silence() {
        pass(9);
        life.asked("http GET x");
        pass(9);
        assertNull(life.stuck());
        pass(1);
        assertEquals("http GET x", life.stuck().lastCall());
    }

    @Test
    void any_call_is_a_heartbeat_but_the_same_answer_again_is_no_progress() {
        call(life, "a");
        for (int i = 0; i < 59; i++) {
            pass(1);
            call(life, "a");
            life.asked("now");
            life.answered(null, String.valueOf(i));
            assertNull(life.stuck(), "after " + i);
        }
        pass(1);
        call(life, "a");
        assertEquals("idleTimeout", life.stuck().setting());
    }

    @Test
    void a_circle_of_a_few_different_answers_is_no_progress_either() {
        for (int i = 0; i < 60; i++) {
            call(life, "x" + i % 7);
            pass(1);
        }
        assertNull(life.stuck(), "the first seven were new");
        for (int i = 0; i < 7; i++) {
            call(life, "x" + i);
            pass(1);
        }
        assertEquals("idleTimeout", life.stuck().setting());
    }

    @Test
    void something_new_is_progress() {
        for (int i = 0; i < 1_000; i++) {
            pass(9);
            call(life, "x" + i);
            assertNull(life.stuck());
        }
    }

    @Test
    void a_wait_for_a_model_is_slow_and_not_stuck() {
        call(life, "a");
        pass(5);
        life.asked("model m");
        life.waitBegins();
        pass(10_000);
        assertNull(life.stuck());
        assertTrue(life.isWaiting());
        life.waitEnds();
        assertNull(life.stuck());
        assertEquals(Duration.ofSeconds(5), life.withoutProgress(), "what was before the wait still counts");
        life.answered("m", "text");
        assertEquals(Duration.ZERO, life.withoutProgress());
        pass(10);
        assertEquals("heartbeat", life.stuck().setting());
    }

    @Test
    void a_pause_is_neither_and_one_during_a_wait_is_not_counted_twice() {
        pass(4);
        stopwatch.suspend();
        pass(100_000);
        assertNull(life.stuck());
        stopwatch.resume();
        life.waitBegins();
        pass(1);
        stopwatch.suspend();
        pass(1_000);
        stopwatch.resume();
        pass(1);
        life.waitEnds();
        assertEquals(Duration.ofSeconds(4), life.silence());
        pass(6);
        assertNotNull(life.stuck());
    }

    @Test
    void what_an_agent_does_that_it_called_counts_as_done_by_itself() {
        call(life, "agent b");
        Stopwatch watch = new Stopwatch(stopwatch, () -> seconds * 1_000_000_000L);
        Liveness called = new Liveness(life, watch::elapsed, null, null);
        for (int i = 0; i < 100; i++) {
            pass(9);
            call(called, "x" + i);
            assertNull(life.stuck());
        }
        watch.suspend();
        pass(1_000);
        assertNull(life.stuck(), "it waits for a person");
        watch.resume();
        called.waitBegins();
        pass(1_000);
        assertNull(life.stuck(), "it waits for a model");
        called.waitEnds();
        pass(10);
        assertNotNull(life.stuck());
    }

    @Test
    void what_was_before_the_program_began_does_not_count() {
        pass(1_000);
        life.begins();
        assertNull(life.stuck());
    }

    @Test
    void spending_counts_for_a_minute() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        SpendRate rate = new SpendRate();
        rate.add(start, 5);
        rate.add(start.plusSeconds(30), 7);
        assertEquals(12, rate.lastMinute(start.plusSeconds(59)));
        assertEquals(7, rate.lastMinute(start.plusSeconds(60)));
        rate.reset();
        assertEquals(0, rate.lastMinute(start.plusSeconds(60)));
    }

    @Test
    void the_guard_counts_to_the_boundary_and_begins_anew() {
        RunawayGuard guard = new RunawayGuard(3);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                assertEquals(false, guard.isRunaway("x"));
            }
            assertTrue(guard.isRunaway("x"));
        }
        RunawayGuard off = new RunawayGuard(0);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(false, off.isRunaway("x"));
        }
    }
}
