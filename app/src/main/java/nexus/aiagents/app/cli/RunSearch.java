package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which runs of all there ever were.
final class RunSearch {
    private static final List<String> KINDS = List.of("agent", "saga", "workflow", "pool", "job");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only runs in one of these states: failed,parked.")
    private Set<String> states = Set.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Only runs of one of these kinds: agent, saga, workflow, pool, job.")
    private Set<String> kinds = Set.of();

    @Option(names = "--name", paramLabel = "NAME", description = "Only runs of this agent, saga, pool or workflow.")
    private @Nullable String name;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only runs that began then or later: 2026-11-23, or 7d for the last 7 days.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only runs that began before then.")
    private @Nullable String until;

    boolean isAsked() {
        return !states.isEmpty() || !kinds.isEmpty() || name != null || since != null || until != null;
    }

    void print(Terminal terminal, EngineClient engine, int max, boolean open) {
        List<String> known = java.util.Arrays.stream(RunView.State.values())
                .map(Format::lower)
                .toList();
        for (String state : states) {
            if (!known.contains(state)) {
                throw Failure.unknown("state", state, known);
            }
        }
        for (String kind : kinds) {
            if (!KINDS.contains(kind)) {
                throw Failure.unknown("kind of run", kind, KINDS);
            }
        }
        Instant now = Instant.now();
        List<RunRecord> runs = engine
                .runs(new RunQuery(
                        states,
                        kinds,
                        name,
                        Times.parse("--since", since, now),
                        Times.parse("--until", until, now),
                        open ? Integer.MAX_VALUE : max))
                .stream()
                .filter(run -> !open || !run.isFinal())
                .limit(RunLookup.checked(max))
                .toList();
        if (runs.isEmpty() && name != null) {
            refuseUnknown(engine, name);
        }
        if (terminal.json()) {
            runs.forEach(run -> terminal.json(Json.object("run-record", run)));
            return;
        }
        Table table = new Table("RUN", "KIND", "NAME", "STATE", "STARTED", "SPENT", "FAILED AT");
        for (RunRecord run : runs) {
            table.cell(run.id())
                    .cell(run.kind())
                    .cell(run.name())
                    .cell(run.state())
                    .cell(Format.moment(run.startedAt()))
                    .cell(Format.dollars(run.microDollars()))
                    .cell(run.failedStep() == null ? "" : run.failedStep() + ": " + run.errorCode())
                    .end();
        }
        table.printOr(terminal, "None fits.");
    }

    /// Of a name that the project has, or had once, there may be no run that fits; of another never.
    private static void refuseUnknown(EngineClient engine, String name) {
        ProjectView view = engine.view();
        List<String> known = Stream.of(
                        view.agents().stream().map(AgentView::name),
                        view.sagas().stream().map(ProjectView.SagaView::name),
                        view.workflows().stream().map(ProjectView.WorkflowView::name),
                        view.pools().stream().map(ProjectView.PoolView::name))
                .flatMap(names -> names)
                .toList();
        boolean ran = !engine.runs(new RunQuery(Set.of(), Set.of(), name, null, null, 1))
                .isEmpty();
        if (!known.contains(name) && !ran) {
            throw Failure.unknown("agent, saga, workflow or pool", name, known);
        }
    }
}
