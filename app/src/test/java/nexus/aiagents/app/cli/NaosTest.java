package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import nexus.aiagents.app.templates.Templates;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class NaosTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void aProject() throws IOException {
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n");
        shell = new Shell(folder.toAbsolutePath().normalize());
    }

    // ---- sagas

    @Test
    void a_saga_that_fails_ends_1_with_its_steps_its_error_and_the_compensations_in_the_order_they_ran() {
        shell.engine.willRun(FakeEngine.rolledBack("r1"));
        var result = shell.naos("saga", "run", "publish-article", "--input", "{\"topic\":\"otters\"}", "--json");
        assertEquals(1, result.exit());
        assertEquals("", result.err());
        JsonNode run = result.last();
        assertEquals("run", run.path("type").asString());
        assertEquals("failed", run.path("state").asString());
        assertEquals("publish", run.path("failedStep").asString());
        assertEquals("rejected", run.path("error").path("code").asString());
        assertEquals("the site said no", run.path("error").path("message").asString());
        assertEquals(4, run.path("steps").size());
        assertEquals(
                "[\"review\",\"draft\",\"research\"]", run.path("compensations").toString());
        assertEquals("otters", run.path("input").path("topic").asString());
        assertEquals(
                List.of("RunStarted", "StepStarted", "AgentLogged", "RunEnded"),
                result.json().stream()
                        .filter(n -> n.path("type").asString().equals("event"))
                        .map(n -> n.path("event").asString())
                        .toList(),
                "its own events and no other run's");
        assertTrue(shell.engine.closed);
    }

    @Test
    void a_person_reads_the_same() {
        shell.engine.willRun(FakeEngine.rolledBack("r1"));
        String out = shell.naos("saga", "run", "publish-article").out();
        assertTrue(out.contains("publish-article failed at publish: rejected: the site said no"), out);
        assertTrue(out.contains("undone in this order: review, draft, research"), out);
        assertFalse(out.contains("\u001b"), "no escape sequence of an agent reaches the terminal");
    }

    @Test
    void a_saga_that_succeeds_ends_0() {
        shell.engine.willRun(FakeEngine.run("r1", "saga", RunView.State.DONE, List.of()));
        assertEquals(0, shell.naos("saga", "run", "publish-article").exit());
        assertEquals(List.of(new Command.RunSaga("publish-article", "{}")), shell.engine.commands);
    }

    @Test
    void a_saga_that_waits_for_a_person_ends_1_and_says_how_to_go_on() {
        shell.engine.willRun(FakeEngine.run("r1", "saga", RunView.State.PARKED, List.of()));
        var result = shell.naos("saga", "run", "publish-article");
        assertEquals(1, result.exit());
        assertTrue(result.out().contains("naos saga retry r1"), result.out());
    }

    @Test
    void a_pool_without_agreement_is_decided_by_the_number_of_an_answer() {
        shell.engine.willRun(FakeEngine.tied("r1"));
        var asked = shell.naos("pool", "run", "research-pool");
        assertEquals(1, asked.exit(), "it is not done yet");
        assertTrue(asked.err().contains("naos pool decide r1"), asked.err());
        assertTrue(asked.err().contains("CHOICE"), asked.err());
        shell.engine.willRun(FakeEngine.voted("r1"));
        assertEquals(0, shell.naos("pool", "decide", "r1", "2").exit());
        assertEquals(new Command.DecidePool("r1", 2), shell.engine.commands.getLast());
        assertTrue(shell.naos("pool", "status", "research-pool").out().contains("They float."));
        assertEquals(2, shell.naos("pool", "status", "nobody").exit());
        assertEquals(2, shell.naos("pool", "decide", "r1", "two").exit());
    }

    @Test
    void a_queue_is_shown_scaled_drained_and_resumed() {
        var list = shell.naos("pool", "list");
        assertTrue(list.out().contains("7 of 100"), list.out());
        var status = shell.naos("pool", "status", "checkers");
        assertTrue(status.out().contains("1 to 8 as the queue needs"), status.out());
        assertTrue(status.out().contains("95th percentile"), status.out());
        assertTrue(status.out().contains("r-job"), status.out());
        shell.engine.answer = new CommandResult.Done("fine");
        assertEquals(0, shell.naos("pool", "scale", "checkers", "3").exit());
        assertEquals(0, shell.naos("pool", "scale", "checkers", "auto").exit());
        assertEquals(2, shell.naos("pool", "scale", "checkers", "many").exit());
        assertEquals(
                0,
                shell.naos("pool", "limits", "checkers", "--min", "2", "--max", "6")
                        .exit());
        assertEquals(0, shell.naos("pool", "limits", "checkers", "--max", "7").exit());
        assertEquals(2, shell.naos("pool", "limits", "checkers").exit());
        assertEquals(
                2, shell.naos("pool", "limits", "checkers", "--max", "many").exit());
        assertEquals(0, shell.naos("pool", "drain", "checkers").exit());
        assertEquals(0, shell.naos("pool", "resume", "checkers").exit());
        assertEquals(
                List.of(
                        new Command.ScalePool("checkers", 3),
                        new Command.ScalePool("checkers", null),
                        new Command.LimitPool("checkers", 2, 6),
                        new Command.LimitPool("checkers", null, 7),
                        new Command.DrainPool("checkers"),
                        new Command.ResumePool("checkers")),
                shell.engine.commands);
        shell.engine.answer = new CommandResult.Refused("queue-full", "no room");
        assertEquals(4, shell.naos("pool", "run", "checkers").exit());
    }

    @Test
    void a_job_can_be_brought_without_waiting_for_its_end() {
        shell.engine.answer = new CommandResult.RunStarted("r-1");
        assertEquals("r-1\n", shell.naos("pool", "run", "checkers", "--no-wait").out());
    }

    @Test
    void a_parked_run_is_steered_to_its_end() {
        shell.engine.runs.add(FakeEngine.run("r1", "saga", RunView.State.PARKED, List.of()));
        shell.engine.willRun(FakeEngine.rolledBack("r1"));
        shell.engine.answer = new CommandResult.Done("ok");
        assertEquals(
                0,
                shell.naos("saga", "skip", "r1", "--resolved", "--step", "publish")
                        .exit());
        assertEquals(
                0, shell.naos("saga", "retry", "r1", "--input", "{\"a\": 1}").exit());
        assertEquals(0, shell.naos("saga", "cancel", "r1").exit());
        assertEquals(
                List.of(
                        new Command.SkipParked("r1", "publish", true),
                        new Command.RetryParked("r1", null, "{\"a\":1}"),
                        new Command.CancelRun("r1")),
                shell.engine.commands);
    }

    @Test
    void runs_of_every_kind_are_steered_step_by_step() {
        shell.engine.runs.add(FakeEngine.run("r1", "saga", RunView.State.WAITING, List.of()));
        shell.engine.willRun(FakeEngine.rolledBack("r1"));
        shell.engine.answer = new CommandResult.Done("ok");
        assertEquals(0, shell.naos("runs", "pause", "r1").exit());
        assertEquals(0, shell.naos("runs", "resume", "r1").exit());
        assertEquals(
                0, shell.naos("runs", "approve", "r1", "draft", "-m", "fine").exit());
        assertEquals(0, shell.naos("runs", "reject", "r1", "draft").exit());
        assertEquals(
                0,
                shell.naos("runs", "retry-from", "r1", "draft", "-i", "{\"a\": 1}")
                        .exit());
        assertEquals(0, shell.naos("runs", "cancel", "r1").exit());
        assertEquals(
                2, shell.naos("runs", "retry-from", "r1", "draft", "-i", "{").exit());
        assertEquals(
                List.of(
                        new Command.PauseRun("r1"),
                        new Command.ResumeRun("r1"),
                        new Command.ApproveStep("r1", "draft", "fine"),
                        new Command.RejectStep("r1", "draft", null),
                        new Command.RetryFrom("r1", "draft", "{\"a\":1}"),
                        new Command.CancelRun("r1")),
                shell.engine.commands);
        assertTrue(shell.naos("runs", "list").out().contains("r1"));
        assertEquals(
                "r1",
                shell.naos("runs", "show", "r1", "--json").last().path("runId").asString());
        assertEquals(2, shell.naos("runs", "show", "r9").exit());
    }

    @Test
    void the_newest_run_is_shown_and_an_unknown_one_is_a_mistake() {
        assertEquals(2, shell.naos("saga", "status").exit());
        shell.engine.runs.add(FakeEngine.run("r2", "saga", RunView.State.RUNNING, List.of()));
        shell.engine.runs.add(FakeEngine.rolledBack("r1"));
        assertEquals(
                "r2",
                shell.naos("saga", "status", "--json").last().path("runId").asString());
        assertTrue(shell.naos("saga", "status").out().contains("interrupted"));
        assertEquals(
                "r1",
                shell.naos("saga", "status", "r1", "--json")
                        .last()
                        .path("runId")
                        .asString());
        assertEquals(2, shell.naos("saga", "status", "r9").exit());
    }

    @Test
    void runs_of_long_ago_are_shown_too() {
        shell.engine.old.add(FakeEngine.rolledBack("r1"));
        assertEquals(
                "r1",
                shell.naos("runs", "show", "r1", "--json").last().path("runId").asString());
        for (String wanted : List.of("r1", "publish-article")) {
            assertEquals(
                    "r1",
                    shell.naos("saga", "status", wanted, "--json")
                            .last()
                            .path("runId")
                            .asString(),
                    wanted);
        }
        assertEquals(2, shell.naos("workflow", "status", "r1").exit(), "it is a saga's");
        shell.engine.runs.add(FakeEngine.run("r2", "saga", RunView.State.RUNNING, List.of()));
        for (String kind : List.of("runs", "saga")) {
            String all = shell.naos(kind, "list", "--max", "5").out();
            assertTrue(all.indexOf("r2") > 0 && all.indexOf("r1") > all.indexOf("r2"), all);
            assertTrue(!shell.naos(kind, "list", "--max", "1").out().contains("r1"));
        }
        shell.engine.archived.add("r1");
        Shell.Result archived = shell.naos("runs", "show", "r1");
        assertEquals(1, archived.exit());
        assertTrue(archived.err().contains("moved to an archive"), archived.err());
    }

    @Test
    void nothing_to_resume_is_said() {
        assertTrue(shell.naos("saga", "resume").out().contains("No run was interrupted"));
    }

    // ---- agents and pools

    @Test
    void the_output_of_a_call_stands_alone_on_standard_output() {
        shell.engine.willRun(FakeEngine.run("r1", "agent", RunView.State.DONE, List.of()));
        var result = shell.naos("run", "researcher", "--input", "{\"topic\":\"otters\"}");
        assertEquals(0, result.exit());
        assertEquals(
                "They float.",
                new tools.jackson.databind.json.JsonMapper()
                        .readTree(result.out())
                        .path("text")
                        .asString());
        assertTrue(result.err().contains("looking"), result.err());
    }

    @Test
    void a_pool_answers_with_its_votes() {
        shell.engine.willRun(FakeEngine.voted("r1"));
        var result = shell.naos("pool", "run", "research-pool", "--json");
        assertEquals(0, result.exit());
        assertEquals(
                "agreed", result.last().path("votes").path(0).path("verdict").asString());
        assertEquals(
                "They float.",
                result.last().path("votes").path(0).path("output").path("text").asString());
    }

    // ---- exit codes

    @ParameterizedTest
    @CsvSource({
        "budget,4",
        "untrusted,4",
        "not-granted,4",
        "unknown-name,2",
        "bad-input,2",
        "not-up,1",
        "already,1",
        "project-errors,3",
        "store,1"
    })
    void a_refusal_has_its_exit_code(String code, int exit) {
        shell.engine.answer = new CommandResult.Refused(code, "because; do this");
        for (String[] args : List.of(
                new String[] {"run", "a", "--json"},
                new String[] {"saga", "run", "s", "--json"},
                new String[] {"agent", "crash", "a", "--json"},
                new String[] {"cost", "set", "research-bot", "--max-dollars", "1", "--json"})) {
            var result = shell.naos(args);
            assertEquals(exit, result.exit(), String.join(" ", args));
            assertEquals(code, result.last().path("code").asString());
            assertEquals("because; do this", result.last().path("message").asString());
            assertEquals(exit, result.last().path("exitCode").asInt());
        }
    }

    @ParameterizedTest
    @CsvSource({"budget,4", "untrusted,4", "not-granted,4", "rejected,1"})
    void a_run_that_was_not_allowed_ends_4(String code, int exit) {
        RunView r = FakeEngine.rolledBack("r1");
        shell.engine.willRun(new RunView(
                r.id(),
                "agent",
                r.name(),
                r.state(),
                r.startedAt(),
                r.endedAt(),
                r.inputJson(),
                null,
                null,
                code,
                "why",
                0,
                0,
                false,
                List.of(),
                List.of()));
        assertEquals(exit, shell.naos("run", "researcher").exit());
    }

    @Test
    void a_project_with_errors_ends_3_with_their_places() throws IOException {
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n---\nagnet:\n  name: a\n");
        var result = shell.naos("validate");
        assertEquals(3, result.exit());
        assertTrue(result.out().contains("nexus.yaml:3:1: error NX"), result.out());
        JsonNode line = shell.naos("validate", "--json").json().getFirst();
        assertEquals("diagnostic", line.path("type").asString());
        assertEquals(3, line.path("line").asInt());
        assertEquals(1, line.path("column").asInt());
    }

    // ---- bad input

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{} x", "", "topic=otters"})
    void input_that_is_not_json_is_refused_with_its_place(String input) {
        var result = shell.naos("saga", "run", "s", "--input", input);
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("is not JSON"), result.err());
        assertTrue(shell.opened.isEmpty(), "before anything is opened");
    }

    @Test
    void input_comes_from_a_file_or_standard_input_too() throws IOException {
        shell.engine.willRun(FakeEngine.run("r1", "saga", RunView.State.DONE, List.of()));
        Files.writeString(folder.resolve("in put.json"), "{\"a\": [1]}");
        shell.stdin = "{\"b\": 2}";
        assertEquals(
                0, shell.naos("saga", "run", "s", "--input", "@in put.json").exit());
        assertEquals(0, shell.naos("saga", "run", "s", "--input", "-").exit());
        assertEquals(
                List.of(new Command.RunSaga("s", "{\"a\":[1]}"), new Command.RunSaga("s", "{\"b\":2}")),
                shell.engine.commands);
        var missing = shell.naos("saga", "run", "s", "--input", "@none.json");
        assertEquals(2, missing.exit());
        assertTrue(missing.err().contains("none.json"), missing.err());
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
        assertTrue(shell.naos("run", "a", "--input", "@binary").err().contains("not UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "statsu",
                "saga",
                "saga rnu",
                "run",
                "status --colour",
                "agent crash",
                "cost set x --max-tokens many"
            })
    void a_mistyped_command_ends_2_and_says_where_help_is(String line) {
        for (String json : List.of("", " --json")) {
            var result = shell.naos((line + json).split(" "));
            assertEquals(2, result.exit(), line);
            assertTrue((result.out() + result.err()).contains("--help"), result.out() + result.err());
            assertEquals(json.isEmpty(), result.out().isEmpty());
        }
    }

    @Test
    void a_folder_without_a_project_says_how_to_get_one(@TempDir Path empty) {
        shell.folder = empty;
        var result = shell.naos("status");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("naos init"), result.err());
        assertEquals(
                2,
                shell.naos("status", "--project", empty.resolve("none").toString())
                        .exit());
    }

    @Test
    void the_nearest_project_upward_is_used() throws IOException {
        Path deep = Files.createDirectories(shell.folder.resolve("a/b"));
        shell.folder = deep;
        assertEquals(0, shell.naos("status").exit());
        assertEquals(0, shell.naos("status", "--project", "../..").exit());
        assertEquals(List.of(folder, folder), shell.opened);
    }

    @Test
    void a_locked_store_is_one_clear_message() {
        shell.failure = new StoreException("store-locked", "process 7 has the project open: stop it");
        var result = shell.naos("status");
        assertEquals(1, result.exit());
        assertEquals(
                "naos: process 7 has the project open: stop it\n", result.err().replace("\r", ""));
    }

    @Test
    void what_nobody_expected_is_kept_in_a_file_and_never_shown_as_a_stack_trace() throws IOException {
        shell.failure = new IllegalStateException("boom");
        var result = shell.naos("status");
        assertEquals(1, result.exit());
        assertEquals(1, result.err().lines().count(), result.err());
        Path log = folder.resolve(".nexus/logs/naos-crash.log");
        assertTrue(result.err().contains(log.toString()), result.err());
        assertTrue(Files.readString(log).contains("at nexus.aiagents"));
    }

    // ---- looking

    @Test
    void status_shows_restarts_and_spend() {
        shell.engine.remote = true;
        shell.engine.runs.add(FakeEngine.run("r5", "saga", RunView.State.RUNNING, List.of()));
        String out = shell.naos("status").out();
        assertTrue(out.contains("paused (budget)"), out);
        assertTrue(out.contains("$0.1234 scripted"), out);
        assertTrue(out.contains("3 of 5 in 60 s"), out);
        assertTrue(out.contains("82 %"), out);
        assertTrue(out.contains("r5"), out);
        assertEquals(
                List.of("project", "agent", "supervisor", "budget", "schedule", "run"),
                shell.naos("status", "--json").json().stream()
                        .map(n -> n.path("type").asString())
                        .toList());
    }

    @Test
    void stop_without_a_process_is_no_error_and_opens_nothing() {
        assertEquals(0, shell.naos("stop").exit());
        assertTrue(shell.opened.isEmpty());
        shell.engine.remote = true;
        assertEquals(0, shell.naos("stop").exit());
        assertEquals(List.of(new Command.Down()), shell.engine.commands);
    }

    @Test
    void up_runs_until_the_team_is_stopped() {
        shell.engine.consequences = List.of(
                new EngineEvent.TeamStarted(),
                new EngineEvent.AgentUp("researcher", 1),
                new EngineEvent.AgentExited("researcher", 1, ExitReason.error("connection-lost", "gone"), 0),
                new EngineEvent.AgentUp("researcher", 2),
                new EngineEvent.TeamStopped());
        var result = shell.naos("up");
        assertEquals(0, result.exit());
        assertTrue(result.out().contains("crashed: connection-lost: gone"), result.out());
        assertTrue(result.out().contains("up again, start 2"), result.out());
    }

    @Test
    void up_in_a_second_terminal_only_asks_the_first() {
        shell.engine.remote = true;
        assertEquals(0, shell.naos("up").exit());
        assertEquals(List.of(new Command.Up()), shell.engine.commands);
    }

    @Test
    void logs_are_those_of_one_agent_or_all() {
        shell.engine.record(new EngineEvent.AgentLogged("researcher", null, "info", "looking"));
        shell.engine.record(new EngineEvent.TeamStarted());
        var line = shell.naos("logs", "researcher", "--json").last();
        assertEquals("log", line.path("type").asString());
        assertEquals("looking", line.path("message").asString());
        assertEquals(1, shell.naos("logs").out().lines().count());
        assertEquals(2, shell.naos("logs", "nobody").exit());
        assertEquals(1, shell.naos("logs", "--follow").exit(), "nothing more would ever come");
    }

    @Test
    void a_budget_is_named_in_full_or_by_its_target() {
        assertEquals(
                0,
                shell.naos("cost", "set", "research-bot", "--max-dollars", "7.5")
                        .exit());
        assertEquals(
                0,
                shell.naos("cost", "set", "agent/research-bot", "--max-tokens", "9", "--on-limit", "kill")
                        .exit());
        assertEquals(
                0,
                shell.naos("cost", "set", "research-bot", "--max-calls", "200").exit());
        assertEquals(
                List.of(
                        new Command.SetBudget("agent/research-bot", 7_500_000L, null, null, null),
                        new Command.SetBudget("agent/research-bot", null, 9L, null, "kill"),
                        new Command.SetBudget("agent/research-bot", null, null, 200L, null)),
                shell.engine.commands);
        for (String bad :
                List.of("--max-dollars -1", "--max-calls -1", "--max-dollars 0.0000001", "--on-limit explode", "")) {
            assertEquals(
                    2, shell.naos(("cost set research-bot " + bad).split(" ")).exit(), bad);
        }
        assertTrue(shell.naos("cost", "status")
                .out()
                .contains("agent/research-bot: $0.50 of the limit kept for compensations"));
        var unknown = shell.naos("cost", "set", "nobody", "--max-tokens", "1");
        assertEquals(2, unknown.exit());
        assertTrue(unknown.err().contains("agent/research-bot"), unknown.err());
    }

    @Test
    void an_error_of_the_machine_is_one_message_too() {
        shell.error = new OutOfMemoryError("Java heap space");
        var result = shell.naos("status");
        assertEquals(1, result.exit());
        assertTrue(result.err().startsWith("naos: ") && result.err().contains("Java heap space"), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals(
                "internal", shell.naos("status", "--json").last().path("code").asString());
    }

    @Test
    void a_broken_journal_is_named_with_its_entry() {
        assertEquals(0, shell.naos("audit", "verify").exit());
        shell.engine.bad = 17;
        var result = shell.naos("audit", "verify", "--json");
        assertEquals(1, result.exit());
        assertEquals(17, result.last().path("firstBadSeq").asLong());
    }

    @Test
    void the_window_opens_where_there_is_a_display() {
        assertEquals(0, shell.naos("dashboard").exit());
        assertEquals(List.of(folder), shell.shown);
        shell.display = false;
        assertEquals(1, shell.naos("dashboard").exit());
    }

    // ---- making things

    @Test
    void every_template_of_an_agent_makes_a_project_without_errors(@TempDir Path fresh) throws IOException {
        shell.folder = fresh;
        assertEquals(0, shell.naos("init", "my project").exit());
        shell.folder = fresh.resolve("my project");
        for (String template : List.of("javascript", "typescript", "research", "model")) {
            assertEquals(
                    0,
                    shell.naos("create", "a-" + template, "--template", template)
                            .exit(),
                    template);
        }
        var valid = shell.naos("validate");
        assertEquals(0, valid.exit(), valid.out());
        assertTrue(valid.out().contains("4 agents"), valid.out());
        assertEquals(2, shell.naos("create", "a-model").exit(), "the name is taken");
        assertEquals(2, shell.naos("create", "../x").exit());
        assertEquals(2, shell.naos("create", "x", "--template", "y").exit());
        try (var templates = Files.list(Path.of("src/main/resources/templates/agents"))) {
            String offered = shell.naos("create", "--help").out();
            templates.forEach(each -> assertTrue(offered.contains(String.valueOf(each.getFileName())), offered));
        }
    }

    @Test
    void an_agent_in_typescript_is_valid_at_once_and_editors_know_its_host(@TempDir Path fresh) throws IOException {
        shell.folder = fresh;
        assertEquals(0, shell.naos("init", "typed").exit());
        shell.folder = fresh.resolve("typed");
        assertFalse(Files.exists(shell.folder.resolve("nexus.d.ts")), "there is no script yet");
        var made = shell.naos("create", "greeter", "--template", "typescript", "--json")
                .json()
                .getFirst();
        assertEquals(
                List.of("agents/greeter.ts", "agents/greeter.yaml", "nexus.d.ts", "tsconfig.json"),
                made.path("files").valueStream().map(file -> file.asString()).toList());
        assertEquals(ScriptCheck.types(), Files.readString(shell.folder.resolve("nexus.d.ts")));
        Files.writeString(shell.folder.resolve("tsconfig.json"), "{}");
        assertEquals(
                0, shell.naos("create", "second", "--template", "javascript").exit());
        assertEquals("{}", Files.readString(shell.folder.resolve("tsconfig.json")), "nothing is overwritten");
        assertEquals(0, shell.naos("validate").exit());
    }

    @Test
    void an_agent_that_needs_a_model_brings_one_to_a_project_without() {
        assertEquals(
                0, shell.naos("create", "researcher", "--template", "research").exit());
        var valid = shell.naos("validate");
        assertEquals(0, valid.exit(), valid.out());
    }

    @Test
    void init_offers_every_sample_and_says_what_it_is() throws IOException {
        Set<String> samples = new TreeSet<>(Set.of("blank"));
        try (Stream<Path> folders = Files.list(Path.of("..", "sample-projects"))) {
            folders.filter(f -> Files.exists(f.resolve("nexus.yaml")))
                    .forEach(f -> samples.add(f.getFileName().toString()));
        }
        assertTrue(samples.size() > 5, samples.toString());
        Set<String> offered = new TreeSet<>();
        for (var line : shell.naos("init", "--list", "--json").json()) {
            offered.add(line.path("name").asString());
            assertTrue(line.path("description").asString().length() > 10, line.toString());
        }
        assertEquals(samples, offered);
        for (String sample : samples) {
            assertTrue(shell.naos("init", "--help").out().contains(sample), sample);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void init_makes_of_every_sample_a_project_that_validates(String template, @TempDir Path fresh) {
        shell.folder = fresh;
        var made = shell.naos("init", "new", "--template", template);
        assertEquals(0, made.exit(), made.out());
        shell.folder = fresh.resolve("new");
        var valid = shell.naos("validate");
        assertEquals(0, valid.exit(), valid.out());
    }

    static Set<String> templates() throws IOException {
        return Templates.projects().keySet();
    }

    @Test
    void init_overwrites_nothing(@TempDir Path fresh) throws IOException {
        shell.folder = fresh;
        Files.writeString(fresh.resolve("mine.txt"), "keep");
        assertEquals(2, shell.naos("init").exit());
        assertEquals(2, shell.naos("init", "mine.txt").exit());
        assertEquals(2, shell.naos("init", "new", "--template", "none").exit());
        assertFalse(Files.exists(fresh.resolve("new")));
        assertEquals(0, shell.naos("init", "new", "--template", "research-team").exit());
        assertTrue(Files.exists(fresh.resolve("new/agents/researcher.js")));
    }
}
