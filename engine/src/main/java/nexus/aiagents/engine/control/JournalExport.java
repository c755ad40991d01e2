package nexus.aiagents.engine.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.AuditLine;
import org.jspecify.annotations.Nullable;

/// Writes entries of the journal for other programs: the one way for every front end.
public final class JournalExport {
    private static final int PAGE = 2_000;

    private JournalExport() {}

    /// What an export looks like.
    public enum Format {
        /// One JSON object a line; {@link AuditFile#verify} can check it.
        JSONL,
        /// A sheet, as RFC 4180 has it.
        CSV;

        /// @return what the ending of a file's name says, null: it says nothing
        public static @Nullable Format of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            return name.endsWith(".csv") ? CSV : name.endsWith(".jsonl") ? JSONL : null;
        }
    }

    /// Takes the lines one after the other.
    public interface Sheet {
        void write(AuditLine line) throws IOException;

        void flush() throws IOException;

        /// On a stream that stays open.
        static Sheet on(OutputStream out, Format format) throws IOException {
            return switch (format) {
                case JSONL -> new Lines(AuditFile.to(out));
                case CSV -> Rows.begin(out);
            };
        }
    }

    private record Lines(AuditFile.Writer out) implements Sheet {
        @Override
        public void write(AuditLine line) throws IOException {
            out.write(line);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    private record Rows(OutputStream out) implements Sheet {
        static Rows begin(OutputStream out) throws IOException {
            out.write((AuditFile.CSV_HEADER + "\r\n").getBytes(UTF_8));
            return new Rows(out);
        }

        @Override
        public void write(AuditLine line) throws IOException {
            out.write((AuditFile.csv(line) + "\r\n").getBytes(UTF_8));
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    /// Which entries, and whether to go on.
    ///
    /// @param query     asked of the journal, from its `afterSeq` on; its `max` is not looked at
    /// @param wanted    asked of each that the journal gives
    /// @param goesOn    asked with the number of entries written so far, after each page
    public record Selection(HistoryQuery query, Predicate<AuditLine> wanted, GoesOn goesOn) {
        public static Selection all(HistoryQuery query) {
            return new Selection(query, _ -> true, _ -> true);
        }
    }

    /// Hears of the progress.
    @FunctionalInterface
    public interface GoesOn {
        boolean after(long written);
    }

    /// @param entries how many were written
    /// @param lastSeq the newest that was looked at
    /// @param ended   whether all was looked at; false: {@link GoesOn} said no
    public record Written(long entries, long lastSeq, boolean ended) {}

    /// Writes what there is now to a sheet.
    public static Written write(EngineClient engine, Selection selection, Sheet sheet) throws IOException {
        HistoryQuery query = selection.query();
        long newest = engine.view().seq();
        long last = query.afterSeq();
        long count = 0;
        List<AuditLine> page = engine.lines(query.after(last, PAGE));
        while (!page.isEmpty()) {
            for (AuditLine line : page) {
                if (selection.wanted().test(line)) {
                    sheet.write(line);
                    count++;
                }
            }
            last = page.getLast().seq();
            if (!selection.goesOn().after(count)) {
                sheet.flush();
                return new Written(count, last, false);
            }
            page = engine.lines(query.after(last, PAGE));
        }
        sheet.flush();
        return new Written(count, Math.max(newest, last), true);
    }

    /// Writes a file, which is replaced in one step when all is written: a half-written one never stands
    /// there, and one that was there before stays if it does not end.
    ///
    /// @throws IOException if it can not be written
    public static Written write(EngineClient engine, Selection selection, Path file, Format format) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        boolean begun = false;
        try {
            Written written;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                begun = true;
                written = write(engine, selection, Sheet.on(out, format));
            }
            if (written.ended()) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return written;
        } finally {
            if (begun) {
                Files.deleteIfExists(part);
            }
        }
    }
}
