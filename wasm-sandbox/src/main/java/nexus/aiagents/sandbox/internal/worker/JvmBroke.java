package nexus.aiagents.sandbox.internal.worker;

/// The JVM of a worker has met a fatal error. It says so on standard output, where frames should be; the
/// message is what it says.
final class JvmBroke extends Exception {
    JvmBroke(String message) {
        super(message);
    }
}
