package nexus.aiagents.app;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nexus.aiagents.engine.secret.Keychain;
import nexus.aiagents.engine.secret.KeychainException;
import org.jspecify.annotations.Nullable;

/// A keychain in memory.
public final class FakeKeychain implements Keychain {
    public final Map<String, String> values = new ConcurrentHashMap<>();
    /// Why it does not answer, null if it does.
    public volatile @Nullable String trouble;

    @Override
    public Answer find(String name) {
        String why = trouble;
        String value = values.get(name);
        return why != null
                ? new Answer.Unreachable(why)
                : value == null ? new Answer.Missing() : new Answer.Found(value);
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
