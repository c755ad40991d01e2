/// Compares and merges texts line by line. Pure: knows no window, thread or file.
@NullMarked
package nexus.aiagents.app.desktop.editor.merge;

import org.jspecify.annotations.NullMarked;
