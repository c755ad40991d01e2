package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                    - {name: b, action: act, compensation: undo, idempotent: true}
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
            CommandResult raised =
                    project.submit(engine, new Command.SetBudget("agent/asker", 5_000_000L, null, null, null));
            assertInstanceOf(CommandResult.Done.class, raised, raised.toString());
            RunView run = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals(RunView.State.DONE, run.state(), String.valueOf(run.errorMessage()));
            assertEquals("{\"answers\":3}", run.outputJson());
            assertEquals(
                    1,
                    engine.history(new HistoryQuery(0, 100, false, Set.of("CallStarted"), "asker", null))
                            .size());
            String yaml = Files.readString(folder.resolve("cost.yaml"));
            assertTrue(yaml.contains("# what the asker may spend") && yaml.contains("# a hundred micro-dollars"), yaml);
            assertTrue(yaml.contains("maxDollars: 5.00"), yaml);
        }
    }

    @Test
    void a_higher_limit_on_calls_lets_the_call_go_on_that_waited_for_it_and_stands_in_the_yaml() throws Exception {
        project.agent("asker", """
                export default async function (input, nexus) {
                  for (let i = 0; i < 2; i++) await nexus.model({prompt: "say " + i, maxTokens: 20});
                  return "both";
                }
                """, "grants: {models: [default]}");
        String yaml = "cost:\n  agent: asker\n  budget:\n    maxCalls: 1 # one and no more\n";
        project.write("cost.yaml", yaml);
        try (Engine engine = project.open()) {
            CommandResult begun = project.submit(engine, new Command.RunAgent("asker", "{}"));
            project.await(
                    "a pause",
                    () -> "budget".equals(project.agent(engine, "asker").pausedBy()));
            assertInstanceOf(
                    CommandResult.Done.class,
                    project.submit(engine, new Command.SetBudget("agent/asker", null, null, 2L, null)));
            RunView run = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals("\"both\"", run.outputJson(), String.valueOf(run.errorMessage()));
            assertEquals(yaml.replace(": 1", ": 2"), Files.readString(folder.resolve("cost.yaml")));
        }
    }

    @Test
    void a_limit_that_is_removed_lets_the_call_go_on_that_waited_for_it() throws Exception {
        project.agent("asker", """
                export default async function (input, nexus) {
                  return (await nexus.model({prompt: "say", maxTokens: 20})).text.length > 0;
                }
                """, "grants: {models: [default]}");
        project.write("cost.yaml", """
                cost:
                  agent: asker
                  budget:
                    maxCalls: 100
                    maxDollars: 0.0000   # nothing yet
                """);
        try (Engine engine = project.open()) {
            CommandResult begun = project.submit(engine, new Command.RunAgent("asker", "{}"));
            project.await(
                    "a pause",
                    () -> "budget".equals(project.agent(engine, "asker").pausedBy()));
            assertInstanceOf(
                    CommandResult.Done.class,
                    project.submit(engine, new Command.RemoveLimit("agent/asker", "maxDollars")));
            RunView run = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals(RunView.State.DONE, run.state(), String.valueOf(run.errorMessage()));
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.RemoveLimit("agent/asker", "maxCalls"))
                            .code());
            assertEquals(
                    "cost:\n  agent: asker\n  budget:\n    maxCalls: 100\n",
                    Files.readString(folder.resolve("cost.yaml")));
        }
    }

    @Test
    void a_saga_goes_on_where_it_was_when_the_project_is_opened_again() throws Exception {
        saga();
        project.write("nexus.yaml", "project: {name: test, shutdownTimeout: 1s}\n");
        project.agent("act", """
                export default async function (input, nexus) {
                  const step = nexus.context.step;
                  let done = "";
                  try { done = await nexus.file.read("work/done.txt"); } catch (e) { if (e.code !== "not-found") throw e; }
                  await nexus.file.write("work/done.txt", done + step + "\\n");
                  if (step === "b") while (true) {
                    try { await nexus.file.read("work/go.txt"); break; } catch (e) { nexus.now(); }
                  }
                  return {step};
                }
                """, "grants: {files: [{path: work, mode: rw}]}, runaway: off");
        String runId;
        try (Engine engine = project.open()) {
            runId = ((CommandResult.RunStarted) project.submit(engine, new Command.RunSaga("trip", "{}"))).runId();
            project.await("step b", () -> project.lines("done.txt").contains("b"));
        }
        project.write("work/go.txt", "");
        try (Engine engine = project.open()) {
            RunView run = project.finished(engine, runId);
            assertEquals(RunView.State.DONE, run.state(), String.valueOf(run.errorMessage()));
            assertTrue(run.resumed());
            assertEquals(List.of("a", "b", "b", "pay"), project.lines("done.txt"));
        }
    }

    @Test
    void a_paused_agent_stays_paused_until_it_is_resumed_also_after_a_restart() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.PauseAgent("echo"));
            assertEquals(AgentView.State.PAUSED, project.agent(engine, "echo").state());
        }
        try (Engine engine = project.open()) {
            assertEquals("operator", project.agent(engine, "echo").pausedBy());
            String runId =
                    ((CommandResult.RunStarted) project.submit(engine, new Command.RunAgent("echo", "7"))).runId();
            assertFalse(project.run(engine, runId).state().isFinal());
            project.submit(engine, new Command.ResumeAgent("echo"));
            assertEquals("7", project.finished(engine, runId).outputJson());
        }
    }

    @Test
    void a_reload_restarts_what_changed_and_refuses_what_is_broken() throws Exception {
        project.agent("one", "export default () => 1;", "");
        project.agent("two", "export default () => 2;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [one, two]}\n");
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            project.agent("two", "export default () => 22;", "");
            CommandResult done = project.submit(engine, new Command.Reload());
            assertEquals(new CommandResult.Done("reloaded; changed: two; restarted: two"), done);
            assertEquals(2, starts(engine, "two"));
            assertEquals(1, starts(engine, "one"));
            assertEquals("22", project.runAgent(engine, "two", "0").outputJson());

            project.write("team.yaml", "supervisor: {name: team, agents: [one], strategy: one-for-all}\n");
            project.submit(engine, new Command.Reload());
            assertEquals(1, starts(engine, "one"), "what is still a child runs on");
            assertEquals("one-for-all", engine.view().supervisors().getFirst().strategy());
            assertEquals(AgentView.State.STOPPED, project.agent(engine, "two").state());
            assertTrue(engine.view().up());

            project.write("team.yaml", "supervisor: {name: team, agents: [nobody]}\n");
            CommandResult.Refused refused =
                    assertInstanceOf(CommandResult.Refused.class, project.submit(engine, new Command.Reload()));
            assertEquals("project-errors", refused.code());
            assertTrue(refused.message().contains("team.yaml:1"), refused.message());
        }
    }

    @Test
    void what_a_reload_will_do_is_said_before_and_then_done() throws Exception {
        project.agent("one", "export default () => 1;", "");
        project.agent("two", "export default () => 2;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [one, two]}\n");
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertTrue(engine.plan(Map.of()).isEmpty());
            assertEquals(
                    "export default () => 2;", engine.configuration().files().get("agents/two.js"));

            Map<String, String> unsaved = Map.of(
                    "agents/two.js", "export default () => 22;",
                    "team.yaml", "supervisor: {name: team, agents: [two]}\n");
            assertEquals("one stops; two restarts", engine.plan(unsaved).summary());
            assertTrue(engine.plan(Map.of()).isEmpty(), "to ask changes nothing");
            assertEquals(
                    "the project has errors",
                    String.valueOf(engine.plan(Map.of("team.yaml", "supervisor: {name: team, agents: [nobody]}\n"))
                                    .refusal())
                            .substring(0, 22));

            for (var file : unsaved.entrySet()) {
                project.write(file.getKey(), file.getValue());
            }
            CommandResult.Done done =
                    assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Reload()));
            assertTrue(done.message().endsWith("; stopped: one; restarted: two"), done.message());
            assertEquals(2, starts(engine, "two"));
            assertEquals(
                    unsaved.get("team.yaml"), engine.configuration().files().get("team.yaml"));
            assertTrue(engine.plan(Map.of()).isEmpty());
        }
    }

    @Test
    void what_a_command_writes_into_a_file_runs_at_once_and_what_else_was_edited_there_does_not() throws Exception {
        String cost = "cost: {agent: one, budget: {maxDollars: 5}}\n";
        project.agent("one", "export default () => 1;", "");
        project.write("money.yaml", cost);
        try (Engine engine = project.open()) {
            String edited = cost + "---\ncost: {project: true, budget: {maxDollars: 7}}\n";
            project.write("money.yaml", edited);
            project.submit(engine, new Command.SetBudget("agent/one", 9_000_000L, null, null, null));
            assertEquals(
                    cost.replace("5", "9.00"),
                    engine.configuration().files().get("money.yaml"),
                    "the budget, not the rest");
            assertEquals(
                    List.of("project"),
                    engine.plan(Map.of()).changes().stream().map(c -> c.name()).toList());
        }
    }

    private int starts(Engine engine, String agent) {
        return engine.history(new HistoryQuery(0, 100, false, Set.of("AgentUp"), agent, null))
                .size();
    }

    @Test
    void an_agent_below_the_trust_that_is_asked_for_is_not_started() throws Exception {
        project.agent("worker", "export default () => 1;", "");
        project.write("team.yaml", """
                supervisor: {name: team, agents: [worker]}
                ---
                trust: {provider: axis, requirements: {minTrustTier: T3}, enforcement: {onUntrusted: reject}}
                """);
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertEquals(AgentView.State.FAILED, project.agent(engine, "worker").state());
            assertEquals(0, starts(engine, "worker"));
            assertEquals("untrusted", project.agent(engine, "worker").lastExit().kind());
            CommandResult.Refused run = assertInstanceOf(
                    CommandResult.Refused.class, project.submit(engine, new Command.RunAgent("worker", "1")));
            assertEquals("untrusted", run.code());
        }
    }

    @Test
    void commands_about_what_is_not_there_are_refused_with_what_is() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        try (Engine engine = project.open()) {
            for (Command command : List.of(
                    new Command.CrashAgent("x"),
                    new Command.PauseAgent("x"),
                    new Command.RunAgent("x", "1"),
                    new Command.RunSaga("x", "1"),
                    new Command.RunPool("x", "1"),
                    new Command.CancelRun("x"),
                    new Command.RetryParked("x", null, null),
                    new Command.SetBudget("x", 1L, null, null, null))) {
                assertEquals("unknown-name", refused(engine, command).code(), command.toString());
            }
            assertEquals(
                    "not-up", refused(engine, new Command.CrashAgent("echo")).code());
            assertEquals("not-up", refused(engine, new Command.Down()).code());
            assertEquals(
                    "already", refused(engine, new Command.ResumeAgent("echo")).code());
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.RunAgent("echo", "{")).code());
            List<JournalEntry> acts = engine.history(HistoryQuery.last(2, "OperatorActed"));
            assertEquals(2, acts.size());
            assertTrue(acts.getLast().event().toString().contains("RunAgent"), acts.toString());
        }
    }

    private CommandResult.Refused refused(Engine engine, Command command) throws Exception {
        return assertInstanceOf(CommandResult.Refused.class, project.submit(engine, command));
    }

    @Test
    void a_budget_that_makes_no_sense_changes_nothing() throws Exception {
        project.agent("asker", "export default () => 1;", "");
        project.write("cost.yaml", "cost: {agent: asker, budget: {maxDollars: 1.00}}\n");
        try (Engine engine = project.open()) {
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.SetBudget("agent/asker", -1L, null, null, null))
                            .code());
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.SetBudget("agent/asker", null, null, -1L, null))
                            .code());
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.SetBudget("agent/asker", null, null, null, "boom"))
                            .code());
            assertEquals(
                    "bad-input",
                    refused(engine, new Command.SetBudget("agent/asker", null, null, null, null))
                            .code());
            project.write("other.yaml", "agent: {");
            assertEquals(
                    "project-errors",
                    refused(engine, new Command.SetBudget("agent/asker", 5L, null, null, null))
                            .code());
            assertEquals(
                    "cost: {agent: asker, budget: {maxDollars: 1.00}}\n",
                    Files.readString(folder.resolve("cost.yaml")));
        }
    }

    @Test
    void one_who_only_looks_leaves_no_trace_in_a_project_that_was_closed() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        try (Engine engine = project.open()) {
            project.runAgent(engine, "echo", "1");
        }
        long seq;
        try (Engine look = Engine.open(folder, Engine.Options.LOOK)) {
            seq = look.view().seq();
            assertEquals(1, look.view().runs().size());
            assertEquals(0, look.verifyAudit());
        }
        try (Engine look = Engine.open(folder, Engine.Options.LOOK)) {
            assertEquals(seq, look.view().seq());
        }
        assertEquals("*\n", Files.readString(folder.resolve(".nexus/.gitignore")));
    }

    @Test
    void history_is_found_from_either_end_by_type_agent_and_run() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        project.agent("other", "export default (input) => input;", "");
        try (Engine engine = project.open()) {
            String first = project.runAgent(engine, "echo", "1").id();
            project.runAgent(engine, "other", "2");
            project.runAgent(engine, "echo", "3");
            assertEquals(
                    2,
                    engine.history(new HistoryQuery(0, 9, false, Set.of("CallEnded"), "echo", null))
                            .size());
            assertEquals(
                    1,
                    engine.history(new HistoryQuery(0, 9, true, Set.of("CallStarted"), null, first))
                            .size());
            assertEquals(
                    1,
                    engine.history(new HistoryQuery(0, 1, false, Set.of(), null, null))
                            .getFirst()
                            .seq());
            long last = engine.view().seq();
            assertEquals(
                    last,
                    engine.history(new HistoryQuery(0, 1, true, Set.of(), null, null))
                            .getFirst()
                            .seq());
        }
    }

    @Test
    void closing_twice_or_with_work_under_way_is_no_problem() throws Exception {
        project.agent(
                "busy", "export default () => { while (true) {} }", "loop: {every: 1s}, limits: {fuel: 100000000000}");
        project.write("team.yaml", "supervisor: {name: team, children: [{name: busy, shutdown: 100ms}]}\n");
        Engine engine = project.open();
        project.submit(engine, new Command.Up());
        project.await("work", () -> project.agent(engine, "busy").activeCalls() == 1);
        engine.close();
        engine.close();
        assertEquals("not-up", refused(engine, new Command.Up()).code());
        try (Engine again = project.open()) {
            assertFalse(again.view().up());
            assertEquals(AgentView.State.STOPPED, project.agent(again, "busy").state());
        }
    }

    @Test
    void a_second_engine_on_the_same_folder_is_refused() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        try (Engine _ = project.open()) {
            StoreException e = assertThrows(StoreException.class, () -> Engine.open(folder, Engine.Options.LOOK));
            assertEquals("store-locked", e.code());
            assertTrue(e.getMessage().contains("(pid " + ProcessHandle.current().pid() + ")"), e.getMessage());
            assertTrue(e.getMessage().contains("it runs java"), "what it runs: " + e.getMessage());
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
    }
}
