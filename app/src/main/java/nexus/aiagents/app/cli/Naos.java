package nexus.aiagents.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import nexus.aiagents.engine.project.Similar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `naos` command.
@Command(
        name = "naos",
        description = "Keeps AI agents alive: supervisors, sagas, pools and budgets for the project in a folder.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the run failed",
            "2:the command was not understood",
            "3:the project has errors",
            "4:refused: budget, trust, grant, or a pool that is full or drained",
            "5:a replay ended before the run did"
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {
            InitCommand.class,
            CreateCommand.class,
            ImportCommand.class,
            ValidateCommand.class,
            LspCommand.class,
            UpCommand.class,
            ReloadCommand.class,
            RunCommand.class,
            RunsCommand.class,
            ReplayCommand.class,
            StopCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            SagaCommand.class,
            WorkflowCommand.class,
            PoolCommand.class,
            ScheduleCommand.class,
            SupervisorCommand.class,
            AgentCommand.class,
            GrantsCommand.class,
            SecretCommand.class,
            TrustCommand.class,
            CostCommand.class,
            AuditCommand.class,
            BackupCommand.class,
            SandboxCommand.class,
            DashboardCommand.class
        })
public final class Naos {
    private final Context context;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The project's folder. Default: the nearest folder upward that has a nexus.yaml.")
    private @Nullable Path folder;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "One JSON object per line, with the field names of docs/reference/json-output.md.")
    @SuppressWarnings("UnusedVariable") // the terminal was made by it already
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean version;

    private Naos(Context context) {
        this.context = context;
    }

    /// Runs one command.
    ///
    /// @return its exit code
    public static int run(Context context, String... args) {
        Naos naos = new Naos(context);
        try {
            return naos.commandLine().execute(args);
        } catch (LinkageError
                | VirtualMachineError e) { // picocli lets these pass: out of memory, a broken installation
            return new Reporter(context, naos.projectOrNull()).report(e);
        }
    }

    static CommandLine model(Context context) {
        return new Naos(context).commandLine();
    }

    private CommandLine commandLine() {
        Terminal terminal = context.terminal();
        CommandLine line = new CommandLine(this)
                .setOut(new java.io.PrintWriter(terminal.out(), true))
                .setErr(new java.io.PrintWriter(terminal.err(), true))
                .setColorScheme(terminal.colour() ? CommandLine.Help.defaultColorScheme(Ansi.ON) : plain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setUnmatchedOptionsArePositionalParams(false)
                .setExpandAtFiles(false); // @FILE is the input in a file, not more arguments
        return line.setParameterExceptionHandler((e, _) -> notUnderstood(e))
                .setExecutionExceptionHandler((e, _, _) -> new Reporter(context, projectOrNull()).report(e));
    }

    private static ColorScheme plain() {
        return new ColorScheme.Builder(Ansi.OFF).build();
    }

    private int notUnderstood(ParameterException e) {
        String message = readable(String.valueOf(e.getMessage()));
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        if (e instanceof UnmatchedArgumentException unmatched && isCommand(unmatched)) {
            message = unknownCommand(unmatched);
        } else if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            message +=
                    ". Did you mean " + name + " " + unmatched.getSuggestions().getFirst() + "?";
        }
        Failure failure =
                Failure.usage(message + (message.endsWith("?") ? "" : ".") + " " + name + " --help says more.");
        return new Reporter(context, null).report(failure);
    }

    /// Without the names of Java's types and exceptions.
    private static String readable(String message) {
        return message.replaceFirst("cannot convert ('.*') to BigDecimal \\(.*\\)", "$1 is not a number")
                .replaceFirst("('.*') is not an? (int|long)$", "$1 is not a whole number");
    }

    private static boolean isCommand(UnmatchedArgumentException e) {
        return !e.isUnknownOption() && !e.getCommandLine().getSubcommands().isEmpty();
    }

    private static String unknownCommand(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        @Nullable
        String near = Similar.to(word, e.getCommandLine().getSubcommands().keySet());
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        String meant = near == null ? deeper(e.getCommandLine(), word) : name + " " + near;
        return "there is no command " + name + " " + word + (meant == null ? "" : ". Did you mean " + meant + "?");
    }

    /// A command of that name below another: for `approve`, `naos runs approve`.
    private static @Nullable String deeper(CommandLine line, String word) {
        return line.getSubcommands().values().stream()
                .flatMap(below -> below.getSubcommands().entrySet().stream())
                .filter(below -> below.getKey().equals(word))
                .map(below -> below.getValue().getCommandSpec().qualifiedName())
                .findFirst()
                .orElse(null);
    }

    Context context() {
        return context;
    }

    /// @throws Failure if there is none
    Path project() {
        Path start = (folder == null ? context.folder() : context.folder().resolve(folder))
                .toAbsolutePath()
                .normalize();
        if (folder != null) {
            if (Files.exists(start) && !Files.isDirectory(start)) {
                throw new Failure(
                        Exit.USAGE,
                        "no-project",
                        start + " is a file; --project wants the folder of a project: --project " + start.getParent());
            }
            if (!Files.isRegularFile(start.resolve("nexus.yaml"))) {
                throw new Failure(
                        Exit.USAGE,
                        "no-project",
                        start + " has no nexus.yaml; naos init " + folder + " makes a project there");
            }
            return start;
        }
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("nexus.yaml"))) {
                return at;
            }
        }
        throw new Failure(
                Exit.USAGE,
                "no-project",
                "neither " + start + " nor a folder above it has a nexus.yaml; go to a project, name one with "
                        + "--project DIR, or make one with naos init DIR");
    }

    private @Nullable Path projectOrNull() {
        try {
            return project();
        } catch (Failure _) {
            return null;
        }
    }
}
