package nexus.aiagents.sandbox.internal.worker;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How values of each type look as bytes.
final class Shapes {
    private static final byte NULL = 0;
    private static final byte THERE = 1;
    private static final byte UTF_8 = 0;
    private static final byte UTF_16 = 1;

    interface Shape {
        void write(DataOutputStream out, Object value) throws IOException;

        /// @throws java.nio.BufferUnderflowException if there is too little
        Object read(ByteBuffer in) throws BadFrame;
    }

    private Shapes() {}

    /// @throws IllegalArgumentException for a type that nobody has thought of yet
    static Shape of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Map.class) {
                return new OfMap(of(arguments[0]), of(arguments[1]));
            }
            if (generic.getRawType() == List.class) {
                return new OfList(of(arguments[0]));
            }
            if (generic.getRawType() == Set.class) {
                return new OfSet(of(arguments[0]));
            }
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException("no shape for " + type);
        }
        if (plain.isRecord()) {
            return new OfRecord(plain);
        }
        if (plain.isSealed()) {
            return new OfSealed(plain);
        }
        if (plain.isEnum()) {
            return new OfEnum(plain.getEnumConstants());
        }
        Shape known = Basic.SHAPES.get(plain);
        if (known == null) {
            throw new IllegalArgumentException("no shape for " + type);
        }
        return known;
    }

    /// Bytes of a length that is written before them.
    static byte[] bytes(ByteBuffer in) throws BadFrame {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BadFrame("a length of " + length + " where " + in.remaining() + " bytes are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static final class Basic {
        private static final Map<Class<?>, Shape> SHAPES = new HashMap<>();

        static {
            put(int.class, (out, value) -> out.writeInt((Integer) value), ByteBuffer::getInt);
            put(long.class, (out, value) -> out.writeLong((Long) value), ByteBuffer::getLong);
            put(Long.class, (out, value) -> out.writeLong((Long) value), ByteBuffer::getLong);
            put(boolean.class, (out, value) -> out.writeBoolean((Boolean) value), Basic::truth);
            put(String.class, (out, value) -> writeText(out, (String) value), Basic::text);
            put(Duration.class, (out, value) -> writeDuration(out, (Duration) value), Basic::duration);
            put(byte[].class, (out, value) -> writeBytes(out, (byte[]) value), Shapes::bytes);
        }

        private interface Writing {
            void write(DataOutputStream out, Object value) throws IOException;
        }

        private interface Reading {
            Object read(ByteBuffer in) throws BadFrame;
        }

        private static void put(Class<?> type, Writing writing, Reading reading) {
            SHAPES.put(type, new Shape() {
                @Override
                public void write(DataOutputStream out, Object value) throws IOException {
                    writing.write(out, value);
                }

                @Override
                public Object read(ByteBuffer in) throws BadFrame {
                    return reading.read(in);
                }
            });
        }

        private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        /// UTF-8, unless the text is none: half of a surrogate pair has to arrive as it was sent.
        private static void writeText(DataOutputStream out, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean exact = text.length() == bytes.length || new String(bytes, StandardCharsets.UTF_8).equals(text);
            out.writeByte(exact ? UTF_8 : UTF_16);
            writeBytes(out, exact ? bytes : utf16(text));
        }

        /// By hand: a charset would replace the half pair.
        private static byte[] utf16(String text) {
            ByteBuffer chars = ByteBuffer.allocate(2 * text.length());
            chars.asCharBuffer().put(text);
            return chars.array();
        }

        private static String text(ByteBuffer in) throws BadFrame {
            byte charset = in.get();
            ByteBuffer bytes = ByteBuffer.wrap(bytes(in));
            if (charset == UTF_16 && bytes.remaining() % 2 == 0) {
                CharBuffer chars = bytes.asCharBuffer();
                return chars.toString();
            }
            if (charset != UTF_8) {
                throw new BadFrame("a text that is neither UTF-8 nor UTF-16");
            }
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            } catch (CharacterCodingException e) {
                throw new BadFrame("a text that is not UTF-8");
            }
        }

        private static boolean truth(ByteBuffer in) throws BadFrame {
            byte value = in.get();
            if (value != 0 && value != 1) {
                throw new BadFrame("neither true nor false but " + value);
            }
            return value == 1;
        }

        private static void writeDuration(DataOutputStream out, Duration duration) throws IOException {
            out.writeLong(duration.getSeconds());
            out.writeInt(duration.getNano());
        }

        private static Duration duration(ByteBuffer in) throws BadFrame {
            try {
                return Duration.ofSeconds(in.getLong(), in.getInt());
            } catch (DateTimeException | ArithmeticException e) {
                throw new BadFrame("a duration that is none");
            }
        }
    }

    private record OfEnum(Object[] constants) implements Shape {
        @Override
        public void write(DataOutputStream out, Object value) throws IOException {
            out.writeByte(((Enum<?>) value).ordinal());
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            return constants[index(in, constants.length)];
        }
    }

    private static int index(ByteBuffer in, int count) throws BadFrame {
        int index = in.get();
        if (index < 0 || index >= count) {
            throw new BadFrame("kind " + index + " of " + count);
        }
        return index;
    }

    private static void writeAll(DataOutputStream out, Collection<?> values, Shape each) throws IOException {
        out.writeInt(values.size());
        for (Object value : values) {
            each.write(out, value);
        }
    }

    private record OfList(Shape each) implements Shape {
        @Override
        public void write(DataOutputStream out, Object list) throws IOException {
            writeAll(out, (List<?>) list, each);
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            List<Object> list = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                list.add(each.read(in));
            }
            return list;
        }
    }

    private record OfSet(Shape each) implements Shape {
        @Override
        public void write(DataOutputStream out, Object set) throws IOException {
            writeAll(out, (Set<?>) set, each);
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            Set<Object> set = new LinkedHashSet<>();
            for (int left = in.getInt(); left > 0; left--) {
                set.add(each.read(in));
            }
            return set;
        }
    }

    private record OfMap(Shape key, Shape value) implements Shape {
        @Override
        public void write(DataOutputStream out, Object map) throws IOException {
            out.writeInt(((Map<?, ?>) map).size());
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                key.write(out, entry.getKey());
                value.write(out, entry.getValue());
            }
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            Map<Object, Object> map = new LinkedHashMap<>();
            int size = in.getInt();
            for (int i = 0; i < size; i++) {
                map.put(key.read(in), value.read(in));
            }
            if (map.size() != size) {
                throw new BadFrame("a map of size " + size + " with " + map.size() + " keys");
            }
            return map;
        }
    }

    private static final class OfSealed implements Shape {
        private final List<Class<?>> kinds;
        private final List<Shape> shapes;

        OfSealed(Class<?> type) {
            kinds = Arrays.asList(type.getPermittedSubclasses());
            shapes = kinds.stream().map(kind -> of((Type) kind)).toList();
        }

        @Override
        public void write(DataOutputStream out, Object value) throws IOException {
            int kind = 0;
            while (!kinds.get(kind).isInstance(value)) {
                kind++;
            }
            out.writeByte(kind);
            shapes.get(kind).write(out, value);
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            return shapes.get(index(in, shapes.size())).read(in);
        }
    }

    private static final class OfRecord implements Shape {
        private final Constructor<?> constructor;
        private final Part[] parts;

        private record Part(Method accessor, Shape shape, boolean primitive, boolean nullable) {
            static Part of(RecordComponent component) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                AnnotatedElement type = component.getAnnotatedType();
                return new Part(
                        accessor,
                        Shapes.of(component.getGenericType()),
                        component.getType().isPrimitive(),
                        type.isAnnotationPresent(Nullable.class));
            }
        }

        OfRecord(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            parts = Arrays.stream(components).map(Part::of).toArray(Part[]::new);
            try {
                constructor = type.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has it", e);
            }
        }

        @Override
        public void write(DataOutputStream out, Object value) throws IOException {
            for (Part part : parts) {
                Object component = get(part, value);
                if (!part.primitive()) {
                    out.writeByte(component == null ? NULL : THERE);
                }
                if (component != null) {
                    part.shape().write(out, component);
                }
            }
        }

        private static @Nullable Object get(Part part, Object value) {
            try {
                return part.accessor().invoke(value);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("an accessor does not fail", e);
            }
        }

        @Override
        public Object read(ByteBuffer in) throws BadFrame {
            @Nullable Object[] components = new @Nullable Object[parts.length];
            for (int i = 0; i < parts.length; i++) {
                components[i] = component(parts[i], in);
            }
            try {
                return constructor.newInstance(components);
            } catch (InvocationTargetException e) {
                throw new BadFrame(
                        "not a possible " + constructor.getDeclaringClass().getSimpleName());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record can be made", e);
            }
        }

        private static @Nullable Object component(Part part, ByteBuffer in) throws BadFrame {
            byte there = part.primitive() ? THERE : in.get();
            if (there != THERE && (there != NULL || !part.nullable())) {
                throw new BadFrame("nothing where something has to be");
            }
            return there == NULL ? null : part.shape().read(in);
        }
    }
}
