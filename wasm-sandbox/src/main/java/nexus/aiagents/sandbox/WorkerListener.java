package nexus.aiagents.sandbox;

/// Hears of workers. Called on any thread; must return soon.
public interface WorkerListener {

    /// What a worker is for.
    enum Purpose {
        COMPILE,
        RUN
    }

    /// Hears nothing.
    WorkerListener NONE = new WorkerListener() {
        @Override
        public void started(long pid, Purpose purpose) {
            // nobody wants to know
        }

        @Override
        public void ended(long pid, Purpose purpose, boolean wanted, String why, int runs) {
            // nobody wants to know
        }
    };

    void started(long pid, Purpose purpose);

    /// @param wanted it was told to end
    /// @param why one clause about `it`
    /// @param runs that ended with it
    void ended(long pid, Purpose purpose, boolean wanted, String why, int runs);

    /// A program ended so many workers that it is not run in one any more.
    default void quarantined(String program, String why) {
        // nobody wants to know
    }
}
