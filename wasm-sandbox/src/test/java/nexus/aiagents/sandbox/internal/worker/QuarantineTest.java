package nexus.aiagents.sandbox.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.sandbox.internal.worker.Quarantine.Standing;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private final Quarantine quarantine = new Quarantine();
    private long now;

    private List<String> die(String... programs) {
        now += Duration.ofSeconds(1).toNanos();
        return quarantine.died(List.of(programs), now);
    }

    @Test
    void whoever_was_in_a_worker_that_died_gets_the_next_one_for_itself() {
        assertEquals(Standing.FREE, quarantine.of("killer"));
        assertEquals(List.of(), die("killer", "neighbour"));

        assertEquals(Standing.ALONE, quarantine.of("killer"));
        assertEquals(Standing.ALONE, quarantine.of("neighbour"));
        quarantine.endedWell("neighbour", false, now);
        assertEquals(Standing.ALONE, quarantine.of("neighbour"), "in company nothing is proved");
        quarantine.endedWell("neighbour", true, now);
        assertEquals(Standing.FREE, quarantine.of("neighbour"));
        assertEquals(Standing.FREE, quarantine.of("somebody else"));
    }

    @Test
    void who_ends_three_workers_alone_is_refused_and_stays_so() {
        assertEquals(List.of(), die("killer"));
        quarantine.endedWell("killer", true, now);
        assertEquals(List.of(), die("killer"));
        assertEquals(Standing.ALONE, quarantine.of("killer"), "one good run does not make up for it");
        assertEquals(List.of("killer"), die("killer"));

        now += Duration.ofHours(1).toNanos();
        quarantine.endedWell("killer", true, now);
        assertEquals(Standing.REFUSED, quarantine.of("killer"));
        assertEquals(List.of(), die("killer"), "which is told once");
    }

    @Test
    void who_is_pardoned_is_tried_as_often_as_at_first_and_alone() {
        assertFalse(quarantine.pardon("killer"), "nothing is known of it");
        assertEquals(List.of(), die("killer"));
        assertFalse(quarantine.pardon("killer"), "it may run");
        die("killer");
        assertEquals(List.of("killer"), die("killer"));

        assertTrue(quarantine.pardon("killer"));
        assertEquals(Standing.ALONE, quarantine.of("killer"));
        assertEquals(List.of(), die("killer"));
        assertEquals(List.of(), die("killer"));
        assertEquals(List.of("killer"), die("killer"));

        assertTrue(quarantine.pardon("killer"));
        quarantine.endedWell("killer", true, now);
        assertEquals(Standing.FREE, quarantine.of("killer"), "what it was has passed");
    }

    @Test
    void several_runs_of_one_program_are_nobody_else() {
        die("killer", "killer", "killer");
        die("killer", "killer");
        assertEquals(List.of("killer"), die("killer"));
    }

    @Test
    void deaths_that_lie_long_apart_are_bad_luck() {
        for (int i = 0; i < 10; i++) {
            assertEquals(List.of(), die("unlucky"));
            now += Quarantine.WITHIN.plusSeconds(1).toNanos();
        }
        quarantine.endedWell("unlucky", true, now);
        assertEquals(Standing.FREE, quarantine.of("unlucky"));
    }

    @Test
    void where_there_is_no_room_to_be_alone_it_takes_twice_as_many() {
        for (int i = 1; i < Quarantine.SHARED_DEATHS; i++) {
            assertEquals(List.of(), die("one", "other"));
        }
        assertEquals(2, die("one", "other").size());
    }
}
