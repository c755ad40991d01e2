/// The form beside the text of the editor: the block around the caret as fields, and one undo history
/// for both.
@NullMarked
package nexus.aiagents.app.desktop.editor.form;

import org.jspecify.annotations.NullMarked;
