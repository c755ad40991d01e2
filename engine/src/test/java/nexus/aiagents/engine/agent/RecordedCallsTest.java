package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.AgentSpec.SecretGrant;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What of an agent's run gets into its record.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordedCallsTest {
    @TempDir
    Path folder;

    private AgentBench bench;

    @BeforeEach
    void open() {
        bench = new AgentBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private String onTheDisk() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("records"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".rec")).toList()) {
                byte[] plain = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file))).readAllBytes();
                text.append(new String(plain, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    @Test
    void neither_a_granted_secret_nor_a_variable_that_is_one_by_its_name_is_in_the_record() throws Exception {
        GrantSpec grants = new GrantSpec(
                Set.of(),
                List.of(),
                List.of(),
                Set.of(),
                true,
                Set.of("LANG", "API_TOKEN"),
                GrantSpec.KV_BYTES,
                List.of(new SecretGrant("SHOP_ACCOUNT", "shop.example", "X-Account", null, "{}")),
                AgentSpec.OnDenied.DENY);
        bench.agent("a", grants, world -> {
            String token = world.invocation().env().get("API_TOKEN");
            world.ok(new HostCall.Log(HostCall.Level.INFO, "my token is " + token));
            world.ok(new HostCall.KvPut("t", "{\"token\": \"" + token + "\"}"));
            world.ok(new HostCall.KvGet("t"));
            // However it came by the other one.
            world.ok(new HostCall.Log(HostCall.Level.INFO, "account acct-87654321, base64 YWNjdC04NzY1NDMyMQ=="));
            throw JavaProgram.error("with-" + token.length());
        });
        bench.call("a", "{\"given\": \"tok-12345678\"}");
        String text = onTheDisk();
        assertTrue(text.contains("my token is ************"), text);
        assertFalse(text.contains("tok-12345678"), text);
        assertFalse(text.contains("acct-87654321"), text);
        assertFalse(text.contains("YWNjdC04NzY1NDMyMQ"), text);
        Recording recording = Recordings.of(folder.resolve("records"))
                .list(new Recording.Query(null, "a", null, 9))
                .getFirst();
        assertEquals(List.of("API_TOKEN", "SHOP_ACCOUNT"), recording.redacted());
    }

    @Test
    void a_secret_of_the_keychain_is_not_in_the_record_either() throws Exception {
        bench.keychain.values.put("SHOP_KEY", "key-of-the-keychain");
        GrantSpec grants = new GrantSpec(
                Set.of(),
                List.of(),
                List.of(),
                Set.of(),
                false,
                Set.of("SHOP_KEY"), // never granted from there: what is under env the program could read
                GrantSpec.KV_BYTES,
                List.of(new SecretGrant("SHOP_KEY", "shop.example", "X-Account", null, "{}")),
                AgentSpec.OnDenied.DENY);
        bench.agent("a", grants, world -> {
            world.ok(new HostCall.Log(
                    HostCall.Level.INFO, "env has " + world.invocation().env().get("SHOP_KEY")));
            world.ok(new HostCall.Log(HostCall.Level.INFO, "it is key-of-the-keychain"));
            throw JavaProgram.error("done");
        });
        bench.call("a", "{}");
        String text = onTheDisk();
        assertTrue(text.contains("env has null"), text);
        assertFalse(text.contains("key-of-the-keychain"), text);
    }

    @Test
    void the_entry_of_the_end_names_the_record_where_there_is_one() throws Exception {
        bench.agent("fine", GrantSpec.NONE, _ -> "1");
        bench.agent("bad", GrantSpec.NONE, _ -> {
            throw JavaProgram.trap();
        });
        bench.call("fine", "1");
        bench.call("bad", "1");
        List<CallEnded> ends = bench.events(CallEnded.class);
        assertNull(ends.getFirst().recordHash());
        assertNotNull(ends.getLast().recordHash());
    }
}
