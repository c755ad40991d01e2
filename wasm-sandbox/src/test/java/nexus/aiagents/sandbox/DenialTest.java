package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a call that is not granted. A person may paste the remedy, and the program chose the
/// names in it.
class DenialTest {
    static Grants.Denial denial(HostCall call) {
        Grants.Denial denial = Grants.NONE.check(call);
        assertNotNull(denial);
        return denial;
    }

    @Test
    void the_remedy_grants_that_very_name_and_no_more() {
        String name = "x\", mode: rw}, {path: \".";
        assertEquals(
                "grants: {files: [{path: \"x\\\", mode: rw}, {path: \\\".\", mode: ro}]}",
                denial(new HostCall.FileRead(name, false)).remedy());
        assertEquals(
                "grants: {agents: [\"a\\\", \\\"*\"]}",
                denial(new HostCall.CallAgent("a\", \"*", "{}")).remedy());
        assertEquals(
                "grants: {models: [\"m\\\\?\"]}",
                denial(new HostCall.Model("m\\\n", "{}")).remedy());
    }

    @Test
    void a_path_is_covered_however_it_is_written() {
        for (String granted : List.of("data", "./data", "data/", "./data//")) {
            Grants grants = new Grants(
                    Set.of(),
                    List.of(),
                    List.of(new Grants.Mount(granted, Path.of("data"), false)),
                    Set.of(),
                    false,
                    Map.of());
            for (String path :
                    List.of("data/a.txt", "./data/a.txt", "data//a.txt", "././data/./a.txt", "data", "./data/")) {
                assertNull(grants.check(new HostCall.FileRead(path, false)), granted + " and " + path);
            }
            for (String path : List.of("data2/a.txt", "./dat", "/data/a.txt", "../data/a.txt", "x/data/a.txt")) {
                assertNotNull(grants.check(new HostCall.FileRead(path, false)), granted + " and " + path);
            }
        }
    }

    @Test
    void a_name_stays_in_the_line_that_says_it() {
        assertEquals(
                "writing 'a?all is well' is not granted",
                denial(new HostCall.FileWrite("a\nall is well", "", false)).reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../key", "a/../../key", "/etc/passwd", "", ".."})
    void what_no_grant_could_cover_has_no_remedy(String path) {
        assertEquals("", denial(new HostCall.FileRead(path, false)).remedy());
    }
}
