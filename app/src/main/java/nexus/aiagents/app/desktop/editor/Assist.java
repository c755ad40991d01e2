package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
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
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.HostApi;
import nexus.aiagents.engine.ScriptCheck;
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
    private volatile @Nullable HostApi hostApi;
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
                completions.filter(word(file));
            }
        });
        if (ScriptCheck.isScript(file.name())) {
            area.addEventHandler(KeyEvent.KEY_TYPED, e -> {
                if (e.getCharacter().equals(".")) {
                    Fx.later(() -> complete(file)); // once it is in the text
                }
            });
        }
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
        int caret = area.getCaretPosition();
        workspace
                .background()
                .quietly(
                        question(folder, file, caret),
                        found -> {
                            if (area.getCaretPosition() == caret && area.isFocused()) {
                                completions.show(area, found, word(file));
                            }
                        },
                        e -> workspace
                                .notifications()
                                .post(
                                        nexus.aiagents.app.desktop.shell.Notification.Kind.FAILED,
                                        "Completion failed",
                                        String.valueOf(e.getMessage())));
    }

    private Background.Work<List<Completion>> question(Path folder, EditorFile file, int caret) {
        if (ScriptCheck.isScript(file.name())) {
            String program = file.text();
            return _ -> scripts().complete(program, caret);
        }
        Map<String, String> texts = unsaved.get();
        int line = file.area().getCurrentParagraph();
        int column = file.area().getCaretColumn();
        return _ -> workspace.language().complete(folder, texts, file.name(), line, column);
    }

    /// Not on the JavaFX thread.
    private HostApi scripts() throws IOException {
        HostApi known = hostApi;
        if (known == null) {
            known = HostApi.shipped();
            hostApi = known;
        }
        return known;
    }

    private void insert(Completion chosen) {
        EditorFile file = target;
        if (file != null) {
            CodeArea area = file.area();
            int caret = area.getCaretPosition();
            area.replaceText(caret - word(file).length(), caret, chosen.insert());
        }
    }

    private static String word(EditorFile file) {
        CodeArea area = file.area();
        String more = ScriptCheck.isScript(file.name()) ? "_$" : "_-.$";
        String line = area.getParagraph(area.getCurrentParagraph()).getText();
        int end = Math.min(area.getCaretColumn(), line.length());
        int start = end;
        while (start > 0
                && (Character.isLetterOrDigit(line.charAt(start - 1)) || more.indexOf(line.charAt(start - 1)) >= 0)) {
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
        Background.Work<String> question;
        if (file.isYaml()) {
            question = _ -> String.valueOf(workspace.language().hover(text, line, column));
        } else if (ScriptCheck.isScript(file.name())) {
            question = _ -> String.valueOf(scripts().hover(text, offset));
        } else {
            return;
        }
        workspace
                .background()
                .quietly(
                        question,
                        known -> {
                            if (!known.equals("null")) {
                                show(file, known, at);
                            }
                        },
                        _ -> {});
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
        } else {
            area.getCaretBounds()
                    .ifPresent(at -> show(
                            file,
                            file.atLine(line).isEmpty()
                                    ? "There is no problem in this line. F8 goes to the next one."
                                    : "This can not be mended by itself: the message says what to write.",
                            new Point2D(at.getMinX(), at.getMinY())));
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
