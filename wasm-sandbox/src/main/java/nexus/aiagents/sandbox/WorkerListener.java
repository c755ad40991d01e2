package nexus.aiagents.sandbox;

/// Hears of workers. Called on any thread; must return soon.
public interface WorkerListener {

    /// Hears nothing.
    WorkerListener NONE = new WorkerListener() {
        @Override
        public void started(long pid) {
            // nobody wants to know
        }

        @Override
        public void ended(long pid, boolean wanted, String why, int runs) {
            // nobody wants to know
        }
    };

    void started(long pid);

    /// @param wanted it was told to end, because it was idle or the sandbox is closed
    /// @param runs that ended with it
    void ended(long pid, boolean wanted, String why, int runs);
}
