package nexus.aiagents.app.desktop.editor;

import org.fxmisc.richtext.CodeArea;

/// A code area in which a step over one character looks at that character, and not at the whole text put
/// together for it. JavaFX thread.
final class SourceArea extends CodeArea {
    @Override
    public void deletePreviousChar() {
        int end = getCaretPosition();
        if (end > 0) {
            deleteText(before(end), end);
        }
    }

    @Override
    public void deleteNextChar() {
        int start = getCaretPosition();
        if (start < getLength()) {
            deleteText(start, behind(start));
        }
    }

    @Override
    public void previousChar(SelectionPolicy selection) {
        if (getCaretPosition() > 0) {
            moveTo(before(getCaretPosition()), selection);
        }
    }

    @Override
    public void nextChar(SelectionPolicy selection) {
        if (getCaretPosition() < getLength()) {
            moveTo(behind(getCaretPosition()), selection);
        }
    }

    private int before(int position) {
        String two = getText(Math.max(0, position - 2), position);
        return position - Character.charCount(two.codePointBefore(two.length()));
    }

    private int behind(int position) {
        return position
                + Character.charCount(
                        getText(position, Math.min(getLength(), position + 2)).codePointAt(0));
    }
}
