package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.engine.prompt.PromptRun;
import nexus.aiagents.engine.replay.RecordCodec.KeptProgram;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;

/// Runs records again, in a sandbox of its own that reaches nothing. Thread-safe.
public final class Replayer implements AutoCloseable {

    /// Hears of every call before it is answered, on the thread of the replay; may take its time.
    @FunctionalInterface
    public interface Observer {
        /// @return false to stop here
        boolean on(ReplayedCall call);
    }

    private final Path scratch;
    private final Sandbox sandbox;

    private Replayer(Path scratch) {
        this.scratch = scratch;
        this.sandbox = Sandbox.open(scratch);
    }

    public static Replayer open() {
        try {
            return new Replayer(Files.createTempDirectory("nexus-replay"));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for temporary files can not be written", e);
        }
    }

    /// The calls of a record, and how it ended, without running anything.
    ///
    /// @throws ReplayFailed if it was altered or is damaged
    public static RecordedRun read(RecordingFile file) throws ReplayFailed {
        if (file.check() == RecordingFile.Check.ALTERED) {
            throw new ReplayFailed("record-altered", "the record of " + file.id() + " was altered: " + file.remark());
        }
        try {
            return RecordCodec.run(file.record());
        } catch (IOException e) {
            throw new ReplayFailed("record-damaged", "the record of " + file.id() + " is damaged: " + e.getMessage());
        }
    }

    /// Runs it again from the beginning and waits for that.
    ///
    /// @throws ReplayFailed if it can not be
    public ReplayReport replay(RecordingFile file, ReplayRequest request, Observer observer)
            throws ReplayFailed, InterruptedException {
        RecordedRun run = read(file);
        check(request.answers());
        KeptProgram kept = program(file, run);
        KeptProgram wanted = request.files().isEmpty() ? kept : edited(kept, request.files());
        Function<Invocation, Run> program = starter(wanted, run);
        Replay replay = new Replay(run, request, !wanted.equals(kept), observer);
        if (file.check() == RecordingFile.Check.UNVERIFIED) {
            replay.note("that nobody changed the record can not be checked: " + file.remark());
        }
        return replay.run(program);
    }

    private static KeptProgram program(RecordingFile file, RecordedRun run) throws ReplayFailed {
        byte[] packed = file.program();
        if (packed == null) {
            throw new ReplayFailed(
                    "no-program", "the program " + run.programName() + " is not kept any more, only what it asked for");
        }
        try {
            byte[] plain = RecordCodec.unpackedProgram(packed);
            if (!Texts.sha256(plain).equals(run.programHash())) {
                throw new ReplayFailed(
                        "record-altered", "the program " + run.programName() + " that was kept was altered");
            }
            return RecordCodec.program(plain);
        } catch (IOException e) {
            throw new ReplayFailed("record-damaged", "the kept program is damaged: " + e.getMessage());
        }
    }

    private static KeptProgram edited(KeptProgram kept, Map<String, String> files) throws ReplayFailed {
        if (!(kept instanceof KeptProgram.Sandboxed(Program.Script script))) {
            throw new ReplayFailed(
                    "no-source", "only JavaScript and TypeScript can be replayed with a source that was edited since");
        }
        Map<String, String> all = new HashMap<>(script.files());
        all.putAll(files);
        return new KeptProgram.Sandboxed(new Program.Script(script.name(), script.entry(), all));
    }

    private Function<Invocation, Run> starter(KeptProgram program, RecordedRun run) throws ReplayFailed {
        return switch (program) {
            case KeptProgram.Sandboxed(Program sandboxed) -> prepared(sandboxed, run)::start;
            case KeptProgram.Prompt(PromptProgram prompt) -> with -> PromptRun.start(prompt, with);
        };
    }

    /// Behind the wall that it was behind then.
    private PreparedProgram prepared(Program program, RecordedRun run) throws ReplayFailed {
        try {
            return sandbox.prepare(program, run.isolation().equals("process") ? Isolation.PROCESS : Isolation.THREAD);
        } catch (ProgramRejected e) {
            throw new ReplayFailed(e.code(), program.name() + " is not taken any more: " + e.getMessage());
        }
    }

    private static void check(Map<Integer, String> answers) throws ReplayFailed {
        for (Map.Entry<Integer, String> answer : answers.entrySet()) {
            var node = Texts.read(answer.getValue());
            boolean error = node.path("error").path("code").isString()
                    && node.path("error").path("message").isString();
            if (!node.isObject() || node.size() != 1 || !(node.has("ok") || error)) {
                throw new ReplayFailed(
                        "bad-answers",
                        "the answer to call " + answer.getKey()
                                + " must be {\"ok\": …} or {\"error\": {\"code\": \"…\", \"message\": \"…\"}}");
            }
        }
    }

    @Override
    public void close() {
        sandbox.close();
        try {
            Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException e)
                        throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
