package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.Ledger.HoldRequest;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.Position;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One reservation against the budgets of an agent, its supervisor and the project, beside holds under way.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerJmh {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> BUDGETS = List.of("agent/a", "supervisor/team", "project");
    private static final HoldRequest REQUEST = new HoldRequest(
            "a", "run-1", BUDGETS, "model", 1_000, 500, new Prices.Price(3_000_000, 15_000_000, 300_000), false);

    @Param({"0", "64", "4096"})
    int holds;

    private LedgerState state;

    @Setup
    public void budgets() {
        Map<String, BudgetSpec> limits = new java.util.LinkedHashMap<>();
        for (String id : BUDGETS) {
            BudgetSpec.Scope scope = BudgetSpec.Scope.valueOf(
                    id.contains("/") ? id.substring(0, id.indexOf('/')).toUpperCase(java.util.Locale.ROOT) : "PROJECT");
            limits.put(
                    id,
                    new BudgetSpec(
                            id,
                            scope,
                            id.substring(id.indexOf('/') + 1),
                            null,
                            1_000_000_000_000L,
                            null,
                            BudgetSpec.Window.DAY,
                            BudgetSpec.OnLimit.PAUSE,
                            List.of(),
                            new Position("nexus.yaml", 0, 0, 0, 0)));
        }
        state = LedgerState.EMPTY.configured(List.copyOf(limits.values()), Set.of());
        for (int i = 0; i < holds; i++) {
            state = LedgerRules.reserve(state, REQUEST, NOW).state();
        }
    }

    @Benchmark
    public Decision reserve() {
        return LedgerRules.reserve(state, REQUEST, NOW).answer();
    }
}
