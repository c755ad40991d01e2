package nexus.aiagents.app.desktop.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.PriceTable;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.secret.HostSecrets.Whereabouts;
import nexus.aiagents.engine.secret.NeededSecrets;
import org.jspecify.annotations.Nullable;

/// What the settings say about the open project. Pure, but for the table of prices, a large file, and
/// the keychain: not on the JavaFX thread.
///
/// @param tableDate of the built-in prices, empty without a project
record ProjectFacts(List<Priced> models, List<Key> keys, String tableDate) {
    static final ProjectFacts NONE = new ProjectFacts(List.of(), List.of(), "");

    /// @param price null: it has none @param source where the price is from
    record Priced(ModelSpec model, ModelSpec.@Nullable PriceSpec price, String source) {}

    /// @param variable its name @param usedBy what sends it @param where null: the keychain is still asked
    record Key(String variable, String usedBy, @Nullable Whereabouts where) {}

    /// @param where a key is, by its name; null while that is not known
    static ProjectFacts of(@Nullable Project project, Function<String, @Nullable Whereabouts> where) {
        if (project == null) {
            return NONE;
        }
        PriceTable table = PriceTable.builtIn();
        List<Priced> rows = new ArrayList<>();
        for (ModelSpec model : project.models().values()) {
            rows.add(new Priced(model, table.priceOf(model), source(model, table)));
        }
        List<Key> keys = new ArrayList<>();
        NeededSecrets.of(project)
                .forEach((variable, by) -> keys.add(new Key(variable, String.join(", ", by), where.apply(variable))));
        return new ProjectFacts(List.copyOf(rows), List.copyOf(keys), String.valueOf(table.date()));
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
