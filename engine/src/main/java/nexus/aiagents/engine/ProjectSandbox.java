package nexus.aiagents.engine;

import java.nio.file.Path;
import nexus.aiagents.engine.agent.AgentServices;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.SandboxSpec;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Sandbox;
import nexus.aiagents.sandbox.WorkerListener;
import nexus.aiagents.sandbox.WorkerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sandbox of an open project; the journal hears of its workers. Thread-safe.
final class ProjectSandbox implements AgentServices.Preparer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectSandbox.class);

    private final Journal journal;
    private final Sandbox sandbox;
    private volatile boolean closed;

    ProjectSandbox(Path cache, SandboxSpec spec, Journal journal) {
        this.journal = journal;
        this.sandbox = Sandbox.open(cache, Capacity.ofThisProcess(), options(spec), new Reporter());
    }

    private static WorkerOptions options(SandboxSpec spec) {
        return new WorkerOptions(spec.workers(), spec.runsPerWorker(), spec.workerBytes(), spec.workerIdle());
    }

    @Override
    public PreparedProgram prepare(Program program, Isolation isolation) throws ProgramRejected {
        return sandbox.prepare(program, isolation);
    }

    @Override
    public void configure(SandboxSpec spec) {
        sandbox.configure(options(spec));
    }

    @Override
    public boolean pardon(String program) {
        return sandbox.pardon(program);
    }

    /// Ends all workers. That is no news: they end with the project.
    @Override
    public void close() {
        closed = true;
        sandbox.close();
    }

    private final class Reporter implements WorkerListener {
        @Override
        public void started(long pid, Purpose purpose) {
            write(new EngineEvent.WorkerStarted(pid, purpose == Purpose.COMPILE));
        }

        @Override
        public void ended(long pid, Purpose purpose, boolean wanted, String why, int runs) {
            write(new EngineEvent.WorkerEnded(pid, purpose == Purpose.COMPILE, wanted, why, runs));
        }

        @Override
        public void quarantined(String program, String why) {
            write(new EngineEvent.Notice(
                    "warning",
                    "quarantined",
                    "Program " + program + " ended one worker process after the other, the last because " + why
                            + ". It is not run in one any more until it is changed, its agent is resumed or started by"
                            + " hand (naos agent resume NAME), or the project is opened again."));
        }

        private void write(EngineEvent event) {
            if (closed) {
                return;
            }
            journal.commitSoon(Journal.Batch.of(event)).whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("could not write {} to the journal", event, failure);
                }
            });
        }
    }
}
