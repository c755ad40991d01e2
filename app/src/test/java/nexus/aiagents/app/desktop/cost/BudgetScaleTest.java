package nexus.aiagents.app.desktop.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import org.junit.jupiter.api.Test;

class BudgetScaleTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void the_slider_goes_from_a_cent_to_a_thousand_dollars_in_equal_steps_of_ten() {
        BudgetScale scale = BudgetScale.around(5_000_000L);
        assertEquals(10_000, scale.amount(0));
        assertEquals(1_000_000_000, scale.amount(1));
        assertEquals(0.4, scale.position(1_000_000), 1e-9);
        assertEquals(1_000_000, scale.amount(0.4));
    }

    @Test
    void every_place_gives_two_digits_and_finds_its_way_back() {
        BudgetScale scale = BudgetScale.around(null);
        for (int i = 0; i <= 1_000; i++) {
            long amount = scale.amount(i / 1_000.0);
            assertTrue(BudgetScale.dollars(amount)
                            .replaceAll("[.]", "")
                            .replaceAll("^0+|0+$", "")
                            .length()
                    <= 2);
            assertEquals(amount, scale.amount(scale.position(amount)));
        }
    }

    @Test
    void a_limit_beyond_the_scale_stretches_it() {
        assertTrue(BudgetScale.around(25_000_000_000L).most() >= 25_000_000_000L);
        assertTrue(BudgetScale.around(120L).least() <= 120);
        assertEquals(1, BudgetScale.around(1L).least());
    }

    @Test
    void amounts_are_read_as_people_write_them_and_nonsense_is_not() {
        assertEquals(1_250_000L, BudgetScale.parseDollars("$1.25"));
        assertEquals(1_250_000_000L, BudgetScale.parseDollars(" 1,250 "));
        for (String bad : List.of("", "0", "-1", "1.2345678", "five", "NaN", "1e40", "99999999999999999999")) {
            assertNull(BudgetScale.parseDollars(bad), bad);
        }
        assertEquals(100_000L, BudgetScale.parseWhole("100,000"));
        for (String bad : List.of("", "0", "-5", "1.5", "many", "9999999999999999")) {
            assertNull(BudgetScale.parseWhole(bad), bad);
        }
    }

    @Test
    void the_burn_rate_counts_only_what_the_budget_covers_and_tells_when_it_ends() {
        ProjectView view = project(List.of(
                point("research-bot", 60, 30_000), point("writer", 50, 900_000), point("research-bot", 1, 30_000)));
        BudgetView budget = view.budgets().getFirst();
        Burn burn = Burn.of(budget, view, NOW);
        assertEquals(60_000, burn.microDollarsPerMinute(), 1);
        assertEquals(Duration.ZERO, burn.toLimit());
    }

    @Test
    void nothing_spent_lately_ends_never() {
        Burn burn = Burn.of(project(List.of()).budgets().getFirst(), project(List.of()), NOW);
        assertNull(burn.toLimit());
        assertEquals(
                "Nothing spent in the last 5 minutes.",
                burn.sentence(project(List.of()).budgets().getFirst()));
    }

    @Test
    void a_budget_knows_whom_it_has_paused() {
        ProjectView view = new LivelyViews(NOW).project();
        assertEquals(
                "research-bot",
                Burn.paused(view.budgets().getFirst(), view).getFirst().name());
        assertTrue(Burn.paused(view.budgets().getLast(), view).isEmpty());
    }

    @Test
    void the_largest_spenders_have_their_own_series_and_no_dollar_is_lost() {
        List<SpendPoint> spend = new LivelyViews(NOW).project().spend();
        SpendSeries series = SpendSeries.of(spend, SpendPoint::agent, 3, 60);
        assertEquals(4, series.names().size());
        assertEquals(SpendSeries.OTHERS, series.names().getLast());
        long drawn = series.amounts().stream()
                .flatMapToLong(java.util.Arrays::stream)
                .sum();
        assertEquals(spend.stream().mapToLong(SpendPoint::microDollars).sum(), drawn);
        assertEquals(
                drawn,
                SpendRow.of(spend).stream().mapToLong(SpendRow::microDollars).sum());
    }

    private static SpendPoint point(String agent, long secondsAgo, long microDollars) {
        return new SpendPoint(NOW.minusSeconds(secondsAgo), agent, "scripted-small", "r-1", microDollars, 100, true);
    }

    private static ProjectView project(List<SpendPoint> spend) {
        ProjectView v = new LivelyViews(NOW).project();
        return new ProjectView(
                v.seq(),
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                v.runs(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                spend,
                v.notices(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }
}
