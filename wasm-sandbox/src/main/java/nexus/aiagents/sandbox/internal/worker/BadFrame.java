package nexus.aiagents.sandbox.internal.worker;

/// What came over the pipe is nothing that the other side may send.
final class BadFrame extends Exception {
    BadFrame(String message) {
        super(message);
    }
}
