package nexus.aiagents.engine.secret;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import nexus.aiagents.engine.secret.Keychain.Answer;
import org.jspecify.annotations.Nullable;

/// Keys by the names of variables: what the environment has, else what the keychain has. Asking may take
/// some seconds: not for the JavaFX thread. Thread-safe.
public final class HostSecrets {
    /// So long an answer counts. What is not there is looked for again soon: somebody may just have set it.
    static final Duration FOUND = Duration.ofSeconds(30);

    static final Duration MISSING = Duration.ofSeconds(2);
    static final Duration UNREACHABLE = Duration.ofSeconds(30);

    private final Function<String, @Nullable String> environment;
    private final Keychain keychain;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> given = new ConcurrentHashMap<>();
    private final AtomicInteger changes = new AtomicInteger();
    /// One question at a time: a keychain that is locked asks its person once.
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Known trouble;
    private volatile @Nullable Known mute;

    private record Known(Answer answer, Instant until) {}

    public enum Place {
        ENVIRONMENT,
        KEYCHAIN,
        MISSING
    }

    /// @param trouble why the keychain could not be asked, null if it could, or did not have to be
    public record Whereabouts(Place place, @Nullable String trouble) {}

    /// @param environment the host's variables by name, null where one is not set
    public HostSecrets(Function<String, @Nullable String> environment, Keychain keychain, InstantSource clock) {
        this.environment = environment;
        this.keychain = keychain;
        this.clock = clock;
    }

    /// The environment and the keychain of this process.
    public static HostSecrets ofThisHost(InstantSource clock) {
        return new HostSecrets(System::getenv, Keychain.ofThisSystem(), clock);
    }

    /// Without a keychain.
    public static HostSecrets ofEnvironment(Function<String, @Nullable String> environment) {
        return new HostSecrets(environment, new NoKeychain(), Clock.systemUTC());
    }

    private static final class NoKeychain implements Keychain {
        @Override
        public Answer find(String name) {
            return new Answer.Missing();
        }

        @Override
        public void store(String name, String value) throws KeychainException {
            throw new KeychainException("keychain", "there is no keychain here");
        }

        @Override
        public boolean remove(String name) {
            return false;
        }
    }

    /// @return null if neither has it
    public @Nullable String value(String name) {
        String set = inEnvironment(name);
        if (set != null) {
            return set;
        }
        return answer(name) instanceof Answer.Found(String value) ? value : null;
    }

    /// @return null if it is not set, or is blank
    public @Nullable String inEnvironment(String name) {
        String set = environment.apply(name);
        return set == null || set.isBlank() ? null : set;
    }

    /// Every value of the keychain that this process was given for a name: what it may have passed on.
    public Set<String> given(String name) {
        return Set.copyOf(given.getOrDefault(name, Set.of()));
    }

    /// Grows whenever {@link #given} does.
    public int changes() {
        return changes.get();
    }

    /// Where a value is right now, whatever was known of it. A keychain that did not answer just now is
    /// not asked for the next name of a list.
    public Whereabouts whereabouts(String name) {
        if (inEnvironment(name) != null) {
            return new Whereabouts(Place.ENVIRONMENT, null);
        }
        Known last = mute;
        Answer answer = last != null && clock.instant().isBefore(last.until()) ? last.answer() : keychain.find(name);
        mute = answer instanceof Answer.Unreachable
                ? new Known(answer, clock.instant().plus(MISSING))
                : null;
        return switch (answer) {
            case Answer.Found _ -> new Whereabouts(Place.KEYCHAIN, null);
            case Answer.Missing _ -> new Whereabouts(Place.MISSING, null);
            case Answer.Unreachable(String why) -> new Whereabouts(Place.MISSING, why);
        };
    }

    /// What to do about a name that has no value; goes on after "the variable NAME".
    public String remedy(String name) {
        Known now = trouble;
        String why = now != null && now.answer() instanceof Answer.Unreachable(String reason)
                ? " (the keychain could not be asked: " + reason + ")"
                : "";
        return "is set neither where this program was started nor in the keychain" + why
                + ": set it, or keep it with `naos secret set " + name + "`";
    }

    /// Keeps a value in the keychain.
    public void store(String name, String value) throws KeychainException {
        keychain.store(name, value);
        forget(name);
    }

    /// Takes a value out of the keychain.
    ///
    /// @return false if there was none
    public boolean remove(String name) throws KeychainException {
        boolean was = keychain.remove(name);
        forget(name);
        return was;
    }

    private void forget(String name) {
        known.remove(name);
        trouble = null;
        mute = null;
    }

    private Answer answer(String name) {
        Answer fresh = fresh(name);
        if (fresh != null) {
            return fresh;
        }
        asking.lock();
        try {
            Answer meanwhile = fresh(name);
            return meanwhile == null ? ask(name) : meanwhile;
        } finally {
            asking.unlock();
        }
    }

    private @Nullable Answer fresh(String name) {
        Instant now = clock.instant();
        Known last = known.get(name);
        if (last != null && now.isBefore(last.until())) {
            return last.answer();
        }
        Known mute = trouble;
        return mute != null && now.isBefore(mute.until()) ? lastOr(name, mute.answer()) : null;
    }

    private Answer ask(String name) {
        Answer answer = keychain.find(name);
        Instant now = clock.instant();
        switch (answer) {
            case Answer.Found(String value) -> {
                if (given.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet())
                        .add(value)) {
                    changes.incrementAndGet();
                }
                known.put(name, new Known(answer, now.plus(FOUND)));
                trouble = null;
            }
            case Answer.Missing _ -> {
                known.put(name, new Known(answer, now.plus(MISSING)));
                trouble = null;
            }
            case Answer.Unreachable _ -> {
                if (!Thread.currentThread().isInterrupted()) { // else it is this thread that gave up
                    trouble = new Known(answer, now.plus(UNREACHABLE));
                }
                return lastOr(name, answer);
            }
        }
        return answer;
    }

    /// A keychain that was locked with the screen does not stop agents that have their key.
    private Answer lastOr(String name, Answer otherwise) {
        Known last = known.get(name);
        return last != null && last.answer() instanceof Answer.Found ? last.answer() : otherwise;
    }
}
