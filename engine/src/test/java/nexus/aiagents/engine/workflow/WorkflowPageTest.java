package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.MermaidTable.row;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import org.junit.jupiter.api.Test;

/// The machine goes no way that is not in its table, and the page draws just that table.
class WorkflowPageTest {
    @Test
    void the_page_draws_every_way_of_a_run_and_no_other() {
        List<MermaidTable.Row> rows = new ArrayList<>();
        rows.add(row("[*]", Phase.RUNNING, ""));
        RunTransition.TABLE.forEach(t -> rows.add(row(t.from(), t.to(), t.why())));
        MermaidTable.assertDrawn(MermaidTable.page("workflows.md"), 0, rows);
    }

    @Test
    void the_page_draws_every_way_of_a_step_and_no_other() {
        List<MermaidTable.Row> rows = new ArrayList<>();
        rows.add(row("[*]", Status.PENDING, ""));
        StepTransition.TABLE.forEach(t -> rows.add(row(t.from(), t.to(), t.why())));
        MermaidTable.assertDrawn(MermaidTable.page("workflows.md"), 1, rows);
    }
}
