package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlotsTest {
    final Slots slots = new Slots();

    @Test
    void there_are_as_many_places_as_the_project_says_now() {
        slots.resize(2);
        assertTrue(slots.tryAcquire());
        assertTrue(slots.tryAcquire());
        assertFalse(slots.tryAcquire());

        slots.resize(3);
        assertTrue(slots.tryAcquire());

        slots.resize(1);
        slots.release();
        assertFalse(slots.tryAcquire());
        slots.release();
        assertFalse(slots.tryAcquire());
        slots.release();
        assertTrue(slots.tryAcquire());
        assertFalse(slots.tryAcquire());
    }
}
