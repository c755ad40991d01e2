package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTroubleTest {
    @TempDir
    Path folder;

    private String of(String name, IOException e) {
        return WriteTrouble.of(folder.resolve(name), e).replace(folder.toString(), "HERE");
    }

    @Test
    void it_says_what_could_not_be_written_why_and_what_to_do() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        Files.createDirectory(folder.resolve("folder"));
        assertEquals(
                "HERE/folder can not be written: it is a folder; name a file",
                of("folder", new FileSystemException("x", null, "Is a directory")));
        assertEquals(
                "HERE/file/a/b can not be written: HERE/file is a file, not a folder (Not a directory); name another place",
                of("file/a/b", new FileSystemException("x", null, "Not a directory")));
        assertEquals(
                "HERE/a/b can not be written: there is no folder HERE/a; make it, or name another place",
                of("a/b", new NoSuchFileException(folder.resolve("a/b.part").toString())));
        assertEquals(
                "HERE/a/b can not be written: nothing can be made in HERE (no such file or folder); name another place",
                of("a/b", new NoSuchFileException(folder.resolve("a").toString())));
        assertEquals(
                "HERE/a can not be written: you may not write in HERE (access is denied); give yourself the right to, or name"
                        + " another place",
                of("a", new AccessDeniedException("x")));
        assertEquals(
                "HERE/a can not be written: you may not write in HERE (Read-only file system); give yourself the right to, or"
                        + " name another place",
                of("a", new FileSystemException("x", null, "Read-only file system")));
        assertEquals(
                "HERE/a can not be written: nothing can be made in HERE (Invalid argument); name another place",
                of("a", new FileNotFoundException("/x/a (Invalid argument)")));
        assertEquals(
                "HERE/a can not be written: the disk is full (No space left on device); make room on it, then do it again",
                of("a", new IOException("No space left on device")));
    }
}
