package nexus.aiagents.app.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.secret.HostSecrets.Place;
import nexus.aiagents.engine.secret.HostSecrets.Whereabouts;
import nexus.aiagents.engine.secret.KeychainException;
import nexus.aiagents.engine.secret.NeededSecrets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "secret",
        description = {
            "Keeps keys in the keychain of the operating system (Linux and macOS).",
            "A variable of the environment stands before the keychain. No command shows a value."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SecretCommand.Set.class, SecretCommand.ListNeeded.class, SecretCommand.Remove.class})
final class SecretCommand extends Action {
    @Override
    int run(Context context) {
        throw Failure.usage("say what to do: naos secret set NAME, list or remove NAME.");
    }

    private static void say(Context context, String message) {
        if (context.terminal().json()) {
            context.terminal().json(Json.object("done").put("message", message));
        } else {
            context.terminal().line(message);
        }
    }

    private static Failure failure(KeychainException e) {
        return new Failure(e.code().equals("bad-input") ? Exit.USAGE : Exit.FAILED, e.code(), e.text());
    }

    @Command(
            name = "set",
            description = "Keeps the value of NAME: asks for it without showing it, or reads it from standard input.")
    static final class Set extends Action {
        private static final int MOST_BYTES = 64 << 10;

        @Parameters(paramLabel = "NAME", description = "The variable, like OPENAI_API_KEY.")
        private String name = "";

        @Override
        int run(Context context) throws IOException {
            try {
                context.secrets().store(name, value(context));
            } catch (KeychainException e) {
                throw failure(e);
            }
            boolean hidden = context.secrets().inEnvironment(name) != null;
            say(
                    context,
                    name + " is in the keychain"
                            + (hidden ? "; the variable of the environment stands before it while it is set" : ""));
            return Exit.DONE;
        }

        private String value(Context context) throws IOException {
            @Nullable Console console = context.attended() ? System.console() : null;
            if (console == null) {
                String text = new String(context.stdin().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                return text.strip();
            }
            context.terminal().aside("Value of " + name + " (it is not shown):");
            char[] typed = console.readPassword();
            if (typed == null) {
                throw Failure.usage("nothing was typed, and nothing was kept.");
            }
            return new String(typed).strip();
        }
    }

    @Command(name = "list", description = "Lists the keys that the project needs, and where each comes from.")
    static final class ListNeeded extends Action {
        @Override
        int run(Context context) {
            Analysis analysis = context.projects().analyze(project());
            Project project = analysis.project();
            if (project == null) {
                throw Failure.project(analysis.diagnostics());
            }
            Terminal terminal = context.terminal();
            Table table = new Table("NAME", "FROM", "USED BY");
            @Nullable String trouble = null;
            for (Map.Entry<String, List<String>> needed :
                    NeededSecrets.of(project).entrySet()) {
                Whereabouts where = context.secrets().whereabouts(needed.getKey());
                trouble = where.trouble() == null ? trouble : where.trouble();
                if (terminal.json()) {
                    terminal.json(json(needed.getKey(), needed.getValue(), where));
                    continue;
                }
                table.cell(needed.getKey())
                        .cell(where.place() == Place.MISSING ? Tone.CAUTION : Tone.PLAIN, Format.lower(where.place()))
                        .cell(Tone.DIM, String.join(", ", needed.getValue()))
                        .end();
            }
            if (!terminal.json()) {
                table.printOr(terminal, "The project needs no key.");
                if (trouble != null) {
                    terminal.aside("The keychain could not be asked: " + trouble);
                }
            }
            return Exit.DONE;
        }

        private static ObjectNode json(String name, List<String> users, Whereabouts where) {
            ObjectNode json = Json.object("secret").put("name", name).put("from", Format.lower(where.place()));
            ArrayNode by = json.putArray("usedBy");
            users.forEach(by::add);
            return json.put("trouble", where.trouble());
        }
    }

    @Command(name = "remove", description = "Takes NAME out of the keychain.")
    static final class Remove extends Action {
        @Parameters(paramLabel = "NAME", description = "The variable.")
        private String name = "";

        @Override
        int run(Context context) {
            try {
                if (!context.secrets().remove(name)) {
                    throw new Failure(
                            Exit.USAGE,
                            "unknown-name",
                            "the keychain has no " + name
                                    + "; naos secret list shows which keys the project needs and where they are");
                }
            } catch (KeychainException e) {
                throw failure(e);
            }
            say(context, name + " is not in the keychain any more");
            return Exit.DONE;
        }
    }
}
