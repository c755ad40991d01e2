package nexus.aiagents.engine;

import static nexus.aiagents.engine.TestProject.DEADLINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole engine on small projects whose agents really run.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineTest {
    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                """);
    }

    @Test
    void an_agent_that_is_run_answers_with_its_output() throws Exception {
        project.agent("echo", "export default (input) => ({got: input});", "");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "echo", "{\"a\":1}");
            assertEquals(RunView.State.DONE, run.state());
            assertEquals("{\"got\":{\"a\":1}}", run.outputJson());
        }
    }

    @Test
    void an_ungranted_call_is_a_typed_error_that_names_the_remedy() throws Exception {
        project.agent("thief", """
                export default async function (input, nexus) {
                  try { await nexus.kv.get("x"); } catch (e) { return {code: e.code, message: e.message}; }
                }
                """, "");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "thief", "{}");
            assertTrue(run.outputJson().contains("not-granted"), run.outputJson());
            assertTrue(run.outputJson().contains("kv: true"), run.outputJson());
            assertEquals(
                    1, engine.history(HistoryQuery.last(5, "HostCallDenied")).size());
        }
    }

    @Test
    void a_crashed_agent_is_up_again_and_the_restart_is_counted() throws Exception {
        project.agent("worker", "export default () => 1;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            assertEquals(AgentView.State.IDLE, project.agent(engine, "worker").state());
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.CrashAgent("worker")));
            project.await(
                    "a restart",
                    () -> project.agent(engine, "worker").restarts() == 1
                            && project.agent(engine, "worker").state() == AgentView.State.IDLE);
            assertEquals("killed", project.agent(engine, "worker").lastExit().kind());
            assertEquals("chaos", project.agent(engine, "worker").lastExit().code());
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Down()));
            assertFalse(engine.view().up());
        }
    }

    @Test
    void a_saga_that_fails_undoes_its_steps_in_reverse() throws Exception {
        saga();
        try (Engine engine = project.open()) {
            CommandResult begun = project.submit(engine, new Command.RunSaga("trip", "{\"failAt\":\"pay\"}"));
            RunView run = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals(RunView.State.FAILED, run.state());
            assertEquals("pay", run.failedStep());
            assertEquals("asked", run.errorCode());
            assertEquals(List.of("b", "a"), project.lines("undone.txt"));
        }
    }

    private void saga() throws Exception {
        project.write("work/.keep", "");
        String files = "grants: {files: [{path: work, mode: rw}]}";
        project.agent("act", """
                export default async function (input, nexus) {
                  const step = nexus.context.step;
                  if (input.input.failAt === step) throw Object.assign(new Error("no"), {code: "asked"});
                  let done = "";
                  try { done = await nexus.file.read("work/done.txt"); } catch (e) { if (e.code !== "not-found") throw e; }
                  await nexus.file.write("work/done.txt", done + step + "\\n");
                  return {step};
                }
                """, files);
        project.agent("undo", """
                export default async function (input, nexus) {
                  let done = "";
                  try { done = await nexus.file.read("work/undone.txt"); } catch (e) { if (e.code !== "not-found") throw e; }
                  await nexus.file.write("work/undone.txt", done + input.step + "\\n");
                }
                """, files);
        project.write("saga.yaml", """
                saga:
                  name: trip
                  steps:
                    - {name: a, action: act, compensation: undo}
                    - {name: b, action: act, compensation: undo}
                    - {name: pay, action: act}
                """);
    }

    @Test
    void a_call_that_hits_its_budget_waits_and_goes_on_when_the_limit_is_raised() throws Exception {
        project.agent("asker", """
                export default async function (input, nexus) {
                  const texts = [];
                  for (let i = 0; i < 3; i++) texts.push((await nexus.model({prompt: "say " + i, maxTokens: 20})).text);
                  return {answers: texts.length};
                }
                """, "grants: {models: [default]}");
        project.write("cost.yaml", """
                # what the asker may spend
                cost:
                  agent: asker
                  budget:
                    maxCalls: 100
                    maxDollars: 0.0001   # a hundred micro-dollars
                  onLimit: pause
                """);
        try (Engine engine = project.open()) {
            CommandResult begun = project.submit(engine, new Command.RunAgent("asker", "{}"));
            project.await(
                    "a pause",
                    () -> "budget".equals(project.agent(engine, "asker").pausedBy()));
            CommandResult raised = project.submit(engine, new Command.SetBudget("agent/asker", 5_000_000L, null, null));
            assertInstanceOf(CommandResult.Done.class, raised, raised.toString());
            RunView run = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals(RunView.State.DONE, run.state(), String.valueOf(run.errorMessage()));
            assertEquals("{\"answers\":3}", run.outputJson());
            assertEquals(
                    1,
                    engine.history(new HistoryQuery(0, 100, false, java.util.Set.of("CallStarted"), "asker", null))
                            .size());
            String yaml = Files.readString(folder.resolve("cost.yaml"));
            assertTrue(yaml.contains("# what the asker may spend") && yaml.contains("# a hundred micro-dollars"), yaml);
            assertTrue(yaml.contains("maxDollars: 5.00"), yaml);
        }
    }

    @Test
    void a_second_engine_on_the_same_folder_is_refused() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        try (Engine _ = project.open()) {
            StoreException e = assertThrows(StoreException.class, () -> Engine.open(folder, Engine.Options.LOOK));
            assertEquals("store-locked", e.code());
        }
    }

    @Test
    void a_project_with_errors_is_not_opened() throws Exception {
        project.write("broken.yaml", "agent: {name: x, sauce: y}\n");
        Engine.ProjectHasErrors e = assertThrows(Engine.ProjectHasErrors.class, project::open);
        assertFalse(e.diagnostics().isEmpty());
        assertFalse(Files.exists(folder.resolve(".nexus")));
    }

    @Test
    void whoever_follows_hears_everything_in_order_also_the_end() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        List<JournalEntry> heard = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = project.open()) {
            engine.follow(0, heard::add);
            project.runAgent(engine, "echo", "1");
        }
        assertEquals("ProjectOpened", heard.getFirst().event().getClass().getSimpleName());
        assertInstanceOf(EngineEvent.ProjectClosed.class, heard.getLast().event());
        for (int i = 0; i < heard.size(); i++) {
            assertEquals(i + 1, heard.get(i).seq());
        }
        assertNotNull(DEADLINE);
    }
}
