package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A text file as it was read: its text with `\n`, how its lines ended, and by what to see that it changed.
///
/// @param text  without byte order mark
/// @param crlf  every line ended with `\r\n`
/// @param bom   it began with a byte order mark
/// @param stamp see {@link #stamp(Path)}
record TextFile(String text, boolean crlf, boolean bom, Stamp stamp) {
    static final long LARGEST = 4L << 20;
    private static final long RECENT_MILLIS = 2_000;

    /// What tells a file from what it was. An editor that saves by renaming gives it another key.
    ///
    /// @param size   negative: there is no such file
    /// @param recent it was written within the last moments when this was made: the next write may have the
    ///     same time
    record Stamp(
            long size,
            @Nullable FileTime modified,
            @Nullable Object key,
            boolean recent) {
        static final Stamp GONE = new Stamp(-1, null, null, false);
        /// Of a text that is on no disk any more.
        static final Stamp UNKNOWN = new Stamp(-2, null, null, false);

        boolean isGone() {
            return size == GONE.size();
        }

        /// Whether the file is certainly the same as when the other was made.
        boolean provesSame(Stamp before) {
            return !before.recent
                    && size == before.size
                    && Objects.equals(modified, before.modified)
                    && Objects.equals(key, before.key);
        }
    }

    /// A file the editor will not open; the message says why.
    static final class NotText extends IOException {
        NotText(String message) {
            super(message);
        }
    }

    static Stamp stamp(Path file) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            FileTime modified = now.lastModifiedTime();
            boolean recent = modified.toMillis() + RECENT_MILLIS > System.currentTimeMillis();
            return now.isRegularFile() ? new Stamp(now.size(), modified, now.fileKey(), recent) : Stamp.GONE;
        } catch (NoSuchFileException _) {
            return Stamp.GONE;
        }
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

    /// The same text as if it had been read long ago, so that whatever is on the disk is another.
    static TextFile onNoDisk(String text, TextFile like) {
        return new TextFile(text, like.crlf, like.bom, Stamp.UNKNOWN);
    }

    /// What is on the disk, or a file that is not there any more and had this text.
    static TextFile readOr(Path file, String gone) throws IOException {
        return stamp(file).isGone() ? new TextFile(gone, false, false, Stamp.GONE) : read(file);
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
