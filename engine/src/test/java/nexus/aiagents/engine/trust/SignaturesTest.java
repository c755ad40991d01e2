package nexus.aiagents.engine.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.trust.Signatures.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What is signed is every byte that makes the agent what it is.
class SignaturesTest {
    @TempDir
    Path temp;

    private Path folder;
    private SigningKey mine;
    private Signatures signatures;

    @BeforeEach
    void project() throws Exception {
        folder = Files.createDirectories(temp.resolve("project"));
        Files.createDirectories(folder.resolve("src"));
        write("nexus.yaml", "project: {name: p}\n---\nagent: {name: a, source: src/a.js, grants: {kv: true}}\n");
        write("src/a.js", "import {x} from './lib.js';\nexport default () => x;\n");
        write("src/lib.js", "export const x = 1;\n");
        mine = new SigningKey(temp.resolve("mine"));
        signatures = new Signatures(folder, mine);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private Project read() {
        Project project = new LanguageService().analyze(folder, Map.of()).project();
        assertTrue(project != null);
        return project;
    }

    private State state(String... signers) {
        Project project = read();
        return signatures.check(project, agent(project), List.of(signers)).state();
    }

    private static AgentSpec agent(Project project) {
        return project.agents().get("a");
    }

    private String sign(Signatures by) throws IOException {
        Project project = read();
        return by.sign(project, agent(project), Instant.parse("2026-11-23T12:00:00Z"));
    }

    @Test
    void an_agent_is_verified_from_the_moment_it_is_signed() throws Exception {
        assertEquals(State.UNSIGNED, state());
        sign(signatures);
        assertEquals(State.VERIFIED, state());
        signatures = new Signatures(folder, new SigningKey(temp.resolve("mine")));
        assertEquals(State.VERIFIED, state(), "also for the next process");
    }

    @Test
    void a_changed_byte_of_program_module_grants_or_definition_makes_it_unverified() throws Exception {
        sign(signatures);
        write("src/a.js", "import {x} from './lib.js';\nexport default () => x; \n");
        assertEquals(State.CHANGED, state());
        write("src/a.js", "import {x} from './lib.js';\nexport default () => x;\n");
        assertEquals(State.VERIFIED, state());
        write("src/lib.js", "export const x = 2;\n");
        assertEquals(State.CHANGED, state());
        write("src/lib.js", "export const x = 1;\n");
        write(
                "nexus.yaml",
                "project: {name: p}\n---\nagent: {name: a, source: src/a.js, grants: {kv: true, env: [X]}}\n");
        assertEquals(State.CHANGED, state());
        write(
                "nexus.yaml",
                "project: {name: p}\n---\nagent: # me\n  name: a\n  source: src/a.js\n  grants: {kv: true}\n");
        assertEquals(State.VERIFIED, state(), "how it is written does not matter");
        Files.delete(folder.resolve("src/lib.js"));
        assertEquals(State.CHANGED, state());
    }

    @Test
    void only_the_keys_of_this_person_and_of_those_named_count() throws Exception {
        Signatures other = new Signatures(folder, new SigningKey(temp.resolve("other")));
        String signer = sign(other);
        signatures.reload();
        assertEquals(State.FOREIGN, state());
        assertEquals(State.VERIFIED, state(signer));
    }

    @Test
    void a_forged_or_moved_signature_is_none() throws Exception {
        sign(signatures);
        String text = Files.readString(folder.resolve(Signatures.FILE));
        String own = mine.signer();
        Signatures other = new Signatures(folder, new SigningKey(temp.resolve("other")));
        String stranger = sign(other);
        String forged = Files.readString(folder.resolve(Signatures.FILE)).replace(stranger, String.valueOf(own));
        Files.writeString(folder.resolve(Signatures.FILE), forged);
        signatures.reload();
        assertEquals(State.BROKEN, state());
        Files.writeString(folder.resolve(Signatures.FILE), text);
        signatures.reload();
        assertEquals(State.VERIFIED, state());
        write("nexus.yaml", "project: {name: q}\n---\nagent: {name: a, source: src/a.js, grants: {kv: true}}\n");
        assertEquals(State.BROKEN, state(), "it is good for one project");
        Files.writeString(folder.resolve(Signatures.FILE), "{\"a\": 1");
        signatures.reload();
        assertEquals(State.UNSIGNED, state());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void the_key_is_its_owners_alone_or_is_not_used() throws Exception {
        sign(signatures);
        Path file = temp.resolve("mine/signing.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> sign(signatures));
        assertEquals(State.FOREIGN, state());
    }

    @Test
    void the_key_lies_where_the_system_keeps_data_of_programs() {
        Path home = Path.of("home");
        assertEquals(home.resolve(".local/share/nexus-os"), SigningKey.folder("Linux", home, Map.of()));
        assertEquals(Path.of("x/nexus-os"), SigningKey.folder("Linux", home, Map.of("XDG_DATA_HOME", "x")));
        assertEquals(Path.of("l/Nexus OS"), SigningKey.folder("Windows 11", home, Map.of("LOCALAPPDATA", "l")));
        assertEquals(
                home.resolve("Library/Application Support/Nexus OS"), SigningKey.folder("Mac OS X", home, Map.of()));
        assertEquals(Path.of("n/data"), SigningKey.folder("Mac OS X", home, Map.of("NEXUS_HOME", "n")));
    }
}
