package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import nexus.aiagents.engine.project.Template.Expression;
import nexus.aiagents.engine.project.Template.Text;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void text_and_expressions_are_told_apart() {
        Template template = Template.parse("About ${input.topic}, for ${run.id}.");
        assertEquals(
                List.of(
                        new Text("About "),
                        new Expression("input.topic", 8),
                        new Text(", for "),
                        new Expression("run.id", 28),
                        new Text(".")),
                template.parts());
        assertFalse(template.isOneExpression());
    }

    @Test
    void one_whole_expression_is_known_as_such() {
        assertTrue(Template.parse("${input}").isOneExpression());
        assertFalse(Template.parse(" ${input}").isOneExpression());
    }

    @Test
    void braces_and_quotes_inside_do_not_end_an_expression() {
        String source = " {\"a\": {\"}\": 1}, 'b': `}`} ";
        assertEquals(
                List.of(new Expression(source, 2)),
                Template.parse("${" + source + "}").parts());
    }

    @Test
    void an_escaped_dollar_stays_plain() {
        assertEquals(
                List.of(new Text("${x} costs $5")),
                Template.parse("${{x} costs $5").parts());
        assertEquals(List.of(), Template.parse("").parts());
    }

    @Test
    void an_expression_that_is_never_closed_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Template.parse("a ${input"));
    }

    @Test
    void syntax_is_checked_without_running_anything() {
        assertNull(Template.syntaxError("steps.`my-step`.output.items[price > 3].name"));
        assertNotNull(Template.syntaxError("input."));
        assertNotNull(Template.syntaxError("  "));
        assertNotNull(Template.syntaxError("(1 + "));
    }
}
