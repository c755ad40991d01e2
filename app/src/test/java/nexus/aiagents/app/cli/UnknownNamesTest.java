package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever types a name that is not there is told the nearest that is, whatever was named and wherever.
class UnknownNamesTest {
    private static final String PROJECT = """
            project: {name: demo}
            ---
            agent: {name: writer, source: echo.js}
            ---
            agent: {name: reviewer, source: echo.js}
            ---
            supervisor: {name: team, agents: [writer]}
            ---
            saga:
              name: publish
              steps:
                - {name: draft, action: reviewer}
                - {name: print, action: reviewer}
            ---
            workflow:
              name: digest
              schedule: {cron: "0 6 * * *"}
              steps:
                - {name: gather, agent: reviewer}
            ---
            pool: {name: jury, agent: reviewer, size: 2, strategy: first}
            ---
            pool: {name: desk, agent: reviewer, size: 1, strategy: round-robin}
            ---
            cost: {agent: writer, budget: {maxDollars: 5}}
            """;

    @TempDir
    Path folder;

    private Shell.Result naos(String line) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                true);
        int exit = Naos.run(
                new Context(
                        terminal, new EngineProjects(), folder, new ByteArrayInputStream(new byte[0]), _ -> {}, false),
                line.split(" "));
        return new Shell.Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The line, and what has to be said.
    private static final Map<String, String> TOLD = told(
            "run revewer", "did you mean `reviewer`?",
            "run publsh", "there is `writer`, `reviewer`",
            "run publish", "publish is a saga; naos saga run publish runs it",
            "run jury", "jury is a pool; naos pool run jury runs it",
            "create x --template typscript", "did you mean `typescript`?",
            "init y --template rsearch-team", "did you mean `research-team`?",
            "runs show RUNx", "did you mean `RUN`?",
            "runs show nothing", "naos runs list shows",
            "runs compare RUNx RUN", "did you mean `RUN`?",
            "runs list --state faild", "did you mean `failed`?",
            "runs list --kind sagga", "did you mean `saga`?",
            "runs list --name publsh", "did you mean `publish`?",
            "runs pause r-1x", "there is no unfinished run 'r-1x'; the project has none",
            "runs cancel RUN", "run RUN has ended: done; naos runs retry-from",
            "runs approve r-1x draft", "there is no unfinished run",
            "runs retry-from r-1x draft", "naos runs list shows",
            "runs retry-from RUN drft", "did you mean `draft`?",
            "runs fork RUN drft", "did you mean `draft`?",
            "replay revewer", "did you mean the agent reviewer?",
            "replay --agent writr", "did you mean `writer`?",
            "stop writr", "did you mean `writer`?",
            "logs writr", "did you mean `writer`?",
            "saga run publsh", "did you mean `publish`?",
            "saga status publsh", "did you mean `publish`?",
            "workflow run digst", "did you mean `digest`?",
            "workflow status digst", "did you mean `digest`?",
            "pool run jurry", "did you mean `jury`?",
            "pool status jurry", "did you mean `jury`?",
            "pool scale dsk 2", "did you mean `desk`?",
            "pool limits dsk --min 1", "did you mean `desk`?",
            "pool drain dsk", "did you mean `desk`?",
            "schedule run-now digst", "did you mean `digest`?",
            "schedule pause workflow/digst", "did you mean `workflow/digest`?",
            "supervisor list teem", "did you mean `team`?",
            "supervisor what-if writr", "did you mean `writer`?",
            "supervisor add teem reviewer", "did you mean `team`?",
            "supervisor start teem writer", "did you mean `team`?",
            "supervisor start team writr", "supervisor team has no child 'writr' - did you mean `writer`?",
            "supervisor delete team writr", "did you mean `writer`?",
            "supervisor move team writr", "did you mean `writer`?",
            "supervisor move team writer teem", "did you mean `team`?",
            "agent crash writr", "did you mean `writer`?",
            "agent slow writr", "did you mean `writer`?",
            "agent runs writr", "did you mean `writer`?",
            "grants writr", "did you mean `writer`?",
            "grants allow a1-x", "there is no question 'a1-x'; the project has none",
            "grants add writr http \"x.org\"", "did you mean `writer`?",
            "grants add writer htpp \"x.org\"", "did you mean `http`?",
            "grants remove writr http x.org", "did you mean `writer`?",
            "trust sign writr", "did you mean `writer`?",
            "trust allow writr", "did you mean `writer`?",
            "trust explain writr", "did you mean `writer`?",
            "cost set writr --max-dollars 3", "did you mean `writer`?",
            "cost preview agent/writr --max-dollars 3", "did you mean `agent/writer`?",
            "audit --type RunEnd", "did you mean `RunEnded`?",
            "audit --agent writr", "did you mean `writer`?",
            "audit --run RUNx", "did you mean `RUN`?",
            "audit export --agent writr --output x.csv", "did you mean `writer`?",
            "backup restore store-1", "there is no backup 'store-1'",
            "runz list", "Did you mean naos run?",
            "agent strat writer", "Did you mean naos agent start?");

    private static Map<String, String> told(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Test
    void the_nearest_name_is_said_whatever_was_named_and_wherever() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), PROJECT);
        Files.writeString(folder.resolve("echo.js"), "export default input => input;\n");
        List<String> wrong = new ArrayList<>();
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            engine.submit(new Command.Up(), "naos");
            assertEquals(0, naos("saga run publish").exit());
            String run = engine.view().runs().getFirst().id();
            TOLD.forEach((line, wanted) -> {
                Shell.Result result = naos(line.replace("RUN", run));
                String said = result.out() + result.err();
                if (result.exit() != 2 || !said.contains(wanted.replace("RUN", run))) {
                    wrong.add(line + " (" + result.exit() + "): " + said);
                }
            });
        }
        assertEquals(List.of(), wrong);
        assertTrue(Files.notExists(folder.resolve("x.csv")), "nothing is written for a name that is not there");
    }
}
