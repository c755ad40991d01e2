package nexus.aiagents.app.desktop.editor.form;

import java.util.List;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;

/// What the pane asks of who shows it.
interface FormHost {
    /// A person types this into a field.
    void type(List<Object> path, String text);

    void endTyping();

    void make(FormChange change);

    /// Lets the person choose what is set next in a map.
    ///
    /// @param title  of the map
    /// @param fields all of it
    void chooseNext(String title, List<Form.Field> fields);

    /// Lets the person choose what kind of block to begin behind this one.
    void chooseBlock();

    /// Shows another block, and its place in the text.
    void go(Form.Place place);

    /// Shows a place of the text.
    void jump(int line, int column);

    /// The field has the focus: its place in the text comes into view.
    void reveal(Form.Field field);

    /// Shows what there is once more.
    void refresh();

    void undo();

    void redo();

    /// Back to the text.
    void leave();
}
