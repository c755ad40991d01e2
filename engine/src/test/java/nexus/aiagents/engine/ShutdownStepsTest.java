package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long closing waits, by a clock that goes only while it waits: a busy machine changes nothing here.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownStepsTest {
    private static final Duration TOTAL = Duration.ofSeconds(10);

    private final Fake waiting = new Fake();
    private final Shutdown shutdown = new Shutdown(TOTAL, waiting);

    /// What is not over at once takes the time that `takes` says, or for ever.
    private static final class Fake implements Shutdown.Waiting {
        private Duration passed = Duration.ZERO;
        private final List<CompletableFuture<Void>> endless = new ArrayList<>();
        private int interruptions;

        @Override
        public Duration passed() {
            return passed;
        }

        @Override
        public void await(CompletableFuture<Void> step, Duration atMost)
                throws TimeoutException, ExecutionException, InterruptedException {
            if (interruptions > 0) {
                interruptions--;
                passed = passed.plus(atMost.dividedBy(2));
                throw new InterruptedException();
            }
            if (endless.contains(step)) {
                passed = passed.plus(atMost);
                throw new TimeoutException();
            }
            step.get();
        }
    }

    private CompletableFuture<Void> endless() {
        CompletableFuture<Void> step = new CompletableFuture<>();
        waiting.endless.add(step);
        return step;
    }

    @Test
    void steps_that_end_cost_no_time() {
        List<String> done = new ArrayList<>();
        assertTrue(shutdown.run("one", () -> done.add("one"), 0.2));
        assertTrue(shutdown.run("two", () -> done.add("two"), 1));
        assertEquals(List.of("one", "two"), done);
        assertEquals(Duration.ZERO, waiting.passed);
    }

    @Test
    void a_step_has_until_its_part_of_the_whole_time_is_over() {
        assertFalse(shutdown.await("the first", endless(), 0.2));
        assertEquals(Duration.ofSeconds(2), waiting.passed);
        assertFalse(shutdown.await("the second", endless(), 0.8));
        assertEquals(Duration.ofSeconds(8), waiting.passed, "of the whole, not of what is left");
    }

    @Test
    void if_nothing_ends_it_takes_the_whole_time_and_half_a_second_for_each_step_that_comes_too_late() {
        double[] parts = {0.2, 0.3, 0.8, 0.8, 1, 1, 1, 1, 1, 1, 1};
        for (double part : parts) {
            assertFalse(shutdown.await("a step", endless(), part));
        }
        assertEquals(TOTAL.plus(Shutdown.LEAST.multipliedBy(5)).plus(Shutdown.LEAST), waiting.passed);
    }

    @Test
    void a_step_that_fails_holds_up_none() {
        assertTrue(shutdown.run(
                "bad",
                () -> {
                    throw new IllegalStateException("expected by the test");
                },
                1));
        assertEquals(Duration.ZERO, waiting.passed);
    }

    @Test
    void an_interrupt_neither_shortens_nor_lengthens_it_and_is_kept() {
        waiting.interruptions = 2;
        assertFalse(shutdown.await("a step", endless(), 0.8));
        assertTrue(Thread.interrupted());
        assertEquals(Duration.ofSeconds(8), waiting.passed);
    }

    /// By the real clock, for the one step that does not end while another does.
    @Test
    void steps_side_by_side_do_not_wait_for_each_other() throws Exception {
        Shutdown real = new Shutdown(Duration.ofMillis(10), Shutdown.Waiting.real());
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Void> hangs = real.begin("hangs", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CountDownLatch other = new CountDownLatch(1);
        var _ = real.begin("ends", other::countDown);
        other.await();
        assertFalse(real.await("hangs", hangs, 0.8));
        never.countDown();
        hangs.get();
    }
}
