package nexus.aiagents.engine.secret;

/// Where the operating system keeps secrets for the person who is logged in. Every call may take
/// seconds and is bounded: not for the JavaFX thread. Thread-safe.
public interface Keychain {
    /// What the keychain says of a name.
    sealed interface Answer {
        /// Says of itself that it is there, never what it is.
        record Found(String value) implements Answer {
            @Override
            public String toString() {
                return "Found[value=hidden]";
            }
        }

        record Missing() implements Answer {}

        /// It could not be asked: it is locked, is not installed, or does not answer.
        ///
        /// @param why goes on after "the keychain could not be asked: "
        record Unreachable(String why) implements Answer {}
    }

    /// @param name of a variable
    Answer find(String name);

    /// Keeps a value, in the place of the one that was there.
    ///
    /// @throws KeychainException it is not kept, and why
    void store(String name, String value) throws KeychainException;

    /// @return false if there was none
    /// @throws KeychainException it may be there still, and why
    boolean remove(String name) throws KeychainException;

    /// That of this operating system. Nothing is asked yet.
    static Keychain ofThisSystem() {
        return SystemKeychain.of(System.getProperty("os.name"));
    }
}
