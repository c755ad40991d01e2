package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.project.WorkflowSpec.OnError;
import nexus.aiagents.engine.project.WorkflowSpec.OnUnknown;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Target;
import org.jspecify.annotations.Nullable;

/// From a `workflow` block to its specification.
final class WorkflowReader {
    static final int DEFAULT_CONCURRENCY = 10;
    private static final RetrySpec STANDARD_RETRY = SagaReader.retry(Body.EMPTY);

    private final Definition definition;
    private final Body body;
    private final Scope scope;
    private final Expressions expressions;
    private final Map<String, Body> steps = new LinkedHashMap<>();

    WorkflowReader(Definition definition, Scope scope, Expressions expressions) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
        this.expressions = expressions;
    }

    WorkflowSpec read() {
        for (YamlNode item : body.list("steps")) {
            if (item instanceof YamlNode.Mapping map) {
                Body step = new Body(map);
                if (steps.putIfAbsent(step.text("name", ""), step) != null) {
                    scope.add(Code.DUPLICATE_STEP.at(
                            step.at("name"),
                            "the workflow already has a step `" + step.text("name", "") + "`: rename one of the two"));
                }
            }
        }
        StepGraph graph = StepGraph.read(steps, scope);
        List<StepSpec> specs = new ArrayList<>();
        steps.forEach((name, step) -> specs.add(step(name, step, graph)));
        unreachable(graph);
        YamlNode output = body.node("output");
        if (output != null) {
            new StepExpressions(
                            scope,
                            expressions,
                            steps.keySet(),
                            step -> "no step is called `" + step + "`" + Similar.hint(step, steps.keySet()),
                            variables())
                    .check(output);
        }
        return new WorkflowSpec(
                definition.name(),
                specs,
                graph.chain(),
                Durations.positive(body, "timeout", scope),
                output == null ? null : output.toJson().toString(),
                body.words("env"),
                definition.hash(),
                definition.at());
    }

    private StepSpec step(String name, Body step, StepGraph graph) {
        StepExpressions check = new StepExpressions(
                scope, expressions, graph.ancestors(name), other -> notBefore(name, other, graph), variables());
        for (String key : List.of("when", "forEach", "input")) {
            YamlNode node = step.node(key);
            if (node != null) {
                check.check(node);
            }
        }
        Target target = target(name, step);
        OnError onError = step.word("onError", OnError.STOP);
        RetrySpec otherwise = onError == OnError.RETRY ? STANDARD_RETRY : RetrySpec.ONCE;
        unused(step, target);
        return new StepSpec(
                name,
                target,
                graph.needs(name),
                condition(step),
                forEach(step),
                (int) step.whole("concurrency", DEFAULT_CONCURRENCY),
                json(step.node("input")),
                step.has("retry") ? SagaReader.retry(step.body("retry")) : otherwise,
                Durations.positive(step, "timeout", scope),
                Durations.positive(step, "totalTimeout", scope),
                step.flag("idempotent"),
                step.word("onUnknown", OnUnknown.FAIL),
                onError,
                step.has("approval"),
                ValueSchema.ofOutput(step, scope),
                step.at("name"));
    }

    private StepExpressions.Variables variables() {
        return new StepExpressions.Variables("workflow", body.words("env"));
    }

    private String notBefore(String name, String other, StepGraph graph) {
        if (!steps.containsKey(other)) {
            return "no step is called `" + other + "`" + Similar.hint(other, graph.ancestors(name));
        }
        if (other.equals(name)) {
            return "`" + other + "` is this step itself, which has no output yet";
        }
        return graph.chain()
                ? "`" + other + "` comes after this step: name an earlier one"
                : "`" + name + "` does not need `" + other + "`, so its output may not be there yet: add it to `needs`";
    }

    // ---- what it calls

    private Target target(String name, Body step) {
        List<Called> named = new ArrayList<>();
        for (Called kind : Called.values()) {
            if (step.has(Body.word(kind))) {
                named.add(kind);
            }
        }
        if (named.size() != 1) {
            String what =
                    named.isEmpty() ? "nothing says what step `" + name + "` calls" : "a step calls one thing only";
            scope.add(Code.STEP_TARGET.at(
                    step.at("name"), what + ": give it one of `agent:`, `pool:`, `saga:` or `workflow:`"));
            return new Target(Called.AGENT, "");
        }
        Called kind = named.getFirst();
        String key = Body.word(kind);
        String called = step.text(key, "");
        Code code = kind == Called.AGENT ? Code.UNKNOWN_AGENT : Code.UNKNOWN_CALLED;
        scope.require(Kind.valueOf(kind.name()), called, step.at(key), code);
        return new Target(kind, called);
    }

    private void unused(Body step, Target target) {
        if (step.has("concurrency") && !step.has("forEach")) {
            unused(step, "concurrency", "`concurrency` is only used with `forEach`");
        }
        if (target.kind() != Called.AGENT) {
            for (String key : List.of("idempotent", "onUnknown")) {
                if (step.has(key)) {
                    unused(
                            step,
                            key,
                            "a " + Body.word(target.kind()) + " goes on by itself after a crash, so it always becomes"
                                    + " known how it ended");
                }
            }
        }
    }

    private void unused(Body step, String key, String why) {
        scope.add(Code.KEY_UNUSED.at(step.at(key), why + ": remove it"));
    }

    // ---- conditions

    private @Nullable String condition(Body step) {
        YamlNode node = step.node("when");
        if (node instanceof YamlNode.Scalar scalar && scalar.value().isString() && !isOneExpression(scalar.text())) {
            boolean bare = !scalar.text().contains("${") && Template.syntaxError(scalar.text()) == null;
            String message = "a condition is one whole `${…}`, or true or false";
            String quoted = "\"${" + scalar.text() + "}\"";
            scope.add(
                    bare && scalar.plain()
                            ? Code.BAD_CONDITION.at(
                                    scalar.at(),
                                    message + ": write " + quoted,
                                    new Diagnostic.QuickFix("Make it an expression", scalar.at(), quoted))
                            : Code.BAD_CONDITION.at(scalar.at(), message));
        }
        return json(node);
    }

    private @Nullable String forEach(Body step) {
        YamlNode node = step.node("forEach");
        if (node instanceof YamlNode.Scalar scalar && !isOneExpression(scalar.text())) {
            scope.add(Code.BAD_FOR_EACH.at(
                    scalar.at(), "`forEach` is a list, or one whole `${…}` that gives one: \"${input.items}\""));
        }
        return json(node);
    }

    /// One that is not closed was found wrong already.
    private static boolean isOneExpression(String text) {
        try {
            return Template.parse(text).isOneExpression();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static @Nullable String json(@Nullable YamlNode node) {
        return node == null ? null : node.toJson().toString();
    }

    /// What never runs: its condition is plainly false, or everything it needs never runs.
    private void unreachable(StepGraph graph) {
        Set<String> never = new LinkedHashSet<>();
        for (String name : graph.inOrder()) {
            Body step = steps.get(name);
            List<String> needs = graph.needs(name);
            boolean off = step != null
                    && step.node("when") instanceof YamlNode.Scalar scalar
                    && scalar.value().isBoolean()
                    && !scalar.value().asBoolean();
            if (off && step != null) {
                never.add(name);
                scope.add(Code.UNREACHABLE_STEP.at(
                        step.at("when"), "`" + name + "` never runs: its condition is always false"));
            } else if (step != null && !graph.chain() && !needs.isEmpty() && never.containsAll(needs)) {
                never.add(name);
                scope.add(Code.UNREACHABLE_STEP.at(
                        step.at("name"), "`" + name + "` never runs, because nothing that it needs ever does"));
            }
        }
    }
}
