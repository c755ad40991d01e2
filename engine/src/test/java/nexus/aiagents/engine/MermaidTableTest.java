package nexus.aiagents.engine;

import static nexus.aiagents.engine.MermaidTable.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MermaidTableTest {
    private enum Light {
        RED,
        RED_AMBER,
        GREEN
    }

    @TempDir
    private Path folder;

    private Path page;

    @BeforeEach
    void write() throws Exception {
        page = Files.writeString(folder.resolve("lights.md"), """
                # Lights

                ```mermaid
                stateDiagram-v2
                    direction LR
                    [*] --> red
                    red --> red_amber: time is up
                    red_amber --> green: time is up, a person waits
                    note right of green : go
                ```

                ```mermaid
                flowchart LR
                    a --> b
                ```

                ```mermaid
                stateDiagram-v2
                    on-hold --> off
                ```
                """);
    }

    @Test
    void every_arrow_is_a_row_and_every_reason_one_of_its_own() {
        assertEquals(
                Set.of(
                        row("[*]", Light.RED, ""),
                        row(Light.RED, Light.RED_AMBER, "time is up"),
                        row(Light.RED_AMBER, Light.GREEN, "time is up"),
                        row(Light.RED_AMBER, Light.GREEN, "a person waits")),
                MermaidTable.in(page).getFirst());
        assertEquals(2, MermaidTable.in(page).size());
        MermaidTable.assertDrawn(page, 1, List.of(row("on-hold", "off", "")));
    }

    @Test
    void a_table_that_differs_is_told_row_by_row() {
        AssertionError told = assertThrows(
                AssertionError.class,
                () -> MermaidTable.assertDrawn(page, 0, List.of(row(Light.RED, Light.GREEN, "magic"))));
        assertTrue(String.valueOf(told.getMessage()).contains("red --> green: magic"), told::getMessage);
        assertThrows(AssertionError.class, () -> MermaidTable.assertDrawn(page, 2, List.of()));
    }
}
