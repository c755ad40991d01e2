package nexus.aiagents.app.desktop.shell;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows a message where the operating system shows messages. Behind an interface because tests have none.
@FunctionalInterface
public interface SystemBanner {
    /// Any thread; returns at once. Where the system has no way to show it, nothing happens: the
    /// message also stands in the history of the window.
    void show(String title, String text);

    /// By the tool that each system has for it; the texts are never part of a script.
    static SystemBanner of(String os) {
        String name = os.toLowerCase(Locale.ROOT);
        Logger log = LoggerFactory.getLogger(SystemBanner.class);
        return (title, text) -> Thread.ofVirtual().name("banner").start(() -> {
            try {
                ProcessBuilder tool = new ProcessBuilder(command(name, title, text))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
                tool.environment().putAll(Map.of("NEXUS_TITLE", title, "NEXUS_TEXT", text));
                Process process = tool.start();
                if (!process.waitFor(15, TimeUnit.SECONDS)) {
                    process.destroy();
                }
            } catch (IOException e) {
                log.debug("the system shows no banner: {}", e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static List<String> command(String os, String title, String text) {
        if (os.contains("mac")) {
            return List.of(
                    "osascript",
                    "-e",
                    "on run argv",
                    "-e",
                    "display notification (item 2 of argv) with title (item 1 of argv)",
                    "-e",
                    "end run",
                    title,
                    text);
        }
        if (os.contains("win")) {
            return List.of(
                    "powershell",
                    "-NoProfile",
                    "-NonInteractive",
                    "-Command",
                    "Add-Type -AssemblyName System.Windows.Forms,System.Drawing;"
                            + "$icon = New-Object System.Windows.Forms.NotifyIcon;"
                            + "$icon.Icon = [System.Drawing.SystemIcons]::Information; $icon.Visible = $true;"
                            + "$icon.ShowBalloonTip(8000, $env:NEXUS_TITLE, $env:NEXUS_TEXT, 'None');"
                            + "Start-Sleep -Seconds 9; $icon.Dispose()");
        }
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return List.of("notify-send", "--app-name=Nexus OS", "--", title, escaped);
    }
}
