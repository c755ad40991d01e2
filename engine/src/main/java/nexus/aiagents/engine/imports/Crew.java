package nexus.aiagents.engine.imports;

import static nexus.aiagents.engine.imports.Draft.map;
import static nexus.aiagents.engine.imports.Draft.takeText;
import static nexus.aiagents.engine.imports.Draft.takeTexts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// CrewAI's `agents.yaml` and `tasks.yaml`: each agent becomes an agent of a model, the tasks the steps
/// of one workflow, in their order. `{topic}` becomes `input.topic` of the workflow.
final class Crew {
    private static final Pattern WORD = Pattern.compile("\\{\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*\\}");
    private static final String BRACES =
            "\n\nA word in braces, such as {topic}, stands for the value of that name under `inputs` of what you get.";

    private final Draft draft;
    /// The agents' names in the project, by those in the file; whether they need the inputs.
    private final SequencedMap<String, String> names = new LinkedHashMap<>();

    private final Set<String> wantInputs = new TreeSet<>();
    private final SequencedMap<String, String> models = new LinkedHashMap<>();
    private final Set<String> words = new TreeSet<>();

    private Crew(Draft draft) {
        this.draft = draft;
    }

    static Imported read(Path agents, Path tasks) throws IOException, NotImportable {
        SequencedMap<String, Object> who = Draft.yaml(agents);
        SequencedMap<String, Object> what = Draft.yaml(tasks);
        if (who.values().stream()
                .noneMatch(v -> v instanceof Map<?, ?> m && (m.containsKey("role") || m.containsKey("goal")))) {
            throw new NotImportable(agents.getFileName() + " has no agent with a role or a goal, as CrewAI's have.");
        }
        Crew crew = new Crew(new Draft("CrewAI", projectName(agents), null));
        for (var agent : who.entrySet()) {
            if (agent.getValue() instanceof Map<?, ?> m) {
                crew.agent(agent.getKey(), Draft.strings(m));
            } else {
                crew.draft.left("agent " + agent.getKey(), "It says nothing about itself.");
            }
        }
        crew.workflow(what);
        crew.draft.left(
                "crew.py",
                "It is a program and is not read: the order of tasks is that of the file, and tools, callbacks, memory"
                        + " and a hierarchical process that it sets up are not here.");
        return crew.draft.done();
    }

    /// The folder of the project: above `config`, and above `src/PACKAGE`.
    private static String projectName(Path agents) {
        Path folder = Objects.requireNonNull(agents.toAbsolutePath().getParent());
        if (folder.endsWith("config") && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder.getFileName() == null ? "crew" : folder.getFileName().toString();
    }

    private void agent(String called, SequencedMap<String, Object> body) {
        String what = "agent " + called;
        String name = Draft.name(called, "agent");
        if (names.containsValue(name)) {
            draft.left(what, "Another one is called " + name + " already.");
            return;
        }
        String role = takeText(body, "role");
        String goal = takeText(body, "goal");
        String backstory = takeText(body, "backstory");
        StringBuilder prompt = new StringBuilder();
        prompt.append(role == null ? "" : "You are: " + role.strip());
        prompt.append(backstory == null ? "" : "\n\n" + backstory.strip());
        prompt.append(goal == null ? "" : "\n\nYour goal: " + goal.strip());
        String text = prompt.toString().strip();
        if (text.isEmpty()) {
            draft.left(what, "It has neither role, goal nor backstory.");
            return;
        }
        names.put(called, name);
        SequencedMap<String, Object> agent = map("name", name);
        if (role != null) {
            agent.put("description", WORD.matcher(role.strip()).replaceAll("$1").replaceAll("\\s+", " "));
        }
        agent.put("runtime", "model");
        String model = model(what, takeText(body, "llm"));
        agent.put("model", model);
        if (WORD.matcher(text).find()) {
            wantInputs.add(name);
            collect(text);
            text += BRACES;
        }
        agent.put("prompt", text + "\n");
        agent.put("grants", map("models", List.of(model)));
        String seconds = takeText(body, "max_execution_time");
        if (seconds != null && seconds.matches("[1-9][0-9]{0,6}")) {
            agent.put("limits", map("timeout", seconds + "s"));
        }
        draft.document("", "agent", agent);
        draft.carried(what, "an agent of the model " + model + "; role, goal and backstory are its prompt");
        if (!takeTexts(body, "tools").isEmpty()) {
            draft.left(
                    what + ": tools",
                    "They are Python. Write what it needs as an agent and grant it: grants: {agents: [NAME]}.");
        }
        body.remove("verbose"); // everything is logged
        draft.leftOver(what, body, "An agent of a model has nothing like it.");
    }

    /// The model's name in the project; each becomes one block.
    private String model(String what, @Nullable String llm) {
        if (llm == null) {
            return use("default", """
                    # The agents name no model. This one is built in and answers from a script, for nothing: replace it
                    # by the model you mean, provider: openai with its model and apiKeyEnv.
                    """, map("provider", "scripted"), "scripted-small");
        }
        String[] parts = llm.strip().split("/", 2);
        String id = parts.length == 2 ? parts[1] : parts[0];
        String name = Draft.name(id.replace('.', '-'), "default");
        boolean openAi = parts.length == 1 ? id.matches("(gpt|o[0-9]|chatgpt).*") : parts[0].equals("openai");
        if (openAi) {
            SequencedMap<String, Object> block = map("provider", "openai");
            block.put("apiKeyEnv", "OPENAI_API_KEY");
            return use(name, "", block, id);
        }
        if (parts[0].equals("ollama")) {
            SequencedMap<String, Object> block = map("provider", "openai");
            block.put("baseUrl", "http://localhost:11434/v1");
            block.put("free", true);
            return use(name, "", block, id);
        }
        draft.left(
                what + ": llm " + llm,
                "That provider is reached only where it is compatible with OpenAI's: set baseUrl and apiKeyEnv of the"
                        + " model " + name + ". Until then it is the scripted one.");
        return use(name, "# Was " + llm.replaceAll("\\s", " ") + ".\n", map("provider", "scripted"), "scripted-small");
    }

    private String use(String name, String comment, SequencedMap<String, Object> rest, String model) {
        if (models.putIfAbsent(name, model) == null) {
            SequencedMap<String, Object> block = map("name", name);
            block.putAll(rest);
            block.put("model", model);
            draft.document(comment, "model", block);
            draft.carried("model " + model, "the model " + name);
        }
        return name;
    }

    // ---- tasks

    private void workflow(SequencedMap<String, Object> tasks) {
        List<Object> steps = new ArrayList<>();
        List<String> before = new ArrayList<>();
        for (var task : tasks.entrySet()) {
            if (task.getValue() instanceof Map<?, ?> m) {
                Object step = step(task.getKey(), Draft.strings(m), before);
                if (step != null) {
                    steps.add(step);
                    before.add(stepName(task.getKey()));
                }
            } else {
                draft.left("task " + task.getKey(), "It says nothing about itself.");
            }
        }
        if (steps.isEmpty()) {
            return;
        }
        String name = names.containsValue(draft.name()) ? draft.name() + "-tasks" : draft.name();
        SequencedMap<String, Object> workflow = map("name", name);
        if (!words.isEmpty()) {
            workflow.put("description", "Its input has " + String.join(", ", words) + ".");
        }
        workflow.put("steps", steps);
        draft.document("", "workflow", workflow);
        draft.carried(
                "the tasks",
                "the workflow " + name + " of " + steps.size() + " steps"
                        + (words.isEmpty() ? "" : "; its input has " + String.join(", ", words)));
    }

    private @Nullable Object step(String called, SequencedMap<String, Object> body, List<String> before) {
        String what = "task " + called;
        String agent = takeText(body, "agent");
        String name = stepName(called);
        if (agent == null || !names.containsKey(agent)) {
            draft.left(what, agent == null ? "It names no agent." : "Its agent " + agent + " did not come over.");
            return null;
        }
        if (before.contains(name)) {
            draft.left(what, "Another one is called " + name + " already.");
            return null;
        }
        SequencedMap<String, Object> input = new LinkedHashMap<>();
        String description = takeText(body, "description");
        String expected = takeText(body, "expected_output");
        if (description != null) {
            input.put("task", expression(description.strip()));
        }
        if (expected != null) {
            input.put("expectedOutput", expression(expected.strip()));
        }
        SequencedMap<String, Object> context = context(what, body, before);
        if (!context.isEmpty()) {
            input.put("context", context);
        }
        if (wantInputs.contains(names.get(agent))) {
            input.put("inputs", "${input}");
        }
        leftOfTask(what, body);
        SequencedMap<String, Object> step = map("name", name);
        step.put("agent", String.valueOf(names.get(agent)));
        step.put("input", input);
        return step;
    }

    /// Tasks that it names; where it names none, those before it, as in CrewAI.
    private SequencedMap<String, Object> context(String what, SequencedMap<String, Object> body, List<String> before) {
        boolean named = body.get("context") instanceof List;
        SequencedMap<String, Object> context = new LinkedHashMap<>();
        for (String task : named ? takeTexts(body, "context") : List.copyOf(before)) {
            String step = stepName(task);
            if (before.contains(step)) {
                context.put(step, "${steps." + step + ".output}");
            } else {
                draft.left(what + ": context " + task, "No task before it is called that.");
            }
        }
        return context;
    }

    private void leftOfTask(String what, SequencedMap<String, Object> body) {
        if (!takeTexts(body, "tools").isEmpty()) {
            draft.left(what + ": tools", "They are Python. Write what it needs as an agent and grant it.");
        }
        if ("true".equals(takeText(body, "human_input"))) {
            draft.left(what + ": human_input", "Only steps of a saga wait for a person: approval: required.");
        }
        String file = takeText(body, "output_file");
        if (file != null) {
            draft.left(what + ": output_file", "The output is kept with the run; no file " + file + " is written.");
        }
        if ("true".equals(takeText(body, "async_execution"))) {
            draft.left(what + ": async_execution", "Steps run in turn. Give each its needs to let some run at once.");
        }
        body.remove("async_execution");
        body.remove("human_input");
        draft.leftOver(what, body, "A step has nothing like it.");
    }

    /// A name that an expression can say without quotes.
    private static String stepName(String task) {
        String name = task.strip().replaceAll("[^A-Za-z0-9_]+", "_");
        return name.matches("[A-Za-z].*") ? name : "task_" + name;
    }

    /// What stands for an input becomes an expression; a `${` of the text itself stays text.
    private String expression(String text) {
        collect(text);
        StringBuilder out = new StringBuilder();
        Matcher word = WORD.matcher(text);
        int done = 0;
        while (word.find()) {
            boolean dollar = word.start() > 0 && text.charAt(word.start() - 1) == '$';
            out.append(text, done, word.start());
            if (dollar) {
                out.append("{").append(word.group());
            } else {
                out.append("${input.").append(word.group(1)).append("}");
            }
            done = word.end();
        }
        return out.append(text.substring(done)).toString();
    }

    private void collect(String text) {
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            if (word.start() == 0 || text.charAt(word.start() - 1) != '$') {
                words.add(word.group(1));
            }
        }
    }
}
