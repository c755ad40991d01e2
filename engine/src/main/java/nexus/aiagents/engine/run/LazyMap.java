package nexus.aiagents.engine.run;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Values that are made when they are asked for: an expression names two outputs of a thousand.
/// Confined to one thread.
final class LazyMap extends AbstractMap<String, @Nullable Object> {
    private final Map<String, Supplier<@Nullable Object>> makers = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> made = new HashMap<>();

    LazyMap with(String name, Supplier<@Nullable Object> maker) {
        makers.put(name, maker);
        return this;
    }

    @Override
    public @Nullable Object get(Object key) {
        Supplier<@Nullable Object> maker = makers.get(key);
        if (maker == null) {
            return null;
        }
        String name = (String) key;
        if (!made.containsKey(name)) {
            made.put(name, maker.get());
        }
        return made.get(name);
    }

    @Override
    public boolean containsKey(Object key) {
        return makers.containsKey(key);
    }

    @Override
    public Set<String> keySet() {
        return makers.keySet();
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        makers.keySet().forEach(name -> all.put(name, get(name)));
        return all.entrySet();
    }
}
