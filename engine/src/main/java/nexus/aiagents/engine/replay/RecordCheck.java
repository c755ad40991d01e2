package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.util.List;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.journal.EngineEvent.CallStarted;
import nexus.aiagents.engine.journal.EngineEvent.ProjectClosed;
import nexus.aiagents.engine.journal.EngineEvent.ProjectOpened;
import nexus.aiagents.engine.replay.RecordingFile.Check;
import org.jspecify.annotations.Nullable;

/// Holds records against the journal, which names the hash of each.
final class RecordCheck {
    private static final int PAGE = 512;
    /// In the text of the entries of a project's opening and closing; most others need not be parsed.
    private static final String PROJECT = "\"Project";

    private RecordCheck() {}

    static RecordingFile checked(String id, byte[] record, RecordFiles files, @Nullable AuditLog journal, String why)
            throws IOException {
        RecordedRun run;
        try {
            run = RecordCodec.run(record);
        } catch (IOException e) {
            return new RecordingFile(id, record, null, Check.ALTERED, "the record is damaged: " + e.getMessage());
        }
        byte[] program = files.program(run.programHash());
        if (!run.id().equals(id)) {
            return new RecordingFile(id, record, program, Check.ALTERED, "it is the record of " + run.id());
        }
        if (journal == null) {
            return new RecordingFile(id, record, program, Check.UNVERIFIED, why);
        }
        if (run.journalSeq() < journal.compactedUpTo()) {
            return new RecordingFile(
                    id, record, program, Check.UNVERIFIED, "the entries of that time are in an archive of the journal");
        }
        return switch (found(id, run.journalSeq(), journal)) {
            case Found.Ended(CallEnded entry)
            when Texts.sha256(record).equals(entry.recordHash()) ->
                new RecordingFile(id, record, program, Check.INTACT, "");
            case Found.Ended _ ->
                new RecordingFile(id, record, program, Check.ALTERED, "its hash is not the one that the journal names");
            case Found.CutShort _ ->
                new RecordingFile(
                        id,
                        record,
                        program,
                        Check.UNVERIFIED,
                        "the app was ended before the journal knew how this call ended");
            case Found.Nothing _ ->
                new RecordingFile(
                        id, record, program, Check.ALTERED, "no entry of the journal knows of a call " + id + " then");
        };
    }

    private sealed interface Found {
        record Ended(CallEnded entry) implements Found {}

        /// A record is written before the entry that names its hash: an app that is killed in between
        /// leaves it without one, and perhaps without that of its start.
        record CutShort() implements Found {}

        record Nothing() implements Found {}
    }

    private static Found found(String id, long afterSeq, AuditLog journal) {
        long after = afterSeq;
        boolean open = true;
        Found found = new Found.Nothing();
        while (true) {
            List<AuditLine> page = journal.lines(after, PAGE);
            if (page.isEmpty()) {
                return found;
            }
            for (AuditLine line : page) {
                after = line.seq();
                if (!line.eventJson().contains(id) && !line.eventJson().contains(PROJECT)) {
                    continue;
                }
                EngineEvent event = line.entry().event();
                if (event instanceof CallEnded ended && ended.callId().equals(id)) {
                    return new Found.Ended(ended);
                }
                if (event instanceof CallStarted started && started.callId().equals(id)
                        || event instanceof ProjectOpened && open) {
                    found = new Found.CutShort();
                }
                open = event instanceof ProjectOpened || open && !(event instanceof ProjectClosed);
            }
        }
    }
}
