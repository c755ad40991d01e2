package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// What is told of the runs of sagas, and in the same way of those of workflows.
///
/// @param kind `saga` or `workflow`
record RunsOfKind(String kind, EngineClient engine, Terminal terminal) {

    /// Tells of one run step by step.
    ///
    /// @param wanted its id, or a name for its newest run; null: the newest of all
    /// @param names  of that kind in the project
    /// @param goesOn what goes on with one that was interrupted: `naos up goes on with it.`
    int status(@Nullable String wanted, List<String> names, String goesOn) {
        RunView found = new RunLookup(engine).choose(kind, wanted, names);
        new RunReport(terminal, found).print();
        if (!engine.isRemote() && !terminal.json() && Follower.isUnderWay(found)) {
            terminal.line("It was interrupted; " + goesOn);
        }
        return Exit.DONE;
    }

    /// Tells of all there are of that kind, and of the latest runs.
    ///
    /// @param definitions what the project has of that kind
    /// @param table       the same for a person
    int list(List<?> definitions, Table table, int max) {
        RunLookup lookup = new RunLookup(engine);
        List<RunView> runs = lookup.latest(kind, max);
        if (terminal.json()) {
            definitions.forEach(one -> terminal.json(Json.object(kind, one)));
            runs.forEach(run -> terminal.json(Json.run(run)));
        } else {
            table.printOr(terminal, "The project has no " + kind + ".");
            terminal.line("");
            lookup.print(terminal, kind, runs);
        }
        return Exit.DONE;
    }
}
