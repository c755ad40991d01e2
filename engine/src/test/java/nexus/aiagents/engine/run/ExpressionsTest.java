package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import nexus.aiagents.engine.saga.SagaRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
    private static final SagaRun RUN = new SagaRun(
            "r-1",
            RunSpecs.saga(),
            "{\"n\":3,\"s\":\"hi\",\"list\":[1,2],\"none\":null,\"big\":12345678901234567890}",
            5);

    private static Expressions.Result evaluate(String template) {
        Map<String, String> outputs = new LinkedHashMap<>();
        outputs.put("a", "{\"x\":{\"y\":true}}");
        outputs.put("my-step", "[7]");
        return Expressions.evaluate(template, RUN, outputs, _ -> null);
    }

    private static String value(String template) {
        return assertInstanceOf(Expressions.Result.Value.class, evaluate(template))
                .json();
    }

    private static String broken(String template) {
        return assertInstanceOf(Expressions.Result.Broken.class, evaluate(template))
                .message();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"${input.n}\" | 3",
                "\"${ input.n + 1 }\" | 4",
                "\"${input.big}\" | 12345678901234567890",
                "\"${input.list}\" | [1,2]",
                "\"${input}\" | {\"n\":3,\"s\":\"hi\",\"list\":[1,2],\"none\":null,\"big\":12345678901234567890}",
                "\"${steps.a.output.x.y}\" | true",
                "\"${steps.`my-step`.output[0]}\" | 7",
                "\"${run.id}\" | \"r-1\"",
                "\"n is ${input.n}, ${input.s}!\" | \"n is 3, hi!\"",
                "\"all: ${input.list}\" | \"all: [1,2]\"",
                "\"${input.nope}\" | null",
                "\"<${input.nope}>\" | \"<>\"",
                "{\"a\":\"${input.nope}\",\"b\":\"${input.n}\"} | {\"b\":3}",
                "[\"${input.nope}\",1] | [null,1]",
                "\"${{input.n}\" | \"${input.n}\"",
                "\"${{${input.n}\" | \"${3\"",
                "\"costs 5$\" | \"costs 5$\"",
                "\"${ {'a': input.n} }\" | {\"a\":3}",
                "\"${'}' & input.s}\" | \"}hi\"",
                "\"${input.list.($ * 2)}\" | [2,4]",
                "{\"k\":[{\"v\":\"${input.n}\"}],\"t\":true,\"d\":1.50} | {\"k\":[{\"v\":3}],\"t\":true,\"d\":1.5}",
                "5 | 5"
            })
    void templates_become_values(String template, String expected) {
        assertEquals(expected, value(template));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"${\"",
                "\"${input.n\"",
                "\"${1 +}\"",
                "\"${$sum}\"",
                "\"${/x/}\"",
                "\"${function($x){$x}}\"",
                "\"${$nope()}\"",
                "\"${1/0}\"",
                "\"${$error('stop')}\"",
                "\"${'a' + 1}\""
            })
    void what_makes_no_sense_is_broken_and_says_what(String template) {
        assertTrue(broken(template).length() > 10, () -> broken(template));
    }

    @Test
    void an_expression_that_never_ends_is_ended() {
        String endless = "\"${($f:=function($n){$f($n+1)}; $f(1))}\"";
        Expressions.Result result = Expressions.evaluate(endless, "r-1", Map::of, Duration.ofSeconds(1));
        String message =
                assertInstanceOf(Expressions.Result.Broken.class, result).message();
        assertTrue(message.contains("timeout"), message);
    }

    @Test
    void recursion_and_nesting_without_end_hurt_nobody() {
        assertTrue(broken("\"${($f:=function($n){1+$f($n+1)}; $f(1))}\"").contains("overflow"));
        broken("\"${" + "(".repeat(1_900) + "1" + ")".repeat(1_900) + "x}\"");
        assertTrue(broken("\"${" + "1+".repeat(3_000) + "1}\"").contains("longer than"));
    }

    @Test
    void only_variables_that_the_saga_names_are_seen() {
        SagaRun run = new SagaRun("r-1", RunSpecs.env(RunSpecs.saga(), "REGION", "UNSET"), "{}", 5);
        Expressions.Result result = Expressions.evaluate(
                "{\"region\":\"${env.REGION}\",\"unset\":\"${env.UNSET}\",\"secret\":\"${env.SECRET}\"}",
                run,
                Map.of(),
                name -> name.equals("UNSET") ? null : "the " + name);
        assertEquals(new Expressions.Result.Value("{\"region\":\"the REGION\"}"), result);
    }
}
