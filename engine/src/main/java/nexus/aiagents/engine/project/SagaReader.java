package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import org.jspecify.annotations.Nullable;

/// From a `saga` block to its specification.
final class SagaReader {

    private final Definition definition;
    private final Body body;
    private final Scope scope;
    private final Expressions expressions;
    private final Set<String> all = new HashSet<>();
    /// Steps whose output is there when the one that is read begins.
    private final Set<String> earlier = new LinkedHashSet<>();

    private final List<StepSpec> steps = new ArrayList<>();
    private final Set<String> groups = new HashSet<>();
    private @Nullable String pivot;

    SagaReader(Definition definition, Scope scope, Expressions expressions) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
        this.expressions = expressions;
    }

    SagaSpec read() {
        for (YamlNode item : body.list("steps")) {
            if (item instanceof YamlNode.Mapping map) {
                stage(new Body(map));
            }
        }
        Duration timeout = Durations.positive(body, "timeout", scope);
        return new SagaSpec(
                definition.name(),
                List.copyOf(steps),
                timeout,
                reserve(),
                body.words("env"),
                definition.hash(),
                definition.at());
    }

    // ---- one step, or several at once

    private void stage(Body item) {
        if (!item.has("parallel")) {
            StepSpec step = step(item, null);
            steps.add(step);
            earlier.add(step.name());
            return;
        }
        String group = groupName(item);
        List<YamlNode> members = item.list("parallel");
        if (members.size() == 1) {
            scope.add(Code.GROUP_OF_ONE.at(item.at("parallel"), "a parallel group of one step: leave `parallel` out"));
        }
        List<String> names = new ArrayList<>();
        for (YamlNode member : members) {
            if (member instanceof YamlNode.Mapping map) {
                Body step = new Body(map);
                if (step.has("parallel")) {
                    scope.add(Code.GROUP_KEY.at(
                            step.at("parallel"),
                            "a parallel group can not be in another: put the steps that belong together into a saga of"
                                    + " their own and call it"));
                    continue;
                }
                steps.add(step(step, group));
                names.add(steps.getLast().name());
            }
        }
        earlier.addAll(names);
    }

    private String groupName(Body item) {
        for (String key : item.map().entries().keySet()) {
            if (!key.equals("parallel") && !key.equals("name")) {
                scope.add(Code.GROUP_KEY.at(
                        item.at(key), "`" + key + "` belongs to a step of the group: move it to one, or remove it"));
            }
        }
        String name = item.text("name", "parallel-" + (groups.size() + 1));
        if (!groups.add(name)) {
            scope.add(Code.DUPLICATE_STEP.at(
                    item.at("name"), "the saga already has a parallel group `" + name + "`: rename one of the two"));
        }
        return name;
    }

    private StepSpec step(Body step, @Nullable String group) {
        String name = step.text("name", "");
        if (!all.add(name)) {
            scope.add(Code.DUPLICATE_STEP.at(
                    step.at("name"), "the saga already has a step `" + name + "`: rename one of the two"));
        }
        ActionKind kind = kind(name, step);
        String compensation = step.text("compensation");
        if (compensation != null) {
            scope.require(Kind.AGENT, compensation, step.at("compensation"), Code.UNKNOWN_AGENT);
        }
        YamlNode input = step.node("input");
        if (input != null) {
            checkInput(input, name);
        }
        wayBack(name, step, kind, group);
        times(step);
        return new StepSpec(
                name,
                group,
                step.text(key(kind), ""),
                kind,
                compensation,
                input == null ? null : input.toJson().toString(),
                retry(step, "retry", RetrySpec.ONCE),
                retry(step, "compensationRetry", retry(Body.EMPTY)),
                Durations.positive(step, "timeout", scope),
                Durations.positive(step, "stepTimeout", scope),
                Durations.positive(step, "compensationTimeout", scope),
                step.flag("idempotent"),
                step.word("onUnknown", SagaSpec.OnUnknown.COMPENSATE),
                ValueSchema.ofOutput(step, scope),
                step.flag("pivot"),
                step.has("approval"),
                step.at("name"));
    }

    // ---- what it calls

    private static String key(ActionKind kind) {
        return kind == ActionKind.AGENT ? "action" : Body.word(kind);
    }

    private ActionKind kind(String name, Body step) {
        List<ActionKind> named = new ArrayList<>();
        for (ActionKind kind : ActionKind.values()) {
            if (step.has(key(kind))) {
                named.add(kind);
            }
        }
        if (named.size() != 1) {
            String what = named.isEmpty() ? "nothing says what step `" + name + "` does" : "a step does one thing only";
            scope.add(Code.STEP_ACTION.at(
                    step.at("name"), what + ": give it `action:` with an agent, or `pool:`, `saga:` or `workflow:`"));
            return ActionKind.AGENT;
        }
        ActionKind kind = named.getFirst();
        Code code = kind == ActionKind.AGENT ? Code.UNKNOWN_AGENT : Code.UNKNOWN_CALLED;
        scope.require(Kind.valueOf(kind.name()), step.text(key(kind), ""), step.at(key(kind)), code);
        if (kind != ActionKind.AGENT) {
            for (String key : List.of("idempotent", "onUnknown")) {
                if (step.has(key)) {
                    scope.add(Code.KEY_UNUSED.at(
                            step.at(key),
                            "a " + Body.word(kind) + " goes on by itself after a crash, so it always becomes known how"
                                    + " it ended: remove `" + key + "`"));
                }
            }
        }
        return kind;
    }

    // ---- the way back

    private void wayBack(String name, Body step, ActionKind kind, @Nullable String group) {
        boolean isPivot = step.flag("pivot");
        if (isPivot && pivot != null) {
            scope.add(Code.SECOND_PIVOT.at(
                    step.at("pivot"), "`" + pivot + "` is the pivot already, and there is one only: remove this one"));
        }
        if (isPivot && group != null) {
            scope.add(Code.PIVOT_IN_GROUP.at(
                    step.at("pivot"),
                    "a pivot can not run beside others, which would have to be undone if it is not: put it before or"
                            + " after the group"));
        }
        pivot = isPivot && pivot == null ? name : pivot;
        for (String key : List.of("compensation", "compensationRetry", "compensationTimeout")) {
            if (!step.has(key)) {
                continue;
            }
            if (pivot != null) {
                scope.add(Code.COMPENSATION_AFTER_PIVOT.at(
                        step.at(key),
                        name.equals(pivot)
                                ? "a pivot can not be undone: remove `" + key + "`, or `pivot`"
                                : "after the pivot `" + pivot + "` a saga only goes forward: remove `" + key + "`"));
            } else if (kind == ActionKind.SAGA) {
                scope.add(Code.NESTED_COMPENSATION.at(
                        step.at(key), "a nested saga undoes itself, step by step: remove `" + key + "`"));
            } else if (!step.has("compensation")) {
                scope.add(Code.KEY_UNUSED.at(
                        step.at(key), "this step has no `compensation`: add one, or remove `" + key + "`"));
            }
        }
        if (step.has("onUnknown") && pivot != null) {
            scope.add(Code.KEY_UNUSED.at(
                    step.at("onUnknown"), "where there is no way back a person is always asked: remove `onUnknown`"));
        }
    }

    private void times(Body step) {
        Duration whole = step.duration("stepTimeout");
        Duration saga = body.duration("timeout");
        longer(step, "timeout", whole, "`stepTimeout` ends the step");
        longer(step, "timeout", saga, "the saga's `timeout` ends it");
        longer(step, "stepTimeout", saga, "the saga's `timeout` ends it");
    }

    private void longer(Body step, String key, @Nullable Duration than, String who) {
        Duration time = step.duration(key);
        if (time != null && than != null && time.compareTo(than) > 0) {
            scope.add(Code.TIME_NEVER_UP.at(step.at(key), "this time is never up: " + who + " before it"));
        }
    }

    private BudgetSpec.@Nullable Reserve reserve() {
        if (!body.has("compensationReserve")) {
            return null;
        }
        Body reserve = body.body("compensationReserve");
        BigDecimal dollars = reserve.number("maxDollars");
        return new BudgetSpec.Reserve(
                dollars == null ? null : dollars.movePointRight(6).longValue(),
                reserve.whole("maxTokens"),
                reserve.whole("maxCalls"));
    }

    static RetrySpec retry(Body step, String key, RetrySpec otherwise) {
        return step.has(key) ? retry(step.body(key)) : otherwise;
    }

    static RetrySpec retry(Body retry) {
        return new RetrySpec(
                (int) retry.whole("attempts", 3),
                retry.duration("delay", Duration.ofSeconds(1)),
                retry.real("factor", 2),
                retry.duration("max", Duration.ofMinutes(1)),
                retry.real("jitter", 0),
                retry.words("notOn"));
    }

    // ---- expressions

    private void checkInput(YamlNode input, String name) {
        new StepExpressions(
                        scope,
                        expressions,
                        earlier,
                        step -> notBefore(step, name),
                        new StepExpressions.Variables("saga", body.words("env")))
                .check(input);
    }

    private String notBefore(String step, String name) {
        if (step.equals(name)) {
            return "`" + step + "` is this step itself, which has no output yet";
        }
        return all.contains(step)
                ? "`" + step + "` runs beside this step, so its output may not be there yet"
                : "no step before this one is called `" + step + "`" + Similar.hint(step, earlier);
    }
}
