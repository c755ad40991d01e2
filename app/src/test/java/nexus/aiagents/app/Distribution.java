package nexus.aiagents.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// The distribution as `package` makes it, put together from the class path of the tests, which run
/// before that phase.
final class Distribution {
    private final Path home;

    private Distribution(Path home) {
        this.home = home;
    }

    /// @param home an empty folder
    static Distribution in(Path home) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        try (Stream<Path> launchers = Files.list(Path.of("src", "dist", "bin"))) {
            for (Path launcher : launchers.toList()) {
                Path copy = Files.copy(launcher, bin.resolve(launcher.getFileName()));
                copy.toFile().setExecutable(true);
            }
        }
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                jar(path, lib.resolve("classes-" + number++ + ".jar"));
            } else if (entry.endsWith(".jar") && Files.exists(path)) {
                Files.copy(path, lib.resolve(number++ + "-" + path.getFileName()));
            }
        }
        return new Distribution(home);
    }

    /// The command line that starts `naos` by its launcher. The launcher becomes the JVM, so that
    /// killing the process kills that; on Windows it would not, and the JVM is started as the launcher
    /// does.
    List<String> naos() {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-classpath",
                    home.resolve("lib") + "\\*",
                    NaosMain.class.getName());
        }
        return List.of(home.resolve("bin").resolve("naos").toString());
    }

    private static void jar(Path folder, Path jar) throws IOException {
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
        }
    }
}
