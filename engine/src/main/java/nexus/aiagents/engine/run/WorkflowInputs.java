package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowEffect;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowGraph;
import nexus.aiagents.engine.workflow.WorkflowMachine;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Evaluates what the steps of a workflow say of conditions, items and inputs. Confined to its worker.
final class WorkflowInputs {
    private static final int WHOLE = -1;
    private static final int MOST_PARSED = 64;

    private final WorkflowRun run;
    private final WorkflowGraph graph;
    private final UnaryOperator<@Nullable String> env;
    private final Map<Integer, BitSet> ancestors = new HashMap<>();
    /// What was read of long outputs, by the very text.
    private final Map<String, Object> parsed = new IdentityHashMap<>();

    WorkflowInputs(WorkflowRun run, WorkflowGraph graph, UnaryOperator<@Nullable String> env) {
        this.run = run;
        this.graph = graph;
        this.env = env;
    }

    private static final class Broken extends Exception {
        Broken(String message) {
            super(message);
        }
    }

    WorkflowEvent step(WorkflowState state, WorkflowEffect.ResolveStep e) {
        StepSpec spec = run.workflow().steps().get(e.step());
        try {
            String given = e.given();
            if (given == null && spec.when() != null && !holds(state, e.step(), spec.when())) {
                return new WorkflowEvent.ConditionFalse(e.step());
            }
            if (spec.forEach() != null) {
                String list = given == null ? evaluate(state, e.step(), spec.forEach(), null) : given;
                return new WorkflowEvent.ItemsReady(e.step(), items(list));
            }
            if (given != null) {
                return new WorkflowEvent.InputReady(e.step(), WHOLE, given);
            }
            String input =
                    spec.input() == null ? usual(state, e.step()) : evaluate(state, e.step(), spec.input(), null);
            return new WorkflowEvent.InputReady(e.step(), WHOLE, checked(input));
        } catch (Broken broken) {
            return new WorkflowEvent.Broken(e.step(), WHOLE, reason(broken));
        }
    }

    WorkflowEvent item(WorkflowState state, WorkflowEffect.ResolveItem e) {
        StepSpec spec = run.workflow().steps().get(e.step());
        try {
            String template = String.valueOf(spec.input());
            return new WorkflowEvent.InputReady(e.step(), e.item(), checked(evaluate(state, e.step(), template, e)));
        } catch (Broken broken) {
            return new WorkflowEvent.Broken(e.step(), e.item(), reason(broken));
        }
    }

    WorkflowEvent output(WorkflowState state) {
        try {
            String template = String.valueOf(run.workflow().output());
            String output = value(template, () -> data(state, all(), null));
            if (RunJson.bytes(output) > WorkflowMachine.MAX_LIST_BYTES) {
                throw new Broken("the workflow's output is larger than " + WorkflowMachine.MAX_LIST_BYTES + " bytes");
            }
            return new WorkflowEvent.OutputReady(output);
        } catch (Broken broken) {
            return new WorkflowEvent.OutputBroken(reason(broken));
        }
    }

    private static ExitReason reason(Broken broken) {
        return ExitReason.error("bad-expression", String.valueOf(broken.getMessage()));
    }

    private static String checked(String input) throws Broken {
        int bytes = RunJson.bytes(input);
        if (bytes > WorkflowMachine.MAX_LIST_BYTES) {
            throw new Broken("the step's input of " + bytes + " bytes is larger than " + WorkflowMachine.MAX_LIST_BYTES
                    + ": put it into a file and pass the file's name");
        }
        return input;
    }

    /// Nothing is false: a field that is not there.
    private boolean holds(WorkflowState state, int step, String condition) throws Broken {
        String value = evaluate(state, step, condition, null);
        return switch (value) {
            case "true" -> true;
            case "false", "null" -> false;
            default ->
                throw new Broken("the condition `when` gives " + brief(value) + ", which is neither true nor false");
        };
    }

    /// JSONata makes no difference between one thing and a list of one, nor between nothing and an
    /// empty list.
    private static List<String> items(String json) {
        JsonNode node = RunJson.JSON.readTree(json);
        List<String> items = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> items.add(item.toString()));
        } else if (!node.isNull()) {
            items.add(node.toString());
        }
        return items;
    }

    private static String brief(String value) {
        return value.length() <= 60 ? value : value.substring(0, 60) + "…";
    }

    // ---- the usual input

    private String usual(WorkflowState state, int step) {
        List<Integer> needs = graph.needs(step);
        if (run.workflow().chain()) {
            int before = step - 1;
            while (before >= 0 && state.steps().get(before).status() != Status.DONE) {
                before--;
            }
            return before < 0 ? run.inputJson() : output(state, before);
        }
        if (needs.isEmpty()) {
            return run.inputJson();
        }
        if (needs.size() == 1) {
            return output(state, needs.getFirst());
        }
        ObjectNode all = RunJson.JSON.createObjectNode();
        for (int need : needs) {
            all.set(name(need), RunJson.JSON.readTree(output(state, need)));
        }
        return all.toString();
    }

    private String output(WorkflowState state, int step) {
        return String.valueOf(state.steps().get(step).output());
    }

    private String name(int step) {
        return run.workflow().steps().get(step).name();
    }

    // ---- expressions

    private String evaluate(WorkflowState state, int step, String template, WorkflowEffect.@Nullable ResolveItem item)
            throws Broken {
        BitSet seen = ancestors.computeIfAbsent(step, graph::ancestors);
        return value(template, () -> data(state, seen, item));
    }

    private String value(String template, java.util.function.Supplier<Map<String, Object>> data) throws Broken {
        return switch (Expressions.evaluate(template, run.runId(), data)) {
            case Expressions.Result.Value v -> v.json();
            case Expressions.Result.Broken b -> throw new Broken(b.message());
        };
    }

    private BitSet all() {
        BitSet all = new BitSet();
        all.set(0, run.workflow().steps().size());
        return all;
    }

    private Map<String, Object> data(WorkflowState state, BitSet seen, WorkflowEffect.@Nullable ResolveItem item) {
        LazyMap steps = new LazyMap();
        seen.stream()
                .forEach(i -> steps.with(name(i), () -> {
                    String output = state.steps().get(i).output();
                    return new LazyMap().with("output", () -> output == null ? null : plain(output));
                }));
        LazyMap data = new LazyMap()
                .with("input", () -> plain(run.inputJson()))
                .with("steps", () -> steps)
                .with(
                        "run",
                        () -> Map.of(
                                "id", run.runId(),
                                "workflow", run.workflow().name(),
                                "startedAt", run.startedAt()))
                .with("env", () -> Expressions.granted(run.workflow().env(), env));
        if (item != null) {
            data.with("item", () -> Expressions.plain(item.itemJson())).with("index", item::item);
        }
        return data;
    }

    private synchronized @Nullable Object plain(String json) {
        if (parsed.size() >= MOST_PARSED && !parsed.containsKey(json)) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(json, Expressions::plain);
    }
}
