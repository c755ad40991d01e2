package nexus.aiagents.app.desktop.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.PriceTable;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;

/// What the settings say about the open project. Pure, but for the table of prices, a large file: not
/// on the JavaFX thread.
///
/// @param tableDate of the built-in prices, empty without a project
record ProjectFacts(List<Priced> models, List<Key> keys, String tableDate) {
    static final ProjectFacts NONE = new ProjectFacts(List.of(), List.of(), "");

    /// @param price null: it has none @param source where the price is from
    record Priced(ModelSpec model, ModelSpec.@Nullable PriceSpec price, String source) {}

    /// @param variable of the environment that holds it @param usedBy what sends it and where @param
    ///     set it is there
    record Key(String variable, String usedBy, boolean set) {}

    /// @param isSet whether a variable of the environment has a value
    static ProjectFacts of(@Nullable Project project, Predicate<String> isSet) {
        if (project == null) {
            return NONE;
        }
        PriceTable table = PriceTable.builtIn();
        List<Priced> rows = new ArrayList<>();
        Map<String, Set<String>> users = new LinkedHashMap<>();
        for (ModelSpec model : project.models().values()) {
            rows.add(new Priced(model, table.priceOf(model), source(model, table)));
            if (model.apiKeyEnv() != null) {
                used(users, model.apiKeyEnv(), "model " + model.name());
            }
        }
        for (AgentSpec agent : project.agents().values()) {
            for (AgentSpec.SecretGrant secret : agent.grants().secrets()) {
                used(users, secret.name(), agent.name() + " for " + secret.host());
            }
        }
        List<Key> keys = new ArrayList<>();
        users.forEach((variable, by) -> keys.add(new Key(variable, String.join(", ", by), isSet.test(variable))));
        return new ProjectFacts(List.copyOf(rows), List.copyOf(keys), String.valueOf(table.date()));
    }

    private static void used(Map<String, Set<String>> users, String variable, String by) {
        users.computeIfAbsent(variable, _ -> new LinkedHashSet<>()).add(by);
    }

    private static String source(ModelSpec model, PriceTable table) {
        if (model.price() != null) {
            return "the project";
        }
        if (model.free()) {
            return "marked free";
        }
        return table.find(model.model()) == null
                ? "nowhere: calls are refused"
                : "the built-in table of " + table.date();
    }
}
