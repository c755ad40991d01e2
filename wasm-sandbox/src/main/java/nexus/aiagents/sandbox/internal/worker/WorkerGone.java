package nexus.aiagents.sandbox.internal.worker;

/// A worker has ended, or none could be started. The message says how.
final class WorkerGone extends Exception {
    WorkerGone(String message) {
        super(message);
    }
}
