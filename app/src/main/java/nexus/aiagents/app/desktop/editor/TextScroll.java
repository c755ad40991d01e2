package nexus.aiagents.app.desktop.editor;

import javafx.scene.layout.Region;
import org.fxmisc.flowless.VirtualizedScrollPane;
import org.fxmisc.richtext.CodeArea;

/// A text area with its scroll bars, which lays itself out by itself: a key changes its lines, and
/// never how much room it has, so the window around it is not laid out again. JavaFX thread.
final class TextScroll extends Region {
    private final VirtualizedScrollPane<CodeArea> scroll;

    TextScroll(CodeArea area) {
        scroll = new VirtualizedScrollPane<>(area);
        scroll.setManaged(false); // what is not managed does not ask its parents for layout
        getChildren().add(scroll);
        setMinSize(0, 0);
    }

    @Override
    protected double computePrefWidth(double height) {
        return scroll.prefWidth(height);
    }

    @Override
    protected double computePrefHeight(double width) {
        return scroll.prefHeight(width);
    }

    @Override
    protected void layoutChildren() {
        scroll.resizeRelocate(0, 0, getWidth(), getHeight());
    }
}
