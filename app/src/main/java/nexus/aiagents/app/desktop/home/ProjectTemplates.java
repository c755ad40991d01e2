package nexus.aiagents.app.desktop.home;

import java.io.IOException;
import java.nio.file.Path;

/// What a project can begin as.
@FunctionalInterface
public interface ProjectTemplates {
    String RESEARCH_TEAM = "research-team";
    /// Writes a template's files into `folder`, which is made where it is missing. Nothing is overwritten.
    void unpack(String template, Path folder) throws IOException;
}
