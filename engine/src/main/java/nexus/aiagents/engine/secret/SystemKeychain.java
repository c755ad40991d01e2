package nexus.aiagents.engine.secret;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The keychain by the commands that come with the system. A value goes through their standard input and
/// output alone: arguments can be read by every program of the machine.
final class SystemKeychain implements Keychain {
    private static final String SERVICE = "nexus-os";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    /// A line of macOS' `security -i` has room for 4,096 bytes, and two hexadecimal digits are a byte.
    private static final int MOST_CHARS = 1_900;
    private static final Duration TO_FIND = Duration.ofSeconds(5);
    /// A person may have to unlock it.
    private static final Duration TO_CHANGE = Duration.ofSeconds(60);

    private final @Nullable Commands commands;
    private final String absent;
    private final Tool tool;

    /// Runs a command of the system; tests have their own.
    @FunctionalInterface
    interface Tool {
        Done run(List<String> command, String stdin, Duration within) throws ToolFailed;
    }

    /// @param exit its exit code
    record Done(int exit, String out, String err) {}

    /// A command that could not be started or did not end.
    static final class ToolFailed extends Exception {
        ToolFailed(String message) {
            super(message);
        }
    }

    /// How a system does it. A value is in `input` alone.
    private enum Commands {
        SECRET_SERVICE {
            @Override
            List<String> find(String name) {
                return List.of("secret-tool", "lookup", "service", SERVICE, "account", name);
            }

            @Override
            List<String> store(String name) {
                return List.of(
                        "secret-tool", "store", "--label=Nexus OS: " + name, "service", SERVICE, "account", name);
            }

            @Override
            String input(String name, String value) {
                return value;
            }

            @Override
            List<String> remove(String name) {
                return List.of("secret-tool", "clear", "service", SERVICE, "account", name);
            }

            /// It says what is wrong, and nothing if there is none.
            @Override
            boolean missing(Done done) {
                return done.exit() == 1 && done.err().isBlank();
            }

            /// A lookup says the same of an entry that is locked as of none; a search lists it, and
            /// unlocks nothing.
            @Override
            List<String> listing(String name) {
                return List.of("secret-tool", "search", "service", SERVICE, "account", name);
            }
        },
        MAC {
            @Override
            List<String> find(String name) {
                return List.of("/usr/bin/security", "find-generic-password", "-s", SERVICE, "-a", name, "-w");
            }

            @Override
            List<String> store(String name) {
                return List.of("/usr/bin/security", "-i");
            }

            @Override
            String input(String name, String value) {
                return "add-generic-password -U -s " + SERVICE + " -a " + name + " -X "
                        + HexFormat.of().formatHex(value.getBytes(StandardCharsets.US_ASCII)) + "\n";
            }

            @Override
            List<String> remove(String name) {
                return List.of("/usr/bin/security", "delete-generic-password", "-s", SERVICE, "-a", name);
            }

            /// errSecItemNotFound, as an exit code.
            @Override
            boolean missing(Done done) {
                return done.exit() == 44;
            }
        };

        abstract List<String> find(String name);

        abstract List<String> store(String name);

        abstract String input(String name, String value);

        abstract List<String> remove(String name);

        abstract boolean missing(Done done);

        /// Writes something if there is an entry that could not be read; empty if {@link #missing} is sure.
        List<String> listing(String name) {
            return List.of();
        }
    }

    private SystemKeychain(@Nullable Commands commands, String absent, Tool tool) {
        this.commands = commands;
        this.absent = absent;
        this.tool = tool;
    }

    /// @param os as in the system property `os.name`
    static Keychain of(String os) {
        return of(os, new ToolProcess());
    }

    static Keychain of(String os, Tool tool) {
        String system = os.toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return new SystemKeychain(Commands.MAC, "", tool);
        }
        if (system.startsWith("linux")) {
            return new SystemKeychain(Commands.SECRET_SERVICE, "", tool);
        }
        return new SystemKeychain(null, "there is none for " + os + " yet: use the environment", tool);
    }

    @Override
    public Answer find(String name) {
        Commands by = commands;
        if (by == null) {
            return new Answer.Unreachable(absent);
        }
        if (!NAME.matcher(name).matches()) {
            return new Answer.Missing();
        }
        try {
            Done done = tool.run(by.find(name), "", TO_FIND);
            if (done.exit() == 0) {
                return new Answer.Found(withoutLineEnd(done.out()));
            }
            if (!by.missing(done)) {
                return new Answer.Unreachable(said(done));
            }
            List<String> listing = by.listing(name);
            return listing.isEmpty() || tool.run(listing, "", TO_FIND).out().isBlank()
                    ? new Answer.Missing()
                    : new Answer.Unreachable("it is locked");
        } catch (ToolFailed e) {
            return new Answer.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void store(String name, String value) throws KeychainException {
        Commands by = forChange(name);
        if (value.isBlank() || value.length() > MOST_CHARS || !value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new KeychainException(
                    "bad-input",
                    "the value of " + name + " was not kept: it has to be one line of 1 to " + MOST_CHARS
                            + " characters without accents");
        }
        change(by.store(name), by.input(name, value));
        // an exit code alone is not believed: a tool that reads commands goes on after one that failed
        if (!(find(name) instanceof Answer.Found(String kept)) || !kept.equals(value)) {
            throw new KeychainException("keychain", "the keychain took the value of " + name + " and does not have it");
        }
    }

    @Override
    public boolean remove(String name) throws KeychainException {
        Commands by = forChange(name);
        return switch (find(name)) {
            case Answer.Missing _ -> false;
            case Answer.Unreachable(String why) -> throw unreachable(why);
            case Answer.Found _ -> {
                change(by.remove(name), "");
                yield true;
            }
        };
    }

    private Commands forChange(String name) throws KeychainException {
        Commands by = commands;
        if (by == null) {
            throw unreachable(absent);
        }
        if (!NAME.matcher(name).matches()) {
            throw new KeychainException(
                    "bad-input",
                    "'" + name + "' is no name of a variable: letters, digits and _ are, like OPENAI_API_KEY");
        }
        return by;
    }

    private void change(List<String> command, String input) throws KeychainException {
        try {
            Done done = tool.run(command, input, TO_CHANGE);
            if (done.exit() != 0) {
                throw unreachable(said(done));
            }
        } catch (ToolFailed e) {
            throw unreachable(String.valueOf(e.getMessage()));
        }
    }

    private static KeychainException unreachable(String why) {
        return new KeychainException("keychain", "the keychain could not be asked: " + why);
    }

    /// A tool that reads commands may repeat them, with the value: of such only that it failed is told.
    private String said(Done done) {
        String first = done.err().lines().filter(l -> !l.isBlank()).findFirst().orElse("");
        return commands == Commands.SECRET_SERVICE && !first.isEmpty()
                ? first.strip()
                : "its command ended with " + done.exit();
    }

    private static String withoutLineEnd(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
