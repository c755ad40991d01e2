package nexus.aiagents.engine.project;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says why a file or folder could not be written, and what to do. The disk is looked at for it: the
/// system's own words name neither the folder that is a file nor the one that is missing.
public final class WriteTrouble {
    private WriteTrouble() {}

    /// @param target what was to be written
    /// @return `TARGET can not be written: WHY; WHAT TO DO`, one line without a full stop
    public static String of(Path target, IOException e) {
        return target + " can not be written: " + why(target.toAbsolutePath().normalize(), e);
    }

    /// The same as an error, for callers that do not know which of several files was being written.
    ///
    /// @param written what was written before: it is deleted, as far as that can be done
    public static IOException undone(Path target, IOException e, Collection<Path> written) {
        IOException said = new IOException(of(target, e), e);
        for (Path file : written) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException stays) {
                said.addSuppressed(stays);
            }
        }
        return said;
    }

    private static String why(Path target, IOException e) {
        String system = system(e);
        String lower = system.toLowerCase(Locale.ROOT);
        if (lower.contains("no space") || lower.contains("quota")) {
            return "the disk is full (" + system + "); make room on it, then do it again";
        }
        if (Files.isDirectory(target)) {
            return "it is a folder; name a file";
        }
        @Nullable Path there = target.getParent();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null) {
            return system + "; name another place";
        }
        if (!Files.isDirectory(there)) {
            return there + " is a file, not a folder (" + system + "); name another place";
        }
        if (e instanceof AccessDeniedException || lower.contains("read-only") || lower.contains("not permitted")) {
            return "you may not write in " + there + " (" + system
                    + "); give yourself the right to, or name another place";
        }
        if (e instanceof FileAlreadyExistsException && Files.exists(target)) {
            return "a file of that name is there already; move it away, or name another place";
        }
        @Nullable Path parent = target.getParent();
        if (parent != null && !parent.equals(there) && !wasMakingFolders(target, e)) {
            return "there is no folder " + parent + "; make it, or name another place";
        }
        return Files.exists(target)
                ? system + "; close whatever holds it, or name another place"
                : "nothing can be made in " + there + " (" + system + "); name another place";
    }

    /// Of `/x/y (Not a directory)`, as streams say it.
    private static String inParentheses(String message) {
        int open = message.lastIndexOf('(');
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }

    /// Whether it was a folder above the target that could not be made.
    private static boolean wasMakingFolders(Path target, IOException e) {
        return e instanceof FileSystemException file
                && file.getFile() != null
                && !target.equals(Path.of(file.getFile()))
                && target.startsWith(file.getFile());
    }

    /// The reason as the system has it: Java leaves it out where it has a class for it.
    private static String system(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return switch (e) {
            case AccessDeniedException _ -> "access is denied";
            case NoSuchFileException _ -> "no such file or folder";
            case FileAlreadyExistsException _ -> "it is there already";
            case FileNotFoundException _ -> inParentheses(String.valueOf(e.getMessage()));
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
