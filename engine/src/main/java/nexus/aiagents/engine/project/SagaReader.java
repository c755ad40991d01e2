package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import org.jspecify.annotations.Nullable;

/// From a `saga` block to its specification.
final class SagaReader {
    private static final Pattern STEP = Pattern.compile("(?<![\\w.$`])steps\\.(?:`([^`]*)`|([A-Za-z_]\\w*))");

    private final Definition definition;
    private final Body body;
    private final Scope scope;
    private final Expressions expressions;
    private final Set<String> earlier = new LinkedHashSet<>();

    SagaReader(Definition definition, Scope scope, Expressions expressions) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
        this.expressions = expressions;
    }

    SagaSpec read() {
        List<StepSpec> steps = new ArrayList<>();
        for (YamlNode item : body.list("steps")) {
            if (item instanceof YamlNode.Mapping map) {
                steps.add(step(new Body(map)));
            }
        }
        return new SagaSpec(
                definition.name(),
                List.copyOf(steps),
                Durations.positive(body, "timeout", scope),
                null,
                body.words("env"),
                definition.hash(),
                definition.at());
    }

    private StepSpec step(Body step) {
        String name = step.text("name", "");
        for (String key : List.of("action", "compensation")) {
            String agent = step.text(key);
            if (agent != null) {
                scope.require(Kind.AGENT, agent, step.at(key), Code.UNKNOWN_AGENT);
            }
        }
        YamlNode input = step.node("input");
        if (input != null) {
            checkInput(input);
        }
        if (!earlier.add(name)) {
            scope.add(Code.DUPLICATE_STEP.at(
                    step.at("name"), "the saga already has a step `" + name + "`: rename one of the two"));
        }
        return new StepSpec(
                name,
                null,
                step.text("action", ""),
                SagaSpec.ActionKind.AGENT,
                step.text("compensation"),
                input == null ? null : input.toJson().toString(),
                retry(step, "retry", RetrySpec.ONCE),
                retry(step, "compensationRetry", retry(Body.EMPTY)),
                Durations.positive(step, "timeout", scope),
                Durations.positive(step, "totalTimeout", scope),
                Durations.positive(step, "compensationTimeout", scope),
                step.flag("idempotent"),
                step.word("onUnknown", SagaSpec.OnUnknown.COMPENSATE),
                OutputSchema.read(step, scope),
                step.flag("pivot"),
                "required".equals(step.text("approval")),
                step.at("name"));
    }

    private static RetrySpec retry(Body step, String key, RetrySpec otherwise) {
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

    private void checkInput(YamlNode node) {
        switch (node) {
            case YamlNode.Mapping map -> map.entries().values().forEach(entry -> checkInput(entry.value()));
            case YamlNode.Sequence list -> list.items().forEach(this::checkInput);
            case YamlNode.Scalar scalar -> checkText(scalar);
        }
    }

    private void checkText(YamlNode.Scalar scalar) {
        if (!scalar.value().isString() || !scalar.text().contains("${")) {
            return;
        }
        Template template;
        try {
            template = Template.parse(scalar.text());
        } catch (IllegalArgumentException e) {
            scope.add(Code.BAD_EXPRESSION.at(scalar.at(), String.valueOf(e.getMessage())));
            return;
        }
        for (Template.Part part : template.parts()) {
            if (part instanceof Template.Expression expression) {
                check(expression, scalar);
            }
        }
    }

    private void check(Template.Expression expression, YamlNode.Scalar scalar) {
        String error = expressions.error(expression.source());
        if (error != null) {
            scope.add(Code.BAD_EXPRESSION.at(
                    scalar.at(), "`${" + expression.source() + "}` is not a JSONata expression: " + error));
            return;
        }
        Matcher matcher = STEP.matcher(expression.source());
        while (matcher.find()) {
            String step = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            if (!earlier.contains(step)) {
                reference(
                        step,
                        expression
                                .source()
                                .substring(matcher.start(), expression.source().length()),
                        scalar);
            }
        }
    }

    private void reference(String step, String rest, YamlNode.Scalar scalar) {
        String dashed = longestDashed(rest.substring("steps.".length()));
        String message = dashed != null
                ? "`" + dashed + "` has a `-` in it, which JSONata reads as minus: write steps.`" + dashed + "`"
                : "no step before this one is called `" + step + "`" + Similar.hint(step, earlier);
        scope.add(Code.STEP_REFERENCE.at(scalar.at(), message));
    }

    /// The earlier step that was meant where its name was written without backticks.
    private @Nullable String longestDashed(String rest) {
        return earlier.stream()
                .filter(name -> name.contains("-") && rest.startsWith(name))
                .reduce((a, b) -> a.length() >= b.length() ? a : b)
                .orElse(null);
    }
}
