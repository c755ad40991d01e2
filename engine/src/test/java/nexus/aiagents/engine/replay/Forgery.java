package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/// Makes records of runs that never were, as if they were intact.
public final class Forgery {
    private Forgery() {}

    /// @param program changes the text of a program
    public static RecordingFile of(RecordingFile file, UnaryOperator<RecordedRun> record, UnaryOperator<String> program)
            throws IOException {
        RecordedRun run = record.apply(RecordCodec.run(file.record()));
        byte[] plain = program.apply(new String(RecordCodec.unpackedProgram(file.program()), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        RecordedRun forged = new RecordedRun(
                run.id(),
                run.agent(),
                run.runId(),
                run.step(),
                run.attempt(),
                run.startedAt(),
                run.programName(),
                Texts.sha256(plain),
                run.isolation(),
                run.sandbox(),
                run.inputJson(),
                run.contextJson(),
                run.env(),
                run.limitsJson(),
                run.journalSeq(),
                run.redacted(),
                run.cut(),
                run.end(),
                run.calls());
        return new RecordingFile(
                file.id(), RecordCodec.bytes(forged), RecordCodec.packed(plain), RecordingFile.Check.INTACT, "");
    }
}
