package nexus.aiagents.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.model.ChatModels.Answer;
import nexus.aiagents.engine.model.ChatModels.Message;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.model.ChatModels.Request;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class OpenAiModelTest {
    private static final String KEY = "sk-test-1234567890";
    private static final String HELLO = "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"role\":\"assistant\","
            + "\"content\":\"Hel\"}}]}\n\n: keep alive\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"lo ü\"}}]}\r\n\r\n";
    private static final String STOP = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
            + "\"completion_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":64}}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final ChatModels models = ChatModels.create(
            Path.of("."), name -> Map.of("KEY", KEY, "BAD", "sk\n1").get(name));
    private HttpServer server;
    private volatile JsonNode asked;
    private volatile String authorization;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        models.close();
        server.stop(0);
    }

    private interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    private void serve(Reply reply) {
        server.createContext("/v1/chat/completions", exchange -> {
            asked = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            reply.to(exchange);
            exchange.close();
        });
    }

    private void serve(int status, String type, String body) {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    private ModelSpec model() {
        return model("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/", "KEY", Duration.ofSeconds(30));
    }

    private static ModelSpec model(String baseUrl, String keyName, Duration timeout) {
        return new ModelSpec(
                "default",
                ModelSpec.Provider.OPENAI,
                "m",
                baseUrl,
                keyName,
                null,
                false,
                null,
                timeout,
                new Position("nexus.yaml", 0, 0, 0, 1));
    }

    private static Request request(long maxTokens) {
        return new Request(
                List.of(new Message("system", "Be short."), new Message("user", "Say hello.")),
                maxTokens,
                0.5,
                true,
                "");
    }

    private ModelException failure() {
        return assertThrows(ModelException.class, () -> models.chat(model(), request(100)));
    }

    @Test
    void a_stream_is_put_together_with_what_it_used() throws Exception {
        serve(200, "text/event-stream", HELLO + STOP + USAGE + DONE);
        Answer answer = models.chat(model(), request(100));
        assertEquals(new Answer("Hello ü", "m-1", "stop", 100, 64, 7, false, false), answer);
        assertEquals("Bearer " + KEY, authorization);
        assertEquals(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be short.\"},{\"role\":\"user\","
                        + "\"content\":\"Say hello.\"}],\"max_tokens\":100,\"temperature\":0.5,\"response_format\":"
                        + "{\"type\":\"json_object\"},\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                asked.toString());
    }

    @Test
    void a_stream_that_comes_byte_by_byte_is_the_same() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            for (byte b : (HELLO + STOP + USAGE + DONE).getBytes(UTF_8)) {
                exchange.getResponseBody().write(b);
                exchange.getResponseBody().flush();
            }
        });
        assertEquals("Hello ü", models.chat(model(), request(100)).text());
    }

    @Test
    void without_usage_it_is_estimated_and_says_so() throws Exception {
        serve(200, "text/event-stream", HELLO + STOP);
        Answer answer = models.chat(model(), request(100));
        assertTrue(answer.estimated());
        assertEquals(models.estimateInputTokens(request(100)), answer.inputTokens());
        assertEquals(3, answer.outputTokens());
    }

    @Test
    void a_server_that_does_not_stream_is_understood_too() throws Exception {
        serve(
                200,
                "application/json",
                "{\"model\":\"m-2\",\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"length\"}],"
                        + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}");
        assertEquals(new Answer("Hello", "m-2", "length", 5, 0, 2, false, false), models.chat(model(), request(100)));
    }

    @Test
    void a_key_that_is_not_taken_is_said_without_showing_it() {
        serve(401, "application/json", "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + ".\"}}");
        ModelException e = failure();
        assertEquals("model-no-key", e.code());
        assertFalse(e.getMessage().contains(KEY));
        assertTrue(e.getMessage().contains("401 \"Incorrect API key provided: ***.\""), e.getMessage());
        assertTrue(e.getMessage().contains("KEY"));
        assertEquals(0, e.billedInputTokens() + e.billedOutputTokens());
    }

    @Test
    void a_key_that_is_not_set_or_can_not_be_one_is_said_before_anything_is_sent() {
        ModelException none = assertThrows(
                ModelException.class,
                () -> models.chat(model("http://127.0.0.1:1/v1", "NONE", Duration.ofSeconds(1)), request(1)));
        assertEquals("model-no-key", none.code());
        assertTrue(none.getMessage().contains("NONE"));
        ModelException bad = assertThrows(
                ModelException.class,
                () -> models.chat(model("http://127.0.0.1:1/v1", "BAD", Duration.ofSeconds(1)), request(1)));
        assertEquals("model-no-key", bad.code());
        assertFalse(bad.getMessage().contains("sk"));
    }

    @Test
    void a_rate_limit_says_when_to_come_back() {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "20");
            byte[] body = "{\"error\":{\"message\":\"Slow down\"}}".getBytes(UTF_8);
            exchange.sendResponseHeaders(429, body.length);
            exchange.getResponseBody().write(body);
        });
        ModelException e = failure();
        assertEquals("model-rate-limited", e.code());
        assertEquals(Duration.ofSeconds(20), e.retryAfter());
        assertTrue(e.getMessage().endsWith("429 \"Slow down\": try again in 20 s"), e.getMessage());
        assertEquals(0, e.billedInputTokens());
    }

    @Test
    void every_other_refusal_is_typed() {
        Map.of(
                        400,
                        "model-refused",
                        403,
                        "model-refused",
                        404,
                        "model-refused",
                        302,
                        "model-refused",
                        500,
                        "model-unreachable",
                        503,
                        "model-unreachable",
                        504,
                        "model-timeout")
                .forEach((status, code) -> {
                    serve(status, "text/html", "<html>a page</html>");
                    ModelException e = failure();
                    assertEquals(code, e.code());
                    assertFalse(e.getMessage().contains("<html>"));
                    assertNull(e.retryAfter());
                    server.removeContext("/v1/chat/completions");
                });
    }

    @Test
    void an_endpoint_that_is_not_there_costs_nothing() {
        int port = server.getAddress().getPort();
        server.stop(0);
        ModelException e = assertThrows(
                ModelException.class,
                () -> models.chat(model("http://127.0.0.1:" + port + "/v1", null, Duration.ofSeconds(30)), request(1)));
        assertEquals("model-unreachable", e.code());
        assertEquals(0, e.billedInputTokens());
        for (String wrong : List.of("localhost:1234", "ftp://x/v1", "http://a b/v1", "")) {
            ModelException refused = assertThrows(
                    ModelException.class, () -> models.chat(model(wrong, null, Duration.ofSeconds(30)), request(1)));
            assertEquals("model-refused", refused.code(), wrong);
        }
    }

    @Test
    void a_stream_that_is_cut_in_the_middle_is_truncated_and_billed_for_what_came() throws Exception {
        try (ServerSocket socket = raw(out -> write(out, HELLO))) {
            ModelException e = rawFailure(socket, Duration.ofSeconds(30));
            assertEquals("model-truncated", e.code());
            assertEquals(models.estimateInputTokens(request(100)), e.billedInputTokens());
            assertEquals(3, e.billedOutputTokens());
        }
        serve(200, "text/event-stream", HELLO);
        assertEquals("model-truncated", failure().code(), "also when the stream ends in good order");
        server.removeContext("/v1/chat/completions");
        serve(200, "text/event-stream", HELLO + STOP.substring(0, 30));
        assertEquals("model-truncated", failure().code(), "also in the middle of a line");
    }

    @Test
    void a_stream_that_is_cut_after_its_answer_was_complete_counts() throws Exception {
        try (ServerSocket socket = raw(out -> write(out, HELLO + STOP))) {
            Answer answer = models.chat(at(socket, Duration.ofSeconds(30)), request(100));
            assertEquals("Hello ü", answer.text());
            assertTrue(answer.estimated());
        }
    }

    @Test
    void a_stream_that_stands_still_is_ended_by_the_watchdog() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket socket = raw(out -> {
            write(out, HELLO);
            await(over);
        })) {
            ModelException e = rawFailure(socket, Duration.ofMillis(300));
            assertEquals("model-timeout", e.code());
            assertEquals(3, e.billedOutputTokens());
        } finally {
            over.countDown();
        }
    }

    @Test
    void an_endpoint_that_never_answers_times_out() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ModelException e = rawFailure(socket, Duration.ofMillis(300));
            assertEquals("model-timeout", e.code());
            assertTrue(e.getMessage().contains("300 ms"), e.getMessage());
        }
    }

    @Test
    void an_interrupt_ends_the_call_and_says_what_it_cost() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch streaming = new CountDownLatch(1);
        CompletableFuture<Answer> result = new CompletableFuture<>();
        try (ServerSocket socket = raw(out -> {
            write(out, HELLO);
            streaming.countDown();
            await(over);
        })) {
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    result.complete(models.chat(at(socket, Duration.ofSeconds(30)), request(100)));
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
            assertTrue(streaming.await(30, TimeUnit.SECONDS));
            caller.interrupt();
            ExecutionException e = assertThrows(ExecutionException.class, () -> result.get(30, TimeUnit.SECONDS));
            var cancelled = assertInstanceOf(ChatModels.Cancelled.class, e.getCause());
            assertEquals(models.estimateInputTokens(request(100)), cancelled.billedInputTokens());
        } finally {
            over.countDown();
        }
    }

    @Test
    void what_is_no_answer_is_called_so() {
        for (String body : List.of(
                "data: {\"choices\": [{\"delta\"\n\n", "data: 17\n\n", "data: " + "x".repeat(5 << 20) + "\n\n")) {
            serve(200, "text/event-stream", body);
            assertEquals("model-bad-answer", failure().code());
            server.removeContext("/v1/chat/completions");
        }
        for (String body :
                List.of("not json", "{}", "[]", "{\"choices\":[]}", "{\"x\":\"" + "x".repeat(17 << 20) + "\"}")) {
            serve(200, "application/json", body);
            assertEquals("model-bad-answer", failure().code());
            server.removeContext("/v1/chat/completions");
        }
        serve(200, "text/html; charset=utf-8", "<html>Please log in to the proxy</html>");
        ModelException page = failure();
        assertEquals("model-bad-answer", page.code());
        assertTrue(page.getMessage().contains("web page"), page.getMessage());
        assertTrue(page.getMessage().contains("baseUrl"), page.getMessage());
    }

    @Test
    void an_error_in_the_middle_of_a_stream_is_an_error() {
        serve(200, "text/event-stream", HELLO + "data: {\"error\":{\"message\":\"overloaded\"}}\n\n" + DONE);
        ModelException e = failure();
        assertEquals("model-truncated", e.code());
        assertTrue(e.getMessage().contains("overloaded"));
        assertEquals(3, e.billedOutputTokens());
    }

    @Test
    void a_server_that_writes_without_end_is_cut_at_what_was_reserved() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"a word \"}}]}\n\n".getBytes(UTF_8);
            try {
                for (int i = 0; i < 5_000_000; i++) {
                    exchange.getResponseBody().write(chunk);
                }
            } catch (IOException expected) {
                return; // the client hung up
            }
        });
        Answer answer = models.chat(model(), request(50));
        assertEquals("length", answer.finish());
        assertEquals(50, answer.outputTokens());
        assertTrue(answer.estimated());
        assertTrue(answer.text().length() < 100_000);
    }

    @Test
    void a_reported_usage_that_makes_no_sense_is_not_believed() throws Exception {
        serve(
                200,
                "text/event-stream",
                HELLO + STOP
                        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":\"x\"}}\n\n");
        Answer answer = models.chat(model(), request(100));
        assertTrue(answer.estimated() && answer.inputTokens() > 0 && answer.outputTokens() > 0);
    }

    // ---- a server that does what no HTTP server does

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static ServerSocket raw(Writing writing) throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(() -> {
            try (Socket socket = server.accept()) {
                byte[] buffer = new byte[1 << 16];
                int read = 0;
                while (read >= 0 && !new String(buffer, 0, read, UTF_8).contains("include_usage")) {
                    read += socket.getInputStream().read(buffer, read, buffer.length - read);
                }
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n")
                                .getBytes(UTF_8));
                writing.to(socket.getOutputStream());
            } catch (IOException e) {
                // The test sees what became of it on the client's side.
            }
        });
        return server;
    }

    private static void write(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(UTF_8));
        out.flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ModelSpec at(ServerSocket socket, Duration timeout) {
        return model("http://127.0.0.1:" + socket.getLocalPort() + "/v1", null, timeout);
    }

    private ModelException rawFailure(ServerSocket socket, Duration timeout) {
        return assertThrows(ModelException.class, () -> models.chat(at(socket, timeout), request(100)));
    }
}
