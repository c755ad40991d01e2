package nexus.aiagents.engine.agent;

import java.util.concurrent.Semaphore;

/// Places for calls of one agent, whose number changes with the project. Thread-safe.
final class Slots extends Semaphore {
    private int size;

    Slots() {
        super(0, true);
    }

    /// With fewer places than are taken, as many have to be given back before the next is free.
    synchronized void resize(int wanted) {
        int more = wanted - size;
        size = wanted;
        if (more > 0) {
            release(more);
        } else if (more < 0) {
            reducePermits(-more);
        }
    }
}
