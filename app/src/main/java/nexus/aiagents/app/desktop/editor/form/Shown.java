package nexus.aiagents.app.desktop.editor.form;

import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Form;
import org.jspecify.annotations.Nullable;

/// All that the pane shows at one moment. Immutable.
///
/// @param problems by path of the field, and of the block itself
record Shown(Form form, Map<List<Object>, Diagnostic> problems, FormNames names) {
    @Nullable
    Diagnostic problem(List<Object> path) {
        return problems.get(path);
    }
}
