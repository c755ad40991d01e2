package nexus.aiagents.engine.view;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A copy of what is folded, made in a fraction of the time that writing it as JSON takes: whoever
/// feeds the folds is held up only for that. It has the same fields as the JSON has, and shares what
/// never changes.
public final class FoldCopy {
    private static final String OURS = "nexus.aiagents.";

    /// How to copy a class of folds; null if its objects never change.
    private record Shape(Constructor<?> maker, List<Field> fields) {
        Object copy(Object fold) {
            try {
                return fill(fold, maker.newInstance());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(fold.getClass() + " can not be copied", e);
            }
        }

        <T> T fill(T from, T into) throws IllegalAccessException {
            for (Field field : fields) {
                if (Modifier.isFinal(field.getModifiers())) {
                    pour(copyOf(field.get(from)), field.get(into));
                } else {
                    move(field, from, into);
                }
            }
            return into;
        }
    }

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return Arrays.stream(type.getDeclaredFields())
                    .filter(f -> !Modifier.isStatic(f.getModifiers()) && !Modifier.isTransient(f.getModifiers()))
                    .peek(f -> f.setAccessible(true))
                    .toList();
        }
    };

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            try {
                Constructor<?> maker = type.getDeclaredConstructor();
                maker.setAccessible(true);
                return new Shape(maker, FIELDS.get(type));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " needs a constructor without arguments", e);
            }
        }
    };

    private FoldCopy() {}

    /// @param into another one of the class, which nobody else has
    /// @return `into`
    public static <T> T copy(T from, T into) {
        try {
            for (Field field : FIELDS.get(from.getClass())) {
                move(field, from, into);
            }
            return into;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(from.getClass() + " can not be copied", e);
        }
    }

    /// Numbers without a box, because there are many.
    private static void move(Field field, Object from, Object into) throws IllegalAccessException {
        Class<?> type = field.getType();
        if (type == long.class) {
            field.setLong(into, field.getLong(from));
        } else if (type == int.class) {
            field.setInt(into, field.getInt(from));
        } else if (type == boolean.class) {
            field.setBoolean(into, field.getBoolean(from));
        } else {
            Object value = field.get(from);
            field.set(into, copyOf(value));
        }
    }

    private static @Nullable Object copyOf(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Map<?, ?> map -> copyOf(map);
            case Collection<?> many -> copyOf(many);
            default -> isFold(value.getClass()) ? SHAPES.get(value.getClass()).copy(value) : value;
        };
    }

    private static boolean isFold(Class<?> type) {
        return !type.isRecord() && !type.isEnum() && type.getName().startsWith(OURS);
    }

    private static Object copyOf(Map<?, ?> map) {
        Map<Object, @Nullable Object> copy = switch (map) {
            case TreeMap<?, ?> _ -> new TreeMap<>();
            case ConcurrentHashMap<?, ?> _ -> new ConcurrentHashMap<>();
            case LinkedHashMap<?, ?> _ -> new LinkedHashMap<>();
            default -> HashMap.newHashMap(map.size());
        };
        map.forEach((key, value) -> copy.put(key, copyOf(value)));
        return copy;
    }

    private static Object copyOf(Collection<?> many) {
        Collection<@Nullable Object> copy = switch (many) {
            case ArrayDeque<?> _ -> new ArrayDeque<>(many.size() + 1);
            case TreeSet<?> _ -> new TreeSet<>();
            case Set<?> _ -> HashSet.newHashSet(many.size());
            default -> new ArrayList<>(many.size());
        };
        many.forEach(one -> copy.add(copyOf(one)));
        return copy;
    }

    /// A field that is final has a collection of its own already.
    @SuppressWarnings("unchecked")
    private static void pour(@Nullable Object copy, Object into) {
        switch (copy) {
            case Map<?, ?> map -> ((Map<Object, Object>) into).putAll(map);
            case Collection<?> many -> ((Collection<Object>) into).addAll(many);
            case null, default -> throw new IllegalStateException("a final field that is no collection: " + into);
        }
    }
}
