package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayFailed;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description =
                "Runs a recorded run of an agent again, offline and for nothing, and compares; alone, lists what is recorded.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the same, or stopped where it was to; with changed answers or an edited source: it returned",
            "1:it diverges, or the record was altered; with changed answers or an edited source: it failed",
            "2:there is no such record, or the run has several",
            "5:the record ends before the run did, or the fork made a call that the record has no answer for"
        })
final class ReplayCommand extends Action {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN|AGENT",
            description =
                    "A run's id, that of a record, or an agent's name: then its newest record, be it a round of its own loop.")
    private @Nullable String run;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            description = "Of a run with several: that of this agent. Alone: lists those of this agent.")
    private @Nullable String agent;

    @Option(
            names = "--of-step",
            paramLabel = "NAME",
            description = "Of a run with several: that of this step. Alone: lists those of this step.")
    private @Nullable String ofStep;

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "20",
            description = "List at most so many. Default: 20")
    private int max = 20;

    @Option(
            names = "--step",
            description =
                    "Show every call to the host with its arguments, answer, fuel and memory; on a terminal, one at a time.")
    private boolean step;

    @Option(names = "--until", paramLabel = "N", description = "Stop at call N, before it is answered, and show it.")
    private @Nullable Integer until;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            description =
                    "Other answers, by number of the call: {\"3\": {\"ok\": …}, \"5\": {\"error\": {\"code\": \"…\", \"message\": \"…\"}}}.")
    private @Nullable Path with;

    @Option(
            names = "--edited",
            description = "With the JavaScript or TypeScript as it is now, told what was told then.")
    private boolean edited;

    @Override
    int run(Context context) throws Exception {
        Records records = context.projects().records(project());
        ReplayText text = new ReplayText(context.terminal());
        String wanted = run;
        if (max < 1) {
            throw Failure.usage("--max " + max + ": a number of records is one or more.");
        }
        if (wanted == null) {
            refuseAlone();
            List<Recording> listed = records.list(new Recording.Query(null, agent, ofStep, max));
            refuseUnknown(context, listed);
            text.list(listed);
            return Exit.DONE;
        }
        if (until != null && until < 1) {
            throw Failure.usage("--until " + until + ": calls are counted from 1.");
        }
        Recording chosen = chosen(context, wanted, records);
        ReplayRequest request = new ReplayRequest(until == null ? 0 : until, answers(context), files(chosen));
        text.head(chosen, olderOf(wanted, chosen, records));
        ReplayReport report = replay(context, records.file(chosen.id()), request);
        text.end(report);
        return exit(report);
    }

    private void refuseAlone() {
        if (step || until != null || with != null || edited) {
            throw Failure.usage("say which run: naos replay lists them");
        }
    }

    /// Nothing is listed of a name that is not there either.
    private void refuseUnknown(Context context, List<Recording> listed) {
        if (agent != null && listed.isEmpty()) {
            List<String> agents = CreateCommand.named(context.projects().analyze(project()), "agent");
            if (!agents.contains(Instances.agentOf(agent))) {
                throw Failure.unknown("agent", agent, agents);
            }
        }
    }

    private Map<Integer, String> answers(Context context) throws IOException {
        return with == null ? Map.of() : Answers.read(context.folder().resolve(with));
    }

    private Map<String, String> files(Recording chosen) {
        if (!edited) {
            return Map.of();
        }
        if (!ScriptCheck.isScript(chosen.programName())) {
            throw new Failure(
                    Exit.USAGE,
                    "no-source",
                    "--edited is for JavaScript and TypeScript: " + chosen.agent() + " is none");
        }
        try {
            return Engine.scriptFiles(project(), chosen.programName());
        } catch (IOException e) {
            throw new Failure(
                    Exit.USAGE,
                    "no-source",
                    "the source " + chosen.programName() + " can not be read: " + e.getMessage());
        }
    }

    /// The last attempt, where there were several of the same.
    private Recording chosen(Context context, String wanted, Records records) {
        List<Recording> found = records.list(new Recording.Query(wanted, agent, ofStep, Integer.MAX_VALUE));
        if (found.isEmpty() && agent == null) {
            found = records.list(new Recording.Query(null, wanted, ofStep, 1));
        }
        if (found.isEmpty()) {
            boolean others = (agent != null || ofStep != null)
                    && !records.list(Recording.Query.ofRun(wanted)).isEmpty();
            throw new Failure(
                    Exit.USAGE,
                    "not-recorded",
                    others
                            ? "run " + wanted + " has no record of that agent or step; naos runs show " + wanted
                                    + " says which it has"
                            : "nothing is recorded of " + wanted + near(wanted, context)
                                    + ": naos replay lists what is, and record: always in an agent's block keeps every run");
        }
        Set<String> parts = new LinkedHashSet<>();
        found.forEach(recording -> parts.add(part(recording)));
        if (parts.size() > 1) {
            throw new Failure(
                    Exit.USAGE,
                    "which-record",
                    "run " + wanted + " has several records; add one of: " + String.join(" | ", parts));
        }
        return found.getFirst();
    }

    private String near(String wanted, Context context) {
        List<String> agents = CreateCommand.named(context.projects().analyze(project()), "agent");
        String near = Similar.to(wanted, agents);
        return near == null || near.equals(wanted) ? "" : " (did you mean the agent " + near + "?)";
    }

    /// How many records of an agent there are beside the one that its name stands for.
    private int olderOf(String wanted, Recording chosen, Records records) {
        boolean byId = wanted.equals(chosen.id()) || wanted.equals(chosen.runId());
        return byId
                ? 0
                : records.list(new Recording.Query(null, wanted, ofStep, Integer.MAX_VALUE))
                                .size()
                        - 1;
    }

    private static String part(Recording recording) {
        return (recording.step() == null ? "" : "--of-step " + recording.step() + " ") + "--agent " + recording.agent();
    }

    private ReplayReport replay(Context context, RecordingFile file, ReplayRequest request)
            throws InterruptedException {
        Terminal terminal = context.terminal();
        boolean shows = step || until != null || terminal.json();
        boolean asks = step && !terminal.json() && context.attended();
        Replayer.Observer observer = shows ? new Stepping(terminal, context.stdin(), asks) : _ -> true;
        try (Replayer replayer = Replayer.open()) {
            return replayer.replay(file, request, observer);
        } catch (ReplayFailed e) {
            int code = e.code().equals("bad-answers") || e.code().equals("no-source") ? Exit.USAGE : Exit.FAILED;
            throw new Failure(code, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static int exit(ReplayReport report) {
        return switch (report.result()) {
            case SAME, STOPPED -> Exit.DONE;
            case DIVERGED -> Exit.FAILED;
            case RECORD_ENDS, NOT_RECORDED -> Exit.INCOMPLETE;
            case FORKED -> {
                End now = report.replayed();
                yield now != null && now.outcome().equals("returned") ? Exit.DONE : Exit.FAILED;
            }
        };
    }
}
