package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `yaml-language-server` of npm, which most editors use for YAML, installed for the time of a measurement.
///
/// @param why why it is not here; empty: it is
record YamlPeer(Path folder, String version, String why) {
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");

    static YamlPeer install() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nexus-bench-npm");
        try {
            Process npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            folder.toString(),
                            "yaml-language-server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!npm.waitFor(120, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                return new YamlPeer(folder, "", "npm could not install it");
            }
        } catch (IOException e) {
            return new YamlPeer(folder, "", "no npm");
        }
        Path described = folder.resolve("node_modules/yaml-language-server/package.json");
        Matcher version = VERSION.matcher(Files.readString(described));
        return new YamlPeer(folder, version.find() ? version.group(1) : "", "");
    }

    /// Serves a folder, with a schema for every YAML file; null where it is not here.
    @Nullable
    LspPeer serve(Path project, Path schema) throws Exception {
        if (!why.isEmpty()) {
            return null;
        }
        Path program = folder.resolve("node_modules/yaml-language-server/bin/yaml-language-server");
        return new LspPeer(
                project,
                List.of("node", program.toString(), "--stdio"),
                Map.of(
                        "yaml",
                        Map.of(
                                "validate",
                                true,
                                "schemaStore",
                                Map.of("enable", false),
                                "schemas",
                                Map.of(schema.toUri().toString(), "*.yaml"))));
    }

    void remove() throws IOException {
        Team.delete(folder);
    }
}
