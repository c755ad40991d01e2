package nexus.aiagents.app;

import java.util.Locale;
import java.util.Map;

/// Whether a window can be opened here.
final class Display {
    private Display() {}

    /// `NEXUS_TERMINAL` set to anything asks for the terminal.
    static boolean isThere(Map<String, String> environment) {
        if (!environment.getOrDefault("NEXUS_TERMINAL", "").isEmpty()) {
            return false;
        }
        if ("Headless".equals(System.getProperty("glass.platform"))) {
            return true;
        }
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return os.startsWith("windows")
                || os.startsWith("mac")
                || !environment.getOrDefault("DISPLAY", "").isEmpty()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
    }
}
