/// The YAML and JavaScript editor with live diagnostics.
@NullMarked
package nexus.aiagents.app.desktop.editor;

import org.jspecify.annotations.NullMarked;
