package nexus.aiagents.engine.replay;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.sandbox.Program;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Records and programs as bytes. A record is JSON lines under gzip: what it is listed by, the run, and a
/// line for each call. A program is a JSON line, and behind it the bytes of a module, under gzip; of an
/// agent that is only a prompt, the line is the prompt.
final class RecordCodec {
    private static final int FORMAT = 1;
    private static final String PROMPT = "prompt";
    private static final int MAX_TEXT = 256 << 20;
    private static final int MAX_PROGRAM = 80 << 20;

    /// The first line.
    private record First(int format, Recording recording) {}

    private RecordCodec() {}

    static byte[] bytes(RecordedRun run) {
        StringBuilder text = new StringBuilder();
        line(text, new First(FORMAT, Recording.of(run)));
        line(text, run.withCalls(List.of()));
        run.calls().forEach(call -> line(text, call));
        return packed(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void line(StringBuilder text, Object value) {
        text.append(EventJson.mapper().writeValueAsString(value)).append('\n');
    }

    /// @throws IOException if it is no record
    static RecordedRun run(byte[] bytes) throws IOException {
        try (BufferedReader lines = reader(new ByteArrayInputStream(bytes))) {
            first(lines);
            RecordedRun head = EventJson.mapper().readValue(needed(lines.readLine()), RecordedRun.class);
            List<RecordedCall> calls = new ArrayList<>();
            String line;
            while ((line = lines.readLine()) != null) {
                calls.add(EventJson.mapper().readValue(line, RecordedCall.class));
            }
            return head.withCalls(calls);
        } catch (JacksonException e) {
            throw new IOException("it is no record: " + e.getOriginalMessage(), e);
        }
    }

    /// Reads no more than it needs.
    static Recording listed(InputStream in) throws IOException {
        try (BufferedReader lines = reader(in)) {
            return first(lines);
        } catch (JacksonException e) {
            throw new IOException("it is no record: " + e.getOriginalMessage(), e);
        }
    }

    private static Recording first(BufferedReader lines) throws IOException {
        First first = EventJson.mapper().readValue(needed(lines.readLine()), First.class);
        if (first.format() != FORMAT) {
            throw new IOException("it was written by another version, in format " + first.format());
        }
        return first.recording();
    }

    private static String needed(@Nullable String line) throws IOException {
        if (line == null) {
            throw new IOException("it ends too early");
        }
        return line;
    }

    private static BufferedReader reader(InputStream in) throws IOException {
        return new BufferedReader(
                new InputStreamReader(new Bounded(new GZIPInputStream(in, 8192), MAX_TEXT), StandardCharsets.UTF_8));
    }

    // ---- programs

    /// What its hash is of.
    static byte[] plain(Program program) {
        ObjectNode head = EventJson.mapper().createObjectNode();
        head.put("name", program.name());
        byte[] module = {};
        switch (program) {
            case Program.WasmModule wasm -> {
                head.put("kind", "wasm");
                module = wasm.bytes();
            }
            case Program.Script script -> {
                head.put("kind", "script").put("entry", script.entry());
                ObjectNode files = head.putObject("files");
                new TreeMap<>(script.files()).forEach(files::put);
            }
        }
        byte[] line = (head + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[line.length + module.length];
        System.arraycopy(line, 0, all, 0, line.length);
        System.arraycopy(module, 0, all, line.length, module.length);
        return all;
    }

    static byte[] plain(PromptProgram prompt) {
        ObjectNode head = EventJson.mapper().createObjectNode();
        head.put("name", prompt.name()).put("kind", PROMPT).put("prompt", prompt.prompt());
        return (head + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// What was kept, to be run again.
    sealed interface KeptProgram {
        record Sandboxed(Program program) implements KeptProgram {}

        record Prompt(PromptProgram program) implements KeptProgram {}
    }

    static KeptProgram program(byte[] plain) throws IOException {
        int end = 0;
        while (end < plain.length && plain[end] != '\n') {
            end++;
        }
        if (end == plain.length) {
            throw new IOException("it is no program");
        }
        try {
            JsonNode head = EventJson.mapper().readTree(plain, 0, end);
            String name = head.path("name").asString("");
            String kind = head.path("kind").asString("");
            if (kind.equals(PROMPT)) {
                JsonNode prompt = head.path("prompt");
                return new KeptProgram.Prompt(new PromptProgram(name, prompt.isString() ? prompt.stringValue() : null));
            }
            if (kind.equals("wasm")) {
                byte[] module = new byte[plain.length - end - 1];
                System.arraycopy(plain, end + 1, module, 0, module.length);
                return new KeptProgram.Sandboxed(new Program.WasmModule(name, module));
            }
            Map<String, String> files = new TreeMap<>();
            head.path("files")
                    .properties()
                    .forEach(file -> files.put(file.getKey(), file.getValue().asString("")));
            return new KeptProgram.Sandboxed(
                    new Program.Script(name, head.path("entry").asString(""), files));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("it is no program: " + e.getMessage(), e);
        }
    }

    static byte[] packed(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, 8192)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] unpackedProgram(byte[] packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 8192)) {
            byte[] plain = in.readNBytes(MAX_PROGRAM + 1);
            if (plain.length > MAX_PROGRAM) {
                throw new IOException("it is larger than any program may be");
            }
            return plain;
        }
    }

    /// Ends with an error where a damaged file would unpack without end.
    private static final class Bounded extends java.io.FilterInputStream {
        private long left;

        Bounded(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            int read = super.read(to, from, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("it is larger than any record may be");
            }
        }
    }
}
