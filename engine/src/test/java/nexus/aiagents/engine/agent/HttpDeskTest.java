package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.project.AgentSpec.SecretGrant;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpDeskTest {
    static final HttpDesk.Keys NO_KEYS = new HttpDesk.Keys(List.of(), Secrets.of(Set.of(), _ -> null));

    HttpServer server;
    int port;
    final CountDownLatch never = new CountDownLatch(1);
    final HttpDesk desk = new HttpDesk(Duration.ofSeconds(30));

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        port = server.getAddress().getPort();
        server.createContext("/hello", exchange -> {
            byte[] body = ("hello " + exchange.getRequestHeaders().getFirst("X-Key")).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/echo-in-name", exchange -> {
            exchange.getResponseHeaders()
                    .set("X-" + exchange.getRequestHeaders().getFirst("X-Key"), "here");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/huge", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 20];
            try (var out = exchange.getResponseBody()) {
                for (int i = 0; i < 20; i++) {
                    out.write(block);
                }
            }
        });
        server.createContext("/slow", exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        redirect("/near", "/hello");
        redirect("/far", "http://127.0.0.1:" + port + "/hello");
        redirect("/circle", "/circle");
        server.start();
    }

    private void redirect(String from, String to) {
        server.createContext(from, exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        never.countDown();
        server.stop(0);
    }

    private Grants grants(String... hosts) {
        List<Grants.HttpRule> rules = java.util.Arrays.stream(hosts)
                .map(host -> new Grants.HttpRule(host + ":" + port, Set.of("GET")))
                .toList();
        return new Grants(Set.of(), rules, List.of(), Set.of(), false, Map.of());
    }

    private HostCall.Http get(String host, String path) {
        return new HostCall.Http("GET", "http://" + host + ":" + port + path, Map.of("X-Key", "k"), null);
    }

    private void refused(String code, HttpDesk by, Grants grants, HostCall.Http call) {
        HostCallFailed failed = assertThrows(HostCallFailed.class, () -> by.send(grants, NO_KEYS, call));
        assertEquals(code, failed.code(), failed.getMessage());
    }

    @Test
    void a_granted_host_is_asked() throws Exception {
        String answer = desk.send(grants("localhost"), NO_KEYS, get("localhost", "/hello"));
        assertTrue(answer.contains("\"status\":200") && answer.contains("\"body\":\"hello k\""), answer);
    }

    @Test
    void a_body_of_bytes_that_repeats_a_secret_is_changed_wherever_that_begins() throws Exception {
        HttpDesk.Keys keys = new HttpDesk.Keys(
                List.of(new SecretGrant("TOKEN", "localhost:" + port, "X-Key", null, "{}")),
                Secrets.of(Set.of("TOKEN"), _ -> "s3cret-of-ours"));
        HostCall.Http call =
                new HostCall.Http("GET", "http://localhost:" + port + "/hello", Map.of(), null, false, true);

        String answer = desk.send(grants("localhost"), keys, call);

        String body = Json.read("the answer", answer).path("body").stringValue();
        assertEquals("hello [secret TOKEN]", new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8));
        String named = desk.send(
                grants("localhost"),
                keys,
                new HostCall.Http("GET", "http://localhost:" + port + "/echo-in-name", Map.of(), null));
        assertTrue(named.contains("x-[secret TOKEN]") && !named.contains("s3cret"), named);
    }

    @Test
    void an_address_of_this_machine_needs_a_grant_that_names_it() {
        refused("private-address", desk, grants("*.0.0.1"), get("127.0.0.1", "/hello"));
        refused("private-address", desk, grants("localhost"), get("127.0.0.1", "/hello"));
    }

    @Test
    void addresses_of_private_networks_are_known() throws Exception {
        for (String one : List.of(
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "::1",
                "fe80::1",
                "fd00::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::10.0.0.1",
                "2002:0a00:0001::1",
                "64:ff9b:1::808:808",
                "64:ff9b:1:a00:0:100:808:808",
                "64:ffff::808:808",
                "2001:2::1",
                "2001:10::1",
                "2001:1f::1",
                "3fff::1",
                "2001:0:1::1",
                "fec0::1",
                "198.18.0.1",
                "192.0.2.1",
                "255.255.255.255",
                "100::1")) {
            assertTrue(Addresses.isPrivate(InetAddress.getByName(one)), one);
        }
        for (String one : List.of("93.184.216.34", "100.128.0.1", "2606:2800:220:1::1", "64:ff9b::93.184.216.34")) {
            assertFalse(Addresses.isPrivate(InetAddress.getByName(one)), one);
        }
    }

    @Test
    void a_redirect_is_followed_only_where_the_grant_reaches() throws Exception {
        assertTrue(desk.send(grants("localhost"), NO_KEYS, get("localhost", "/near"))
                .contains("hello k"));
        String answer = desk.send(grants("localhost"), NO_KEYS, get("localhost", "/far"));
        assertTrue(answer.contains("\"status\":302"), answer);
        answer = desk.send(grants("localhost", "127.0.0.1"), NO_KEYS, get("localhost", "/far"));
        assertTrue(answer.contains("hello null"), "headers stay with their host: " + answer);
        answer = desk.send(grants("localhost"), NO_KEYS, get("localhost", "/circle"));
        assertTrue(answer.contains("\"status\":302"), answer);
    }

    @Test
    void an_answer_that_is_too_large_is_not_taken() {
        refused("too-large", desk, grants("localhost"), get("localhost", "/huge"));
    }

    @Test
    void a_host_that_does_not_answer_is_given_up() {
        HttpDesk hasty = new HttpDesk(Duration.ofMillis(300));
        refused("http-timeout", hasty, grants("localhost"), get("localhost", "/slow"));
    }

    @Test
    void a_request_that_can_not_be_made_says_what_is_wrong_with_it() {
        Map<String, String> wrong = Map.of(
                "http://localhost/a b",
                "character 19 can not stand there; a space is %20",
                "http://localhost/" + "x".repeat(8_200),
                "more than 8192 characters",
                "ftp://localhost/x",
                "does not begin with https:// or http://",
                "localhost/x",
                "does not begin with https:// or http://",
                "http://me:secret@localhost/",
                "no user and no password stand in a URL",
                "http://local_host/",
                "no host",
                "http:///x",
                "no host",
                "http://localhost:99999/",
                "a port is from 1 to 65535",
                "http://localhost:0/",
                "a port is from 1 to 65535");
        wrong.forEach((url, why) -> {
            HostCallFailed failed = assertThrows(
                    HostCallFailed.class, () -> HttpDesk.check(new HostCall.Http("GET", url, Map.of(), null)));
            assertEquals("bad-input", failed.code());
            assertTrue(failed.getMessage().contains(why), failed.getMessage());
            assertFalse(failed.getMessage().contains("secret@"), failed.getMessage());
        });
        for (String method : List.of("", "TRACE", "CONNECT", "GET\r\nX-Key: 1")) {
            HostCallFailed failed = assertThrows(
                    HostCallFailed.class,
                    () -> HttpDesk.check(new HostCall.Http(method, "http://localhost/", Map.of(), null)));
            assertTrue(failed.getMessage().endsWith("a method is DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"));
            assertEquals(1, failed.getMessage().lines().count());
        }
    }

    @Test
    void what_can_not_be_sent_or_reached_is_named_so() {
        HostCall.Http bad =
                new HostCall.Http("GET", "http://localhost:" + port + "/", Map.of("Content-Length", "5"), null);
        refused("bad-input", desk, grants("localhost"), bad);
        server.stop(0);
        refused("http-error", desk, grants("localhost"), get("localhost", "/hello"));
    }
}
