package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs made with the plug-in kits that Extism publishes, as these come: everything a kit offers
/// works. The programs do the same in each language; their sources lie beside them, with how they are
/// built.
@ParameterizedClass
@ValueSource(strings = {"kit-c.wasm", "kit-as.wasm", "kit-zig.wasm"})
class ExtismKitTest {
    @Parameter
    String kit;

    @TempDir
    static Path cache;

    static Sandbox sandbox;

    final FakeHost host = new FakeHost();

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    Outcome run(String input, HostCalls calls) throws Exception {
        byte[] module;
        try (var in = ExtismKitTest.class.getResourceAsStream("kits/" + kit)) {
            module = in.readAllBytes();
        }
        Map<String, String> env = Map.of("greeting", "hello ä");
        Limits limits = Limits.DEFAULT.withMemoryBytes(4 << 20);
        Invocation invocation = new Invocation(input, "{\"agent\":\"a\"}", env, limits, calls);
        return FakeHost.await(
                sandbox.prepare(new Program.WasmModule(kit, module)).start(invocation));
    }

    String value(String input) throws Exception {
        return assertInstanceOf(Outcome.Returned.class, run(input, host)).outputJson();
    }

    Outcome.Failed failure(String input) throws Exception {
        return assertInstanceOf(Outcome.Failed.class, run(input, host));
    }

    @Test
    void input_comes_back_as_output_whatever_its_length() throws Exception {
        for (int length = 0; length < 20; length++) {
            String input = "{\"s\":\"" + "x".repeat(length) + "ä🦦\"}";
            assertEquals(input, value(input));
        }
        String large = "{\"s\":\"" + "ä".repeat(200_000) + "\"}";
        assertEquals(large, value(large));
    }

    @Test
    void configuration_is_the_granted_environment_and_the_context() throws Exception {
        assertEquals(
                "{\"greeting\":\"hello ä\",\"nothing\":null,\"context\":{\"agent\":\"a\"}}",
                value("{\"do\":\"config\"}"));
    }

    @Test
    void a_variable_is_set_changed_and_removed_and_gone_with_its_run() throws Exception {
        String expected = "{\"before\":null,\"after\":\"two\",\"removed\":null}";
        assertEquals(expected, value("{\"do\":\"vars\"}"));
        assertEquals(expected, value("{\"do\":\"vars\"}"));
    }

    @Test
    void log_lines_keep_their_levels() throws Exception {
        assertEquals("true", value("{\"do\":\"log\"}"));

        assertEquals(
                List.of(
                        new HostCall.Log(HostCall.Level.DEBUG, "debug ä"),
                        new HostCall.Log(HostCall.Level.INFO, "info ä"),
                        new HostCall.Log(HostCall.Level.WARN, "warn ä"),
                        new HostCall.Log(HostCall.Level.ERROR, "error ä")),
                host.calls);
    }

    @Test
    void a_request_goes_out_with_its_method_headers_and_body_and_all_of_the_answer_comes_back() throws Exception {
        HostCalls granted = call -> {
            host.call(call);
            return answer(base64("{\"a\":\"ä\"}"));
        };
        Outcome outcome = run("{\"do\":\"http\"}", granted);

        assertEquals(
                "{\"status\":201,\"headers\":{\"content-type\":\"application/json\"},\"body\":{\"a\":\"ä\"}}",
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
        assertEquals(
                List.of(new HostCall.Http(
                        "POST", "https://example.org/a", Map.of("X-A", "1"), "{\"q\":1}", false, true)),
                host.calls);
    }

    @Test
    void bodies_that_are_no_text_stay_as_they_are() throws Exception {
        Outcome outcome = run("{\"do\":\"bytes\"}", call -> {
            HostCall.Http sent = (HostCall.Http) call;
            assertTrue(sent.sendsBytes() && sent.wantsBytes());
            return answer(sent.body());
        });

        assertEquals("true", assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    private static HostAnswer answer(String body) {
        return new HostAnswer.Ok(
                "{\"status\":201,\"headers\":{\"content-type\":\"application/json\"},\"body\":\"" + body + "\"}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_request_that_is_not_granted_ends_the_plug_in_with_its_code() throws Exception {
        assertEquals("not-granted", failure("{\"do\":\"http\"}").code());
    }

    @Test
    void what_the_kits_do_not_know_is_reached_by_name() throws Exception {
        assertEquals("{\"ok\":7}", value("{\"do\":\"call\"}"));
        assertEquals(Map.of("k", "7"), host.keys);
    }

    @Test
    void blocks_that_are_freed_leave_room_for_others() throws Exception {
        assertEquals("true", value("{\"do\":\"blocks\"}"), "100 MB in all, 4 MB at a time");
    }

    @Test
    void an_error_has_its_own_code_or_is_text() throws Exception {
        Outcome.Failed coded = failure("{\"do\":\"error\"}");
        assertEquals("asked: no ä", coded.code() + ": " + coded.message());
        Outcome.Failed plain = failure("{\"do\":\"text\"}");
        assertEquals("error: plain", plain.code() + ": " + plain.message());
    }

    @Test
    void a_trap_ends_the_run_and_no_other() throws Exception {
        Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, run("{\"do\":\"trap\"}", host));
        if (kit.equals("kit-as.wasm")) {
            assertTrue(trapped.message().matches(".*abort: asked to ä at kit\\.ts:\\d+:5"), trapped.message());
        }
        assertEquals("{}", value("{}"));
    }
}
