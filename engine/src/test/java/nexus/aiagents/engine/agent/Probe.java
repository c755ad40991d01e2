package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.LoneProgram.Ending;
import nexus.aiagents.engine.agent.LoneProgram.Folder;
import nexus.aiagents.engine.agent.LoneProgram.Report;
import nexus.aiagents.engine.agent.LoneProgram.Request;

/// Lets a WASI program of ours make one call after the other. Its source is beside it.
final class Probe implements LoneProgram.Console {
    static final Path PROGRAM = Path.of("src/test/resources/nexus/aiagents/engine/agent/wasi/probe.wasm");
    static final long ALL_RIGHTS = (1 << 30) - 1;
    static final int OK = 0;
    static final int BADF = 8;
    static final int EXIST = 20;
    static final int FBIG = 22;
    static final int ILSEQ = 25;
    static final int INVAL = 28;
    static final int ISDIR = 31;
    static final int LOOP = 32;
    static final int MFILE = 33;
    static final int NAMETOOLONG = 37;
    static final int NOENT = 44;
    static final int NOTDIR = 54;
    static final int NOTEMPTY = 55;
    static final int NOTSOCK = 57;
    static final int ROFS = 69;
    static final int SPIPE = 70;
    static final int NOTCAPABLE = 76;

    final List<Folder> folders = new ArrayList<>();
    int readable = Integer.MAX_VALUE;
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public boolean stdout(byte[] bytes) {
        out.writeBytes(bytes);
        return out.size() < readable;
    }

    @Override
    public void stderr(byte[] bytes) {
        err.writeBytes(bytes);
    }

    Probe with(String guest, Path host, boolean writable) {
        folders.add(new Folder(guest, host, writable));
        return this;
    }

    Report report(String... calls) {
        return report(Duration.ofSeconds(30), calls);
    }

    Report report(Duration timeout, String... calls) {
        out.reset();
        err.reset();
        Request request = new Request(
                PROGRAM,
                null,
                String.join("\n", calls).getBytes(StandardCharsets.UTF_8),
                LoneProgram.DEFAULT_FUEL,
                16 << 20,
                timeout,
                List.of(),
                folders,
                Map.of("COLOUR", "blue"),
                List.of("one", "two words"));
        try {
            return LoneProgram.run(request, this);
        } catch (LoneProgram.BadRequest | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// @return what each call answered, without its name: the error number, then what it gave
    List<String> answers(String... calls) {
        Report report = report(calls);
        assertEquals(Ending.RETURNED, report.outcome(), report::toString);
        List<String> answers = new ArrayList<>();
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        for (int i = 0; i < lines.length; i++) {
            answers.add(lines[i].substring(calls[i].split(" ")[0].length() + 1));
        }
        return answers;
    }

    /// @return the error number of the last call; those before have to succeed
    int errorOf(String... calls) {
        List<String> answers = answers(calls);
        assertEquals(calls.length, answers.size(), answers::toString);
        for (int i = 0; i < calls.length - 1; i++) {
            assertEquals("0", answers.get(i).split(" ")[0], calls[i] + " in " + answers);
        }
        return Integer.parseInt(answers.getLast().split(" ")[0]);
    }

    static String open(int folder, String path) {
        return open(folder, path, 0);
    }

    /// @param flags 1 make it, 2 only a folder, 4 only if it is new, 8 cut it
    static String open(int folder, String path, int flags) {
        return "open " + folder + " " + path + " 1 " + flags + " " + ((flags & 2) != 0 ? ALL_RIGHTS & ~64 : ALL_RIGHTS)
                + " " + ALL_RIGHTS + " 0";
    }

    static String openToRead(int folder, String path) {
        return "open " + folder + " " + path + " 1 0 2097318 0 0";
    }
}
