package nexus.aiagents.engine.supervise;

import java.util.function.Consumer;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One start of one agent: its launch, which may never return, and the live agent that comes of it.
/// Only the loop's thread touches it; the launching thread sends messages.
final class AgentSlot {
    static final ExitReason KILLED = ExitReason.of(ExitReason.Kind.KILLED, "killed by its supervisor");
    private static final Logger LOG = LoggerFactory.getLogger(AgentSlot.class);

    final String supervisor;
    final String agent;
    final int generation;
    AgentLauncher.@Nullable LiveAgent live;

    AgentLauncher.@Nullable Exit endedEarly;

    boolean abandoned;
    private @Nullable Thread launching;

    AgentSlot(String supervisor, String agent, int generation) {
        this.supervisor = supervisor;
        this.agent = agent;
        this.generation = generation;
    }

    void launch(AgentLauncher launcher, Consumer<Message> tell) {
        launching = Thread.ofVirtual().name("launch-" + agent).start(() -> tell.accept(outcome(launcher, tell)));
    }

    private Message outcome(AgentLauncher launcher, Consumer<Message> tell) {
        try {
            AgentLauncher.LiveAgent agentUp =
                    launcher.launch(agent, exit -> tell.accept(new Message.AgentEnded(this, exit)));
            return new Message.Launched(this, agentUp);
        } catch (AgentLauncher.StartFailed e) {
            return new Message.LaunchFailed(this, e.reason());
        } catch (InterruptedException _) {
            return new Message.LaunchFailed(this, KILLED);
        } catch (RuntimeException | Error e) {
            LOG.error("agent {} could not be launched", agent, e);
            return new Message.LaunchFailed(this, ExitReason.error("start-failed", String.valueOf(e)));
        }
    }

    /// @return false if it came up too late and was killed
    boolean came(AgentLauncher.LiveAgent agentUp) {
        if (abandoned) {
            agentUp.kill(KILLED);
            return false;
        }
        live = agentUp;
        launching = null; // a thread that has ended still takes memory
        return true;
    }

    void shutdown() {
        if (live != null) {
            live.shutdown();
        }
    }

    /// @return false if it never was up: nothing more will be heard of it
    boolean kill() {
        if (live != null) {
            live.kill(KILLED);
            return true;
        }
        abandoned = true;
        if (launching != null) {
            launching.interrupt();
        }
        return false;
    }
}
