package nexus.aiagents.app.desktop.home;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nexus.aiagents.app.templates.Templates;

/// Those that come with the program.
public final class BundledTemplates implements ProjectTemplates {
    @Override
    public void unpack(String template, Path folder) throws IOException {
        Map<String, String> fill = Map.of("PROJECT", String.valueOf(folder.getFileName()));
        Templates.write(Templates.files(template), folder, Map.of(), fill);
    }
}
