package nexus.aiagents.engine.agent;

import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.model.ChatModels;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.money.Prices;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.SandboxSpec;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;

/// What agents are run with; the same for all of them while the project is open.
///
/// @param recordings  where runs are recorded
/// @param environment the host's variables by name, null where one is not set: what programs may be granted
/// @param secrets     keys by name, which programs never get
public record AgentServices(
        Journal journal,
        Ledger ledger,
        ChatModels models,
        Pricing pricing,
        Preparer preparer,
        OutputCheck outputs,
        InstantSource clock,
        RandomGenerator random,
        Function<String, @Nullable String> environment,
        HostSecrets secrets,
        Recordings recordings) {

    @FunctionalInterface
    public interface Pricing {
        /// @return null if nothing is known of what the model costs
        Prices.@Nullable Price priceOf(ModelSpec model);
    }

    @FunctionalInterface
    public interface OutputCheck {
        /// @return what is wrong with an output by its JSON Schema, null if it fits
        @Nullable
        String problem(String schemaJson, String outputJson);
    }

    @FunctionalInterface
    public interface Preparer {
        PreparedProgram prepare(Program program, Isolation isolation) throws ProgramRejected;

        /// What is started from now on follows this.
        default void configure(SandboxSpec spec) {}

        /// Lets a program run again that ended one worker after the other.
        ///
        /// @return false if it was not refused for that
        default boolean pardon(String program) {
            return false;
        }
    }
}
