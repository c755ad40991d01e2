package nexus.aiagents.engine.supervise;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.app.bench.BenchProjects;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One restart among many siblings: the child ends, and is up again.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SupervisorJmh {
    private static final long SECOND = 1_000_000_000L;
    private static final ExitReason CRASH = ExitReason.error("crash", "on purpose");

    @Param({"10", "1000", "100000"})
    int children;

    private final SplittableRandom random = new SplittableRandom(1);
    private SupervisorState state;
    private long now;
    private int generation = 1;

    @Setup
    public void up() throws Exception {
        SupervisorSpec spec = BenchProjects.supervisor(children);
        state = SupervisorState.of(spec);
        hear(new SupervisorEvent.Start());
        for (int i = 0; i < children; i++) {
            hear(new SupervisorEvent.ChildUp("a" + i, 1));
        }
    }

    private void hear(SupervisorEvent event) {
        state = SupervisorMachine.decide(state, event, new Moment(now, random, Moves.UNHEARD))
                .state();
    }

    @Benchmark
    public SupervisorState restart() {
        String child = "a" + children / 2;
        now += SECOND;
        hear(new SupervisorEvent.ChildEnded(child, generation, AgentLauncher.Exit.of(CRASH)));
        generation++;
        hear(new SupervisorEvent.ChildUp(child, generation));
        return state;
    }
}
