package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.util.List;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.replay.RecordingFile.Check;
import org.jspecify.annotations.Nullable;

/// Holds records against the journal, which names the hash of each.
final class RecordCheck {
    private static final int PAGE = 512;

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
        CallEnded entry = entry(id, run.journalSeq(), journal);
        if (entry == null) {
            return new RecordingFile(
                    id, record, program, Check.ALTERED, "no entry of the journal knows of a call " + id + " then");
        }
        return Texts.sha256(record).equals(entry.recordHash())
                ? new RecordingFile(id, record, program, Check.INTACT, "")
                : new RecordingFile(
                        id, record, program, Check.ALTERED, "its hash is not the one that the journal names");
    }

    private static @Nullable CallEnded entry(String id, long afterSeq, AuditLog journal) {
        long after = afterSeq;
        while (true) {
            List<AuditLine> page = journal.lines(after, PAGE);
            if (page.isEmpty()) {
                return null;
            }
            for (AuditLine line : page) {
                if (line.eventJson().contains(id)
                        && line.entry().event() instanceof CallEnded ended
                        && ended.callId().equals(id)) {
                    return ended;
                }
                after = line.seq();
            }
        }
    }
}
