package nexus.aiagents.sandbox.internal.worker;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nexus.aiagents.sandbox.WorkerListener.Purpose;

/// How a worker is started: the Java of this process, its class path, and options of its own.
final class WorkerProcess {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    /// The only variables that a worker gets: what Windows needs to start anything at all.
    private static final List<String> NEEDED = List.of("SystemRoot", "TEMP", "TMP");

    /// A property of this process: options for the JVMs of workers beside those here, with blanks between.
    /// Where workers live for seconds, as in tests, the second compiler never pays off.
    private static final String MORE_OPTIONS = "nexus.sandbox.worker.options";

    private WorkerProcess() {}

    /// One that compiles lives for seconds: no time to optimize anything.
    private static List<String> options(Purpose purpose) {
        return purpose == Purpose.COMPILE ? List.of("-XX:TieredStopAtLevel=1") : List.of();
    }

    static Process start(Purpose purpose, long heapBytes) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(java().toString());
        line.addAll(List.of(
                "-Xmx" + (heapBytes >> 20) + "m",
                "-XX:MaxMetaspaceSize=256m",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                // Standard output carries frames: the JVM itself must not write there, nor litter a folder
                // when it breaks.
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:ErrorFile=" + (WINDOWS ? "NUL" : "/dev/null"),
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8"));
        line.addAll(options(purpose));
        line.addAll(List.of(System.getProperty(MORE_OPTIONS, "").split(" ")));
        line.removeIf(String::isEmpty);
        line.addAll(startUpCache());
        line.add(WorkerMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.directory(new File(System.getProperty("java.io.tmpdir")));
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(NEEDED);
        environment.put("CLASSPATH", classPath()); // it may be longer than a command line
        return builder.start();
    }

    /// An installed app has one, and most of the classes are the same. One that does not fit is ignored.
    private static List<String> startUpCache() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:AOTCache="))
                .toList();
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", WINDOWS ? "java.exe" : "java");
    }

    /// Made absolute: a worker starts in another folder.
    private static String classPath() {
        List<String> absolute = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!part.isEmpty()) {
                absolute.add(new File(part).getAbsolutePath());
            }
        }
        return String.join(File.pathSeparator, absolute);
    }
}
