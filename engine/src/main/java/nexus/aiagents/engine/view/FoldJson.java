package nexus.aiagents.engine.view;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import nexus.aiagents.engine.journal.EventJson;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// What is folded from the journal, as JSON and back: every field that is not `transient`, so that one
/// that is added later is in the snapshots without anybody thinking of it. Such a class has a
/// constructor without arguments, and a field whose kind of collection matters is declared as that kind.
public final class FoldJson {
    private static final String OURS = "nexus.aiagents.";
    private static final JsonMapper MAPPER = EventJson.mapper()
            .rebuild()
            .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
            .changeDefaultVisibility(v -> v.withFieldVisibility(Visibility.ANY)
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE)
                    .withSetterVisibility(Visibility.NONE))
            .build();

    private FoldJson() {}

    public static byte[] write(Object fold) {
        return MAPPER.writeValueAsBytes(fold);
    }

    /// Replaces the fields of `into`.
    ///
    /// @throws tools.jackson.core.JacksonException if it is of another shape
    public static void read(byte[] json, Object into) {
        MAPPER.readerForUpdating(into).readValue(json);
    }

    /// @throws tools.jackson.core.JacksonException if it is of another shape
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /// A number that is another one when a class, or one of those that it holds, has other fields.
    public static String shape(Class<?>... folds) {
        TreeMap<String, String> shapes = new TreeMap<>();
        for (Class<?> fold : folds) {
            collect(fold, shapes);
        }
        CRC32C first = new CRC32C();
        first.update(shapes.toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%08x%08x", first.getValue(), shapes.toString().hashCode());
    }

    private static void collect(Type type, TreeMap<String, String> shapes) {
        if (type instanceof ParameterizedType parameterized) {
            collect(parameterized.getRawType(), shapes);
            Arrays.stream(parameterized.getActualTypeArguments()).forEach(argument -> collect(argument, shapes));
        }
        if (!(type instanceof Class<?> raw) || !raw.getName().startsWith(OURS) || shapes.containsKey(raw.getName())) {
            return;
        }
        StringBuilder shape = new StringBuilder();
        shapes.put(raw.getName(), "");
        if (raw.isEnum()) {
            shape.append(Arrays.toString(raw.getEnumConstants()));
        }
        Field[] fields = raw.getDeclaredFields();
        Arrays.sort(fields, Comparator.comparing(Field::getName));
        for (Field field : fields) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                shape.append(field.getName())
                        .append(':')
                        .append(field.getGenericType().getTypeName())
                        .append(' ');
                collect(field.getGenericType(), shapes);
            }
        }
        shapes.put(raw.getName(), shape.toString());
    }
}
