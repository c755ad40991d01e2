package nexus.aiagents.engine.agent.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Why something could not be done with a file. The code is one of those that {@link
/// nexus.aiagents.sandbox.HostCall.Disk} lists.
public final class DiskFailure extends Exception {
    static final String NOT_GRANTED = "not-granted";

    /// Java tells these apart by the system's own words only.
    private static final List<Map.Entry<String, String>> REASONS = List.of(
            Map.entry("not a directory", "not-a-folder"),
            Map.entry("is a directory", "is-a-folder"),
            Map.entry("directory not empty", "not-empty"),
            Map.entry("too many levels of symbolic links", "link-loop"),
            Map.entry("file name too long", "name-too-long"),
            Map.entry("too many open files", "too-many-open"),
            Map.entry("no space left", "no-space"),
            Map.entry("quota exceeded", "no-space"),
            Map.entry("file too large", "too-large"),
            Map.entry("cross-device link", "other-mount"),
            Map.entry("operation not permitted", "access-denied"),
            Map.entry("read-only file system", "access-denied"),
            Map.entry("invalid argument", "bad-input"));

    private final String code;

    DiskFailure(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static DiskFailure leaves(String path) {
        return new DiskFailure(NOT_GRANTED, "'" + path + "' leads out of its folder");
    }

    static DiskFailure of(String path, IOException e) {
        String code = switch (e) {
            case NoSuchFileException _, FileNotFoundException _ -> "not-found";
            case FileAlreadyExistsException _ -> "exists";
            case DirectoryNotEmptyException _ -> "not-empty";
            case NotDirectoryException _ -> "not-a-folder";
            case AccessDeniedException _ -> "access-denied";
            case FileSystemLoopException _ -> "link-loop";
            case ClosedByInterruptException _ -> "interrupted";
            case FileSystemException f -> byReason(String.valueOf(f.getReason()));
            default -> byReason(String.valueOf(e.getMessage()));
        };
        return new DiskFailure(code, "'" + path + "': " + code.replace('-', ' '));
    }

    private static String byReason(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        return REASONS.stream()
                .filter(known -> lower.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("file-error");
    }

    public String code() {
        return code;
    }
}
