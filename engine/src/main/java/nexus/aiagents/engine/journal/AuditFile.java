package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import nexus.aiagents.engine.journal.AuditReport.Finding;
import nexus.aiagents.engine.journal.AuditReport.Kind;
import org.jspecify.annotations.Nullable;

/// Entries outside of the store, one JSON object a line: `seq`, `at`, `previous` where the line before
/// is not the entry before, `hash`, and at the end `event`, the very text that the hash covers. Anyone
/// can check such a file without the store it is from.
public final class AuditFile {
    private static final Pattern LINE = Pattern.compile("\\{\"seq\":(\\d{1,18}),\"at\":\"([^\"]{1,40})\","
            + "(?:\"previous\":\"([0-9a-f]{64})\",)?\"hash\":\"([0-9a-f]{64}|)\",\"event\":(\\{.*\\})\\}");

    private AuditFile() {}

    /// What such a file proves.
    ///
    /// @param firstSeq the first entry in it, 0 if there is none
    /// @param previous hash that its first entry goes on from, hex
    /// @param lastHash of its last entry: the next archive, or the store, goes on from it
    /// @param gaps     how often it says itself that entries are left out, as a filtered export does
    /// @param finding  the first thing that is wrong, null if nothing is
    public record Report(
            long entries,
            long firstSeq,
            long lastSeq,
            String previous,
            String lastHash,
            long gaps,
            @Nullable Finding finding) {}

    /// Whether the entry's hash is that of its bytes and of the hash before.
    public static boolean fits(AuditLine line) {
        return !line.hash().isEmpty()
                && line.hash()
                        .equals(EntryCodec.hex(EntryCodec.hash(
                                EntryCodec.unhex(line.previous()),
                                line.seq(),
                                line.at().toEpochMilli(),
                                line.eventJson().getBytes(UTF_8))));
    }

    /// @param previous whether to name the hash before
    public static String json(AuditLine line, boolean previous) {
        return "{\"seq\":" + line.seq() + ",\"at\":\"" + line.at() + "\","
                + (previous ? "\"previous\":\"" + line.previous() + "\"," : "")
                + "\"hash\":\"" + line.hash() + "\",\"event\":" + line.eventJson() + "}";
    }

    /// Columns of {@link #csv}, as RFC 4180 wants them: lines end with CR LF.
    public static final String CSV_HEADER = "seq,at,type,agent,run,hash,event";

    /// A line of CSV without its end.
    public static String csv(AuditLine line) {
        EngineEvent event = line.entry().event();
        return line.seq() + "," + line.at() + "," + event.getClass().getSimpleName() + "," + quoted(event.agent()) + ","
                + quoted(event.runId()) + "," + line.hash() + "," + quoted(line.eventJson());
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "";
        }
        // A sheet takes what begins so for a formula; an agent may write what it likes.
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    /// Writes entries so that {@link #verify} can check them.
    public static final class Writer implements AutoCloseable {
        private final BufferedWriter out;
        private final @Nullable FileOutputStream file;
        private String last = "";

        private Writer(OutputStream to, @Nullable FileOutputStream file) {
            this.out = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
            this.file = file;
        }

        public void write(AuditLine line) throws IOException {
            out.write(json(line, !line.previous().equals(last)));
            out.write('\n');
            last = line.hash();
        }

        public void flush() throws IOException {
            out.flush();
        }

        /// What was written is on the disk then.
        @Override
        public void close() throws IOException {
            if (file == null) {
                out.flush();
                return;
            }
            try (file) {
                out.close();
            }
        }
    }

    /// To a stream that stays open.
    public static Writer to(OutputStream out) {
        return new Writer(out, null);
    }

    static Writer create(Path file, boolean zipped) throws IOException {
        FileOutputStream out = new FileOutputStream(file.toFile());
        OutputStream synced = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                out.getFD().sync();
            }
        };
        return new Writer(zipped ? new GZIPOutputStream(synced, 1 << 16) : synced, out);
    }

    /// @throws IOException if the file can not be read
    public static Report verify(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
                BufferedReader lines = new BufferedReader(new InputStreamReader(text, UTF_8))) {
            return new Check().of(lines);
        }
    }

    private static final class Check {
        private long entries;
        private long gaps;
        private long first;
        private String begin = "";
        private long seq;
        private String hash = "";

        Report of(BufferedReader lines) throws IOException {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                Finding finding = next(text);
                if (finding != null) {
                    return report(finding);
                }
            }
            return report(null);
        }

        private @Nullable Finding next(String text) {
            Matcher m = LINE.matcher(text);
            if (!m.matches()) {
                return new Finding(
                        Kind.CHANGED, seq + 1, "Line " + (entries + 1) + " is not an entry of a journal, or cut off.");
            }
            long number = Long.parseLong(m.group(1));
            String said = m.group(3);
            if (said == null && entries == 0) {
                return new Finding(Kind.MISSING, number, "What comes before entry " + number + " is not there.");
            }
            if (said == null && number != seq + 1) {
                return number > seq
                        ? new Finding(
                                Kind.MISSING, seq + 1, "Entries " + (seq + 1) + " to " + (number - 1) + " are missing.")
                        : new Finding(Kind.REORDERED, number, "Entry " + number + " stands behind entry " + seq + ".");
            }
            if (said != null && entries > 0 && number <= seq) {
                return new Finding(Kind.REORDERED, number, "Entry " + number + " stands behind entry " + seq + ".");
            }
            if (said != null && number == seq + 1 && entries > 0 && !said.equals(hash)) {
                return new Finding(Kind.CHANGED, number, "Entry " + number + " does not go on from entry " + seq + ".");
            }
            String previous = said == null ? hash : said;
            AuditLine line;
            try {
                line = new AuditLine(number, Instant.parse(m.group(2)), previous, m.group(4), m.group(5));
            } catch (DateTimeException e) {
                return new Finding(Kind.CHANGED, number, "The time of entry " + number + " is none.");
            }
            if (!fits(line)) {
                return new Finding(
                        Kind.CHANGED, number, "Entry " + number + " does not fit its hash and the one before it.");
            }
            if (entries == 0) {
                first = number;
                begin = previous;
            } else if (said != null) {
                gaps++;
            }
            entries++;
            seq = number;
            hash = line.hash();
            return null;
        }

        private Report report(@Nullable Finding finding) {
            return new Report(entries, first, seq, begin, hash, gaps, finding);
        }
    }
}
