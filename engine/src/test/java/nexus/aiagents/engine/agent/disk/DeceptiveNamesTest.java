package nexus.aiagents.engine.agent.disk;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Names that Windows takes for something else than a file of that name.
class DeceptiveNamesTest {
    @Test
    void devices_streams_and_names_that_end_earlier_are_told_from_files() {
        for (String name : List.of(
                "NUL",
                "nul.txt",
                "con",
                "COM1.log",
                "lpt9",
                "COM\u00b9",
                "lpt\u00b3.txt",
                "CONIN$",
                "conout$.log",
                "a.txt:stream",
                "C:",
                "a\\b",
                "a.",
                "a ",
                "a*",
                "a\u0001")) {
            assertTrue(OpenFolder.isDeceptiveToWindows(name), name);
        }
        for (String name : List.of("a.txt", ".hidden", "console", "com10", "null", "a b", "ä")) {
            assertFalse(OpenFolder.isDeceptiveToWindows(name), name);
        }
    }
}
