package nexus.aiagents.engine.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ProgramHash;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Who vouched for which version of an agent: its definition with its grants and limits, and every byte of
/// its program. Kept in `nexus.signatures.json` beside `nexus.yaml`, so that it can travel with the
/// project; what counts is whose key it was. Thread-safe.
public final class Signatures {
    static final String FILE = "nexus.signatures.json";
    private static final Logger LOG = LoggerFactory.getLogger(Signatures.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    /// For so long a figure is shown; what decides is looked at anew each time.
    private static final Duration SHOWN_FOR = Duration.ofSeconds(3);

    private final Path folder;
    private final SigningKey key;
    private final ProgramHash programs = new ProgramHash();
    private final Map<String, Shown> shown = new ConcurrentHashMap<>();
    private volatile Map<String, Entry> entries = Map.of();

    /// @param hash    of the definition
    /// @param program of the program
    record Entry(String hash, String program, String signer, String at, String signature) {}

    private record Shown(Status status, Instant at) {}

    /// `VERIFIED`: signed by this person, or by one that the project names, and not a byte is different.
    public enum State {
        VERIFIED,
        UNSIGNED,
        CHANGED,
        FOREIGN,
        BROKEN
    }

    /// @param why a sentence for a person
    public record Status(State state, String why) {
        /// `verified`, `unsigned`, `changed`, `foreign` or `broken`.
        public String word() {
            return state.name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Status UNSIGNED = new Status(State.UNSIGNED, "nobody has signed it");

    public Signatures(Path folder, SigningKey key) {
        this.folder = folder;
        this.key = key;
        reload();
    }

    /// Reads the file again.
    public void reload() {
        Path file = folder.resolve(FILE);
        try {
            entries = Files.exists(file)
                    ? JSON.readValue(Files.readString(file), new TypeReference<Map<String, Entry>>() {})
                    : Map.of();
        } catch (IOException | JacksonException e) {
            LOG.warn("{} can not be read, so no agent counts as signed: {}", FILE, e.getMessage());
            entries = Map.of();
        }
        shown.clear();
    }

    /// @return who signed, as text
    /// @throws IOException if the key or the file can not be written
    public synchronized String sign(Project project, AgentSpec agent, Instant now) throws IOException {
        String program = programs.of(folder, agent);
        if (program == null) {
            throw new IOException("the program " + agent.source() + " can not be read");
        }
        SigningKey.Signed signed = key.sign(content(project, agent, program));
        Map<String, Entry> all = new TreeMap<>(entries);
        String signature = Base64.getEncoder().encodeToString(signed.signature());
        all.put(agent.name(), new Entry(agent.hash(), program, signed.signer(), now.toString(), signature));
        Path fresh = Files.createTempFile(folder, ".nexus-", ".tmp");
        try {
            Files.writeString(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
            Files.move(
                    fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        entries = all;
        shown.remove(agent.name());
        return signed.signer();
    }

    /// As it is now; reads the program again if its file changed.
    ///
    /// @param signers whose signatures count beside this person's own
    public Status check(Project project, AgentSpec agent, Collection<String> signers) {
        Status now = judge(project, agent, signers);
        shown.put(agent.name(), new Shown(now, Instant.now()));
        return now;
    }

    /// As it was a moment ago.
    public Status known(Project project, AgentSpec agent, Collection<String> signers) {
        if (!entries.containsKey(agent.name())) {
            return UNSIGNED;
        }
        Shown last = shown.get(agent.name());
        return last != null && last.at().plus(SHOWN_FOR).isAfter(Instant.now())
                ? last.status()
                : check(project, agent, signers);
    }

    private Status judge(Project project, AgentSpec agent, Collection<String> signers) {
        Entry entry = entries.get(agent.name());
        if (entry == null) {
            return UNSIGNED;
        }
        if (!entry.hash().equals(agent.hash())) {
            return new Status(State.CHANGED, "its definition is not the one that was signed");
        }
        String program = programs.of(folder, agent);
        if (program == null || !entry.program().equals(program)) {
            return new Status(State.CHANGED, "its program is not the one that was signed");
        }
        byte[] signature = decoded(entry.signature());
        if (signature == null || !SigningKey.verify(entry.signer(), content(project, agent, program), signature)) {
            return new Status(State.BROKEN, "its signature is not one of " + entry.signer());
        }
        if (!trusted(signers).contains(entry.signer())) {
            return new Status(
                    State.FOREIGN,
                    "it is signed by " + entry.signer() + ", who is not named in `trust: {signers: […]}`");
        }
        return new Status(State.VERIFIED, "signed by " + entry.signer() + " at " + entry.at());
    }

    private Set<String> trusted(Collection<String> signers) {
        Set<String> all = new HashSet<>(signers);
        String own = own();
        if (own != null) {
            all.add(own);
        }
        return all;
    }

    private @Nullable String own() {
        try {
            return key.signer();
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
            return null;
        }
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Each part has its length before it, so that none can pass for a piece of another.
    private static byte[] content(Project project, AgentSpec agent, String program) {
        StringBuilder text = new StringBuilder("nexus-agent 1\n");
        for (String part : List.of(project.name(), agent.name(), agent.hash(), program)) {
            text.append(part.length()).append(' ').append(part).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
