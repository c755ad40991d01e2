package nexus.aiagents.app.desktop.editor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.ReloadPlan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what is edited into the project that runs. What disturbs nothing that is up is applied when it
/// is saved; where something would restart, start or stop, that is said first and a person decides. JavaFX
/// thread.
final class ApplyLive {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyLive.class);
    private static final String UNKNOWN = "It is being compared with what runs.";

    private final Workspace workspace;
    private final OpenFiles files;
    private final ReadOnlyObjectWrapper<@Nullable Difference> difference = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ReloadPlan> pending = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper(UNKNOWN);
    private @Nullable BackgroundTask comparing;
    private boolean again;
    private boolean applying;

    /// How the texts in the editor differ from those that run, and what applying them means.
    record Difference(ReloadPlan plan, Unified text) {}

    ApplyLive(Workspace workspace, OpenFiles files) {
        this.workspace = workspace;
        this.files = files;
    }

    /// Null while it is not known.
    ReadOnlyObjectProperty<@Nullable Difference> difference() {
        return difference.getReadOnlyProperty();
    }

    /// What is on the disk and does not run yet, since it would be felt or another program wrote it;
    /// null: nothing waits.
    ReadOnlyObjectProperty<@Nullable ReloadPlan> pending() {
        return pending.getReadOnlyProperty();
    }

    /// Why it can not be applied now; empty: it can.
    ReadOnlyStringProperty whyNot() {
        return whyNot.getReadOnlyProperty();
    }

    /// Another project is in front.
    void forget() {
        BackgroundTask stale = comparing;
        if (stale != null) {
            stale.cancel();
            comparing = null;
        }
        again = false;
        applying = false;
        difference.set(null);
        pending.set(null);
        whyNot.set(UNKNOWN);
    }

    // ---- comparing

    /// Compares anew; while it is being compared only the newest wish for another is kept.
    void compare() {
        Path folder = workspace.folder().get();
        EngineClient client = workspace.client().get();
        if (folder == null || client == null) {
            difference.set(null);
            whyNot.set("No project is open.");
            return;
        }
        if (comparing != null) {
            again = true;
            return;
        }
        Map<String, String> unsaved = files.unsaved();
        comparing = workspace
                .background()
                .quietly(_ -> compare(workspace.language(), client, folder, unsaved), this::compared, e -> {
                    LOG.warn("what runs could not be compared", e);
                    comparing = null;
                    whyNot.set("What runs can not be read: " + e.getMessage());
                });
    }

    private static Difference compare(
            LanguageService language, EngineClient client, Path folder, Map<String, String> unsaved) {
        Map<String, String> running = client.configuration().files();
        Map<String, String> edited =
                new LinkedHashMap<>(language.load(folder, unsaved).texts());
        for (String file : running.keySet()) { // with errors nobody knows which programs belong to it
            if (!edited.containsKey(file)) {
                String text = unsaved.containsKey(file) ? unsaved.get(file) : read(folder.resolve(file));
                if (text != null) {
                    edited.put(file, text);
                }
            }
        }
        return new Difference(client.plan(unsaved), Unified.of(running, edited));
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.isRegularFile(file) ? TextFile.read(file).text() : null;
        } catch (java.io.IOException _) {
            return null;
        }
    }

    private void compared(Difference found) {
        comparing = null;
        difference.set(found);
        if (pending.get() != null) {
            waits(found.plan());
        }
        say(found.plan());
        if (again) {
            again = false;
            compare();
        }
    }

    private void say(ReloadPlan plan) {
        String refusal = plan.refusal();
        if (applying) {
            whyNot.set("It is being applied.");
        } else if (refusal != null) {
            whyNot.set("Mend the problems first: " + refusal.replaceFirst("^.*?: ", ""));
        } else if (files.anyInConflict()) {
            whyNot.set("Another program changed a file that is open. Decide what it shall be first.");
        } else if (plan.isEmpty() && files.unsaved().isEmpty()) {
            whyNot.set("The files say what runs.");
        } else {
            whyNot.set("");
        }
    }

    /// Nothing waits while there are errors: they are told as problems.
    private void waits(ReloadPlan plan) {
        pending.set(plan.refusal() != null || plan.isEmpty() ? null : plan);
    }

    /// Another program may have written into the files. That is never applied by itself.
    void notice() {
        EngineClient client = workspace.client().get();
        if (client == null || applying) {
            return;
        }
        workspace
                .background()
                .quietly(
                        _ -> client.plan(Map.of()),
                        plan -> {
                            if (client == workspace.client().get() && !applying) {
                                waits(plan);
                                if (pending.get() != null) {
                                    compare();
                                }
                            }
                        },
                        e -> LOG.warn("what runs could not be compared", e));
    }

    // ---- applying

    /// Saves what is not saved and applies it.
    void apply() {
        if (!whyNot.get().isEmpty()) {
            return;
        }
        applying = true;
        whyNot.set("It is being applied.");
        files.saveAll(saved -> {
            if (saved) {
                var _ = workspace.submit(new Command.Reload()).thenAccept(this::applied);
            } else {
                applying = false;
                compare();
            }
        });
    }

    private void applied(CommandResult result) {
        applying = false;
        pending.set(null);
        if (result instanceof CommandResult.Done(String message)) {
            workspace.notifications().post(Notification.Kind.INFO, "The changes are applied", told(message));
        }
        compare();
    }

    private static String told(String message) {
        String rest = message.replaceFirst("^reloaded(; )?", "");
        String text = rest.isEmpty() ? "nothing that runs is another" : rest;
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    /// A file was saved.
    void saved() {
        Path folder = workspace.folder().get();
        if (folder == null || applying) {
            return;
        }
        EngineClient client = workspace.client().get();
        workspace.background().quietly(_ -> planned(folder, client), plan -> act(folder, plan), this::unknown);
    }

    /// Of a project that is not open only whether it has errors is known.
    private ReloadPlan planned(Path folder, @Nullable EngineClient client) {
        if (client != null) {
            return client.plan(Map.of());
        }
        boolean broken = workspace.language().analyze(folder, new HashMap<>()).hasErrors();
        return broken ? ReloadPlan.refused("") : ReloadPlan.NOTHING;
    }

    private void act(Path folder, ReloadPlan plan) {
        if (workspace.client().get() == null) {
            if (plan.refusal() == null && workspace.problem().get() != null) {
                workspace.open(folder);
            }
        } else if (plan.refusal() != null) {
            workspace
                    .notifications()
                    .post(
                            Notification.Kind.INFO,
                            "Saved, not applied",
                            "The running project keeps its configuration until the errors are mended.");
        } else if (plan.isFelt()) {
            pending.set(plan);
            compare();
        } else {
            pending.set(null);
            var _ = workspace.submit(new Command.Reload()).thenAccept(_ -> {
                if (difference.get() != null) {
                    compare();
                }
            });
        }
    }

    private void unknown(Throwable e) {
        workspace
                .notifications()
                .post(Notification.Kind.FAILED, "Saved, but not checked", String.valueOf(e.getMessage()));
    }
}
