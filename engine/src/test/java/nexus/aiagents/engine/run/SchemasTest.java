package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SchemasTest {
    private static final String TEXT =
            "{\"type\":\"object\",\"required\":[\"text\"],\"properties\":{\"text\":{\"type\":\"string\"}}}";

    @Test
    void what_fits_has_no_problem() {
        assertNull(Schemas.problem(TEXT, "{\"text\":\"x\",\"more\":1}"));
    }

    @Test
    void what_does_not_fit_is_said_with_its_place() {
        assertEquals("/text: integer found, string expected", Schemas.problem(TEXT, "{\"text\":1}"));
        assertTrue(String.valueOf(Schemas.problem(TEXT, "{}")).contains("'text'"));
    }

    @Test
    void many_problems_are_cut_short() {
        String schema = "{\"required\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}";
        assertTrue(String.valueOf(Schemas.problem(schema, "{}")).endsWith("and 2 more"));
    }

    @Test
    void a_schema_somewhere_else_is_not_fetched() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        server.start();
        try {
            String url = "http://localhost:" + server.getAddress().getPort() + "/s.json";
            assertNotNull(Schemas.problem("{\"$ref\":\"" + url + "\"}", "1"));
            assertEquals(0, requests.get());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_schema_that_is_none_is_a_problem_and_no_crash() {
        assertNotNull(Schemas.problem("{\"type\":", "1"));
        assertNotNull(Schemas.problem("{\"pattern\":\"(\"}", "\"x\""));
    }
}
