package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.project.ReloadPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadCommandTest {
    static final ReloadPlan PLAN = new ReloadPlan(
            null,
            List.of(
                    new ReloadPlan.Change(
                            "agent",
                            "writer",
                            ReloadPlan.How.CHANGED,
                            List.of(new ReloadPlan.Field("limits.timeout", "30s", "60s")),
                            true,
                            "writer restarts; its siblings run on"),
                    new ReloadPlan.Change("trust", "", ReloadPlan.How.REMOVED, List.of(), false, "at once")),
            List.of(new ReloadPlan.Act(ReloadPlan.Does.RESTART, "writer", "team", "it is another")));

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void project() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n");
        shell = new Shell(folder);
        shell.engine.remote = true;
        shell.engine.plan = PLAN;
    }

    @Test
    void it_says_what_differs_and_what_restarts_and_then_applies_it() {
        String out = shell.naos("reload").out();
        assertTrue(out.contains("~ agent writer: writer restarts; its siblings run on"), out);
        assertTrue(out.contains("    its program is another"), out);
        assertTrue(out.contains("    limits.timeout: 30s -> 60s"), out);
        assertTrue(out.contains("- trust: at once"), out);
        assertTrue(out.contains("\nwriter restarts\n"), out);
        assertTrue(out.endsWith("done as asked\n"), out);
        assertEquals(List.of(new Command.Reload()), shell.engine.commands);
    }

    @Test
    void asked_for_the_plan_alone_it_changes_nothing() {
        Shell.Result result = shell.naos("reload", "--plan", "--json");
        assertEquals(Exit.DONE, result.exit());
        assertEquals("plan", result.last().get("type").asString());
        assertEquals("restart", result.last().at("/acts/0/does").asString());
        assertEquals(List.of(), shell.engine.commands);
    }

    @Test
    void a_project_with_errors_is_told_at_their_places_and_not_applied() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), "project: {nam: demo}\n");
        shell.engine.plan = ReloadPlan.refused("the project has errors");
        Shell.Result result = shell.naos("reload");
        assertEquals(Exit.PROJECT, result.exit());
        assertTrue(result.out().contains("nexus.yaml:1"), result.out());
        assertEquals(List.of(), shell.engine.commands);
    }

    @Test
    void without_a_process_that_runs_it_there_is_nothing_to_apply() {
        shell.engine.remote = false;
        Shell.Result result = shell.naos("reload");
        assertEquals(Exit.DONE, result.exit());
        assertTrue(result.out().contains("Nothing to apply"), result.out());
    }
}
