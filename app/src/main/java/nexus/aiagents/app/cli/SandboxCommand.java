package nexus.aiagents.app.cli;

import picocli.CommandLine.Command;

@Command(
        name = "sandbox",
        description = "Runs or inspects one program in the sandbox, with nothing around it and outside of any project.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SandboxRun.class, SandboxInspect.class})
final class SandboxCommand {
    private SandboxCommand() {}
}
