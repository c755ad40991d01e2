package nexus.aiagents.engine.secret;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A keychain in memory.
public final class FakeKeychain implements Keychain {
    public final Map<String, String> values = new ConcurrentHashMap<>();
    /// Why it does not answer, null if it does.
    public volatile @Nullable String trouble;
    public volatile int asked;

    @Override
    public synchronized Answer find(String name) {
        asked++;
        String why = trouble;
        if (why != null) {
            return new Answer.Unreachable(why);
        }
        String value = values.get(name);
        return value == null ? new Answer.Missing() : new Answer.Found(value);
    }

    @Override
    public void store(String name, String value) throws KeychainException {
        answering();
        values.put(name, value);
    }

    @Override
    public boolean remove(String name) throws KeychainException {
        answering();
        return values.remove(name) != null;
    }

    private void answering() throws KeychainException {
        if (trouble != null) {
            throw new KeychainException("keychain", "the keychain could not be asked: " + trouble);
        }
    }
}
