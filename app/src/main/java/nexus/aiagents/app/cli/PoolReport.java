package nexus.aiagents.app.cli;

import java.time.Duration;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ProjectView.WorkerView;

/// A pool for a person, or as its line: who is in it, and how its queue is doing.
record PoolReport(Terminal terminal, PoolView pool) {

    void print() {
        if (terminal.json()) {
            terminal.json(Json.object("pool", pool));
            return;
        }
        QueueView queue = pool.queue();
        if (queue == null) {
            terminal.line(terminal.tint(Tone.STRONG, pool.name()) + "  " + pool.strategy() + ", " + pool.needed()
                    + " of " + pool.members().size() + " needed: " + String.join(", ", pool.members()));
            return;
        }
        terminal.line(terminal.tint(Tone.STRONG, pool.name()) + "  " + pool.strategy() + ", "
                + terminal.tint(tone(queue), queue.state()));
        terminal.line("workers  " + queue.workers() + scaling(queue));
        terminal.line("queue    " + depth(queue) + ", when full: " + queue.onFull() + ", the oldest waits "
                + time(queue.oldestMillis()));
        terminal.line("waited   " + time(queue.waitP50Millis()) + " in the middle, " + time(queue.waitP95Millis())
                + " at the 95th percentile");
        terminal.line("jobs     " + Format.count(queue.done()) + " done, " + Format.count(queue.failed()) + " failed ("
                + Format.count(queue.dropped()) + " dropped), " + Format.count(queue.refused()) + " refused");
        if (!queue.crew().isEmpty()) {
            terminal.line("");
            Table table = new Table("WORKER", "AGENT", "JOBS", "LOAD", "WORKS ON");
            for (WorkerView worker : queue.crew()) {
                String job = worker.job();
                table.cell(worker.index())
                        .cell(worker.agent())
                        .cell(worker.jobs())
                        .cell(worker.load() + " %")
                        .cell(job == null ? "" : job)
                        .end();
            }
            table.print(terminal);
        }
    }

    /// `12 of 100`.
    static String depth(QueueView queue) {
        return queue.depth() + " of " + queue.limit();
    }

    private static String scaling(QueueView queue) {
        if (queue.byHand()) {
            return ", as a person said"
                    + (queue.automatic() ? "; naos pool scale NAME auto lets them follow the queue" : "");
        }
        return queue.automatic() ? ", " + queue.min() + " to " + queue.max() + " as the queue needs" : "";
    }

    private static String time(long millis) {
        return Format.duration(Duration.ofMillis(millis));
    }

    private static Tone tone(QueueView queue) {
        return switch (queue.state()) {
            case "open" -> queue.depth() >= queue.limit() ? Tone.CAUTION : Tone.GOOD;
            case "draining" -> Tone.CAUTION;
            default -> Tone.DIM;
        };
    }
}
