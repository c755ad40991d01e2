package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Popup;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.event.MouseOverTextEvent;
import org.jspecify.annotations.Nullable;

/// What helps while writing: completion, hover, quick fixes, indentation. JavaFX thread.
final class Assist {
    private static final Duration HOVER = Duration.ofMillis(350);

    private final Workspace workspace;
    private final Supplier<Map<String, String>> unsaved;
    private final Popup hover = new Popup();
    private final Label hoverText = new Label();
    private final Suggestions<Completion> completions;
    private final Suggestions<Diagnostic.QuickFix> fixes;
    private @Nullable EditorFile target;

    Assist(Workspace workspace, Supplier<Map<String, String>> unsaved) {
        this.workspace = workspace;
        this.unsaved = unsaved;
        completions = new Suggestions<>("completions", Completion::label, Completion::detail, this::insert);
        fixes = new Suggestions<>("fixes", Diagnostic.QuickFix::title, _ -> "", this::apply);
        hoverText.getStyleClass().add("hover");
        hoverText.setId("hover");
        hoverText.setWrapText(true);
        hoverText.setMaxWidth(480);
        hover.getContent().add(hoverText);
        hover.setAutoHide(true);
    }

    void attach(EditorFile file) {
        CodeArea area = file.area();
        area.setMouseOverTextDelay(HOVER);
        area.addEventHandler(
                MouseOverTextEvent.MOUSE_OVER_TEXT_BEGIN,
                e -> hover(file, e.getCharacterIndex(), e.getScreenPosition()));
        area.addEventHandler(MouseOverTextEvent.MOUSE_OVER_TEXT_END, _ -> hover.hide());
        area.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            hover.hide();
            if (!completions.steer(e) && !fixes.steer(e)) {
                keys(file, e);
            }
        });
        area.caretPositionProperty().addListener((_, _, _) -> {
            if (completions.isShowing()) {
                completions.filter(word(area));
            }
        });
        area.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                completions.hide();
                hover.hide();
            }
        });
    }

    private static void keys(EditorFile file, KeyEvent e) {
        CodeArea area = file.area();
        boolean plain = !e.isShortcutDown() && !e.isAltDown();
        if (e.getCode() == KeyCode.TAB && plain) {
            if (e.isShiftDown()) {
                outdent(area);
            } else {
                area.replaceSelection("  ");
            }
            e.consume();
        } else if (e.getCode() == KeyCode.ENTER && plain && !e.isShiftDown()) {
            String line = area.getParagraph(area.getCurrentParagraph()).getText();
            String before = line.substring(0, Math.min(area.getCaretColumn(), line.length()));
            String indent =
                    before.substring(0, before.length() - before.stripLeading().length());
            boolean deeper = before.stripTrailing().endsWith(":")
                    || before.stripTrailing().endsWith("{");
            area.replaceSelection("\n" + indent + (deeper ? "  " : ""));
            area.requestFollowCaret();
            e.consume();
        }
    }

    private static void outdent(CodeArea area) {
        int line = area.getCurrentParagraph();
        String text = area.getParagraph(line).getText();
        int spaces = text.startsWith("  ") ? 2 : text.startsWith(" ") ? 1 : 0;
        if (spaces > 0) {
            area.deleteText(line, 0, line, spaces);
        }
    }

    // ---- completion

    void complete(EditorFile file) {
        Path folder = workspace.folder().get();
        if (folder == null) {
            return;
        }
        target = file;
        CodeArea area = file.area();
        Map<String, String> texts = unsaved.get();
        int line = area.getCurrentParagraph();
        int column = area.getCaretColumn();
        int caret = area.getCaretPosition();
        workspace
                .background()
                .quietly(
                        _ -> workspace.language().complete(folder, texts, file.name(), line, column),
                        found -> {
                            if (area.getCaretPosition() == caret && area.isFocused()) {
                                completions.show(area, found, word(area));
                            }
                        },
                        e -> workspace
                                .notifications()
                                .post(
                                        nexus.aiagents.app.desktop.shell.Notification.Kind.FAILED,
                                        "Completion failed",
                                        String.valueOf(e.getMessage())));
    }

    private void insert(Completion chosen) {
        EditorFile file = target;
        if (file != null) {
            CodeArea area = file.area();
            int caret = area.getCaretPosition();
            area.replaceText(caret - word(area).length(), caret, chosen.insert());
        }
    }

    private static String word(CodeArea area) {
        String line = area.getParagraph(area.getCurrentParagraph()).getText();
        int end = Math.min(area.getCaretColumn(), line.length());
        int start = end;
        while (start > 0
                && (Character.isLetterOrDigit(line.charAt(start - 1)) || "_-.$".indexOf(line.charAt(start - 1)) >= 0)) {
            start--;
        }
        return line.substring(start, end);
    }

    // ---- hover

    private void hover(EditorFile file, int offset, Point2D at) {
        int line = file.line(offset);
        int column = file.column(offset);
        List<Diagnostic> here = file.at(line, column);
        if (!here.isEmpty()) {
            show(file, String.join("\n\n", here.stream().map(Assist::told).toList()), at);
            return;
        }
        String text = file.text();
        if (file.isYaml()) {
            workspace
                    .background()
                    .quietly(
                            _ -> String.valueOf(workspace.language().hover(text, line, column)),
                            known -> {
                                if (!known.equals("null")) {
                                    show(file, known, at);
                                }
                            },
                            _ -> {});
        }
    }

    private static String told(Diagnostic d) {
        Diagnostic.QuickFix fix = d.fix();
        return d.message() + (fix == null ? "" : "\nAlt+Enter: " + fix.title());
    }

    private void show(EditorFile file, String text, Point2D at) {
        if (file.area().getScene() != null) {
            hoverText.setText(text);
            hover.show(file.area(), at.getX() + 8, at.getY() + 16);
        }
    }

    // ---- quick fixes

    /// Mends what is at the caret: at once when there is one way, else the person picks.
    void fix(EditorFile file) {
        target = file;
        CodeArea area = file.area();
        int line = area.getCurrentParagraph();
        List<Diagnostic.QuickFix> near = fixesOf(file.at(line, area.getCaretColumn()));
        List<Diagnostic.QuickFix> found = near.isEmpty() ? fixesOf(file.atLine(line)) : near;
        if (found.size() == 1) {
            apply(found.getFirst());
        } else if (!found.isEmpty()) {
            fixes.show(area, found, "");
        }
    }

    private static List<Diagnostic.QuickFix> fixesOf(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .<Diagnostic.QuickFix>mapMulti((d, out) -> {
                    Diagnostic.QuickFix fix = d.fix();
                    if (fix != null) {
                        out.accept(fix);
                    }
                })
                .distinct()
                .toList();
    }

    private void apply(Diagnostic.QuickFix fix) {
        EditorFile file = target;
        if (file != null) {
            file.replace(fix.at(), fix.text());
        }
    }
}
