package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView.AskView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A call that is not granted waits for a person, who says how long it is allowed.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AskTest {
    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: test}\n");
        project.write("notes/a.txt", "alpha");
        project.write("notes/b.txt", "beta");
        // A limit that is shorter than any person: the clock has to stand still.
        project.agent("reader", """
            export default async function (input, nexus) {
              const out = [];
              for (const path of input.paths) {
                try { out.push(await nexus.file.read(path)); } catch (e) { out.push(e.code); }
              }
              return out;
            }
            """, "grants: {onDenied: ask}");
    }

    private String start(Engine engine, String... paths) throws Exception {
        String input = "{\"paths\":[\"" + String.join("\",\"", paths) + "\"]}";
        CommandResult result = project.submit(engine, new Command.RunAgent("reader", input));
        return assertInstanceOf(CommandResult.RunStarted.class, result).runId();
    }

    private AskView asked(Engine engine) {
        project.await("a question", () -> !engine.view().asks().isEmpty());
        return engine.view().asks().getFirst();
    }

    private void decide(Engine engine, String decision) throws Exception {
        AskView ask = asked(engine);
        CommandResult result = project.submit(engine, new Command.DecideGrant(ask.id(), decision));
        assertInstanceOf(CommandResult.Done.class, result, result.toString());
        assertTrue(engine.view().asks().stream().noneMatch(a -> a.id().equals(ask.id())));
    }

    @Test
    void it_is_paused_meanwhile_and_says_exactly_what_it_wants() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "notes/a.txt");
            AskView ask = asked(engine);
            assertEquals("reader", ask.agent());
            assertEquals("to read notes/a.txt", ask.inWords());
            assertEquals(run, ask.runId());
            AgentView agent = project.agent(engine, "reader");
            assertEquals(AgentView.State.PAUSED, agent.state());
            assertEquals("approval", agent.pausedBy());
            assertTrue(engine.view().notices().stream().anyMatch(n -> n.code().equals("grant-asked")));
            CommandResult resumed = project.submit(engine, new Command.ResumeAgent("reader"));
            assertEquals(
                    "undecided",
                    assertInstanceOf(CommandResult.Refused.class, resumed).code());
            decide(engine, "once");
            assertEquals("[\"alpha\"]", project.finished(engine, run).outputJson());
            assertEquals(1, engine.history(HistoryQuery.last(9, "GrantAsked")).size());
            assertEquals(1, engine.history(HistoryQuery.last(9, "GrantDecided")).size());
        }
    }

    @Test
    void once_is_this_call_alone() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "notes/a.txt", "notes/a.txt");
            decide(engine, "once");
            decide(engine, "deny");
            assertEquals(
                    "[\"alpha\",\"not-granted\"]", project.finished(engine, run).outputJson());
            assertEquals(1, project.agent(engine, "reader").deniedCalls());
        }
    }

    @Test
    void for_a_run_is_to_its_end_and_for_the_same_call_alone() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "notes/a.txt", "notes/a.txt", "notes/b.txt", "notes/b.txt");
            decide(engine, "run");
            assertEquals("to read notes/b.txt", asked(engine).inWords());
            decide(engine, "deny"); // and it is not asked again in this run
            assertEquals(
                    "[\"alpha\",\"alpha\",\"not-granted\",\"not-granted\"]",
                    project.finished(engine, run).outputJson());
            start(engine, "notes/a.txt");
            assertEquals("to read notes/a.txt", asked(engine).inWords());
        }
    }

    @Test
    void until_it_is_closed_is_for_other_runs_too_and_not_for_the_next_opening() throws Exception {
        try (Engine engine = project.open()) {
            start(engine, "notes/a.txt");
            decide(engine, "project");
            String next = start(engine, "notes/a.txt");
            assertEquals("[\"alpha\"]", project.finished(engine, next).outputJson());
        }
        try (Engine engine = project.open()) {
            assertEquals(List.of(), engine.view().asks());
            start(engine, "notes/a.txt");
            asked(engine);
        }
    }

    @Test
    void always_is_written_into_the_yaml_and_can_be_taken_out_again() throws Exception {
        String before = Files.readString(folder.resolve("reader.yaml"));
        try (Engine engine = project.open()) {
            String run = start(engine, "notes/a.txt", "notes/a.txt");
            decide(engine, "always");
            assertEquals("[\"alpha\",\"alpha\"]", project.finished(engine, run).outputJson());
            String written = Files.readString(folder.resolve("reader.yaml"));
            assertTrue(written.contains("files: [{path: notes/a.txt, mode: ro}]"), written);
            String next = start(engine, "notes/a.txt");
            assertEquals("[\"alpha\"]", project.finished(engine, next).outputJson());
            AgentView.GrantView grant =
                    project.agent(engine, "reader").grants().declared().getFirst();
            assertEquals("files notes/a.txt", grant.kind() + " " + grant.name());
            assertEquals(3, grant.used());
            CommandResult removed = project.submit(engine, new Command.RemoveGrant("reader", "files", "notes/a.txt"));
            assertInstanceOf(CommandResult.Done.class, removed, removed.toString());
            assertEquals(before, Files.readString(folder.resolve("reader.yaml")));
            assertEquals(List.of(), project.agent(engine, "reader").grants().declared());
            CommandResult undone = project.submit(engine, new Command.AddGrant("reader", "files", grant.itemJson()));
            assertInstanceOf(CommandResult.Done.class, undone, undone.toString());
            assertEquals(
                    3,
                    project.agent(engine, "reader")
                            .grants()
                            .declared()
                            .getFirst()
                            .used());
        }
        try (Engine engine = project.open()) {
            assertEquals(
                    "[\"alpha\"]",
                    project.runAgent(engine, "reader", "{\"paths\":[\"notes/a.txt\"]}")
                            .outputJson());
        }
    }

    @Test
    void a_question_goes_with_the_run_that_asked() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "notes/a.txt");
            AskView ask = asked(engine);
            project.submit(engine, new Command.CancelRun(run));
            project.await("no question", () -> engine.view().asks().isEmpty());
            assertEquals(RunView.State.CANCELLED, project.finished(engine, run).state());
            assertFalse("approval".equals(project.agent(engine, "reader").pausedBy()));
            CommandResult late = project.submit(engine, new Command.DecideGrant(ask.id(), "once"));
            assertInstanceOf(CommandResult.Refused.class, late);
        }
    }

    @Test
    void the_clock_of_the_run_stands_still_while_it_waits() throws Exception {
        project.agent(
                "hasty",
                "export default async (i, nexus) => await nexus.file.read('notes/a.txt');",
                "limits: {timeout: 2s}, heartbeat: 1s, grants: {onDenied: ask}");
        try (Engine engine = project.open()) {
            CommandResult result = project.submit(engine, new Command.RunAgent("hasty", "{}"));
            asked(engine);
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_500);
            project.await("more time than it has", () -> System.nanoTime() > until);
            decide(engine, "once");
            RunView run = project.finished(engine, ((CommandResult.RunStarted) result).runId());
            assertEquals("\"alpha\"", run.outputJson(), String.valueOf(run.errorMessage()));
        }
    }

    @Test
    void what_no_grant_could_cover_is_refused_and_not_asked() throws Exception {
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(
                    engine,
                    "reader",
                    "{\"paths\":[\"../x\",\".nexus/control.json\",\"/etc/passwd\",\"notes/../nexus.yaml\"]}");
            assertEquals("[\"not-granted\",\"not-granted\",\"not-granted\",\"not-granted\"]", run.outputJson());
            assertEquals(4, project.agent(engine, "reader").grants().denied().size());
        }
    }
}
