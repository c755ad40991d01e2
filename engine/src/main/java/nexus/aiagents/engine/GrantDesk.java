package nexus.aiagents.engine;

import java.util.List;
import nexus.aiagents.engine.agent.AgentControls;
import nexus.aiagents.engine.agent.AgentControls.GrantQuestion;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent.GrantChanged;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.GrantEdit;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Decides what agents may do, for a person: in the YAML, or for a while. One change at a time; the caller
/// sees to that.
final class GrantDesk {
    private static final List<String> DECISIONS = List.of("once", "run", "project", "always", "deny");
    /// Kinds whose grants are names alone.
    private static final List<String> NAMED = List.of("models", "agents", "env");

    private static final List<String> KINDS = List.of("models", "http", "files", "agents", "kv", "env", "secrets");

    private final ProjectYaml yaml;
    private final Journal journal;
    private final AgentControls agents;

    GrantDesk(ProjectYaml yaml, Journal journal, AgentControls agents) {
        this.yaml = yaml;
        this.journal = journal;
        this.agents = agents;
    }

    Outcome decide(Project project, Command.DecideGrant asked) {
        if (!DECISIONS.contains(asked.decision())) {
            return Outcome.refused(
                    project, "bad-input", "'" + asked.decision() + "' is none of " + String.join(", ", DECISIONS));
        }
        GrantQuestion question = agents.question(asked.askId());
        if (question == null) {
            return Outcome.refused(
                    project, "unknown-name", Similar.unknown("question", asked.askId(), agents.questions()));
        }
        Outcome written = asked.decision().equals("always")
                ? add(project, new Command.AddGrant(question.agent(), question.kind(), question.itemJson()))
                : new Outcome(new Done(""), project);
        if (written.result() instanceof Refused || !agents.decideGrant(asked.askId(), asked.decision())) {
            return written.result() instanceof Refused
                    ? written
                    : new Outcome(new Refused("unknown-name", "the call that asked is over"), written.project());
        }
        String how = switch (asked.decision()) {
            case "once" -> "is allowed this once";
            case "run" -> "is allowed to the end of this run";
            case "project" -> "is allowed until the project is closed";
            case "always" -> "is granted, and stands in the YAML";
            default -> "is refused";
        };
        return new Outcome(
                new Done(question.agent() + ": " + (question.kind() + " " + question.grant()).strip() + " " + how),
                written.project());
    }

    Outcome add(Project project, Command.AddGrant asked) {
        JsonNode item;
        try {
            item = item(asked);
        } catch (JacksonException e) {
            return notJson(project, asked);
        }
        String name = item.isObject()
                ? List.of("name", "host", "path").stream()
                        .map(key -> item.path(key).asString(""))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse("")
                : asked.kind().equals("kv") ? "" : item.asString("");
        return edit(project, asked.agent(), asked.kind(), name, "added", item);
    }

    /// What is no JSON is a name, where a grant is nothing but a name.
    private static JsonNode item(Command.AddGrant asked) {
        try {
            return EventJson.mapper().readTree(asked.itemJson());
        } catch (JacksonException e) {
            if (NAMED.contains(asked.kind())) {
                return StringNode.valueOf(asked.itemJson());
            }
            throw e;
        }
    }

    private static Outcome notJson(Project project, Command.AddGrant asked) {
        if (!KINDS.contains(asked.kind())) {
            return Outcome.refused(project, "unknown-name", Similar.unknown("kind of grant", asked.kind(), KINDS));
        }
        String quoted = EventJson.mapper().writeValueAsString(asked.itemJson());
        String example = switch (asked.kind()) {
            case "http" -> "{\"host\": " + quoted + "}";
            case "files" -> "{\"path\": " + quoted + ", \"mode\": \"ro\"}";
            case "secrets" -> "{\"name\": " + quoted + ", \"host\": \"…\"}";
            default -> "true";
        };
        return Outcome.refused(project, "bad-input", "'" + asked.itemJson() + "' is no JSON; write " + example);
    }

    Outcome remove(Project project, Command.RemoveGrant asked) {
        if (asked.grant().isEmpty() && !asked.kind().equals("kv") && KINDS.contains(asked.kind())) {
            return Outcome.refused(
                    project, "bad-input", "say which grant of kind " + asked.kind() + ": naos grants AGENT lists them");
        }
        Outcome outcome = edit(project, asked.agent(), asked.kind(), asked.grant(), "removed", null);
        if (outcome.result() instanceof Done) {
            agents.forgetGrant(asked.agent(), asked.kind(), asked.grant());
        }
        return outcome;
    }

    private Outcome edit(
            Project project, String agent, String kind, String grant, String change, @Nullable JsonNode added) {
        AgentSpec before = project.agents().get(agent);
        if (before == null || !KINDS.contains(kind)) {
            return Outcome.refused(
                    project,
                    "unknown-name",
                    before == null
                            ? Similar.unknown("agent", agent, project.agents().keySet())
                            : Similar.unknown("kind of grant", kind, KINDS));
        }
        String file = before.at().file();
        ProjectYaml.Edit edit = new ProjectYaml.Edit(
                "agent",
                file,
                text -> added == null
                        ? GrantEdit.remove(text, agent, kind, grant)
                        : GrantEdit.add(text, agent, kind, added),
                read -> {
                    AgentSpec spec = read.agents().get(agent);
                    return spec == null ? null : project.with(spec);
                });
        return yaml.write(project, edit, _ -> {
            journal.commitAndWait(Journal.Batch.of(new GrantChanged(agent, kind, grant, change)));
            String what = (kind + " " + grant).strip();
            return new Done(what + (added == null ? " is taken from " : " is granted to ") + agent + " in " + file);
        });
    }
}
