package nexus.aiagents.engine.supervise;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// What the loop is told.
sealed interface Message {
    record ToSupervisor(String supervisor, SupervisorEvent event) implements Message {}

    record Launched(AgentSlot slot, AgentLauncher.LiveAgent live) implements Message {}

    record LaunchFailed(AgentSlot slot, ExitReason reason) implements Message {}

    record AgentEnded(AgentSlot slot, AgentLauncher.Exit exit) implements Message {}

    /// One that somebody waits for.
    sealed interface Asked extends Message {
        CompletableFuture<CommandResult> answer();
    }

    record StartTree(CompletableFuture<CommandResult> answer) implements Asked {}

    record StopTree(CompletableFuture<CommandResult> answer) implements Asked {}

    /// Stops one supervisor at the top.
    record StopRoot(String root, CompletableFuture<CommandResult> answer) implements Asked {}

    /// @param supervisor null: whoever has that child
    record Verbs(Verb verb, @Nullable String supervisor, String child, CompletableFuture<CommandResult> answer)
            implements Asked {}

    /// @param child   null: another instance of the template
    /// @param project what the project is with that child; null where it is the same
    record Add(
            String supervisor,
            @Nullable ChildSpec child,
            @Nullable Project project,
            CompletableFuture<CommandResult> answer)
            implements Asked {}

    /// The project's supervisors are now these.
    ///
    /// @param startNew supervisors that are at the top now, and were not, are started if the team is up
    /// @param held     names of new children that stay down until a person starts them
    record Change(Project project, boolean startNew, Set<String> held, CompletableFuture<CommandResult> answer)
            implements Asked {}

    /// Which supervisor that is up would get another parent, so that {@link Change} would be refused.
    record MovedWhileUp(Project project, CompletableFuture<Optional<String>> answer) implements Message {}

    record KillTree() implements Message {}

    record Quit() implements Message {}
}
