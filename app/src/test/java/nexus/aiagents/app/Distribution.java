package nexus.aiagents.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// The distribution as `package` makes it, put together from the class path of the tests, which run
/// before that phase. All test processes share one, with an archive of the classes that `naos` loads: its
/// processes start in a fraction of the time, and nothing else about them differs.
final class Distribution {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final Path ALL = Path.of("target", "naos-under-test").toAbsolutePath();
    private static final String ARCHIVE = "naos.jsa";
    /// As the JVMs of the tests: who lives for seconds gains nothing from more.
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private final Path home;

    private Distribution(Path home) {
        this.home = home;
    }

    /// The one of the classes as they are now, made if nobody has made it yet.
    static Distribution ofTheseClasses() throws IOException, InterruptedException {
        Files.createDirectories(ALL);
        try (FileChannel channel =
                        FileChannel.open(ALL.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            Distribution wanted = new Distribution(ALL.resolve(Integer.toHexString(fingerprint())));
            if (!Files.exists(wanted.home.resolve("complete"))) {
                deleteAllIn(ALL);
                wanted.make();
                wanted.archive();
                Files.createFile(wanted.home.resolve("complete"));
            }
            return wanted;
        }
    }

    /// @return another number as soon as anything in the distribution is another
    private static int fingerprint() throws IOException {
        StringBuilder all = new StringBuilder(System.getProperty("java.home"));
        for (Path part : classPath()) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.sorted().toList()) {
                    all.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
                }
            }
        }
        return all.toString().hashCode();
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(part -> !part.isEmpty())
                .map(Path::of)
                .filter(part -> Files.isDirectory(part) || part.toString().endsWith(".jar") && Files.exists(part))
                .toList();
    }

    private static void deleteAllIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder) && !path.endsWith("lock")) {
                    Files.delete(path);
                }
            }
        }
    }

    private void make() throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        try (Stream<Path> launchers = Files.list(Path.of("src", "dist", "bin"))) {
            for (Path launcher : launchers.toList()) {
                Path copy = Files.copy(launcher, bin.resolve(launcher.getFileName()));
                copy.toFile().setExecutable(true);
            }
        }
        int number = 0;
        for (Path part : classPath()) {
            if (Files.isDirectory(part)) {
                jar(part, lib.resolve("classes-" + number++ + ".jar"));
            } else {
                Files.copy(part, lib.resolve(number++ + "-" + part.getFileName()));
            }
        }
    }

    /// By a process that does what most of the tests do.
    private void archive() throws IOException, InterruptedException {
        Path project = Files.createDirectory(home.resolve("project"));
        Files.writeString(project.resolve("nexus.yaml"), """
                project: {name: first}
                ---
                agent: {name: act, source: act.js}
                ---
                saga: {name: work, steps: [{name: one, action: act, compensation: act}]}
                """);
        Files.writeString(project.resolve("act.js"), "export default async function () { return {}; }\n");
        ProcessBuilder builder = process(
                project, QUICK + " -XX:ArchiveClassesAtExit=" + home.resolve(ARCHIVE), List.of("saga", "run", "work"));
        Path said = home.resolve("archive.txt");
        int exit = builder.redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("naos ended with " + exit + ": " + Files.readString(said));
        }
    }

    /// How `naos` is started by its launcher. The launcher becomes the JVM, so that killing the process
    /// kills that; on Windows it would not, and the JVM is started as the launcher does.
    ///
    /// @param folder the working directory
    ProcessBuilder naos(Path folder, String... args) {
        return process(
                folder,
                QUICK + " -Xlog:cds=off -Xlog:class+path=off -XX:SharedArchiveFile=" + home.resolve(ARCHIVE),
                List.of(args));
    }

    private ProcessBuilder process(Path folder, String options, List<String> args) {
        List<String> line = new ArrayList<>();
        if (WINDOWS) {
            line.add(java());
            line.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
            line.addAll(List.of(options.split(" ")));
            line.addAll(List.of("-classpath", libraries(), NaosMain.class.getName()));
        } else {
            line.add(home.resolve("bin").resolve("naos").toString());
        }
        line.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
        builder.environment().put("NEXUS_JAVA_OPTS", options);
        return builder;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// All jars, as a class path.
    String libraries() {
        return home.resolve("lib") + java.io.File.separator + "*";
    }

    private static void jar(Path folder, Path jar) {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(p -> !p.equals(folder)).sorted().toList()) {
                String name = folder.relativize(path).toString().replace('\\', '/');
                boolean isFolder = Files.isDirectory(path);
                out.putNextEntry(new JarEntry(isFolder ? name + "/" : name));
                if (!isFolder) {
                    Files.copy(path, out);
                }
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
