package nexus.aiagents.engine.project;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What models are known to cost, by the provider's own name for them. Read once, at first use. Immutable.
public final class PriceTable {
    private static final Pattern DATED = Pattern.compile("-20\\d{2}-?(0[1-9]|1[0-2])-?([0-2]\\d|3[01])$");

    private final Map<String, ModelSpec.PriceSpec> prices;
    private final String date;

    private static final class Holder {
        static final PriceTable INSTANCE = load();
    }

    private PriceTable(Map<String, ModelSpec.PriceSpec> prices, String date) {
        this.prices = Map.copyOf(prices);
        this.date = date;
    }

    public static PriceTable builtIn() {
        return Holder.INSTANCE;
    }

    /// @return null if the model is not in the table; a dated name is found under its plain one too
    public ModelSpec.@Nullable PriceSpec find(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        ModelSpec.PriceSpec exact = prices.get(name);
        return exact != null ? exact : prices.get(DATED.matcher(name).replaceFirst(""));
    }

    /// What a model costs: its own price, or nothing if it is free, or the table's.
    ///
    /// @return null if the price is not known, so that its calls must be refused
    public ModelSpec.@Nullable PriceSpec priceOf(ModelSpec model) {
        if (model.price() != null) {
            return model.price();
        }
        return model.free() ? new ModelSpec.PriceSpec(0, 0, 0) : find(model.model());
    }

    /// When the prices were taken, `2026-11-23`.
    public String date() {
        return date;
    }

    private static PriceTable load() {
        try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
            if (in == null) {
                throw new IllegalStateException("prices.json is missing from the engine's jar");
            }
            JsonNode root = JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build()
                    .readTree(in);
            Map<String, ModelSpec.PriceSpec> prices = new HashMap<>();
            for (Map.Entry<String, JsonNode> entry : root.path("models").properties()) {
                JsonNode row = entry.getValue();
                long input = micro(row.get(0));
                long cached = row.size() > 2 ? micro(row.get(2)) : input;
                prices.put(entry.getKey(), new ModelSpec.PriceSpec(input, micro(row.get(1)), cached));
            }
            return new PriceTable(prices, root.path("date").asString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long micro(JsonNode dollars) {
        return dollars.decimalValue()
                .movePointRight(6)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}
