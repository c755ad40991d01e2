package nexus.aiagents.engine.secret;

/// A keychain did not do what was asked. The code is `bad-input` if what it was given can not be kept, else
/// `keychain`. The message never holds a value.
public final class KeychainException extends Exception {
    private final String code;

    public KeychainException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
