package nexus.aiagents.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/// What the engine logs goes to `.nexus/logs`, never between the lines of a command.
final class LogFile {
    private static final int MAX_BYTES = 5_000_000;
    private static final int FILES = 3;

    private LogFile() {}

    /// Sends what is logged from now on to a file of this project. Where that can not be, nothing is
    /// logged: the store will say more clearly what is wrong with the folder.
    static void in(Path project) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
            handler.close();
        }
        try {
            Path logs = Files.createDirectories(project.resolve(".nexus").resolve("logs"));
            FileHandler handler = new FileHandler(logs + "/naos.%u.%g.log", MAX_BYTES, FILES, true);
            handler.setEncoding(StandardCharsets.UTF_8.name());
            handler.setFormatter(new SimpleFormatter());
            handler.setLevel(Level.INFO);
            handler.setErrorManager(new Silent());
            root.addHandler(handler);
        } catch (IOException e) {
            root.setLevel(Level.OFF);
        }
    }

    /// A log that can not be written, because the disk is full, is no news for the terminal: the stock
    /// manager prints a stack trace there.
    private static final class Silent extends ErrorManager {
        @Override
        public synchronized void error(@Nullable String message, @Nullable Exception e, int code) {
            // The store says more clearly what is wrong.
        }
    }

    /// Keeps an unexpected error for whoever mends it.
    ///
    /// @param project null: there is none, the folder for temporary files is used
    /// @return where it is, null if it could not be written anywhere
    static @Nullable Path crash(@Nullable Path project, Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        try {
            Path logs = project == null
                    ? Path.of(System.getProperty("java.io.tmpdir"))
                    : Files.createDirectories(project.resolve(".nexus").resolve("logs"));
            return Files.writeString(
                    logs.resolve("naos-crash.log"),
                    Instant.now() + "\n" + trace + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException _) {
            return null;
        }
    }
}
