package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CallEndingsTest {
    @Test
    void the_place_of_an_error_stands_inside_its_sentence() {
        assertEquals(
                "The archive closed the connection (researcher.js:12).",
                CallEndings.at("The archive closed the connection.", "researcher.js:12"));
        assertEquals("no such key (a.ts:3)", CallEndings.at("no such key", "a.ts:3"));
        assertEquals("and so on... (a.ts:3)", CallEndings.at("and so on...", "a.ts:3"));
        assertEquals("nobody knows where.", CallEndings.at("nobody knows where.", ""));
    }
}
