package nexus.aiagents.app.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/// The lines of `--json`: one object each, `type` first. Their fields are a promise, kept in
/// `docs/reference/json-output.md`.
final class Json {
    private static final JsonMapper MAPPER = EventJson.mapper()
            .rebuild()
            .addModule(new SimpleModule().addSerializer(new LowerCaseEnums()))
            .build();

    private Json() {}

    @SuppressWarnings("rawtypes")
    private static final class LowerCaseEnums extends StdSerializer<Enum> {
        LowerCaseEnums() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator out, SerializationContext context) {
            out.writeString(Format.lower(value));
        }
    }

    static ObjectNode object(String type) {
        return MAPPER.createObjectNode().put("type", type);
    }

    /// A snapshot's record as it is, with what it holds as JSON text unfolded: `inputJson` becomes `input`.
    static ObjectNode object(String type, Object view) {
        ObjectNode result = object(type);
        copy((ObjectNode) MAPPER.<JsonNode>valueToTree(view), result);
        return result;
    }

    static ObjectNode entry(String type, JournalEntry entry) {
        ObjectNode fields = (ObjectNode) MAPPER.<JsonNode>valueToTree(entry.event());
        String name = fields.remove("type").asString();
        ObjectNode result = object(type)
                .put("seq", entry.seq())
                .put("at", entry.at().toString())
                .put("event", name);
        copy(fields, result);
        return result;
    }

    /// Positions as editors and compilers print them: from 1.
    static ObjectNode diagnostic(Diagnostic d) {
        ObjectNode result = object("diagnostic")
                .put("severity", Format.lower(d.severity()))
                .put("code", d.code())
                .put("message", d.message())
                .put("file", d.at().file())
                .put("line", d.at().line() + 1)
                .put("column", d.at().column() + 1)
                .put("endLine", d.at().endLine() + 1)
                .put("endColumn", d.at().endColumn() + 1);
        return result.put("fix", d.fix() == null ? null : d.fix().title());
    }

    static ObjectNode run(RunView run) {
        ObjectNode result = object("run")
                .put("runId", run.id())
                .put("kind", run.kind())
                .put("name", run.name())
                .put("state", Format.lower(run.state()))
                .put("resumed", run.resumed())
                .put("startedAt", run.startedAt().toString())
                .put("endedAt", run.endedAt() == null ? null : run.endedAt().toString());
        result.set("input", embedded(run.inputJson()));
        result.set("output", embedded(run.outputJson()));
        result.put("failedStep", run.failedStep());
        result.set("error", error(run.errorCode(), run.errorMessage()));
        result.put("parentRunId", run.parentRunId())
                .put("parentStep", run.parentStep())
                .put("forkedFrom", run.forkedFrom());
        result.put("microDollars", run.microDollars()).put("tokens", run.tokens());
        ArrayNode steps = result.putArray("steps");
        run.steps().forEach(step -> steps.add(step(step)));
        ArrayNode compensations = result.putArray("compensations");
        compensated(run).forEach(step -> compensations.add(step.name()));
        ArrayNode votes = result.putArray("votes");
        run.votes().forEach(vote -> {
            ObjectNode node = votes.addObject();
            copy((ObjectNode) MAPPER.<JsonNode>valueToTree(vote), node);
        });
        return result;
    }

    /// Steps whose compensation ran, in the order in which it did.
    static List<StepView> compensated(RunView run) {
        List<StepView> steps = new ArrayList<>(run.steps());
        steps.removeIf(step -> step.undoOrder() == 0);
        steps.sort(Comparator.comparingInt(StepView::undoOrder));
        return steps;
    }

    private static ObjectNode step(StepView step) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("name", step.name())
                .put("agent", step.agent())
                .put("state", Format.lower(step.state()))
                .put("attempts", step.attempts())
                .put("microDollars", step.microDollars())
                .put("tokens", step.tokens());
        node.set("input", embedded(step.inputJson()));
        node.set("output", embedded(step.outputJson()));
        node.set("error", error(step.errorCode(), step.errorMessage()));
        node.put("compensation", step.compensation())
                .put("compensationState", step.undoState() == null ? null : Format.lower(step.undoState()))
                .put("compensationAttempts", step.undoAttempts())
                .put("compensationError", step.undoError())
                .put("group", step.group())
                .put("pivot", step.pivot())
                .put("parked", step.parked())
                .put("skipped", step.skipped());
        ArrayNode needs = node.putArray("needs");
        step.needs().forEach(needs::add);
        RunView.ItemsView items = step.items();
        if (items != null) {
            ObjectNode all = node.putObject("items")
                    .put("total", items.total())
                    .put("done", items.done())
                    .put("running", items.running())
                    .put("failed", items.failed())
                    .put("skipped", items.skipped());
            ArrayNode shown = all.putArray("shown");
            items.shown().forEach(item -> shown.add(item(item)));
        }
        return node;
    }

    private static ObjectNode item(RunView.ItemView item) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("index", item.index())
                .put("state", Format.lower(item.state()))
                .put("attempts", item.attempts());
        node.set("input", embedded(item.inputJson()));
        node.set("output", embedded(item.outputJson()));
        node.set("error", error(item.errorCode(), item.errorMessage()));
        return node.put("parked", item.parked());
    }

    static @Nullable JsonNode error(@Nullable String code, @Nullable String message) {
        return code == null
                ? MAPPER.nullNode()
                : MAPPER.createObjectNode().put("code", code).put("message", message == null ? "" : message);
    }

    private static void copy(ObjectNode from, ObjectNode to) {
        from.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.endsWith("Json")) {
                to.set(
                        name.substring(0, name.length() - "Json".length()),
                        embedded(value.isNull() ? null : value.asString()));
            } else {
                to.set(name, value);
            }
        });
    }

    static JsonNode embedded(@Nullable String text) {
        if (text == null) {
            return MAPPER.nullNode();
        }
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException _) {
            return MAPPER.getNodeFactory().stringNode(text); // not JSON after all: as it is
        }
    }

    /// Checks what a person gave as JSON.
    ///
    /// @param where names the source in the message
    static String checked(String text, String where) {
        if (text.isBlank()) {
            throw new Failure(Exit.USAGE, "bad-input", where + " is empty, and so is not JSON; {} is the least");
        }
        try {
            return MAPPER.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text)
                    .toString();
        } catch (JacksonException e) {
            var at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new Failure(
                    Exit.USAGE,
                    "bad-input",
                    where + " is not JSON" + place + ": " + plain(e.getOriginalMessage()) + ". Quote it for the shell, "
                            + "like --input '{\"topic\":\"otters\"}', or use --input @file.json");
        }
    }

    /// The parser's words without what only its makers need.
    static String plain(String message) {
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceAll(" \\(code \\d+[^)]*\\)", "")
                .replaceAll(" \\(start marker at .*", "")
                .replaceAll("\\(JSON String, Number.*?\\)", "a JSON value")
                .replace("expected a valid value a JSON value", "expected a JSON value");
    }

    static String pretty(String json) {
        return embedded(json).toPrettyString();
    }
}
