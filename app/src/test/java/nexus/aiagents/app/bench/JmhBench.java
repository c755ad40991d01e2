package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// The pure decisions, which take nanoseconds: measured by JMH, classes whose names end in `Jmh`.
record JmhBench() implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        Options options = new OptionsBuilder()
                .include(".*Jmh\\..*")
                .forks(1)
                .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT)
                .build();
        table.columns("a pure decision", "with", "time", "error (99.9 %)");
        for (RunResult result : new Runner(options).run()) {
            BenchmarkParams params = result.getParams();
            String name = params.getBenchmark();
            var primary = result.getPrimaryResult();
            table.row(
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1)
                            .replace("Jmh.", ": "),
                    params.getParamsKeys().stream()
                            .map(key -> params.getParam(key) + " " + key)
                            .collect(Collectors.joining(", ")),
                    text("%,.0f %s", primary.getScore(), primary.getScoreUnit()),
                    text("± %,.0f", primary.getScoreError()));
        }
    }
}
