package nexus.aiagents.engine.supervise;

import java.nio.file.Path;
import nexus.aiagents.engine.MermaidTable;
import org.junit.jupiter.api.Test;

class TransitionsTest {
    private static final Path PAGE = MermaidTable.page("supervisors.md");

    @Test
    void the_page_draws_the_states_of_a_supervisor_as_the_code_has_them() {
        MermaidTable.assertDrawn(
                PAGE,
                0,
                Transitions.SUPERVISOR.stream()
                        .map(row -> MermaidTable.row(row.from(), row.to(), row.why()))
                        .toList());
    }

    @Test
    void the_page_draws_the_states_of_a_child_as_the_code_has_them() {
        MermaidTable.assertDrawn(
                PAGE,
                1,
                Transitions.CHILD.stream()
                        .map(row -> MermaidTable.row(row.from(), row.to(), row.why()))
                        .toList());
    }
}
