package nexus.aiagents.app.desktop.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.animation.PauseTransition;
import javafx.beans.property.Property;
import javafx.collections.ListChangeListener;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TabPane;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;

/// How the window looked at the open project, which survives a restart: dividers, filters, what is open,
/// selected and folded. Every project has its own; where none is open nothing is kept. JavaFX thread.
///
/// A screen names what it wants to keep once, where it builds it, by a key of its own such as
/// `runs.filter`:
///
/// ```java
/// workspace.viewState().split("runs.split", split);            // where its dividers are
/// workspace.viewState().text("runs.filter", field.textProperty());
/// workspace.viewState().flag("runs.follow", follow.selectedProperty());
/// workspace.viewState().follow("tree.folded", names -> fold(names)); // anything else: what was kept comes here
/// workspace.viewState().put("tree.folded", names);                   // … and this keeps it
/// ```
///
/// What was kept comes at once, and again whenever another project is opened: then as it was in that one,
/// or as it was before anything was restored. A value that can not be understood any more counts as not
/// kept. What a screen has selected it tells by {@link Screen#selection()}, and needs nothing here.
public final class ViewState implements AutoCloseable {
    private static final Duration SOON = Duration.millis(400);

    private final ViewStateFiles files;
    private final Map<String, List<String>> state = new HashMap<>();
    private final Map<String, Consumer<List<String>>> followers = new HashMap<>();
    private final List<Runnable> captures = new ArrayList<>();
    private final PauseTransition soon = new PauseTransition(SOON);
    private @Nullable Path project;
    private boolean restoring;
    /// What was put while something was being restored.
    private final Set<String> touched = new HashSet<>();

    ViewState(Path folder) {
        files = new ViewStateFiles(folder);
        soon.setOnFinished(_ -> save());
    }

    // ---- what screens keep

    /// What is kept under the key, empty if nothing is.
    public List<String> get(String key) {
        return state.getOrDefault(key, List.of());
    }

    /// Keeps it; nothing: forgets it. While what was kept is being restored this does nothing.
    public void put(String key, List<String> values) {
        if (restoring) {
            touched.add(key);
            return;
        }
        if (project == null || get(key).equals(values)) {
            return;
        }
        if (values.isEmpty()) {
            state.remove(key);
        } else {
            state.put(key, List.copyOf(values));
        }
        soon.playFromStart();
    }

    /// @param restore gets what is kept under the key, empty if nothing is: at once and with every
    ///     other project
    public void follow(String key, Consumer<List<String>> restore) {
        followers.put(key, restore);
        restore(key, restore);
    }

    /// Keeps where the dividers are, also those that are added later.
    public void split(String key, SplitPane split) {
        double[] before = split.getDividerPositions();
        Runnable put = () -> {
            if (split.getScene() != null && split.getWidth() > 0 && split.getHeight() > 0) {
                List<String> positions = new ArrayList<>();
                for (double position : split.getDividerPositions()) {
                    positions.add(Double.toString(position));
                }
                put(key, positions);
            }
        };
        for (SplitPane.Divider divider : split.getDividers()) {
            divider.positionProperty().addListener((_, _, _) -> put.run());
        }
        split.getDividers().addListener((ListChangeListener<SplitPane.Divider>) change -> {
            while (change.next()) {
                for (SplitPane.Divider divider : change.getAddedSubList()) {
                    divider.positionProperty().addListener((_, _, _) -> put.run());
                }
            }
            place(split, get(key), split.getDividerPositions());
        });
        follow(key, positions -> place(split, positions, before));
    }

    private static void place(SplitPane split, List<String> kept, double[] otherwise) {
        double[] positions = new double[kept.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = number(kept.get(i));
        }
        boolean usable = positions.length == split.getDividers().size();
        for (double position : positions) {
            usable &= position >= 0 && position <= 1;
        }
        split.setDividerPositions(usable ? positions : otherwise);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// Keeps a text, such as a filter.
    public void text(String key, Property<String> property) {
        value(key, property, Function.identity(), Function.identity());
    }

    /// Keeps whether something is switched on.
    public void flag(String key, Property<Boolean> property) {
        value(key, property, b -> Boolean.toString(b), text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    /// Keeps a value of any kind.
    ///
    /// @param write its name in the file @param read the value of that name, null if there is none any more
    public <T> void value(
            String key, Property<T> property, Function<T, String> write, Function<String, @Nullable T> read) {
        T before = property.getValue();
        property.addListener((_, _, now) -> put(key, now == null ? List.of() : List.of(write.apply(now))));
        follow(key, kept -> {
            T value = kept.size() == 1 ? read.apply(kept.getFirst()) : null;
            property.setValue(value == null ? before : value);
        });
    }

    /// The value of that name among these, null if there is none: to read what {@link #value} wrote.
    public static <E extends Enum<E>> Function<String, @Nullable E> oneOf(E[] values) {
        return name -> Arrays.stream(values)
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /// Keeps which tab is in front, by its title.
    public void tabs(String key, TabPane tabs) {
        tabs.getSelectionModel()
                .selectedItemProperty()
                .addListener((_, _, now) -> put(key, now == null ? List.of() : List.of(now.getText())));
        follow(
                key,
                kept -> tabs.getTabs().stream()
                        .filter(tab -> kept.contains(tab.getText()))
                        .findFirst()
                        .ifPresentOrElse(tabs.getSelectionModel()::select, tabs.getSelectionModel()::selectFirst));
    }

    // ---- what the window does with it

    /// Called before anything is written because the project or the window closes: the last moment to
    /// {@link #put} what is not put as it changes.
    public void beforeLeaving(Runnable capture) {
        captures.add(capture);
    }

    /// What was kept of the project. Not on the JavaFX thread.
    Map<String, List<String>> read(Path folder) {
        return files.read(folder);
    }

    /// The project is in front now, and everything looks as it did.
    void enter(Path folder, Map<String, List<String>> kept) {
        project = folder;
        state.clear();
        state.putAll(kept);
        Map.copyOf(followers).forEach(this::restore);
    }

    /// The project will not be in front any more.
    void leave() {
        capture();
        project = null;
    }

    /// Writes what there is now.
    void capture() {
        if (project != null) {
            captures.forEach(Runnable::run);
            save();
        }
    }

    /// Does what is no wish of the person: nothing it changes is kept, and what it changed is restored.
    void during(Runnable change) {
        touched.clear();
        boolean outer = restoring;
        restoring = true;
        try {
            change.run();
        } finally {
            restoring = outer;
        }
        for (String key : Set.copyOf(touched)) {
            Consumer<List<String>> follower = followers.get(key);
            if (follower != null) {
                restore(key, follower);
            }
        }
    }

    private void restore(String key, Consumer<List<String>> restore) {
        boolean outer = restoring;
        restoring = true;
        try {
            restore.accept(get(key));
        } finally {
            restoring = outer;
        }
    }

    private void save() {
        soon.stop();
        if (project != null) {
            files.write(project, state);
        }
    }

    /// Waits, for a moment, until everything is in its file. Any thread, when the window is gone.
    @Override
    public void close() {
        files.close();
    }
}
