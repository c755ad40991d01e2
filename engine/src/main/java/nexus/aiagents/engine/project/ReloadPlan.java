package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What it means to apply an edited configuration to a project that is open: what is another, and what
/// starts, stops or restarts because of that. Applying does exactly what the plan says, for it is made of
/// the plan. Immutable.
///
/// @param refusal why it can not be applied, with the first errors and their places; null: it can
/// @param changes every named thing that is another, in the order of the files
/// @param acts    in the order in which they happen; empty: nothing that is up notices
public record ReloadPlan(@Nullable String refusal, List<Change> changes, List<Act> acts) {
    /// Nothing is another.
    public static final ReloadPlan NOTHING = new ReloadPlan(null, List.of(), List.of());

    /// One named thing that is another.
    ///
    /// @param kind    `project`, `model`, `agent`, `supervisor`, `saga`, `pool`, `workflow`, `cost`,
    ///     `trust`
    /// @param name    of a cost its budget, `agent/NAME`; empty where there is one of the kind
    /// @param fields  of one that is changed; empty if only the program of an agent is another
    /// @param program whether the program of the agent is another
    /// @param effect  when it takes effect, a sentence without a full stop
    public record Change(String kind, String name, How how, List<Field> fields, boolean program, String effect) {}

    public enum How {
        ADDED,
        REMOVED,
        CHANGED
    }

    /// @param path   `limits.timeout`, `steps[draft].retry`
    /// @param before as text, of what is no text as JSON; null: it was not there
    /// @param after  null: it is not there any more
    public record Field(
            String path, @Nullable String before, @Nullable String after) {}

    /// Something that happens to what is up.
    ///
    /// @param child      an agent, an instance of one, a pool or a supervisor; empty with
    ///     {@link Does#RESTART_TEAM}
    /// @param supervisor whose child it is, or was; empty for one at the top
    /// @param why        a sentence without a full stop
    public record Act(Does does, String child, String supervisor, String why) {}

    public enum Does {
        /// All supervisors stop with their children, and start by the new definition.
        RESTART_TEAM,
        STOP,
        RESTART,
        START
    }

    /// What is up just now.
    ///
    /// @param moved       a supervisor that is up and has another parent in the edited configuration;
    ///     null: none
    /// @param teamUp      whether a supervisor at the top is up
    /// @param supervisors that are up
    /// @param agents      that are up, instances of templates by their own names
    /// @param underWay    how many runs are, by `saga/NAME`, `workflow/NAME`, `pool/NAME`
    public record Live(
            @Nullable String moved,
            boolean teamUp,
            Set<String> supervisors,
            Set<String> agents,
            Map<String, Integer> underWay) {
        public static final Live NOTHING = new Live(null, false, Set.of(), Set.of(), Map.of());
    }

    public static ReloadPlan refused(String why) {
        return new ReloadPlan(why, List.of(), List.of());
    }

    /// Pure.
    ///
    /// @param before the texts of what runs, by file; `after` those of the edited configuration
    public static ReloadPlan of(
            Project running, Map<String, String> before, Project edited, Map<String, String> after, Live live) {
        List<Act> acts = new TeamChange(running, edited, live).acts();
        List<Change> changes =
                new Consequences(running, edited, live, acts, before, after).of(Differences.between(before, after));
        return new ReloadPlan(null, changes, acts);
    }

    /// Whether the whole team stops and starts.
    public boolean restartsTeam() {
        return acts.stream().anyMatch(act -> act.does() == Does.RESTART_TEAM);
    }

    /// The agents, and instances, that are stopped and started one by one.
    public List<String> restarts() {
        return children(Does.RESTART);
    }

    private List<String> children(Does does) {
        return acts.stream().filter(act -> act.does() == does).map(Act::child).toList();
    }

    /// Whether there is nothing to apply.
    public boolean isEmpty() {
        return refusal == null && changes.isEmpty() && acts.isEmpty();
    }

    /// Whether something that is up notices.
    public boolean isFelt() {
        return !acts.isEmpty();
    }

    /// Whether what is up of this thing stops, starts or restarts.
    public boolean isFeltBy(Change change) {
        boolean alive = change.kind().equals("agent")
                || change.kind().equals("supervisor")
                || change.kind().equals("pool");
        return alive
                && acts.stream()
                        .anyMatch(act -> act.does() == Does.RESTART_TEAM
                                || Instances.agentOf(act.child()).equals(change.name()));
    }

    /// What happens to what is up, such as `writer restarts; editor starts`; empty if nothing does.
    public String summary() {
        if (restartsTeam()) {
            return "the whole team restarts";
        }
        List<String> parts = new ArrayList<>();
        for (Does does : Does.values()) {
            List<String> names = children(does);
            if (!names.isEmpty()) {
                parts.add(listed(names) + " " + word(does) + (names.size() == 1 ? "s" : ""));
            }
        }
        return String.join("; ", parts);
    }

    private static String word(Does does) {
        return switch (does) {
            case RESTART_TEAM, RESTART -> "restart";
            case STOP -> "stop";
            case START -> "start";
        };
    }

    private static final int NAMED = 5;

    private static String listed(List<String> names) {
        return names.size() <= NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
    }

    /// The agents that are new, gone or another.
    static Set<String> otherAgents(Project running, Project edited) {
        Set<String> names = new TreeSet<>(running.agents().keySet());
        names.addAll(edited.agents().keySet());
        return names.stream()
                .filter(name -> {
                    AgentSpec before = running.agents().get(name);
                    AgentSpec after = edited.agents().get(name);
                    return before == null || after == null || !before.hash().equals(after.hash());
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The names of what is another, for the journal: of agents the name alone, else `kind NAME`.
    public List<String> names() {
        return changes.stream()
                .map(change ->
                        change.kind().equals("agent") ? change.name() : (change.kind() + " " + change.name()).strip())
                .toList();
    }
}
