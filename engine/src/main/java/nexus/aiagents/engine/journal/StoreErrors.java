package nexus.aiagents.engine.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jetbrains.exodus.OutOfDiskSpaceException;

/// What a failure of the disk or of the database means to a person.
final class StoreErrors {
    private static final Pattern OWNER = Pattern.compile("(\\d+)@");

    private StoreErrors() {}

    static StoreException of(Throwable failure, Path folder) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof StoreException known) {
                return known;
            }
            String message = String.valueOf(t.getMessage());
            String text = message.toLowerCase(Locale.ROOT);
            if (t instanceof OutOfDiskSpaceException
                    || text.contains("no space left")
                    || text.contains("not enough space")
                    || text.contains("disk quota exceeded")) {
                return new StoreException(
                        "store-full",
                        "the disk that holds " + folder + " is full: make room; what is stored stays readable",
                        failure);
            }
            if (text.contains("acquire environment lock")) {
                return locked(message, folder, failure);
            }
            if (t instanceof AccessDeniedException
                    || text.contains("read-only")
                    || text.contains("permission denied")
                    || text.contains("access is denied")) {
                return readOnly(folder, failure);
            }
        }
        return new StoreException(
                "store-broken",
                "the store in " + folder + " can not be used (" + describe(failure)
                        + "): naos backup list shows copies, naos backup restore puts one back; or move that folder away to begin"
                        + " with an empty history",
                failure);
    }

    static StoreException readOnly(Path folder, Throwable cause) {
        return new StoreException(
                "store-read-only",
                "can not write to " + folder + ": give yourself write permission, or copy the project to a folder of"
                        + " your own",
                cause);
    }

    static StoreException closed() {
        return new StoreException("store-closed", "the project was closed: open it again");
    }

    private static StoreException locked(String message, Path folder, Throwable cause) {
        Matcher owner = OWNER.matcher(message);
        boolean known = owner.find();
        String who = known ? " (pid " + owner.group(1) + ")" : "";
        String what = known ? name(Long.parseLong(owner.group(1))) : "";
        return new StoreException(
                "store-locked",
                "another process" + who + " has this project open and takes no commands: close it there, or wait"
                        + " until it has ended; " + what + "the store is " + folder,
                cause);
    }

    /// What the process runs, if this one may know.
    private static String name(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> "it runs " + Path.of(command).getFileName() + "; ")
                .orElse("");
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        String first = message == null || message.isBlank()
                ? ""
                : ": " + message.strip().lines().findFirst().orElse("");
        return failure.getClass().getSimpleName() + first;
    }
}
