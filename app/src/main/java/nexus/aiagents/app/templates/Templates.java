package nexus.aiagents.app.templates;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.WriteTrouble;
import org.jspecify.annotations.Nullable;

/// Files that come with the program, below `templates/`.
public final class Templates {
    /// Only these are filled in; everything else is copied byte for byte.
    private static final List<String> TEXT =
            List.of(".yaml", ".js", ".ts", ".c", ".cs", ".go", ".mod", ".rs", ".toml", ".zig", ".md", ".json");

    private static final String ALL = "templates/";
    private static final String TYPES = "nexus.d.ts";
    private static final String SETTINGS = "tsconfig.json";
    private static final Pattern DESCRIPTION =
            Pattern.compile("(?m)^project:\\R(?: +.*\\R)*? +(?:# )?description: (.+)$");

    private Templates() {}

    /// What a whole project can begin as: every sample that is packed with the program, and `blank`,
    /// which comes first.
    ///
    /// @return what each is, the `description` of its project, by name
    public static SequencedMap<String, String> projects() throws IOException {
        SequencedMap<String, String> projects = new LinkedHashMap<>();
        for (var file : below(ALL).sequencedEntrySet()) {
            String[] path = file.getKey().split("/", -1);
            if (path.length == 2 && path[1].equals("nexus.yaml")) {
                String description = description(file.getValue());
                if (path[0].equals("blank")) {
                    projects.putFirst(path[0], description);
                } else {
                    projects.put(path[0], description);
                }
            }
        }
        return projects;
    }

    private static String description(URL file) throws IOException {
        try (InputStream in = file.openStream()) {
            Matcher found = DESCRIPTION.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return found.find() ? found.group(1).strip() : "";
        }
    }

    /// Paths of the files below `templates/NAME/`, relative to it, and where to read them.
    public static SequencedMap<String, URL> files(String name) throws IOException {
        return below(ALL + name + "/");
    }

    private static SequencedMap<String, URL> below(String prefix) throws IOException {
        @Nullable URL folder = Templates.class.getClassLoader().getResource(prefix);
        if (folder == null) {
            throw new IOException("this copy of Nexus OS is incomplete: " + prefix + " is missing in it");
        }
        SequencedMap<String, URL> files = new TreeMap<>();
        for (String path : folder.getProtocol().equals("jar") ? inJar(folder, prefix) : inFolder(folder)) {
            files.put(path, URI.create(folder + path.replace(" ", "%20")).toURL());
        }
        return files;
    }

    private static List<String> inJar(URL folder, String prefix) throws IOException {
        JarURLConnection connection = (JarURLConnection) folder.openConnection();
        connection.setUseCaches(false);
        try (var jar = connection.getJarFile()) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(prefix))
                    .map(entry -> entry.getName().substring(prefix.length()))
                    .toList();
        }
    }

    private static List<String> inFolder(URL folder) throws IOException {
        try {
            Path root = Path.of(folder.toURI());
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString().replace('\\', '/'))
                        .toList();
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /// Writes what a template holds. Nothing that is there is ever overwritten, and nothing is written if
    /// anything would be. What was written goes again if the rest can not be.
    ///
    /// @param to   path in the template → path to write
    /// @param fill `@WORD@` → text
    /// Where there are scripts, editors also get `nexus.d.ts` and `tsconfig.json`, as far as they are
    /// missing.
    ///
    /// @return what was written, relative to `folder`
    /// @throws FileAlreadyExistsException one of the files is there already
    /// @throws IOException                one can not be written; its message says why and what to do
    public static List<String> write(
            SequencedMap<String, URL> files, Path folder, Map<String, String> to, Map<String, String> fill)
            throws IOException {
        List<String> targets = new ArrayList<>();
        for (String path : files.sequencedKeySet()) {
            String target = to.getOrDefault(path, path);
            if (Files.exists(folder.resolve(target))) {
                throw new FileAlreadyExistsException(folder.resolve(target).toString(), null, "is there already");
            }
            targets.add(target);
        }
        for (var file : files.sequencedEntrySet()) {
            String path = file.getKey();
            Path target = folder.resolve(to.getOrDefault(path, path));
            @Nullable Path parent = target.getParent();
            try (InputStream in = file.getValue().openStream()) {
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                byte[] bytes = in.readAllBytes();
                Files.write(target, TEXT.stream().anyMatch(path::endsWith) ? filled(bytes, fill) : bytes);
            } catch (IOException e) {
                throw WriteTrouble.undone(
                        target, e, targets.stream().map(folder::resolve).toList());
            }
        }
        if (targets.stream().anyMatch(target -> ScriptCheck.isScript(target) && !hasSettings(target, targets))) {
            targets.addAll(forEditors(folder));
        }
        return targets;
    }

    /// A folder with settings of its own for editors holds no scripts of ours, but a program in
    /// AssemblyScript.
    private static boolean hasSettings(String script, List<String> targets) {
        return targets.stream()
                .filter(target -> target.endsWith("/" + SETTINGS))
                .anyMatch(target -> script.startsWith(target.substring(0, target.length() - SETTINGS.length())));
    }

    private static List<String> forEditors(Path folder) throws IOException {
        List<String> written = new ArrayList<>();
        if (!Files.exists(folder.resolve(TYPES))) {
            Files.writeString(folder.resolve(TYPES), ScriptCheck.types());
            written.add(TYPES);
        }
        for (var file : files("editor").sequencedEntrySet()) {
            Path target = folder.resolve(file.getKey());
            if (!Files.exists(target)) {
                try (InputStream in = file.getValue().openStream()) {
                    Files.write(target, in.readAllBytes());
                }
                written.add(file.getKey());
            }
        }
        return written;
    }

    private static byte[] filled(byte[] bytes, Map<String, String> fill) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (var word : fill.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
