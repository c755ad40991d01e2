package nexus.aiagents.app.desktop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.application.Platform;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import nexus.aiagents.engine.control.EngineClient;

/// Finds work that would freeze the window: calls of the engine and input and output on the JavaFX thread.
/// The JVM itself tells of the latter.
final class FxThreadGuard implements AutoCloseable {
    /// What may be called there: both answer at once.
    private static final Set<String> ALLOWED = Set.of("view", "isRemote");

    private static final List<String> WORK = List.of(
            "jdk.FileRead", "jdk.FileWrite", "jdk.FileForce", "jdk.SocketRead", "jdk.SocketWrite", "jdk.ThreadSleep");

    private final Recording recording = new Recording();

    FxThreadGuard() {
        for (String event : WORK) {
            recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
        }
        recording.start();
    }

    /// The same client, which tells of calls on the JavaFX thread.
    static EngineClient around(EngineClient client, List<String> wrong) {
        return (EngineClient) Proxy.newProxyInstance(
                EngineClient.class.getClassLoader(), new Class<?>[] {EngineClient.class}, (_, method, args) -> {
                    boolean ofEngine = method.getDeclaringClass() == EngineClient.class;
                    if (ofEngine && Platform.isFxApplicationThread() && !ALLOWED.contains(method.getName())) {
                        wrong.add("EngineClient." + method.getName());
                    }
                    try {
                        return method.invoke(client, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// What the app's own code did on the JavaFX thread since this was made: event, and the line that
    /// did it.
    List<String> found() {
        recording.stop();
        try {
            Path file = Files.createTempFile("fx-thread", ".jfr");
            recording.dump(file);
            List<String> found = new ArrayList<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getThread() != null
                        && "JavaFX Application Thread".equals(event.getThread().getJavaName())) {
                    String line = own(event);
                    if (line != null) {
                        found.add(event.getEventType().getName() + " at " + line);
                    }
                }
            }
            Files.delete(file);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Null for what JavaFX and other libraries do by themselves, such as reading fonts and style
    /// sheets, for the loading of classes, and for what tests do.
    private static String own(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return null;
        }
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith("nexus.aiagents.")) {
                boolean test = type.endsWith("Test") || type.contains("Test$") || type.contains("DesktopFixture");
                return test ? null : type + "." + frame.getMethod().getName() + ":" + frame.getLineNumber();
            }
            boolean ofJava = type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.");
            if (!ofJava || type.contains("ClassLoader") || type.startsWith("jdk.internal.loader.")) {
                return null;
            }
        }
        return null;
    }

    @Override
    public void close() {
        recording.close();
    }
}
