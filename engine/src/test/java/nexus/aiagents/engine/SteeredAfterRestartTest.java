package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a person can do to a run works after the project was closed and opened again, in runs within
/// runs too, and each time it stands in the journal who asked for what.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SteeredAfterRestartTest {
    @TempDir
    Path folder;

    TestProject project;
    Engine engine;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.agent("act", """
                export default async function (input, nexus) {
                  const step = nexus.context.step;
                  if (input?.failAt === step || input?.input?.failAt === step) throw new Error("no");
                  return {step};
                }
                """, "");
        project.agent("undo", """
                export default async function (input, nexus) {
                  if (input.input?.stuck || input.input?.input?.stuck) throw new Error("the site is down");
                  return {};
                }
                """, "");
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                saga:
                  name: trip
                  steps:
                    - {name: book, action: act, compensation: undo}
                    - {name: pay, action: act, approval: required}
                ---
                workflow:
                  name: whole
                  steps:
                    - {name: plan, agent: act}
                    - {name: travel, saga: trip, input: "${input}"}
                    - {name: report, agent: act, approval: required}
                """);
        engine = project.open();
    }

    private void closeAndOpen() throws Exception {
        engine.close();
        engine = project.open();
    }

    private CommandResult done(Command command) throws Exception {
        CommandResult result = project.submit(engine, command);
        assertTrue(!(result instanceof CommandResult.Refused), () -> command + ": " + result);
        return result;
    }

    private String begin(Command command) throws Exception {
        return ((CommandResult.RunStarted) done(command)).runId();
    }

    private void await(String run, State state) {
        project.await(run + " to be " + state, () -> project.run(engine, run).state() == state);
    }

    private RunView nested(String parent) {
        project.await(
                "the run in " + parent,
                () -> engine.view().runs().stream().anyMatch(r -> parent.equals(r.parentRunId())));
        return engine.view().runs().stream()
                .filter(r -> parent.equals(r.parentRunId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void steps_of_runs_in_runs_are_approved_after_each_restart() throws Exception {
        String run = begin(new Command.RunWorkflow("whole", "{}"));
        String saga = nested(run).id();
        await(saga, State.WAITING);
        closeAndOpen();
        await(saga, State.WAITING);
        done(new Command.ApproveStep(saga, "pay", "fine"));
        await(saga, State.DONE);
        await(run, State.WAITING);
        closeAndOpen();
        await(run, State.WAITING);
        done(new Command.ApproveStep(run, "report", null));
        await(run, State.DONE);
        engine.close();
    }

    @Test
    void what_is_paused_stays_paused_with_all_that_is_in_it_and_goes_on_when_it_is_resumed() throws Exception {
        String run = begin(new Command.RunWorkflow("whole", "{}"));
        String saga = nested(run).id();
        await(saga, State.WAITING);
        done(new Command.PauseRun(run));
        await(saga, State.PAUSED);
        closeAndOpen();
        await(run, State.PAUSED);
        await(saga, State.PAUSED);
        done(new Command.ResumeRun(run));
        await(saga, State.WAITING);
        done(new Command.ApproveStep(saga, "pay", null));
        await(saga, State.DONE);
        engine.close();
    }

    @Test
    void a_rejected_step_in_a_run_in_a_run_rolls_that_back_and_the_whole_is_retried_from_there() throws Exception {
        String run = begin(new Command.RunWorkflow("whole", "{}"));
        String saga = nested(run).id();
        await(saga, State.WAITING);
        closeAndOpen();
        done(new Command.RejectStep(saga, "pay", "too dear"));
        await(run, State.FAILED);
        assertEquals("rejected", project.run(engine, saga).errorCode());
        assertEquals(
                RunView.StepState.COMPENSATED,
                project.run(engine, saga).steps().getFirst().undoState());
        closeAndOpen();
        done(new Command.RetryFrom(run, "travel", null));
        project.await("another saga", () -> !nested(run).id().equals(saga));
        String again = nested(run).id();
        await(again, State.WAITING);
        closeAndOpen();
        done(new Command.ApproveStep(again, "pay", null));
        await(run, State.WAITING);
        engine.close();
    }

    @Test
    void a_compensation_that_is_parked_in_a_run_in_a_run_is_resolved_after_a_restart() throws Exception {
        String run = begin(new Command.RunWorkflow("whole", "{\"stuck\":true}"));
        String saga = nested(run).id();
        await(saga, State.WAITING);
        done(new Command.RejectStep(saga, "pay", null));
        await(saga, State.PARKED);
        closeAndOpen();
        await(saga, State.PARKED);
        done(new Command.RetryParked(saga, "book", null));
        await(saga, State.PARKED);
        done(new Command.SkipParked(saga, "book", true));
        await(run, State.FAILED);
        assertEquals("rejected", project.run(engine, saga).errorCode(), "the first error stays first");
        engine.close();
    }

    @Test
    void a_run_is_forked_and_cancelled_after_a_restart_and_all_of_it_is_in_the_journal() throws Exception {
        String run = begin(new Command.RunWorkflow("whole", "{}"));
        String saga = nested(run).id();
        await(saga, State.WAITING);
        closeAndOpen();
        String fork = begin(new Command.ForkRun(run, "travel", "{\"failAt\":\"book\"}"));
        await(fork, State.FAILED);
        assertEquals(State.WAITING, project.run(engine, saga).state(), "it is left alone");
        closeAndOpen();
        done(new Command.CancelRun(run));
        await(run, State.CANCELLED);
        assertEquals(
                RunView.StepState.COMPENSATED,
                project.run(engine, saga).steps().getFirst().undoState(),
                "what the saga in it did is undone");
        List<String> asked = engine.history(HistoryQuery.last(100, "OperatorActed")).stream()
                .map(entry -> (EngineEvent.OperatorActed) entry.event())
                .map(e -> e.by() + " " + e.toString().replaceAll("(?s).*\"type\":\"(\\w+)\".*", "$1"))
                .toList();
        assertEquals(List.of("test RunWorkflow", "test ForkRun", "test CancelRun"), asked);
        assertTrue(engine.audit().isWhole());
        assertInstanceOf(CommandResult.Refused.class, project.submit(engine, new Command.CancelRun(run)), "it is over");
        engine.close();
    }
}
