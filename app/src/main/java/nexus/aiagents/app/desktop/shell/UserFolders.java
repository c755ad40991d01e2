package nexus.aiagents.app.desktop.shell;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Where this person's settings and data live, as the operating system wants it.
public record UserFolders(Path config, Path data) {

    /// @param os          as in `os.name`
    /// @param environment `NEXUS_HOME` puts both below one folder
    public static UserFolders of(String os, Path home, Map<String, String> environment) {
        String own = environment.getOrDefault("NEXUS_HOME", "");
        if (!own.isBlank()) {
            return new UserFolders(Path.of(own, "config"), Path.of(own, "data"));
        }
        String name = os.toLowerCase(Locale.ROOT);
        if (name.contains("win")) {
            Path roaming = folder(environment, "APPDATA", home.resolve("AppData/Roaming"));
            Path local = folder(environment, "LOCALAPPDATA", home.resolve("AppData/Local"));
            return new UserFolders(roaming.resolve("Nexus OS"), local.resolve("Nexus OS"));
        }
        if (name.contains("mac")) {
            Path support = home.resolve("Library/Application Support/Nexus OS");
            return new UserFolders(support, support);
        }
        return new UserFolders(
                folder(environment, "XDG_CONFIG_HOME", home.resolve(".config")).resolve("nexus-os"),
                folder(environment, "XDG_DATA_HOME", home.resolve(".local/share"))
                        .resolve("nexus-os"));
    }

    /// A path as people read it: `~` for their home.
    public static String shown(String folder) {
        String home = System.getProperty("user.home");
        return folder.startsWith(home) ? "~" + folder.substring(home.length()) : folder;
    }

    private static Path folder(Map<String, String> environment, String variable, Path otherwise) {
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? otherwise : Path.of(value);
    }
}
