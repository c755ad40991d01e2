package nexus.aiagents.engine.agent;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.secret.NeededSecrets;
import org.jspecify.annotations.Nullable;

/// The keys of a project: what its agents may have put into their requests, and what models and the trust
/// registry are asked with. A program never gets a value, and nothing that is kept holds one: whatever
/// comes from outside and could repeat a value passes {@link #redact} first. Thread-safe.
public final class Secrets {
    /// Shorter ones could not be told from the words of an answer.
    static final int LEAST_CHARS = 4;

    private final Set<String> names;
    private final HostSecrets host;
    private volatile Marks marks;

    /// What a server may repeat a value in. One that means to give it away can spell it in ways of its own.
    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);

    private record Mark(String text, String instead) {}

    /// @param list    what is taken out of texts, the longest first
    /// @param changes what {@link HostSecrets#changes} was before they were made
    private record Marks(List<Mark> list, int changes) {}

    private Secrets(Set<String> names, HostSecrets host) {
        this.names = names;
        this.host = host;
        this.marks = marked();
    }

    /// The keychain is asked for a value when it is needed, not before.
    public static Secrets of(Project project, HostSecrets host) {
        return new Secrets(Set.copyOf(NeededSecrets.of(project).keySet()), host);
    }

    static Secrets of(Set<String> names, Function<String, @Nullable String> environment) {
        return new Secrets(names, HostSecrets.ofEnvironment(environment));
    }

    static Secrets of(Set<String> names, HostSecrets host) {
        return new Secrets(names, host);
    }

    /// A value of the keychain that was never given to this process can come back from nowhere.
    private Marks marked() {
        int changes = host.changes();
        List<Mark> all = new ArrayList<>();
        for (String name : names) {
            mark(all, name, host.inEnvironment(name));
            host.given(name).forEach(value -> mark(all, name, value));
        }
        all.sort(Comparator.comparingInt((Mark mark) -> mark.text().length()).reversed());
        return new Marks(List.copyOf(all), changes);
    }

    private static void mark(List<Mark> marks, String name, @Nullable String set) {
        String value = usable(set);
        if (value != null) {
            String instead = "[secret " + name + "]";
            SecretSpellings.of(value).forEach(spelling -> marks.add(new Mark(spelling, instead)));
        }
    }

    private List<Mark> marks() {
        Marks made = marks;
        if (made.changes() != host.changes()) {
            made = marked();
            marks = made;
        }
        return made.list();
    }

    /// @return null if it is not set, or is nothing that can be kept secret in a header
    private static @Nullable String usable(@Nullable String value) {
        String bare = value == null ? "" : value.strip();
        return bare.length() >= LEAST_CHARS && HttpReader.isFieldValue(bare) ? bare : null;
    }

    /// @throws HostCallFailed `secret-missing` if it can not be used, with what to do
    String value(String name) throws HostCallFailed {
        String set = host.value(name);
        String value = usable(set);
        if (value == null) {
            String why = set == null || set.isBlank()
                    ? host.remedy(name)
                    : "holds nothing usable: one line of at least " + LEAST_CHARS + " characters is needed";
            throw new HostCallFailed("secret-missing", "the variable " + name + ", a granted secret, " + why);
        }
        return value;
    }

    /// The same text with `[secret NAME]` wherever a value stands in it, as it is, in a URL, in a JSON text
    /// or in Base64.
    public String redact(String text) {
        String clean = text;
        for (Mark mark : marks()) {
            clean = clean.replace(mark.text(), mark.instead());
        }
        return clean;
    }

    /// The same for bytes, whatever they are.
    public byte[] redact(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1); // one character for each byte
        String clean = text;
        for (Mark mark : marks()) {
            for (Charset charset : CHARSETS) {
                clean = clean.replace(asBytes(mark.text(), charset), asBytes(mark.instead(), charset));
            }
        }
        return clean.equals(text) ? bytes : clean.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String asBytes(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }
}
