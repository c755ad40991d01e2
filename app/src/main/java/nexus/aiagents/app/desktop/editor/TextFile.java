package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A text file as it was read: its text with `\n`, how its lines ended, and by what to see that it changed.
///
/// @param text  without byte order mark
/// @param crlf  every line ended with `\r\n`
/// @param bom   it began with a byte order mark
/// @param stamp see {@link #stamp(Path)}
record TextFile(String text, boolean crlf, boolean bom, Stamp stamp) {
    static final long LARGEST = 4L << 20;

    /// @param size negative: there is no such file
    record Stamp(long size, @Nullable FileTime modified) {
        static final Stamp GONE = new Stamp(-1, null);
    }

    /// A file the editor will not open; the message says why.
    static final class NotText extends IOException {
        NotText(String message) {
            super(message);
        }
    }

    static Stamp stamp(Path file) throws IOException {
        return Files.isRegularFile(file) ? new Stamp(Files.size(file), Files.getLastModifiedTime(file)) : Stamp.GONE;
    }

    static TextFile read(Path file) throws IOException {
        Stamp stamp = stamp(file);
        if (stamp.size() > LARGEST) {
            throw new NotText(file.getFileName() + " has " + (stamp.size() >> 20) + " MB; the editor opens text up to "
                    + (LARGEST >> 20) + " MB.");
        }
        byte[] bytes = Files.readAllBytes(file);
        String raw;
        try {
            raw = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotText(file.getFileName() + " is not UTF-8 text.");
        }
        if (raw.indexOf('\0') >= 0) {
            throw new NotText(file.getFileName() + " is not text.");
        }
        boolean bom = raw.startsWith("\uFEFF");
        String body = bom ? raw.substring(1) : raw;
        boolean crlf = body.contains("\r\n");
        return new TextFile(body.replace("\r\n", "\n").replace('\r', '\n'), crlf, bom, stamp);
    }

    /// Writes `changed` as this file was: line ends, byte order mark and permissions are kept. It is whole
    /// or not there at all: written beside the file, then moved.
    TextFile write(Path file, String changed) throws IOException {
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
        String lines = crlf ? changed.replace("\n", "\r\n") : changed;
        Path temporary = Files.createTempFile(target.toAbsolutePath().getParent(), ".nexus-save", ".tmp");
        try {
            Files.writeString(temporary, bom ? "\uFEFF" + lines : lines);
            if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        temporary,
                        Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                                ? Files.getPosixFilePermissions(target)
                                : PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return new TextFile(changed, crlf, bom, stamp(file));
    }
}
