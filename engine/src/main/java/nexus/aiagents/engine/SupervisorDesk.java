package nexus.aiagents.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.ChildrenEdit;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import org.jspecify.annotations.Nullable;

/// Adds children to supervisors and deletes them. What is named in the YAML is changed there too, so
/// that nothing comes back, or is lost, with the next open. One change at a time; the caller sees to that.
final class SupervisorDesk {
    private final ProjectYaml yaml;
    private final Supervision supervision;

    SupervisorDesk(ProjectYaml yaml, Supervision supervision) {
        this.yaml = yaml;
        this.supervision = supervision;
    }

    Outcome add(Project project, Command.AddChild asked) {
        SupervisorSpec supervisor = project.supervisors().get(asked.supervisor());
        String child = asked.child();
        if (supervisor == null) {
            return new Outcome(unknown(project, asked.supervisor()), project);
        }
        if (supervisor.template() != null || child == null) {
            return new Outcome(addInstance(supervisor, asked), project);
        }
        String parent = project.parents().get(child);
        if (parent != null) {
            return Outcome.refused(project, "already", child + " is a child of " + parent + " already");
        }
        try {
            return addNamed(project, supervisor, child, settings(asked));
        } catch (IllegalArgumentException e) {
            return Outcome.refused(project, "bad-input", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome(unwritten(e), project);
        }
    }

    private CommandResult addInstance(SupervisorSpec supervisor, Command.AddChild asked) {
        SupervisorSpec.TemplateSpec template = supervisor.template();
        String child = asked.child();
        if (template != null && child != null && !child.equals(template.agent())) {
            return new Refused(
                    "dynamic",
                    "supervisor " + supervisor.name() + " makes its children from " + template.agent()
                            + " alone: add one without a name");
        }
        if (asked.restart() != null || asked.shutdown() != null || asked.significant()) {
            return new Refused("bad-input", "how instances are restarted and stopped is said once, by the template");
        }
        return supervision
                .tree()
                .addInstance(supervisor.name())
                .toCompletableFuture()
                .join();
    }

    private static List<String> settings(Command.AddChild asked) {
        List<String> settings = new ArrayList<>();
        if (asked.restart() != null) {
            settings.add("restart: " + asked.restart());
        }
        if (asked.shutdown() != null) {
            settings.add("shutdown: " + asked.shutdown());
        }
        if (asked.significant()) {
            settings.add("significant: true");
        }
        return settings;
    }

    private Outcome addNamed(Project project, SupervisorSpec supervisor, String child, List<String> settings)
            throws IOException {
        String file = supervisor.at().file();
        String before = yaml.folder().read(file);
        String after = ChildrenEdit.add(before, supervisor.name(), child, settings);
        Edited edited = analyzed(project, supervisor, file, after);
        if (edited.refusal() != null) {
            return new Outcome(edited.refusal(), project);
        }
        if (!knows(project, child)) {
            return Outcome.refused(
                    project, "unknown-name", child + " was written since the project was read: reload it first");
        }
        Project next = edited.project();
        ChildSpec spec = Objects.requireNonNull(next.supervisors().get(supervisor.name())).children().stream()
                .filter(c -> c.name().equals(child))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("`" + child + "` could not be written as a child"));
        yaml.folder().replace(file, after);
        CommandResult result = supervision.addChild(supervisor.name(), spec, project, next);
        if (result instanceof Refused && yaml.folder().read(file).equals(after)) {
            yaml.folder().replace(file, before);
        }
        if (!(result instanceof Refused)) {
            yaml.texts().edit(file, text -> ChildrenEdit.add(text, supervisor.name(), child, settings));
        }
        return new Outcome(result, result instanceof Refused ? project : next);
    }

    private static boolean knows(Project project, String child) {
        return project.agents().containsKey(child)
                || project.supervisors().containsKey(child)
                || project.pools().containsKey(child);
    }

    Outcome delete(Project project, Command.DeleteChild asked) {
        SupervisorSpec supervisor = project.supervisors().get(asked.supervisor());
        String child = asked.child();
        if (supervisor == null) {
            return new Outcome(unknown(project, asked.supervisor()), project);
        }
        boolean named = supervisor.children().stream().anyMatch(c -> c.name().equals(child));
        try {
            Edited edited = named ? without(project, supervisor, child) : new Edited(project, "", null);
            if (edited.refusal() != null) {
                return new Outcome(edited.refusal(), project);
            }
            CommandResult result = supervision.deleteChild(supervisor.name(), child, named);
            if (!named || result instanceof Refused) {
                return new Outcome(result, project);
            }
            yaml.folder().replace(supervisor.at().file(), edited.text());
            yaml.texts().edit(supervisor.at().file(), text -> ChildrenEdit.remove(text, supervisor.name(), child));
            supervision.become(edited.project(), false);
            return new Outcome(result, edited.project());
        } catch (IllegalArgumentException e) {
            return Outcome.refused(project, "bad-input", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome(unwritten(e), project);
        }
    }

    Outcome move(Project project, Command.MoveChild asked) {
        Refused refused = whyNotMoved(project, asked);
        if (refused != null) {
            return new Outcome(refused, project);
        }
        try {
            return moved(project, asked);
        } catch (IllegalArgumentException e) {
            return Outcome.refused(project, "bad-input", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome(unwritten(e), project);
        }
    }

    private static @Nullable Refused whyNotMoved(Project project, Command.MoveChild asked) {
        SupervisorSpec from = project.supervisors().get(asked.supervisor());
        SupervisorSpec to = project.supervisors().get(asked.to());
        if (from == null || to == null) {
            return unknown(project, from == null ? asked.supervisor() : asked.to());
        }
        int at = indexOf(from, asked.child());
        if (at < 0) {
            return new Refused(
                    "unknown-name",
                    Similar.lacks(
                            "supervisor " + from.name(),
                            "child",
                            asked.child(),
                            from.children().stream().map(ChildSpec::name).toList()));
        }
        if (to.template() != null) {
            return new Refused("dynamic", to.name() + " makes its children from a template");
        }
        if (asked.place() != null && asked.place() < 0) {
            return new Refused("bad-input", "a place is 0 or more");
        }
        Map<String, String> parents = project.parents();
        for (String above = to.name(); above != null; above = parents.get(above)) {
            if (above.equals(asked.child())) {
                return new Refused("bad-input", to.name() + " is below " + asked.child() + " itself");
            }
        }
        return from == to && at == place(from, asked)
                ? new Refused("already", asked.child() + " has that place already")
                : null;
    }

    private static int indexOf(SupervisorSpec supervisor, String child) {
        for (int i = 0; i < supervisor.children().size(); i++) {
            if (supervisor.children().get(i).name().equals(child)) {
                return i;
            }
        }
        return -1;
    }

    /// Where it comes to stand.
    private static int place(SupervisorSpec to, Command.MoveChild asked) {
        int others = to.children().size() - (indexOf(to, asked.child()) < 0 ? 0 : 1);
        return asked.place() == null ? others : Math.min(others, asked.place());
    }

    private Outcome moved(Project project, Command.MoveChild asked) throws IOException {
        SupervisorSpec from = Objects.requireNonNull(project.supervisors().get(asked.supervisor()));
        SupervisorSpec to = Objects.requireNonNull(project.supervisors().get(asked.to()));
        String fromFile = from.at().file();
        String toFile = to.at().file();
        Map<String, String> before = new LinkedHashMap<>();
        before.put(toFile, yaml.folder().read(toFile));
        before.put(fromFile, yaml.folder().read(fromFile));
        Map<String, String> after = new LinkedHashMap<>(before);
        ChildrenEdit.Cut cut =
                ChildrenEdit.cut(Objects.requireNonNull(before.get(fromFile)), from.name(), asked.child());
        after.put(fromFile, cut.text());
        int place = place(to, asked);
        after.put(toFile, ChildrenEdit.paste(Objects.requireNonNull(after.get(toFile)), to.name(), place, cut.entry()));
        Analysis analysis = yaml.analyze(after);
        Project read = analysis.project();
        SupervisorSpec fromNow = read == null ? null : read.supervisors().get(from.name());
        SupervisorSpec toNow = read == null ? null : read.supervisors().get(to.name());
        if (fromNow == null || toNow == null || analysis.hasErrors()) {
            return new Outcome(ProjectYaml.projectErrors("so nothing was changed", analysis), project);
        }
        if (!isMoved(from, to, fromNow, toNow, asked.child(), place)) {
            return Outcome.refused(
                    project, "bad-input", "the files were changed since the project was read: apply that first");
        }
        // First where it comes to stand: should the process end between the two, nothing is lost.
        write(after);
        Project between = project.with(fromNow);
        Project next = between.with(toNow);
        CommandResult result = supervision.moveChild(from.name(), asked.child(), to.name(), between, next);
        if (result instanceof Refused) {
            write(before);
            supervision.become(project, false);
        } else {
            yaml.texts()
                    .edit(
                            fromFile,
                            text -> ChildrenEdit.cut(text, from.name(), asked.child())
                                    .text());
            yaml.texts().edit(toFile, text -> ChildrenEdit.paste(text, to.name(), place, cut.entry()));
        }
        return new Outcome(result, result instanceof Refused ? project : next);
    }

    private void write(Map<String, String> texts) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            yaml.folder().replace(text.getKey(), text.getValue());
        }
    }

    /// The child stands there with the same settings, and nothing else is different.
    private static boolean isMoved(
            SupervisorSpec from,
            SupervisorSpec to,
            SupervisorSpec fromNow,
            SupervisorSpec toNow,
            String child,
            int place) {
        List<SupervisorSpec.ChildSpec> left = new ArrayList<>(from.children());
        SupervisorSpec.ChildSpec moved = left.remove(indexOf(from, child));
        List<SupervisorSpec.ChildSpec> expected = from == to ? left : new ArrayList<>(to.children());
        expected.add(place, moved);
        return fromNow.children().equals(left) && toNow.children().equals(expected);
    }

    private Edited without(Project project, SupervisorSpec supervisor, String child) throws IOException {
        String file = supervisor.at().file();
        return analyzed(
                project, supervisor, file, ChildrenEdit.remove(yaml.folder().read(file), supervisor.name(), child));
    }

    /// @param project as it is now with that supervisor as the text says: what else was edited in the
    ///     files waits for a reload
    private record Edited(
            Project project, String text, @Nullable Refused refusal) {}

    private Edited analyzed(Project project, SupervisorSpec supervisor, String file, String text) {
        Analysis analysis = yaml.analyze(Map.of(file, text));
        Project read = analysis.project();
        SupervisorSpec spec = read == null ? null : read.supervisors().get(supervisor.name());
        if (spec == null || analysis.hasErrors()) {
            return new Edited(project, text, ProjectYaml.projectErrors("so nothing was changed", analysis));
        }
        return new Edited(project.with(spec), text, null);
    }

    private static Refused unknown(Project project, String supervisor) {
        return new Refused(
                "unknown-name",
                Similar.unknown("supervisor", supervisor, project.supervisors().keySet()));
    }

    private static Refused unwritten(IOException e) {
        return new Refused("store", "the file of the supervisor can not be written: " + e.getMessage());
    }
}
