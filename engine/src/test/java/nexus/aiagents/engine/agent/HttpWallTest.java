package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import nexus.aiagents.engine.project.AgentSpec.SecretGrant;
import nexus.aiagents.engine.secret.FakeKeychain;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an agent, or a server that it asks, tries to get past the desk.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpWallTest {
    private static final String KEY = "ghp_0123456789abcdef";

    @TempDir
    Path temp;

    private final List<InetAddress> connected = new CopyOnWriteArrayList<>();
    private final List<String> lookedUp = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Deque<String> dns = new ArrayDeque<>();
    private final List<ServerSocket> servers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (ServerSocket server : servers) {
            server.close();
        }
    }

    /// Says the next of these texts to everyone who connects, whatever is asked.
    private ServerSocket server(ServerSocket socket, byte[]... answers) {
        servers.add(socket);
        Thread.ofVirtual().start(() -> {
            for (byte[] answer : answers) {
                try (Socket one = socket.accept()) {
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(one.getInputStream(), StandardCharsets.ISO_8859_1));
                    StringBuilder request = new StringBuilder();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        request.append(line).append('\n');
                    }
                    requests.add(request.toString());
                    one.getOutputStream().write(answer);
                    one.getOutputStream().flush();
                } catch (IOException e) {
                    return;
                }
            }
        });
        return socket;
    }

    private ServerSocket server(String... answers) throws IOException {
        byte[][] bytes = new byte[answers.length][];
        for (int i = 0; i < answers.length; i++) {
            bytes[i] = answers[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        return server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), bytes);
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /// Every address leads to this server; names are answered from `dns` in turn.
    private HttpDesk desk(ServerSocket to) {
        return desk(to, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    private HttpDesk desk(ServerSocket to, SSLSocketFactory tls) {
        Addresses addresses = new Addresses(host -> {
            lookedUp.add(host);
            return List.of(InetAddress.ofLiteral(dns.remove()));
        });
        HttpWire.Connector connector = (address, _, _) -> {
            connected.add(address);
            return new Socket(InetAddress.getLoopbackAddress(), to.getLocalPort());
        };
        return new HttpDesk(Duration.ofSeconds(20), addresses, new HttpWire(connector, () -> tls, HttpDesk.MAX_BYTES));
    }

    private static Grants grants(String... hosts) {
        return grants(false, hosts);
    }

    private static Grants grants(boolean privateToo, String... hosts) {
        List<Grants.HttpRule> rules = new ArrayList<>();
        for (String host : hosts) {
            rules.add(new Grants.HttpRule(host, Set.of("GET", "POST"), privateToo));
        }
        return new Grants(Set.of(), rules, List.of(), Set.of(), false, Map.of());
    }

    private static HttpDesk.Keys keys(SecretGrant... granted) {
        return new HttpDesk.Keys(
                List.of(granted),
                Secrets.of(Set.of("TOKEN"), name -> name.equals("TOKEN") ? KEY : name.equals("SHORT") ? "abc" : null));
    }

    private static SecretGrant bearer(String host) {
        return new SecretGrant("TOKEN", host, "Authorization", null, "Bearer {}");
    }

    private static HostCall.Http get(String url) {
        return new HostCall.Http("GET", url, Map.of(), null);
    }

    private String refused(HttpDesk desk, Grants grants, HttpDesk.Keys keys, HostCall.Http call) {
        HostCallFailed failed = assertThrows(HostCallFailed.class, () -> desk.send(grants, keys, call));
        assertFalse(String.valueOf(failed.getMessage()).contains(KEY), failed.getMessage());
        return failed.code();
    }

    @Test
    void a_name_is_looked_up_once_and_the_connection_goes_to_the_address_that_was_checked() throws Exception {
        dns.add("93.184.216.34");
        dns.add("127.0.0.1"); // what a second look would find
        desk(server(ok("fine"))).send(grants("rebind.org"), keys(), get("http://rebind.org/"));
        assertEquals(List.of("rebind.org"), lookedUp);
        assertEquals(List.of(InetAddress.ofLiteral("93.184.216.34")), connected);
    }

    @Test
    void a_name_of_a_private_address_is_not_connected_to_unless_its_grant_says_so() throws Exception {
        dns.addAll(List.of("10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"));
        HttpDesk desk = desk(server(ok("inside")));
        for (int i = 0; i < 4; i++) {
            assertEquals("private-address", refused(desk, grants("in.org"), keys(), get("http://in.org/")));
        }
        assertEquals(List.of(), connected);
        assertTrue(
                desk.send(grants(true, "in.org"), keys(), get("http://in.org/")).contains("inside"));
    }

    @Test
    void every_hop_of_a_redirect_is_looked_up_and_checked_anew() throws Exception {
        dns.addAll(List.of("93.184.216.34", "127.0.0.1"));
        HttpDesk desk = desk(server("HTTP/1.1 302 Found\r\nLocation: http://b.org/\r\nContent-Length: 0\r\n\r\n"));
        assertEquals("private-address", refused(desk, grants("a.org", "b.org"), keys(), get("http://a.org/")));
        assertEquals(List.of("a.org", "b.org"), lookedUp);
        assertEquals(1, connected.size());
    }

    @Test
    void other_ways_to_write_an_address_of_this_machine_do_not_lead_there() throws Exception {
        HttpDesk desk = desk(server());
        List<String> hosts = List.of(
                "0.0.0.0",
                "[::]",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "127.0.0.1",
                "127.1",
                "0177.0.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "127.0.0.1.",
                "[fe80::1%25eth0]",
                "[::ffff:7f00:1]");
        for (String host : hosts) {
            Grants wide = grants("*.1", "*.0", "*.1.", host.startsWith("[") ? "x.org" : "*." + host);
            HostCall.Http call = get("http://" + host + "/");
            boolean granted = wide.check(call) == null;
            String code = refused(desk, wide, keys(), call);
            assertTrue(Set.of("private-address", "bad-input").contains(code), host + " " + granted + " " + code);
        }
        assertEquals(List.of(), connected);
        assertEquals(List.of(), lookedUp);
    }

    @Test
    void what_would_add_a_header_or_change_where_a_message_ends_is_refused() throws Exception {
        HttpDesk desk = desk(server());
        List<Map<String, String>> bad = List.of(
                Map.of("X-A", "1\r\nHost: evil"),
                Map.of("X-A", "1\nX: y"),
                Map.of("X-A\r\nHost", "evil"),
                Map.of("X A", "1"),
                Map.of("", "1"),
                Map.of("X-A", "\0"),
                Map.of("X-A", "\u0130"),
                Map.of("hOST", "evil"),
                Map.of("Content-Length", "1"),
                Map.of("transfer-encoding", "chunked"),
                Map.of("Connection", "keep-alive"),
                Map.of("Proxy-Authorization", "x"),
                Map.of("X-A", "1", "x-a", "2"));
        for (Map<String, String> headers : bad) {
            HostCall.Http call = new HostCall.Http("GET", "http://a.org/", headers, null);
            assertEquals("bad-input", refused(desk, grants("a.org"), keys(), call), headers.toString());
        }
        for (String url :
                List.of("http://user:pass@a.org/", "http://a.org:99999/", "http://a.org/" + "x".repeat(9_000))) {
            assertEquals("bad-input", refused(desk, grants("a.org"), keys(), get(url)), url);
        }
        HostCall.Http large =
                new HostCall.Http("POST", "http://a.org/", Map.of(), "x".repeat((int) HttpDesk.MAX_BYTES + 1));
        assertEquals("too-large", refused(desk, grants("a.org"), keys(), large));
        assertEquals(List.of(), connected);
    }

    @Test
    void an_answer_that_is_unclear_or_without_end_is_given_up() throws Exception {
        byte[] zeros = new byte[8 << 20];
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(zeros);
        }
        String head = "HTTP/1.1 200 OK\r\n";
        Map<String, String> answers = Map.of(
                head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "http-error",
                head + "Content-Length: -5\r\n\r\nhello",
                "http-error",
                head + "Content-Length: 99999999999\r\n\r\nhello",
                "too-large",
                head + "Content-Length: 9\r\n\r\nhello",
                "http-error",
                head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "http-error",
                head + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
                "too-large",
                head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "http-error",
                head + "X: " + "y".repeat(70_000),
                "too-large",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "http-error",
                head + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n"
                        + packed.toString(StandardCharsets.ISO_8859_1),
                "too-large");
        for (Map.Entry<String, String> answer : answers.entrySet()) {
            dns.add("93.184.216.34");
            HttpDesk desk = desk(server(answer.getKey()));
            String shown =
                    answer.getKey().substring(0, Math.min(80, answer.getKey().length()));
            assertEquals(answer.getValue(), refused(desk, grants("a.org"), keys(), get("http://a.org/")), shown);
        }
    }

    @Test
    void answers_in_chunks_or_packed_are_read_like_others() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("packed".getBytes(StandardCharsets.UTF_8));
        }
        dns.addAll(List.of("93.184.216.34", "93.184.216.34", "93.184.216.34"));
        HttpDesk desk = desk(server(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nT: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed.toString(StandardCharsets.ISO_8859_1),
                "HTTP/1.0 404 Not Found\r\n\r\nno"));
        assertTrue(desk.send(grants("a.org"), keys(), get("http://a.org")).contains("\"body\":\"hello!\""));
        assertTrue(desk.send(grants("a.org"), keys(), get("http://a.org/")).contains("\"body\":\"packed\""));
        assertTrue(desk.send(grants("a.org"), keys(), get("http://a.org/\u00e4?q=1#f"))
                .contains("404"));
        assertTrue(requests.getLast().startsWith("GET /%C3%A4?q=1 HTTP/1.1\nHost: a.org\n"), requests.getLast());
    }

    // ---- TLS

    /// A certificate for secure.org, and who trusts it.
    private SSLContext tls() throws Exception {
        Path store = temp.resolve("tls.p12");
        if (!Files.exists(store)) {
            Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            int code = new ProcessBuilder(
                            keytool.toString(),
                            "-genkeypair",
                            "-alias",
                            "k",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=secure.org",
                            "-ext",
                            "san=dns:secure.org",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            "changeit",
                            "-validity",
                            "30")
                    .redirectErrorStream(true)
                    .redirectOutput(temp.resolve("keytool.txt").toFile())
                    .start()
                    .waitFor();
            assertEquals(0, code, Files.readString(temp.resolve("keytool.txt")));
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("k", keys.getCertificate("k"));
        trusted.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Test
    void over_tls_the_name_is_asked_for_and_checked_although_the_connection_goes_to_an_address() throws Exception {
        SSLContext context = tls();
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        List<String> names = new CopyOnWriteArrayList<>();
        servers.add(socket);
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (SSLSocket one = (SSLSocket) socket.accept()) {
                    one.startHandshake();
                    ((javax.net.ssl.ExtendedSSLSession) one.getSession())
                            .getRequestedServerNames()
                            .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
                    one.getInputStream().read(new byte[4_096]);
                    one.getOutputStream().write(ok("safe").getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The other side does not like the certificate, as it should.
                }
            }
        });
        dns.addAll(List.of("93.184.216.34", "93.184.216.34"));
        HttpDesk desk = desk(socket, context.getSocketFactory());
        assertTrue(desk.send(grants("secure.org"), keys(), get("https://secure.org/"))
                .contains("safe"));
        assertEquals(List.of("secure.org"), names);
        assertEquals("http-error", refused(desk, grants("other.org"), keys(), get("https://other.org/")));
        assertNotNull(socket);
    }

    // ---- secrets

    @Test
    void a_secret_is_put_in_for_its_host_alone_and_an_answer_that_repeats_it_does_not_show_it() throws Exception {
        ServerSocket socket =
                server("HTTP/1.1 200 OK\r\nX-Echo: Bearer " + KEY + "\r\n\r\nyou sent " + KEY, ok("other"));
        Grants both = grants("localhost:" + socket.getLocalPort(), "b.org");
        HttpDesk desk = desk(socket);
        dns.addAll(List.of("127.0.0.1", "93.184.216.34"));
        HttpDesk.Keys keys = keys(bearer("localhost:" + socket.getLocalPort()));
        String answer = desk.send(both, keys, get("http://localhost:" + socket.getLocalPort() + "/"));
        assertTrue(requests.getFirst().contains("Authorization: Bearer " + KEY), requests.getFirst());
        assertFalse(answer.contains(KEY), answer);
        assertTrue(answer.contains("you sent [secret TOKEN]"), answer);
        desk.send(both, keys, get("http://b.org/"));
        assertFalse(requests.getLast().contains(KEY), requests.getLast());
    }

    @Test
    void a_secret_is_not_carried_along_a_redirect_to_another_host_not_even_back_to_its_own() throws Exception {
        ServerSocket socket = server("HTTP/1.1 302 Found\r\nLocation: http://b.org/\r\n\r\n", ok("there"));
        String own = "localhost:" + socket.getLocalPort();
        dns.addAll(List.of("127.0.0.1", "93.184.216.34"));
        desk(socket).send(grants(own, "b.org"), keys(bearer(own), bearer("b.org")), get("http://" + own + "/"));
        assertTrue(requests.getFirst().contains(KEY));
        assertFalse(requests.getLast().contains(KEY), requests.getLast());
    }

    @Test
    void the_agents_own_header_of_that_name_gives_way_and_a_query_can_carry_it() throws Exception {
        ServerSocket socket = server(ok("1"), ok("2"));
        String own = "localhost:" + socket.getLocalPort();
        dns.addAll(List.of("127.0.0.1", "127.0.0.1"));
        HttpDesk desk = desk(socket);
        Map<String, String> mine = Map.of("authorization", "mine");
        desk.send(grants(own), keys(bearer(own)), new HostCall.Http("GET", "http://" + own + "/", mine, null));
        assertFalse(requests.getFirst().contains("mine"), requests.getFirst());
        SecretGrant query = new SecretGrant("TOKEN", own, "Authorization", "key", "{}");
        desk.send(grants(own), keys(query), get("http://" + own + "/a?b=c"));
        assertTrue(requests.getLast().startsWith("GET /a?b=c&key=" + KEY + " "), requests.getLast());
    }

    @Test
    void a_secret_that_is_missing_unusable_or_would_go_in_the_clear_is_an_error_of_its_own() throws Exception {
        HttpDesk desk = desk(server());
        SecretGrant none = new SecretGrant("NONE", "a.org", "Authorization", null, "Bearer {}");
        SecretGrant tooShort = new SecretGrant("SHORT", "a.org", "Authorization", null, "{}");
        assertEquals("secret-missing", refused(desk, grants("a.org"), keys(none), get("https://a.org/")));
        assertEquals("secret-missing", refused(desk, grants("a.org"), keys(tooShort), get("https://a.org/")));
        assertEquals("secret-insecure", refused(desk, grants("a.org"), keys(bearer("a.org")), get("http://a.org/")));
        assertEquals(List.of(), connected);
    }

    @Test
    void what_a_secret_looks_like_in_a_url_in_json_and_in_base64_is_found_too() {
        String value = "p\"a/s s?~\u00ff";
        Secrets secrets = Secrets.of(Set.of("P"), _ -> value);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().encodeToString(bytes);
        String forUrls = Base64.getUrlEncoder().encodeToString(bytes);
        assertTrue(base64.endsWith("=") && !base64.equals(forUrls), base64);
        for (String spelling : List.of(
                value,
                "p%22a%2Fs+s%3F%7E%C3%BF",
                "p%22a%2Fs%20s%3F%7E%C3%BF",
                "p\\\"a/s s?~\u00ff",
                base64,
                base64.replace("=", ""),
                forUrls,
                forUrls.replace("=", ""))) {
            assertEquals("<[secret P]>", secrets.redact("<" + spelling + ">").replace("=", ""), spelling);
        }
    }

    /// UTF-16 would make other characters of it, of which the program could make the key again.
    @Test
    void a_key_is_found_in_what_a_server_repeats_whatever_charset_it_says() throws Exception {
        String repeated =
                ok("you sent " + KEY + ".").replace("\r\n\r\n", "\r\nContent-Type: text/x; charset=UTF-16LE\r\n\r\n");
        String inUtf16 = new String(
                        ("HTTP/1.1 200 OK\r\nContent-Type: text/x; charset=UTF-16LE\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.ISO_8859_1)
                + new String(KEY.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
        ServerSocket socket = server(repeated, inUtf16, inUtf16);
        String own = "localhost:" + socket.getLocalPort();
        dns.addAll(List.of("127.0.0.1", "127.0.0.1", "127.0.0.1"));
        HttpDesk desk = desk(socket);
        HostCall.Http bytes = new HostCall.Http("GET", "http://" + own + "/", Map.of(), null, false, true);
        for (HostCall.Http call : List.of(get("http://" + own + "/"), get("http://" + own + "/"), bytes)) {
            String body = Json.read("answer", desk.send(grants(own), keys(bearer(own)), call))
                    .path("body")
                    .stringValue();
            byte[] raw =
                    call.wantsBytes() ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_16LE);
            String asBytes = new String(raw, StandardCharsets.ISO_8859_1);
            assertFalse(asBytes.contains(KEY), asBytes);
            assertFalse(new String(raw, StandardCharsets.UTF_16LE).contains(KEY), asBytes);
        }
    }

    /// The system can neither interrupt nor hurry a look-up: on a thread that carries others they would
    /// all stand still.
    @Test
    void a_name_server_keeps_no_thread_that_others_need_and_not_more_than_a_few_at_a_time() throws Exception {
        List<Boolean> virtual = new CopyOnWriteArrayList<>();
        CountDownLatch answered = new CountDownLatch(1);
        Addresses slow = new Addresses(_ -> {
            virtual.add(Thread.currentThread().isVirtual());
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new java.net.UnknownHostException();
            }
            return List.of(InetAddress.ofLiteral("93.184.216.34"));
        });
        HttpDesk desk = new HttpDesk(Duration.ofMillis(50), slow, HttpWire.overTheNetwork(10));
        for (int i = 0; i < HttpDesk.MAX_LOOKUPS; i++) {
            assertEquals("http-timeout", refused(desk, grants("slow.org"), keys(), get("http://slow.org/")));
        }
        assertEquals("http-timeout", refused(desk, grants("slow.org"), keys(), get("http://slow.org/")));
        assertEquals(Collections.nCopies(HttpDesk.MAX_LOOKUPS, false), virtual);
        answered.countDown();
        while (desk.lookupsUnderWay() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_key_of_the_keychain_goes_with_the_request_and_is_taken_out_of_the_answer() throws Exception {
        ServerSocket socket = server(ok("you sent key-of-the-keychain"));
        String own = "localhost:" + socket.getLocalPort();
        dns.add("127.0.0.1");
        FakeKeychain keychain = new FakeKeychain();
        keychain.values.put("TOKEN", "key-of-the-keychain");
        HostSecrets host = new HostSecrets(_ -> null, keychain, Clock.systemUTC());
        HttpDesk.Keys keys = new HttpDesk.Keys(List.of(bearer(own)), Secrets.of(Set.of("TOKEN"), host));
        assertEquals(0, keychain.asked, "not before it is needed");
        String answer = desk(socket).send(grants(own), keys, get("http://" + own + "/"));
        assertTrue(requests.getFirst().contains("Bearer key-of-the-keychain"), requests.getFirst());
        assertTrue(answer.contains("you sent [secret TOKEN]"), answer);
    }

    @Test
    void a_key_that_is_nowhere_is_said_with_both_ways_to_set_it_and_why_the_keychain_is_mute() throws Exception {
        FakeKeychain keychain = new FakeKeychain();
        keychain.trouble = "it is locked";
        HostSecrets host = new HostSecrets(_ -> null, keychain, Clock.systemUTC());
        HostCallFailed none = assertThrows(
                HostCallFailed.class, () -> Secrets.of(Set.of("TOKEN"), host).value("TOKEN"));
        assertEquals("secret-missing", none.code());
        assertTrue(
                none.answer().message().contains("set it, or keep it with `naos secret set TOKEN`")
                        && none.answer().message().contains("it is locked"),
                none.answer().message());
    }
}
