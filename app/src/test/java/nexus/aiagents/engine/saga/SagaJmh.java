package nexus.aiagents.engine.saga;

import java.util.concurrent.TimeUnit;
import nexus.aiagents.app.bench.BenchProjects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The decisions of a whole run of four steps, by step.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SagaJmh {
    private static final int STEPS = 4;
    private SagaRun run;

    @Setup
    public void begin() throws Exception {
        run = new SagaRun("r-1", BenchProjects.saga(), "{\"topic\":\"otters\"}", 0);
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public SagaState step() {
        SagaState state = decide(SagaState.initial(run), new SagaEvent.Begin());
        for (int step = 0; step < STEPS; step++) {
            state = decide(state, new SagaEvent.Returned(step, 1, "{\"ok\":true}"));
        }
        if (state.phase() != SagaState.Phase.ENDED) {
            throw new IllegalStateException(state.toString());
        }
        return state;
    }

    private SagaState decide(SagaState state, SagaEvent event) {
        return SagaMachine.decide(run, state, event, 1, 0.5).state();
    }
}
