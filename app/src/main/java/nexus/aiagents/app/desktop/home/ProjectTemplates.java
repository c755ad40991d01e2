package nexus.aiagents.app.desktop.home;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What a project can begin as.
@FunctionalInterface
public interface ProjectTemplates {
    String RESEARCH_TEAM = "research-team";
    String BLANK = "blank";
    List<String> NAMES = List.of(RESEARCH_TEAM, BLANK);

    /// Writes a template's files into `folder`, which is made where it is missing. Nothing is overwritten.
    void unpack(String template, Path folder) throws IOException;
}
