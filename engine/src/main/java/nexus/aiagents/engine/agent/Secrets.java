package nexus.aiagents.engine.agent;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;

/// The keys of a project: what its agents may have put into their requests, and what models and the trust
/// registry are asked with. A program never gets a value, and nothing that is kept holds one: whatever
/// comes from outside and could repeat a value passes {@link #redact} first. Immutable.
public final class Secrets {
    /// Shorter ones could not be told from the words of an answer.
    static final int LEAST_CHARS = 4;

    private final Function<String, @Nullable String> environment;
    /// What is taken out of texts, the longest first.
    private final List<Mark> marks;

    private record Mark(String text, String instead) {}

    private Secrets(Function<String, @Nullable String> environment, List<Mark> marks) {
        this.environment = environment;
        this.marks = marks;
    }

    /// @param environment the host's variables by name, null where one is not set
    public static Secrets of(Project project, Function<String, @Nullable String> environment) {
        Set<String> names = new LinkedHashSet<>();
        project.agents()
                .values()
                .forEach(agent -> agent.grants().secrets().stream()
                        .map(AgentSpec.SecretGrant::name)
                        .forEach(names::add));
        project.models().values().forEach(model -> add(names, model.apiKeyEnv()));
        add(names, project.trust() == null ? null : project.trust().keyEnv());
        return of(names, environment);
    }

    static Secrets of(Set<String> names, Function<String, @Nullable String> environment) {
        List<Mark> marks = new ArrayList<>();
        for (String name : names) {
            String value = usable(environment.apply(name));
            if (value != null) {
                String instead = "[secret " + name + "]";
                String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
                marks.add(new Mark(value, instead));
                marks.add(new Mark(URLEncoder.encode(value, StandardCharsets.UTF_8), instead));
                marks.add(new Mark(value.replace("\\", "\\\\").replace("\"", "\\\""), instead));
                marks.add(new Mark(base64, instead));
            }
        }
        marks.sort(Comparator.comparingInt((Mark mark) -> mark.text().length()).reversed());
        return new Secrets(environment, List.copyOf(marks));
    }

    private static void add(Set<String> names, @Nullable String name) {
        if (name != null) {
            names.add(name);
        }
    }

    /// @return null if it is not set, or is nothing that can be kept secret in a header
    private static @Nullable String usable(@Nullable String value) {
        String bare = value == null ? "" : value.strip();
        return bare.length() >= LEAST_CHARS && HttpReader.isFieldValue(bare) ? bare : null;
    }

    /// @throws HostCallFailed `secret-missing` if it can not be used, with what to do
    String value(String name) throws HostCallFailed {
        String set = environment.apply(name);
        String value = usable(set);
        if (value == null) {
            String why = set == null || set.isBlank()
                    ? "is not set where this program was started: set it"
                    : "holds nothing usable: one line of at least " + LEAST_CHARS + " characters is needed";
            throw new HostCallFailed("secret-missing", "the variable " + name + ", a granted secret, " + why);
        }
        return value;
    }

    /// The same text with `[secret NAME]` wherever a value stands in it, as it is, in a URL, in a JSON text
    /// or in Base64.
    public String redact(String text) {
        String clean = text;
        for (Mark mark : marks) {
            clean = clean.replace(mark.text(), mark.instead());
        }
        return clean;
    }

    /// The same for bytes, whatever they are.
    public byte[] redact(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1); // one character for each byte
        String clean = text;
        for (Mark mark : marks) {
            clean = clean.replace(asBytes(mark.text()), asBytes(mark.instead()));
        }
        return clean.equals(text) ? bytes : clean.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String asBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
