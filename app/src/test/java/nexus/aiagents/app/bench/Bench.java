package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Prints the figures of the README and of `docs/reference/benchmarks.md`. Run by `./mvnw -q -Pbench
/// verify`, with `-Dbench=NAME` for one of them; never a test.
public final class Bench {
    /// Held, because the log manager keeps loggers weakly. The store tells what it does between the rows.
    private static final Logger STORE = Logger.getLogger("jetbrains.exodus");

    /// What they say belongs to no table: JavaFX that it is not on the module path, LSP4J that a server
    /// has ended.
    private static final List<Logger> LIBRARIES =
            List.of(Logger.getLogger("javafx"), Logger.getLogger("org.eclipse.lsp4j"));

    private static final Map<String, Figures> ALL = new LinkedHashMap<>();
    /// Take long, so they have to be asked for.
    private static final List<String> ON_REQUEST = List.of("soak");

    static {
        ALL.put("edit", new EditBench(3));
        ALL.put("keys", new KeyBench(List.of(200, 5_000, 20_000)));
        ALL.put("tree", new TreeBench(List.of(100, 10_000, 50_000), 3));
        ALL.put("timeline", new TimelineBench(50_000, 4));
        ALL.put("log", new LogBench(List.of(100, 5_000), 8));
        ALL.put("idle", new IdleBench());
        ALL.put("frame", new FrameBench(5));
        ALL.put("open", new OpenBench());
        ALL.put("journal", new JournalBench(1_000_000));
        ALL.put("restart", new RestartBench());
        ALL.put("otp", new OtpBench());
        ALL.put("sqlite", new SagaBench());
        ALL.put("storm", new StormBench(10_000, 1_000));
        ALL.put("scale", new ScaleBench(100_000, 1_000));
        ALL.put("sandbox", new SandboxBench());
        ALL.put("script", new ScriptBench());
        ALL.put("replay", new ReplayBench(100));
        ALL.put("jmh", new JmhBench());
        ALL.put("soak", new SoakBench());
    }

    private Bench() {}

    /// @param args empty: all but those that take long; else which
    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("--here")) {
            STORE.setLevel(Level.WARNING);
            LIBRARIES.forEach(library -> library.setLevel(Level.SEVERE));
            find(args[1]).measure(new Table());
            System.exit(0); // whatever a measurement left running
        }
        List<String> names = new ArrayList<>(List.of(args));
        names.removeIf(String::isBlank);
        if (names.isEmpty()) {
            names.addAll(ALL.keySet());
            names.removeAll(ON_REQUEST);
        }
        names.forEach(Bench::find);
        System.out.printf("%n%s%n", machine());
        boolean allDone = true;
        for (String name : names) {
            System.out.printf("%n## %s%n%n", name);
            allDone &= inOwnProcess(name);
        }
        System.exit(allDone ? 0 : 1);
    }

    private static Figures find(String name) {
        Figures found = ALL.get(name);
        if (found == null) {
            System.err.println("there is no bench '" + name + "'; there is " + String.join(", ", ALL.keySet()));
            System.exit(2);
            throw new IllegalStateException();
        }
        return found;
    }

    private static boolean inOwnProcess(String name) throws Exception {
        List<String> command = java(
                "-Xmx3g",
                "--sun-misc-unsafe-memory-access=allow", // the harness of the pure decisions
                "-Dnexus.soak=" + System.getProperty("nexus.soak", ""),
                "-Dnexus.idle=" + System.getProperty("nexus.idle", ""),
                Bench.class.getName(),
                "--here",
                name);
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    /// A command line that runs Java like this process does.
    static List<String> java(String... further) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dglass.platform=Headless",
                "-Dprism.order=sw",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(further));
        return command;
    }

    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String processor = Files.isReadable(info)
                ? Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("")
                : "";
        return Table.text(
                "Java %s, %d cores (%s), %s %s",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                processor,
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }
}
