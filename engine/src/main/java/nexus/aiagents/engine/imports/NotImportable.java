package nexus.aiagents.engine.imports;

/// What was pointed at is nothing that can be imported; the message says why and what can be.
public final class NotImportable extends Exception {
    NotImportable(String message) {
        super(message);
    }
}
