package nexus.aiagents.engine.imports;

import static nexus.aiagents.engine.imports.Draft.map;
import static nexus.aiagents.engine.imports.Draft.takeMap;
import static nexus.aiagents.engine.imports.Draft.takeText;
import static nexus.aiagents.engine.imports.Draft.takeTexts;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The one file of the system that these words come from: agents, supervisors, budgets as `"$10/day"`,
/// trust.
final class NexusConfig {
    private static final Pattern BUDGET =
            Pattern.compile("\\$?\\s*([0-9]+(?:\\.[0-9]{1,6})?)\\s*(?:/\\s*(run|hour|day|week|month))?");
    private static final Pattern PROGRAM = Pattern.compile("(?i).+\\.(wasm|js|mjs|ts|mts)");
    private static final Set<String> STRATEGIES = Set.of("one-for-one", "one-for-all", "rest-for-one");
    private static final Set<String> LIMIT_ACTIONS = Set.of("pause", "throttle", "alert", "kill");

    private final Path folder;
    private final Draft draft;
    /// Those that came over.
    private final Set<String> agents = new LinkedHashSet<>();
    private final Set<String> supervised = new LinkedHashSet<>();

    private NexusConfig(Path folder, Draft draft) {
        this.folder = folder;
        this.draft = draft;
    }

    static Imported read(Path file) throws IOException, NotImportable {
        SequencedMap<String, Object> config = Draft.yaml(file);
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String called = takeText(config, "name");
        String description = takeText(config, "description");
        Draft draft = new Draft(
                "nexus.config.yaml", called == null ? String.valueOf(folder.getFileName()) : called, description);
        NexusConfig reader = new NexusConfig(folder, draft);
        SequencedMap<String, Object> execution = takeMap(config, "execution");
        execution.remove("type"); // every program is sandboxed
        for (var agent : takeMap(config, "agents").entrySet()) {
            reader.agent(
                    agent.getKey(),
                    agent.getValue() instanceof Map<?, ?> m ? Draft.strings(m) : map("", ""),
                    execution);
        }
        for (var supervisor : takeMap(config, "supervisors").entrySet()) {
            if (supervisor.getValue() instanceof Map<?, ?> m) {
                reader.supervisor(supervisor.getKey(), Draft.strings(m));
            }
        }
        if (config.get("supervisor") instanceof Map) {
            reader.rest(takeMap(config, "supervisor"));
        }
        if (config.containsKey("cost")) {
            reader.cost("project", map("project", true), takeMap(config, "cost"));
        }
        if (config.containsKey("trust")) {
            reader.trust(takeMap(config, "trust"));
        }
        for (String key : config.keySet()) {
            draft.left(key, whyNot(key));
        }
        return draft.done();
    }

    private static String whyNot(String key) {
        return switch (key) {
            case "broker" -> "Agents say which model they use; nothing is routed behind their back.";
            case "edge" -> "Projects run on this machine.";
            case "skills" -> "Make each an agent of its own: naos create NAME, and grant it to those that call it.";
            default -> "Nothing here is called that.";
        };
    }

    // ---- agents

    private void agent(String called, SequencedMap<String, Object> body, Map<String, Object> everyAgent)
            throws IOException {
        String name = Draft.name(called, "agent");
        String what = "agent " + called;
        body.remove("");
        String source = takeText(body, "source");
        String template = takeText(body, "template");
        SequencedMap<String, Object> agent = map("name", name);
        String description = takeText(body, "description");
        if (description != null) {
            agent.put("description", description);
        }
        if (!agents.add(name)) {
            draft.left(what, "Another one is called " + name + " already.");
            return;
        }
        String program = program(what, name, source, template);
        if (program == null) {
            agents.remove(name);
            return;
        }
        agent.put("source", program);
        SequencedMap<String, Object> execution = new java.util.LinkedHashMap<>(everyAgent);
        execution.putAll(takeMap(body, "execution"));
        limits(what, agent, execution);
        draft.document("", "agent", agent);
        draft.carried(what, "an agent with the program " + program);
        SequencedMap<String, Object> cost = takeMap(body, "cost");
        if (!cost.isEmpty()) {
            cost(what, map("agent", name), cost);
        }
        for (String variable : takeMap(body, "env").sequencedKeySet()) {
            draft.left(
                    what + ": env " + variable,
                    "Values do not stand in the file: set the variable and grant it, grants: {env: [" + variable
                            + "]}.");
        }
        if (body.remove("axis") != null) {
            draft.left(
                    what + ": axis",
                    "An agent gets its identity here when it is signed: naos trust sign " + name + ".");
        }
        draft.leftOver(what, body, "Nothing of an agent is called that.");
    }

    /// @return its path in the new project, null: there is none that could run
    private @Nullable String program(String what, String name, @Nullable String source, @Nullable String template)
            throws IOException {
        if (source == null) {
            if ("echo".equals(template)) {
                String path = "agents/" + name + ".js";
                draft.program(path, "echo.js", Map.of());
                return path;
            }
            draft.left(
                    what,
                    template == null
                            ? "It has no program."
                            : "Its program is the template " + template
                                    + " of the other system. Write it anew: naos create " + name + ".");
            return null;
        }
        Path file = folder.resolve(source).normalize();
        if (!file.startsWith(folder)) {
            draft.left(what, "Its program " + source + " is not in the folder of the file.");
            return null;
        }
        if (!PROGRAM.matcher(source).matches()) {
            draft.left(what, "Its program " + source + " is neither JavaScript, TypeScript nor WebAssembly.");
            return null;
        }
        if (!Files.isRegularFile(file)) {
            draft.left(what, "Its program " + source + " is not there.");
            return null;
        }
        String path = folder.relativize(file).toString().replace('\\', '/');
        draft.file(path, Files.readAllBytes(file));
        return path;
    }

    private void limits(String what, Map<String, Object> agent, SequencedMap<String, Object> execution) {
        SequencedMap<String, Object> limits = new java.util.LinkedHashMap<>();
        execution.remove("type");
        String memory = takeText(execution, "memoryLimit");
        if (memory != null && memory.matches("[0-9]+ ?[KMG]i?B")) {
            limits.put("memory", memory.replace(" ", "").replace("iB", "B"));
        } else if (memory != null) {
            draft.left(what + ": memoryLimit", memory + " is no size, such as 256MB.");
        }
        String seconds = takeText(execution, "timeoutSeconds");
        if (seconds != null && seconds.matches("[1-9][0-9]{0,6}")) {
            limits.put("timeout", seconds + "s");
        } else if (seconds != null) {
            draft.left(what + ": timeoutSeconds", seconds + " is no number of seconds.");
        }
        if (!limits.isEmpty()) {
            agent.put("limits", limits);
        }
        draft.leftOver(what + ": execution", execution, "No limit is called that.");
    }

    // ---- supervisors

    private void supervisor(String called, SequencedMap<String, Object> body) {
        List<String> children = new ArrayList<>();
        List<String> wanted = new ArrayList<>(takeTexts(body, "children"));
        wanted.addAll(takeTexts(body, "agents"));
        for (String child : wanted) {
            String name = Draft.name(child, "agent");
            if (!agents.contains(name)) {
                draft.left("supervisor " + called + ": " + child, "That agent did not come over.");
            } else if (supervised.add(name)) {
                children.add(name);
            } else {
                draft.left("supervisor " + called + ": " + child, "Another supervisor has it already.");
            }
        }
        supervise(called, Draft.name(called, "team"), children, body);
    }

    /// A policy for agents that no supervisor names.
    private void rest(SequencedMap<String, Object> body) {
        List<String> children =
                agents.stream().filter(a -> !supervised.contains(a)).toList();
        supervised.addAll(children);
        String name = takeText(body, "name");
        body.remove("children");
        body.remove("agents");
        supervise("of all others", Draft.name(name == null ? draft.name() + "-team" : name, "team"), children, body);
    }

    private void supervise(String called, String name, List<String> children, SequencedMap<String, Object> body) {
        String what = "supervisor " + called;
        if (children.isEmpty()) {
            draft.left(what, "It has no agent that came over.");
            return;
        }
        SequencedMap<String, Object> supervisor = map("name", agents.contains(name) ? name + "-team" : name);
        String strategy = takeText(body, "strategy");
        if (strategy != null && STRATEGIES.contains(strategy)) {
            supervisor.put("strategy", strategy);
        } else if (strategy != null) {
            draft.left(
                    what + ": strategy",
                    strategy + " is none of "
                            + String.join(", ", STRATEGIES.stream().sorted().toList()) + ".");
        }
        supervisor.put("agents", children);
        whole(what, body, "maxRestarts", supervisor, "maxRestarts");
        whole(what, body, "restartWindow", supervisor, "withinSeconds");
        whole(what, body, "withinSeconds", supervisor, "withinSeconds");
        draft.document("", "supervisor", supervisor);
        draft.carried(what, "a supervisor of " + String.join(", ", children));
        draft.leftOver(what, body, "Nothing of a supervisor is called that.");
    }

    private void whole(String what, SequencedMap<String, Object> from, String key, Map<String, Object> to, String as) {
        String value = takeText(from, key);
        if (value != null && value.matches("[0-9]{1,6}")) {
            to.put(as, Integer.valueOf(value));
        } else if (value != null) {
            draft.left(what + ": " + key, value + " is no whole number.");
        }
    }

    // ---- money and trust

    private void cost(String what, SequencedMap<String, Object> of, SequencedMap<String, Object> body) {
        String text = takeText(body, "budget");
        Matcher budget = BUDGET.matcher(text == null ? "" : text.strip());
        if (!budget.matches()) {
            draft.left(what + ": cost", (text == null ? "It" : text) + " is no budget, such as $10/day.");
            return;
        }
        SequencedMap<String, Object> limit = map("maxDollars", dollars(budget.group(1)));
        if (budget.group(2) != null) {
            limit.put("per", budget.group(2));
        }
        of.put("budget", limit);
        String action = takeText(body, "action");
        if (action != null && LIMIT_ACTIONS.contains(action)) {
            of.put("onLimit", action);
        } else if (action != null) {
            draft.left(what + ": cost action", action + " is unknown; the agent is paused at its limit.");
        }
        String alert = takeText(body, "alertAt");
        if (alert != null && alert.matches("[1-9][0-9]?|100")) {
            of.put("alertAt", List.of(Integer.valueOf(alert)));
        } else if (alert != null) {
            draft.left(what + ": cost alertAt", alert + " is no percentage.");
        }
        draft.document("", "cost", of);
        draft.carried(what + ": cost", "a budget of " + budget.group() + " that can not be overspent");
        draft.leftOver(what + ": cost", body, "Nothing of a budget is called that.");
    }

    private static Number dollars(String text) {
        return text.contains(".") ? new BigDecimal(text) : new BigInteger(text);
    }

    private void trust(SequencedMap<String, Object> body) {
        String provider = takeText(body, "provider");
        SequencedMap<String, Object> trust = map("provider", "local");
        if ("axis".equals(provider)) {
            draft.left(
                    "trust: provider axis",
                    "Trust comes from what agents did on this machine. For a registry, set"
                            + " provider: axis and its baseUrl.");
        }
        SequencedMap<String, Object> wanted = takeMap(body, "requirements");
        SequencedMap<String, Object> requirements = new java.util.LinkedHashMap<>();
        String tier = takeText(wanted, "minTrustTier");
        if (tier != null && tier.matches("T[1-5]")) {
            requirements.put("minTrustTier", tier);
        } else if (tier != null) {
            draft.left("trust: minTrustTier", tier + " is none of T1 to T5.");
        }
        String rating = takeText(wanted, "minCreditRating");
        if (rating != null && rating.matches("AAA|AA|A|BBB|BB|B|CCC|CC|C|D")) {
            requirements.put("minCreditRating", rating);
        } else if (rating != null) {
            draft.left("trust: minCreditRating", rating + " is none of AAA to D.");
        }
        draft.leftOver("trust: requirements", wanted, "A tier or a rating is required instead.");
        if (!requirements.isEmpty()) {
            trust.put("requirements", requirements);
        }
        String untrusted = takeText(takeMap(body, "enforcement"), "onUntrusted");
        if (untrusted != null && Set.of("reject", "warn", "ask").contains(untrusted)) {
            trust.put("enforcement", map("onUntrusted", untrusted));
        } else if (untrusted != null) {
            draft.left("trust: onUntrusted", untrusted + " is unknown; an untrusted agent is rejected.");
        }
        draft.document("", "trust", trust);
        draft.carried("trust", "the gate that every agent passes");
        draft.leftOver("trust", body, "Nothing of trust is called that.");
    }
}
