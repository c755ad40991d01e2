package nexus.aiagents.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// Finds runs of any time: first among those that the snapshot holds, then in the journal.
record RunLookup(EngineClient engine) {

    /// @throws Failure if there never was such a run, or what it did is in an archive
    RunView find(String runId) {
        return whole(engine.run(runId).orElseThrow(() -> {
            List<String> held = held(null).map(RunView::id).toList();
            return new Failure(
                    Exit.USAGE,
                    "unknown-run",
                    Similar.to(runId, held) == null
                            ? "there is no run '" + runId + "'; naos runs list shows those there are"
                            : Similar.unknown("run", runId, held));
        }));
    }

    private static RunView whole(EngineClient.FoundRun found) {
        RunView run = found.run();
        if (run == null) {
            RunRecord record = found.record();
            throw new Failure(
                    Exit.FAILED,
                    "archived",
                    record.kind() + " " + record.name() + " " + record.state() + " at "
                            + Format.moment(record.endedAt() == null ? record.startedAt() : record.endedAt())
                            + ", spent "
                            + Format.dollars(record.microDollars())
                            + "; what it did step by step was moved to an archive of the journal");
        }
        return run;
    }

    /// @param kind   `saga` or `workflow`
    /// @param wanted a run's id, or a name for its newest run; null: the newest of all
    /// @param names  of that kind in the project
    /// @throws Failure if there is none
    RunView choose(String kind, @Nullable String wanted, List<String> names) {
        List<RunView> held = held(kind).toList();
        return held.stream()
                .filter(r -> wanted == null || r.id().equals(wanted) || r.name().equals(wanted))
                .findFirst()
                .orElseGet(() -> whole(ofOld(kind, wanted)
                        .orElseThrow(() -> new Failure(Exit.USAGE, "unknown-run", none(kind, wanted, names, held)))));
    }

    private Optional<EngineClient.FoundRun> ofOld(String kind, @Nullable String wanted) {
        RunQuery newest = new RunQuery(Set.of(), Set.of(kind), wanted, null, null, 1);
        return Stream.concat(
                        Stream.ofNullable(wanted),
                        Stream.of(newest)
                                .flatMap(query -> engine.runs(query).stream().map(RunRecord::id)))
                .flatMap(id -> engine.run(id).stream())
                .filter(found -> found.record().kind().equals(kind))
                .findFirst();
    }

    private static String none(String kind, @Nullable String wanted, List<String> names, List<RunView> held) {
        if (wanted == null) {
            return "no " + kind + " has run yet; naos " + kind + " run NAME starts one";
        }
        List<String> known =
                Stream.concat(names.stream(), held.stream().map(RunView::id)).toList();
        @Nullable String near = Similar.to(wanted, known);
        if (wanted.equals(near)) {
            return kind + " " + wanted + " has not run yet; naos " + kind + " run " + wanted + " starts it";
        }
        return Similar.unknown(kind + " and no run of one", wanted, near == null ? names : known);
    }

    /// Newest first; where the snapshot holds fewer, those before them too.
    ///
    /// @param kind null: of every kind
    List<RunView> latest(@Nullable String kind, int max) {
        int wanted = checked(max);
        List<RunView> held = held(kind).limit(wanted).toList();
        if (held.size() == wanted) {
            return held;
        }
        Set<String> known = held.stream().map(RunView::id).collect(Collectors.toSet());
        RunQuery query = new RunQuery(Set.of(), kind == null ? Set.of() : Set.of(kind), null, null, null, wanted);
        Stream<RunView> before = engine.runs(query).stream()
                .map(RunRecord::id)
                .filter(id -> !known.contains(id))
                .flatMap(id -> engine.run(id).stream())
                .flatMap(found -> Stream.ofNullable(found.run()));
        return Stream.concat(held.stream(), before).limit(wanted).toList();
    }

    /// Those that have not ended: the snapshot holds them all, but for jobs far behind in a queue.
    List<RunView> open(int max) {
        return held(null)
                .filter(run -> !run.state().isFinal())
                .limit(checked(max))
                .toList();
    }

    /// @throws Failure if it is no number of runs
    static int checked(int max) {
        if (max < 1) {
            throw Failure.usage("a number of runs is one or more, not " + max + ".");
        }
        return max;
    }

    private Stream<RunView> held(@Nullable String kind) {
        return engine.view().runs().stream()
                .filter(r -> kind == null || r.kind().equals(kind));
    }

    /// For a person: the latest runs of a kind.
    void print(Terminal terminal, String kind, List<RunView> runs) {
        Table table = new Table("RUN", kind.toUpperCase(Locale.ROOT), "STATE", "STARTED", "FAILED AT");
        for (RunView r : runs) {
            table.cell(r.id())
                    .cell(r.name())
                    .cell(RunReport.tone(r.state()), state(r))
                    .cell(Format.moment(r.startedAt()))
                    .cell(failure(r))
                    .end();
        }
        table.printOr(terminal, "None has run yet.");
    }

    /// One that is under way while nobody has the project open waits to be taken up.
    String state(RunView run) {
        return !engine.isRemote() && Follower.isUnderWay(run) ? "interrupted" : Format.lower(run.state());
    }

    static String failure(RunView run) {
        return run.failedStep() == null ? "" : run.failedStep() + ": " + run.errorCode();
    }
}
