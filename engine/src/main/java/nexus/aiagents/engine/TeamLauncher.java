package nexus.aiagents.engine;

import java.util.function.Consumer;
import nexus.aiagents.engine.agent.AgentHost;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.run.DurableRuns;
import nexus.aiagents.engine.supervise.AgentLauncher;

/// What a supervisor starts: an agent, or a pool.
record TeamLauncher(RunningProject running, AgentHost host, DurableRuns runs) implements AgentLauncher {
    @Override
    public LiveAgent launch(String child, Consumer<Exit> onExit) throws StartFailed, InterruptedException {
        Project now = running.now();
        boolean pool = now.pools().containsKey(child) && !now.agents().containsKey(child);
        return pool ? runs.launchPool(child, onExit) : host.launch(child, onExit);
    }

    @Override
    public void forget(String child) {
        host.forget(child);
    }
}
