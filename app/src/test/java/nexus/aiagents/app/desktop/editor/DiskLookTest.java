package nexus.aiagents.app.desktop.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is seen of a file that other programs write.
class DiskLookTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path project;

    private Path file;
    private TextFile before;

    @BeforeEach
    void read() throws IOException {
        file = Files.writeString(project.resolve("a.js"), "one\ntwo\nthree\nfour\n");
        Files.setLastModifiedTime(file, LONG_AGO);
        before = TextFile.read(file);
    }

    private DiskLook look(String mine, boolean sure) {
        return DiskLook.at(project, file, before, mine, DiskState.IN_STEP, sure);
    }

    @Test
    void a_file_that_is_as_it_was_is_not_even_read() {
        assertSame(DiskLook.SAME, look(null, false));
    }

    @Test
    void touched_without_a_change_it_is_the_same_text() throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(5)));
        assertInstanceOf(DiskLook.Touched.class, look("typed", false));
    }

    @Test
    void two_writes_within_one_tick_of_the_clock_are_both_seen() throws IOException {
        Files.writeString(file, "one\ntwo\nthree\nfive\n");
        before = TextFile.read(file);
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "one\ntwo\nthree\nnine\n");
        Files.setLastModifiedTime(file, time);
        assertEquals(
                "one\ntwo\nthree\nnine\n",
                assertInstanceOf(DiskLook.Changed.class, look(null, false))
                        .read()
                        .text());
    }

    @Test
    void saved_by_renaming_another_file_over_it_with_the_same_size_and_time_it_is_another() throws IOException {
        Path other = Files.writeString(project.resolve("b"), "ONE\ntwo\nthree\nfour\n");
        Files.setLastModifiedTime(other, LONG_AGO);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertInstanceOf(DiskLook.Changed.class, look(null, false));
    }

    @Test
    void an_empty_file_may_be_the_middle_of_a_write_until_it_stays_empty() throws IOException {
        Files.writeString(file, "");
        assertInstanceOf(DiskLook.Unsettled.class, look(null, false));
        assertEquals(
                "",
                assertInstanceOf(DiskLook.Changed.class, look(null, true))
                        .read()
                        .text());
    }

    @Test
    void what_was_typed_is_merged_with_what_was_written() throws IOException {
        Files.writeString(file, "ONE\ntwo\nthree\nfour\n");
        DiskLook.Merged merged = assertInstanceOf(DiskLook.Merged.class, look("one\ntwo\nthree\nFOUR\n", false));
        assertTrue(merged.merge().isClean());
        assertEquals("ONE\ntwo\nthree\nFOUR\n", merged.merge().text());
    }

    @Test
    void a_renamed_file_is_found_under_its_new_name() throws IOException {
        Files.move(file, project.resolve("renamed.js"));
        assertEquals(new DiskLook.Gone(null), look(null, false), "it may come back in a moment");
        assertEquals(new DiskLook.Gone("renamed.js"), look(null, true));
        Files.delete(project.resolve("renamed.js"));
        assertEquals(new DiskLook.Gone(null), look(null, true));
    }

    @Test
    void what_is_no_text_any_more_can_not_be_read() throws IOException {
        Files.write(file, new byte[] {0, 1, (byte) 0xff});
        assertTrue(assertInstanceOf(DiskLook.Unreadable.class, look(null, false))
                .why()
                .contains("a.js"));
    }

    @Test
    void what_was_typed_before_a_crash_is_kept_with_what_it_was_typed_on() {
        Recovery recovery = new Recovery(project.resolve("kept"));
        recovery.keep(project, Map.of("a.js", "typed"), Map.of("a.js", before.text()));
        Recovery.Kept kept = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            Recovery.Kept read = recovery.read(project);
            while (read.texts().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
                read = recovery.read(project);
            }
            return read;
        });
        assertEquals(Map.of("a.js", "typed"), kept.texts());
        assertEquals(Map.of("a.js", before.text()), kept.bases());
    }
}
