package nexus.aiagents.engine;

import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.Project;

/// What came of a command that may change the project.
///
/// @param project what the project is from now on
record Outcome(CommandResult result, Project project) {
    static Outcome refused(Project project, String code, String message) {
        return new Outcome(new Refused(code, message), project);
    }
}
