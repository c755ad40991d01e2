package nexus.aiagents.engine.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jetbrains.exodus.OutOfDiskSpaceException;

/// What a failure of the disk or of the database means to a person.
final class StoreErrors {
    private static final int MOST_TOLD = 120;
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
                return new StoreException("store-locked", heldBy(message, folder), failure);
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

    /// @param message has `PID@` in it, as the file does by which the database is locked, if it is known
    static String heldBy(String message, Path folder) {
        Matcher owner = OWNER.matcher(message);
        boolean known = owner.find();
        String who = known ? " (pid " + owner.group(1) + ")" : "";
        String what = known ? name(Long.parseLong(owner.group(1))) : "";
        return "another process" + who + " has this project open and takes no commands: close it there, or wait"
                + " until it has ended; " + what + "the store is " + folder;
    }

    /// What the process runs, if this one may know: of a Java program its main class and what that was
    /// told.
    private static String name(long pid) {
        ProcessHandle.Info info = ProcessHandle.of(pid).map(ProcessHandle::info).orElse(null);
        if (info == null || info.command().isEmpty()) {
            return "";
        }
        String program = String.valueOf(Path.of(info.command().get()).getFileName());
        return "it runs " + program + told(info.arguments().orElse(new String[0])) + "; ";
    }

    static String told(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].matches("[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w*")) {
                String words = String.join(" ", Arrays.asList(arguments).subList(i, arguments.length));
                return " " + (words.length() <= MOST_TOLD ? words : words.substring(0, MOST_TOLD) + "…");
            }
        }
        return "";
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        String first = message == null || message.isBlank()
                ? ""
                : ": " + message.strip().lines().findFirst().orElse("");
        return failure.getClass().getSimpleName() + first;
    }
}
