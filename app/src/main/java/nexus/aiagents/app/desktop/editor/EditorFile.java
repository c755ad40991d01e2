package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Tooltip;
import nexus.aiagents.app.desktop.editor.form.FormSource;
import nexus.aiagents.app.desktop.editor.form.OneHistory;
import nexus.aiagents.app.desktop.editor.merge.LineDiff;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Position;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.model.PlainTextChange;
import org.fxmisc.richtext.model.TwoDimensional;
import org.reactfx.EventSource;

/// One open file: its text area, what it was on the disk, whether it was changed since. JavaFX thread.
final class EditorFile {
    private final Path path;
    private final String name;
    private final CodeArea area = new SourceArea();
    private final OneHistory history = OneHistory.of(area);
    private final Highlighting highlighting;
    private final EventSource<String> changed = new EventSource<>();
    private final ReadOnlyBooleanWrapper dirty = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<DiskState> disk = new ReadOnlyObjectWrapper<>(DiskState.IN_STEP);
    private TextFile saved;
    /// What the area holds; to ask it means to put all its lines together, which takes too long at
    /// every key.
    private String text;

    /// @param name      relative to the project folder, with `/`
    /// @param onChanged the text changed; everything here knows already
    EditorFile(Path path, String name, TextFile read, Runnable onChanged) {
        this.path = path;
        this.name = name;
        this.saved = read;
        this.text = read.text();
        area.getStyleClass().add("editor-area");
        area.setAccessibleText("Text of " + name);
        // What is typed has the colour around it, which is mostly right: one change of the text, not two.
        area.setUseInitialStyleForInsertion(false);
        area.replaceText(read.text());
        area.moveTo(0);
        area.requestFollowCaret();
        area.getUndoManager().forgetHistory();
        highlighting = new Highlighting(area, Syntax.of(name));
        highlighting.all();
        // One subscription: the order of several is not defined, and who listens wants to find
        // everything done.
        area.multiPlainChanges().subscribe(changes -> {
            text = after(changes);
            highlighting.changed(changes);
            compare();
            changed.push(text);
            onChanged.run();
        });
        // Its style sheet lookups want a scene.
        area.sceneProperty().addListener((_, _, scene) -> {
            if (scene != null && area.getParagraphGraphicFactory() == null) {
                area.setParagraphGraphicFactory(this::gutter);
            }
        });
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    CodeArea area() {
        return area;
    }

    FormSource forForm() {
        return new FormSource(name, area, history, isYaml(), this::text, changed);
    }

    /// Its text as it is now.
    String text() {
        return text;
    }

    private String after(List<PlainTextChange> changes) {
        if (changes.size() != 1) {
            return area.getText();
        }
        PlainTextChange change = changes.getFirst();
        return text.substring(0, change.getPosition())
                + change.getInserted()
                + text.substring(change.getPosition() + change.getRemoved().length());
    }

    ReadOnlyBooleanProperty dirty() {
        return dirty.getReadOnlyProperty();
    }

    TextFile saved() {
        return saved;
    }

    /// How it stands to what is on the disk.
    ReadOnlyObjectProperty<DiskState> disk() {
        return disk.getReadOnlyProperty();
    }

    void disk(DiskState found) {
        if (!found.equals(disk.get())) {
            disk.set(found);
        }
    }

    /// What was typed and theirs are one text now; it is not saved. One step that can be undone.
    void merged(TextFile theirs, String merged) {
        saved = theirs;
        reform(merged);
        compare();
    }

    /// What was typed was typed on top of that text, whatever is on the disk by now.
    void basedOn(String base) {
        if (!base.equals(saved.text())) {
            saved = TextFile.onNoDisk(base, saved);
            compare();
        }
    }

    /// The text is on the disk now. Somebody may have typed on meanwhile.
    void saved(TextFile written) {
        saved = written;
        compare();
    }

    /// The file changed on the disk: takes it, as one step that can be undone, and keeps the place.
    void reload(TextFile read) {
        saved = read;
        reform(read.text());
        compare();
    }

    /// Takes a text that was typed and not saved, as one step that can be undone.
    void recover(String unsaved) {
        if (!text.equals(unsaved)) {
            replaceDifference(unsaved);
        }
    }

    /// Replaces only what differs, so that scrolling, colours and undo stay small.
    private void replaceDifference(String next) {
        String now = text;
        int limit = Math.min(now.length(), next.length());
        int start = 0;
        while (start < limit && now.charAt(start) == next.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < limit - start && now.charAt(now.length() - 1 - end) == next.charAt(next.length() - 1 - end)) {
            end++;
        }
        area.getUndoManager().preventMerge(); // a step of its own, whatever was typed just before it
        area.replaceText(start, now.length() - end, next.substring(start, next.length() - end));
        area.getUndoManager().preventMerge();
    }

    void diagnostics(List<Diagnostic> all) {
        highlighting.diagnostics(
                all.stream().filter(d -> d.at().file().equals(name)).toList());
    }

    /// What is wrong at a place.
    List<Diagnostic> at(int line, int column) {
        return highlighting.at(line).stream()
                .filter(d -> contains(d.at(), line, column))
                .toList();
    }

    List<Diagnostic> atLine(int line) {
        return highlighting.at(line);
    }

    private static boolean contains(Position at, int line, int column) {
        boolean after = line > at.line() || (line == at.line() && column >= at.column());
        boolean before =
                line < at.endLine() || (line == at.endLine() && column <= Math.max(at.endColumn(), at.column() + 1));
        return after && before;
    }

    /// Puts the caret there and scrolls it into the middle.
    void jump(int line, int column) {
        int row = Math.clamp(line, 0, area.getParagraphs().size() - 1);
        area.moveTo(row, Math.clamp(column, 0, area.getParagraphLength(row)));
        area.showParagraphAtCenter(row);
        area.requestFocus();
    }

    void replace(Position at, String text) {
        area.replaceText(offset(at.line(), at.column()), offset(at.endLine(), at.endColumn()), text);
    }

    /// Applies edits that do not overlap, as one step that can be undone.
    void edit(List<LanguageService.TextEdit> edits) {
        if (edits.isEmpty()) {
            return;
        }
        var change = area.createMultiChange(edits.size());
        for (LanguageService.TextEdit edit : edits) {
            Position at = edit.at();
            change.replaceText(offset(at.line(), at.column()), offset(at.endLine(), at.endColumn()), edit.text());
        }
        change.commit();
    }

    /// Another text, as one step that can be undone. The caret stays with its line, wherever that went, and
    /// the lines that are seen stay where they are.
    void reform(String next) {
        if (text.equals(next)) {
            return;
        }
        int line = area.getCurrentParagraph();
        int column = area.getCaretColumn();
        int moved = LineDiff.moved(LineDiff.lines(text), LineDiff.lines(next), line);
        replaceDifference(next);
        int row = Math.clamp(moved, 0, area.getParagraphs().size() - 1);
        area.moveTo(row, Math.min(column, area.getParagraphLength(row)));
    }

    boolean isYaml() {
        return Syntax.isYaml(name);
    }

    private int offset(int line, int column) {
        int row = Math.clamp(line, 0, area.getParagraphs().size() - 1);
        return area.getAbsolutePosition(row, Math.clamp(column, 0, area.getParagraphLength(row)));
    }

    int line(int offset) {
        return area.offsetToPosition(offset, TwoDimensional.Bias.Forward).getMajor();
    }

    int column(int offset) {
        return area.offsetToPosition(offset, TwoDimensional.Bias.Forward).getMinor();
    }

    private void compare() {
        dirty.set(!text.equals(saved.text()));
    }

    private Node gutter(int line) {
        Gutter box = new Gutter(line + 1, gutterWidth(), true);
        List<Diagnostic> here = highlighting.at(line);
        if (!here.isEmpty()) {
            boolean error = here.stream().anyMatch(Diagnostic::isError);
            box.mark(error ? "error" : "warning");
            String problems = String.join(
                    "\n", here.stream().map(Diagnostic::message).distinct().toList());
            // Only where somebody points: to make one takes longer than the rest of the line.
            box.setOnMouseEntered(_ -> {
                box.setOnMouseEntered(null);
                Tooltip.install(box, new Tooltip(problems));
            });
            box.setAccessibleText("Line " + (line + 1) + ": " + problems);
        }
        return box;
    }

    private double gutterWidth() {
        return 8.0 * Math.max(3, String.valueOf(area.getParagraphs().size()).length());
    }
}
