package nexus.aiagents.engine.project;

import java.util.Collection;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks the `${…}` of a step: their syntax, that they name only steps whose output is there by then, and
/// only variables that may be read.
final class StepExpressions {
    private static final Pattern STEP = Pattern.compile("(?<![\\w.$`])steps\\.(?:`([^`]*)`|([A-Za-z_]\\w*))");

    private static final Pattern VARIABLE = Pattern.compile("(?<![\\w.$`])env\\.(?:`([^`]*)`|([A-Za-z_]\\w*))");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");

    private final Scope scope;
    private final Expressions expressions;
    private final Collection<String> known;
    private final Function<String, String> unknown;
    private final Variables variables;

    /// @param whose `saga` or `workflow`
    /// @param named its `env`
    record Variables(String whose, Collection<String> named) {}

    /// @param known   steps that may be named
    /// @param unknown says why another may not be
    StepExpressions(
            Scope scope,
            Expressions expressions,
            Collection<String> known,
            Function<String, String> unknown,
            Variables variables) {
        this.scope = scope;
        this.expressions = expressions;
        this.known = known;
        this.unknown = unknown;
        this.variables = variables;
    }

    void check(YamlNode node) {
        switch (node) {
            case YamlNode.Mapping map -> map.entries().values().forEach(entry -> check(entry.value()));
            case YamlNode.Sequence list -> list.items().forEach(this::check);
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
                check(expression.source(), scalar);
            }
        }
    }

    private void check(String source, YamlNode.Scalar scalar) {
        String error = expressions.error(source);
        if (error != null) {
            scope.add(Code.BAD_EXPRESSION.at(scalar.at(), "`${" + source + "}` is not a JSONata expression: " + error));
            return;
        }
        String code = withoutTexts(source);
        Matcher step = STEP.matcher(code);
        while (step.find()) {
            String name = named(step);
            if (!known.contains(name)) {
                reference(name, source.substring(step.start()), scalar);
            }
        }
        Matcher variable = VARIABLE.matcher(code);
        while (variable.find()) {
            String name = named(variable);
            if (!variables.named().contains(name)) {
                scope.add(Code.ENV_NOT_NAMED.at(
                        scalar.at(),
                        "this " + variables.whose() + " may not read the variable `" + name + "`: add it to the "
                                + variables.whose() + "'s `env: [" + name + "]`"));
            }
        }
    }

    private static String named(Matcher matcher) {
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    /// What stands in quotes is text, whatever it says.
    private static String withoutTexts(String source) {
        return QUOTED.matcher(source)
                .replaceAll(quoted -> " ".repeat(quoted.group().length()));
    }

    private void reference(String step, String rest, YamlNode.Scalar scalar) {
        String dashed = longestDashed(rest.substring("steps.".length()));
        String message = dashed != null
                ? "`" + dashed + "` has a `-` in it, which JSONata reads as minus: write steps.`" + dashed + "`"
                : unknown.apply(step);
        scope.add(Code.STEP_REFERENCE.at(scalar.at(), message));
    }

    /// The known step that was meant where its name was written without backticks.
    private @Nullable String longestDashed(String rest) {
        return known.stream()
                .filter(name -> name.contains("-") && rest.startsWith(name))
                .reduce((a, b) -> a.length() >= b.length() ? a : b)
                .orElse(null);
    }
}
