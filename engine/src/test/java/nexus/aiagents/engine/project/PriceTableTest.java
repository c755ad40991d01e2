package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PriceTableTest {
    private final PriceTable table = PriceTable.builtIn();

    private static ModelSpec model(String name, ModelSpec.@Nullable PriceSpec price, boolean free) {
        return new ModelSpec(
                "m",
                ModelSpec.Provider.OPENAI,
                name,
                null,
                null,
                price,
                free,
                null,
                Duration.ofSeconds(1),
                new Position("nexus.yaml", 0, 0, 0, 0));
    }

    @Test
    void prices_are_micro_dollars_per_million_tokens() {
        assertEquals(new ModelSpec.PriceSpec(150_000, 600_000, 75_000), table.find("gpt-4o-mini"));
        assertEquals(new ModelSpec.PriceSpec(150_000, 600_000, 75_000), table.find("scripted-small"));
    }

    @Test
    void a_dated_name_is_found_under_its_plain_one() {
        assertEquals(table.find("gpt-4o-mini"), table.find("GPT-4o-mini-2031-07-18"));
        assertNull(table.find("gpt-4o-mini-of-mine"));
    }

    @Test
    void a_price_in_the_yaml_stands_before_the_table_and_free_costs_nothing() {
        ModelSpec.PriceSpec own = new ModelSpec.PriceSpec(1, 2, 3);
        assertEquals(own, table.priceOf(model("gpt-4o-mini", own, false)));
        assertEquals(new ModelSpec.PriceSpec(0, 0, 0), table.priceOf(model("gpt-4o-mini", null, true)));
        assertNull(table.priceOf(model("house-made", null, false)));
    }

    @Test
    void the_table_is_dated() {
        assertTrue(LocalDate.parse(table.date()).isAfter(LocalDate.of(2026, 1, 1)));
    }
}
