package nexus.aiagents.app.desktop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What JavaFX finds wrong in style sheets while it is open: colours that do not resolve, words it does
/// not know.
final class CssComplaints extends Handler {
    private static final int KEPT = 20;

    /// Held here, as the log manager forgets loggers that nobody holds.
    private final Logger logger = Logger.getLogger("javafx.css");
    private final List<String> found = new CopyOnWriteArrayList<>();

    CssComplaints() {
        logger.addHandler(this);
    }

    List<String> found() {
        return found.stream().distinct().limit(KEPT).toList();
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            found.add(entry.getMessage() + " (" + whence() + ")");
        }
    }

    /// Which code of ours made JavaFX look at the style sheets; empty: it did so by itself.
    private static String whence() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> f.getClassName().startsWith("nexus.aiagents.app.desktop.")
                                && !f.getClassName().endsWith("CssComplaints"))
                        .limit(1)
                        .map(StackWalker.StackFrame::toString)
                        .findFirst()
                        .orElse(""));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
