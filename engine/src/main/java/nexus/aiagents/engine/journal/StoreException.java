package nexus.aiagents.engine.journal;

/// The store can not be opened or written. `code` is stable: `store-locked`, `store-read-only`,
/// `store-full`, `store-broken`, `store-newer`, `store-too-large`, `store-closed`. The message says what to
/// do.
public final class StoreException extends RuntimeException {
    private final String code;

    public StoreException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public StoreException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
