package nexus.aiagents.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes WebAssembly modules, as hostile as wanted. Instructions are bytes as numbers.
final class Wasm {
    static final int I32 = 0x7f;
    static final int I64 = 0x7e;

    private final Map<Integer, byte[]> sections = new TreeMap<>();
    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<byte[]> functions = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> data = new ArrayList<>();

    /// @return its index
    int type(int[] parameters, int[] results) {
        types.add(bytes(0x60, vector(parameters), vector(results)));
        return types.size() - 1;
    }

    /// @return its index; all imports come before functions
    int importFunction(String module, String name, int type) {
        imports.add(bytes(name(module), name(name), 0, leb(type)));
        return imports.size() - 1;
    }

    /// @param body instructions without the end
    /// @return its index
    int function(int type, Object... body) {
        return functionWithLocals(type, 0, body);
    }

    int functionWithLocals(int type, int i32Locals, Object... body) {
        byte[] locals = i32Locals == 0 ? bytes(0) : bytes(1, leb(i32Locals), I32);
        return rawFunction(type, bytes(locals, bytes(body), 0x0b));
    }

    int rawFunction(int type, byte[] body) {
        functions.add(leb(type));
        bodies.add(bytes(leb(body.length), body));
        return imports.size() + functions.size() - 1;
    }

    Wasm export(String name, int function) {
        exports.add(bytes(name(name), 0, leb(function)));
        return this;
    }

    Wasm memory(int min) {
        return section(5, bytes(1, 0, leb(min)));
    }

    Wasm table(int min) {
        return section(4, bytes(1, 0x70, 0, leb(min)));
    }

    Wasm start(int function) {
        return section(8, leb(function));
    }

    Wasm data(int offset, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        data.add(bytes(0, 0x41, sleb(offset), 0x0b, leb(content.length), content));
        return this;
    }

    Wasm section(int id, byte[] content) {
        sections.put(id, content);
        return this;
    }

    byte[] build() {
        putVector(1, types);
        putVector(2, imports);
        putVector(3, functions);
        putVector(7, exports);
        putVector(10, bodies);
        putVector(11, data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        // The number of data segments (12) comes before the code (10).
        sections.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey() == 12 ? 9.5 : e.getKey()))
                .forEach(e -> out.writeBytes(bytes(e.getKey(), leb(e.getValue().length), e.getValue())));
        return out.toByteArray();
    }

    private void putVector(int id, List<byte[]> items) {
        if (!items.isEmpty()) {
            sections.putIfAbsent(id, bytes(leb(items.size()), bytes(items.toArray())));
        }
    }

    static byte[] name(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return bytes(leb(content.length), content);
    }

    private static byte[] vector(int[] items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(leb(items.length));
        for (int item : items) {
            out.write(item);
        }
        return out.toByteArray();
    }

    static byte[] leb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        do {
            int low = (int) (left & 0x7f);
            left >>>= 7;
            out.write(left == 0 ? low : low | 0x80);
        } while (left != 0);
        return out.toByteArray();
    }

    static byte[] sleb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        while (true) {
            int low = (int) (left & 0x7f);
            left >>= 7;
            if (left == 0 && (low & 0x40) == 0 || left == -1 && (low & 0x40) != 0) {
                out.write(low);
                return out.toByteArray();
            }
            out.write(low | 0x80);
        }
    }

    /// Numbers and byte arrays one after the other.
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer number -> out.write(number);
                case byte[] array -> out.writeBytes(array);
                case Object[] more -> out.writeBytes(bytes(more));
                default -> throw new IllegalArgumentException(String.valueOf(part));
            }
        }
        return out.toByteArray();
    }

    static byte[] repeat(int times, Object... part) {
        byte[] once = bytes(part);
        ByteArrayOutputStream out = new ByteArrayOutputStream(times * once.length);
        for (int i = 0; i < times; i++) {
            out.writeBytes(once);
        }
        return out.toByteArray();
    }

    /// A plug-in whose `run` does this.
    static byte[] plugin(Object... body) {
        Wasm wasm = new Wasm().memory(1).table(1);
        int type = wasm.type(new int[0], new int[0]);
        return wasm.export("run", wasm.function(type, body)).build();
    }
}
