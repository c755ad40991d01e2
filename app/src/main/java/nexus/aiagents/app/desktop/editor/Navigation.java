package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.MouseEvent;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.LanguageService.Block;
import nexus.aiagents.engine.project.LanguageService.Named;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import nexus.aiagents.engine.project.Position;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// Ways through the names of a project: to where one is given, to where it is used, to another name, and
/// the outline. JavaFX thread.
final class Navigation {
    private final Workspace workspace;
    private final Supplier<Map<String, String>> unsaved;
    private final BiConsumer<String, Consumer<EditorFile>> open;

    /// @param open brings a file to the front, then calls
    Navigation(
            Workspace workspace, Supplier<Map<String, String>> unsaved, BiConsumer<String, Consumer<EditorFile>> open) {
        this.workspace = workspace;
        this.unsaved = unsaved;
        this.open = open;
    }

    void attach(EditorFile file) {
        file.area().addEventHandler(MouseEvent.MOUSE_CLICKED, e -> {
            if (e.isShortcutDown() && e.getClickCount() == 1 && file.isYaml()) {
                definition(file);
            }
        });
    }

    /// @param whyNot  why they can not be done now, empty while they can
    /// @param onFront does it to the file in front
    List<Action> actions(ObservableStringValue whyNot, Function<Consumer<EditorFile>, Runnable> onFront) {
        return List.of(
                new Action(
                        "editor.definition",
                        "Go to where it is defined",
                        Feather.CORNER_DOWN_RIGHT,
                        new KeyCodeCombination(KeyCode.F12),
                        whyNot,
                        onFront.apply(this::definition)),
                new Action(
                        "editor.usages",
                        "Find where it is used",
                        Feather.SEARCH,
                        new KeyCodeCombination(KeyCode.F12, KeyCombination.SHIFT_DOWN),
                        whyNot,
                        onFront.apply(this::usages)),
                new Action(
                        "editor.rename",
                        "Rename everywhere",
                        Feather.EDIT,
                        new KeyCodeCombination(KeyCode.F2),
                        whyNot,
                        onFront.apply(this::rename)),
                new Action(
                        "editor.outline",
                        "Go to a block of this file",
                        Feather.LIST,
                        new KeyCodeCombination(KeyCode.O, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN),
                        whyNot,
                        onFront.apply(this::outline)),
                new Action(
                        "editor.format",
                        "Format",
                        Feather.ALIGN_LEFT,
                        new KeyCodeCombination(KeyCode.F, KeyCombination.SHIFT_DOWN, KeyCombination.ALT_DOWN),
                        whyNot,
                        onFront.apply(this::format)));
    }

    /// A question about the place of the caret, asked in the background.
    private interface Question<T> {
        T ask(LanguageService language, Path folder, Map<String, String> texts, Caret at) throws Exception;
    }

    private record Caret(String file, int line, int column) {}

    private <T> void ask(EditorFile file, Question<T> question, Consumer<T> then) {
        Path folder = workspace.folder().get();
        if (folder == null) {
            return;
        }
        Map<String, String> texts = unsaved.get();
        Caret at = caret(file);
        background()
                .quietly(
                        _ -> question.ask(workspace.language(), folder, texts, at),
                        then,
                        e -> workspace
                                .notifications()
                                .post(
                                        Notification.Kind.FAILED,
                                        "The project could not be searched",
                                        String.valueOf(e)));
    }

    private Background background() {
        return workspace.background();
    }

    private static Caret caret(EditorFile file) {
        return new Caret(
                file.name(), file.area().getCurrentParagraph(), file.area().getCaretColumn());
    }

    private void nothing(String title, String text) {
        workspace.notifications().post(Notification.Kind.INFO, title, text);
    }

    // ---- definition and usages

    void definition(EditorFile file) {
        ask(
                file,
                (language, folder, texts, at) -> {
                    Position found = language.definition(folder, texts, at.file(), at.line(), at.column());
                    return found == null ? List.<Position>of() : List.of(found);
                },
                found -> {
                    if (found.isEmpty()) {
                        nothing("Nothing to go to", "Put the caret on the name of an agent, step, model and so on.");
                    } else {
                        jump(found.getFirst());
                    }
                });
    }

    private void jump(Position at) {
        open.accept(at.file(), target -> target.jump(at.line(), at.column()));
    }

    /// A place and the line that it is in.
    private record Place(Position at, String line) {}

    void usages(EditorFile file) {
        ask(
                file,
                (language, folder, texts, at) -> {
                    List<Place> places = new ArrayList<>();
                    for (Position each : language.usages(folder, texts, at.file(), at.line(), at.column(), true)) {
                        places.add(new Place(each, line(folder, texts, each)));
                    }
                    return places;
                },
                places -> {
                    if (places.isEmpty()) {
                        nothing("No name here", "Put the caret on the name of an agent, step, model and so on.");
                        return;
                    }
                    workspace.pick(
                            "Go to a usage",
                            places.stream()
                                    .map(place -> Choice.to(
                                            place.line(),
                                            place.at().file() + ":"
                                                    + (place.at().line() + 1),
                                            Feather.CORNER_DOWN_RIGHT,
                                            () -> jump(place.at())))
                                    .toList());
                });
    }

    private static String line(Path folder, Map<String, String> texts, Position at) throws Exception {
        String text = texts.get(at.file());
        if (text == null) {
            text = TextFile.read(folder.resolve(at.file())).text();
        }
        return text.lines().skip(at.line()).findFirst().orElse("").strip();
    }

    // ---- rename

    void rename(EditorFile file) {
        Caret caret = caret(file);
        ask(
                file,
                (language, folder, texts, at) -> {
                    Named named = language.named(folder, texts, at.file(), at.line(), at.column());
                    boolean path = named == null
                            || named.kind().equals("file")
                            || named.kind().equals("source");
                    return path ? List.<Named>of() : List.of(named);
                },
                found -> {
                    if (found.isEmpty()) {
                        nothing("Nothing to rename", "Put the caret on the name of an agent, step, model and so on.");
                    } else {
                        rename(file, caret, found.getFirst());
                    }
                });
    }

    private void rename(EditorFile file, Caret at, Named named) {
        Path folder = workspace.folder().get();
        if (folder == null) {
            return;
        }
        Map<String, String> texts = unsaved.get();
        new RenameDialog(
                        file.area().getScene().getWindow(),
                        background(),
                        named,
                        name -> workspace.language().rename(folder, texts, at.file(), at.line(), at.column(), name))
                .showAndWait()
                .ifPresent(edits -> apply(file, edits));
    }

    /// Edits every file in its tab, so that each can be looked at, undone and saved. The one in which
    /// it was asked for stays in front, however long the others take to be read.
    private void apply(EditorFile front, List<TextEdit> edits) {
        Map<String, List<TextEdit>> byFile = new LinkedHashMap<>();
        edits.forEach(edit ->
                byFile.computeIfAbsent(edit.at().file(), _ -> new ArrayList<>()).add(edit));
        byFile.forEach((name, own) -> {
            if (!name.equals(front.name())) {
                open.accept(name, file -> {
                    file.edit(own);
                    open.accept(front.name(), _ -> {});
                });
            }
        });
        open.accept(front.name(), file -> file.edit(byFile.getOrDefault(front.name(), List.of())));
        if (byFile.size() > 1) {
            nothing(
                    "Renamed in " + byFile.size() + " files",
                    "They are open and not saved yet: Save all files does it.");
        }
    }

    // ---- outline and form

    void outline(EditorFile file) {
        String text = file.text();
        background()
                .quietly(
                        _ -> workspace.language().outline(file.name(), text),
                        blocks -> {
                            List<Choice> choices = new ArrayList<>();
                            blocks.forEach(block -> list(block, "", choices));
                            workspace.pick("Go to a block of " + file.name(), choices);
                        },
                        e -> nothing("No outline", String.valueOf(e.getMessage())));
    }

    private void list(Block block, String within, List<Choice> into) {
        String name = block.name().isEmpty() ? block.kind() : block.name();
        String detail = within.isEmpty() ? block.kind() : block.kind() + " of " + within;
        into.add(Choice.to(name, detail, icon(block.kind()), () -> jump(block.at())));
        block.steps().forEach(step -> list(step, name, into));
    }

    private static Ikon icon(String kind) {
        return switch (kind) {
            case "agent" -> Feather.CPU;
            case "supervisor" -> Feather.GIT_MERGE;
            case "saga", "workflow" -> Feather.ACTIVITY;
            case "pool" -> Feather.USERS;
            case "cost" -> Feather.DOLLAR_SIGN;
            case "trust" -> Feather.SHIELD;
            case "step" -> Feather.CORNER_DOWN_RIGHT;
            default -> Feather.FILE_TEXT;
        };
    }

    void format(EditorFile file) {
        String text = file.text();
        background()
                .quietly(
                        _ -> workspace.language().format(text),
                        formatted -> {
                            if (file.text().equals(text) && !formatted.equals(text)) {
                                file.reform(formatted);
                            }
                        },
                        e -> nothing("Could not format " + file.name(), String.valueOf(e.getMessage())));
    }
}
