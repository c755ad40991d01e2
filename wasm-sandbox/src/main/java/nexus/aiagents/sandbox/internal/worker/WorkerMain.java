package nexus.aiagents.sandbox.internal.worker;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a worker process runs. It lives as long as the pipe on its standard input: when the app ends, no
/// matter how, the system closes the pipe, and the process ends at once.
public final class WorkerMain {
    private static final int APP_IS_GONE = 0;
    private static final int BROKEN = 3;

    private WorkerMain() {}

    public static void main(String[] args) {
        int status = BROKEN;
        try {
            // The pipe is for frames alone: whatever else reads or prints gets nothing and goes to stderr.
            Interrupts.ignore();
            System.setIn(InputStream.nullInputStream());
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
            Frames pipe = new Frames(
                    new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                    Frames.MAX_TO_WORKER,
                    new FileOutputStream(FileDescriptor.out),
                    Frames.MAX_FROM_WORKER);
            new Workplace(pipe, WorkerMain::broken).serve();
            status = APP_IS_GONE;
        } catch (IOException | BadFrame | JvmBroke e) {
            logger().error("the pipe to the app is broken", e);
        } finally {
            // Whatever a program does just now, nothing may keep this process alive.
            Runtime.getRuntime().halt(status);
        }
    }

    private static Logger logger() {
        return LoggerFactory.getLogger(WorkerMain.class);
    }

    /// Ends the process: better than a run of which nobody learns how it ended.
    private static void broken(Throwable why) {
        try {
            logger().error("the worker can not go on", why);
        } finally {
            Runtime.getRuntime().halt(BROKEN);
        }
    }
}
