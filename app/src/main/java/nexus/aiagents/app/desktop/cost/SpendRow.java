package nexus.aiagents.app.desktop.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;

/// What one agent spent on one model.
///
/// @param share of all that was spent, 0 to 1
record SpendRow(
        String agent, String model, long calls, long tokens, long microDollars, double share, boolean scripted) {

    /// Largest first.
    static List<SpendRow> of(List<SpendPoint> spend) {
        Map<List<String>, SpendRow> rows = new LinkedHashMap<>();
        long all =
                Math.max(1, spend.stream().mapToLong(SpendPoint::microDollars).sum());
        for (SpendPoint p : spend) {
            rows.merge(
                    List.of(p.agent(), p.model()),
                    new SpendRow(p.agent(), p.model(), 1, p.tokens(), p.microDollars(), 0, p.scripted()),
                    (a, b) -> new SpendRow(
                            a.agent(),
                            a.model(),
                            a.calls() + 1,
                            a.tokens() + b.tokens(),
                            a.microDollars() + b.microDollars(),
                            0,
                            a.scripted() && b.scripted()));
        }
        List<SpendRow> sorted = new ArrayList<>();
        for (SpendRow r : rows.values()) {
            sorted.add(new SpendRow(
                    r.agent(),
                    r.model(),
                    r.calls(),
                    r.tokens(),
                    r.microDollars(),
                    r.microDollars() / (double) all,
                    r.scripted()));
        }
        sorted.sort(Comparator.comparingLong(SpendRow::microDollars).reversed().thenComparing(SpendRow::agent));
        return sorted;
    }
}
