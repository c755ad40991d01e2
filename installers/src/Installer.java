import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Makes the installer of the system it runs on: a trimmed Java, an app image with both launchers and a
/// cache that makes them start quickly, and of that image a package. Run by Maven: `DIST OUTPUT VERSION`.
public final class Installer {
    private static final String MODULES = String.join(
            ",",
            "java.base,java.compiler,java.datatransfer,java.desktop,java.logging,java.management,java.naming,java.net.http",
            "java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs");
    private static final String DESCRIPTION = "Keeps AI agents alive";
    /// The natives inside JavaFX's jars need these; jpackage does not look into jars.
    private static final String LINUX_NEEDS = "libgtk-3-0, libxtst6, libxxf86vm1, libgl1, libfreetype6, libfontconfig1";
    /// Never changes: Windows knows by it that one version replaces another.
    private static final String WINDOWS_UPGRADE = "5b0c9d1e-7d59-4a58-9a5e-4f7f4c2b7a10";
    /// The same as in app/src/dist/bin/launch.sh, which says why.
    private static final List<String> JVM = List.of(
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC");

    private enum Os {
        LINUX,
        MAC,
        WINDOWS
    }

    private final Os os;
    private final Path here = Path.of("").toAbsolutePath();
    private final Path dist;
    private final Path output;
    private final Path work;
    private final String version;

    private Installer(Os os, Path dist, Path output, String version) {
        this.os = os;
        this.dist = dist;
        this.output = output;
        this.work = output.resolveSibling("work");
        this.version = version;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Os os = name.startsWith("windows") ? Os.WINDOWS : name.startsWith("mac") ? Os.MAC : Os.LINUX;
        String number = args[2].replace("-SNAPSHOT", "");
        // macOS takes no version that begins with 0
        String version = os == Os.MAC && number.startsWith("0.") ? "1." + number.substring(2) : number;
        new Installer(os, Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath(), version).make();
    }

    private void make() throws IOException, InterruptedException {
        if (!Files.isDirectory(dist.resolve("lib"))) {
            throw new IOException(dist + " is not there: package the app module first, in the same command");
        }
        delete(work);
        delete(output);
        Files.createDirectories(work);
        Files.createDirectories(output);
        runtime();
        image();
        cache("naos", work.resolve("naos.aot"), 0);
        cache("nexus", work.resolve("nexus.aot"), 15);
        pack();
        System.out.println("Made in " + output + ":");
        try (Stream<Path> made = Files.list(output)) {
            made.sorted().forEach(file -> System.out.println("  " + file.getFileName()));
        }
    }

    private static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    private void runtime() throws IOException, InterruptedException {
        // Not compressed: the package is compressed as a whole, and smaller for it. With its commands:
        // workers of the sandbox are started with bin/java.
        run(tool("jlink"), "--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
                "--output", work.resolve("runtime"));
    }

    private void image() throws IOException, InterruptedException {
        Path naos = Files.writeString(work.resolve("naos.properties"), """
                main-class=nexus.aiagents.app.NaosMain
                win-console=true
                linux-shortcut=false
                win-menu=false
                win-shortcut=false
                """);
        List<Object> line = new ArrayList<>(List.of(
                tool("jpackage"), "--type", "app-image", "--name", "nexus", "--app-version", version,
                "--description", DESCRIPTION, "--vendor", "Nexus OS",
                "--input", dist.resolve("lib"), "--main-jar", mainJar(), "--main-class", "nexus.aiagents.app.Main",
                "--runtime-image", work.resolve("runtime"), "--add-launcher", "naos=" + naos,
                "--icon", icon(), "--dest", output));
        for (String option : JVM) {
            line.add("--java-options");
            line.add(option);
        }
        run(line.toArray());
    }

    private Path mainJar() throws IOException {
        try (Stream<Path> jars = Files.list(dist.resolve("lib"))) {
            return jars.map(Path::getFileName)
                    .filter(jar -> jar.toString().matches("app-\\d.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no app-*.jar in " + dist));
        }
    }

    private Path icon() {
        return here.resolve("icons")
                .resolve(switch (os) {
                    case LINUX -> "nexus.png";
                    case MAC -> "nexus.icns";
                    case WINDOWS -> "nexus.ico";
                });
    }

    private Path imageFolder() {
        return output.resolve(os == Os.MAC ? "nexus.app" : "nexus");
    }

    private Path appFolder() {
        return imageFolder().resolve(switch (os) {
            case LINUX -> "lib/app";
            case MAC -> "Contents/app";
            case WINDOWS -> "app";
        });
    }

    private Path launcher(String name) {
        return imageFolder().resolve(switch (os) {
            case LINUX -> "bin/" + name;
            case MAC -> "Contents/MacOS/" + name;
            case WINDOWS -> name + ".exe";
        });
    }

    /// Runs a launcher once to learn which classes it loads, and gives it a cache of them. An image without
    /// the cache works as well, so that a system on which this fails still gets its package.
    ///
    /// @param seconds how long it may stay open; 0: it ends by itself
    private void cache(String name, Path cache, int seconds) throws IOException, InterruptedException {
        Path learned = work.resolve(name + ".aotconf");
        Path trial = Files.createDirectories(work.resolve("trial-" + name));
        String record = "-XX:AOTMode=record -XX:AOTConfiguration=" + learned;
        List<String> arguments = seconds > 0
                ? List.of()
                : List.of("init", trial.resolve("project").toString(), "--template", "research-team");
        start(name, record + (seconds > 0 ? " -Dglass.platform=Headless -Dprism.order=sw" : ""), arguments, seconds);
        if (Files.exists(learned)) {
            start(name, "-XX:AOTMode=create -XX:AOTConfiguration=" + learned + " -XX:AOTCache=" + cache, arguments, 0);
        }
        if (!Files.exists(cache)) {
            System.out.println("No start-up cache for " + name + "; it works without.");
            return;
        }
        Files.move(cache, appFolder().resolve(cache.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        Path settings = appFolder().resolve(name + ".cfg");
        String text = Files.readString(settings);
        Files.writeString(
                settings,
                text.replace(
                        "[JavaOptions]" + System.lineSeparator(),
                        "[JavaOptions]" + System.lineSeparator() + "java-options=-XX:AOTCache=$APPDIR/" + cache.getFileName()
                                + System.lineSeparator()));
    }

    private void start(String name, String options, List<String> arguments, int seconds)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(launcher(name).toString());
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve(name + ".log").toFile());
        builder.environment().put("JAVA_TOOL_OPTIONS", options);
        Process process = builder.start();
        if (!process.waitFor(seconds > 0 ? seconds : 120, TimeUnit.SECONDS)) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private void pack() throws IOException, InterruptedException {
        List<Object> line = new ArrayList<>(List.of(
                tool("jpackage"), "--app-image", imageFolder(), "--name", "nexus", "--app-version", version,
                "--description", DESCRIPTION, "--vendor", "Nexus OS", "--license-file", dist.resolve("LICENSE"),
                "--icon", icon(), "--dest", output));
        line.addAll(
                switch (os) {
                    case LINUX ->
                        List.of(
                                "--type", "deb", "--linux-package-name", "nexus-os", "--linux-package-deps", LINUX_NEEDS,
                                "--linux-shortcut", "--linux-menu-group", "Development", "--linux-app-category", "devel",
                                "--linux-deb-maintainer", "maintainers@nexus.invalid",
                                "--resource-dir", here.resolve("linux"));
                    case MAC -> List.of("--type", "dmg");
                    case WINDOWS ->
                        List.of(
                                "--type", "msi", "--win-menu", "--win-shortcut", "--win-dir-chooser",
                                "--win-upgrade-uuid", WINDOWS_UPGRADE);
                });
        run(line.toArray());
    }

    private void run(Object... line) throws IOException, InterruptedException {
        List<String> words = Stream.of(line).map(Object::toString).toList();
        int code = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(words.getFirst() + " ended with " + code + ", see above"
                    + (os == Os.LINUX ? "; a .deb needs the packages fakeroot and binutils" : ""));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
