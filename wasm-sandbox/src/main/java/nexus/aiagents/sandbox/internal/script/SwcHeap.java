package nexus.aiagents.sandbox.internal.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.sandbox.internal.metering.Execution;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionImport;

/// The JavaScript values that swc works with, and the functions by which it does. It was built for a
/// JavaScript host (wasm-bindgen): objects, texts and numbers lie outside its memory and it holds their
/// numbers. Only what it needs to read its options and to build its answer is here; anything else ends
/// the run. For one thread.
final class SwcHeap {
    private static final Object UNDEFINED = new Object();

    /// Numbers below it are constants.
    private static final int FIRST = 132;

    private static final int MAX_VALUES = 10_000;
    private static final long[] NOTHING = {};

    private final List<Object> values = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    SwcHeap() {
        for (int i = 0; i < FIRST; i++) {
            values.add(UNDEFINED);
        }
        values.set(FIRST - 2, true);
        values.set(FIRST - 1, false);
    }

    int add(Object value) {
        Integer index = free.poll();
        if (index != null) {
            values.set(index, value);
            return index;
        }
        if (values.size() >= MAX_VALUES) {
            throw new IllegalStateException("swc holds too many values");
        }
        values.add(value);
        return values.size() - 1;
    }

    Object take(long index) {
        Object value = get(index);
        drop(index);
        return value;
    }

    private Object get(long index) {
        return values.get((int) index);
    }

    private void drop(long index) {
        if (index >= FIRST) {
            values.set((int) index, UNDEFINED);
            free.push((int) index);
        }
    }

    ImportValues imports(WasmModule module) {
        List<HostFunction> functions = new ArrayList<>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            if (module.importSection().getImport(i) instanceof FunctionImport wanted) {
                String name = wanted.name();
                functions.add(new HostFunction(
                        wanted.module(), name, module.typeSection().getType(wanted.typeIndex()), (instance, a) -> {
                            Execution.enterHost();
                            return call(name, instance, a);
                        }));
            }
        }
        return ImportValues.builder()
                .addFunction(functions.toArray(HostFunction[]::new))
                .build();
    }

    private long[] call(String name, Instance instance, long[] a) {
        return switch (name) {
            case "__wbindgen_object_drop_ref" -> {
                drop(a[0]);
                yield NOTHING;
            }
            case "__wbindgen_string_get" -> {
                writeText(instance, a);
                yield NOTHING;
            }
            case "__wbindgen_number_get" -> {
                writeNumber(instance.memory(), a);
                yield NOTHING;
            }
            case "__wbg_set_3f1d0b984ed272ed" -> {
                setField(get(a[0]), take(a[1]), take(a[2]));
                yield NOTHING;
            }
            case "__wbindgen_throw" -> throw new IllegalStateException("swc gave up: " + text(instance, a[0], a[1]));
            default -> new long[] {answer(name, instance, a)};
        };
    }

    private long answer(String name, Instance instance, long[] a) {
        return switch (name) {
            case "__wbindgen_string_new" -> add(text(instance, a[0], a[1]));
            case "__wbindgen_error_new" -> add(Map.of("message", text(instance, a[0], a[1])));
            case "__wbindgen_number_new" -> add(Double.longBitsToDouble(a[0]));
            case "__wbindgen_object_clone_ref" -> add(get(a[0]));
            case "__wbg_new_405e22f390576ce2" -> add(new LinkedHashMap<Object, Object>());
            case "__wbg_getwithrefkey_1dc361bd10053bfe" -> add(field(get(a[0]), get(a[1])));
            case "__wbindgen_boolean_get" -> get(a[0]) instanceof Boolean truth ? bit(truth) : 2;
            case "__wbindgen_in" -> bit(field(get(a[1]), get(a[0])) != UNDEFINED);
            case "__wbindgen_is_undefined" -> bit(get(a[0]) == UNDEFINED);
            case "__wbindgen_is_string" -> bit(get(a[0]) instanceof String);
            case "__wbindgen_is_object" -> bit(get(a[0]) instanceof Map);
            case "__wbindgen_is_falsy" ->
                bit(get(a[0]) == UNDEFINED
                        || get(a[0]).equals(false)
                        || get(a[0]).equals(""));
            case "__wbindgen_jsval_eq", "__wbindgen_jsval_loose_eq" ->
                bit(get(a[0]).equals(get(a[1])));
            case "__wbindgen_is_function",
                    "__wbindgen_is_bigint",
                    "__wbg_isArray_a1eab7e0d067391b",
                    "__wbg_instanceof_Map_f3469ce2244d2430",
                    "__wbg_instanceof_Uint8Array_17156bcf118086a9",
                    "__wbg_instanceof_ArrayBuffer_e14585432e3737fc" -> 0;
            default -> throw new IllegalStateException("swc asks for " + name + ", which it did not need before");
        };
    }

    private static long bit(boolean truth) {
        return truth ? 1 : 0;
    }

    private static Object field(Object object, Object key) {
        Object value = object instanceof Map<?, ?> map ? map.get(key) : null;
        return value == null ? UNDEFINED : value;
    }

    @SuppressWarnings("unchecked") // only objects made here are written to
    private static void setField(Object object, Object key, Object value) {
        ((Map<Object, Object>) object).put(key, value);
    }

    private static String text(Instance instance, long address, long length) {
        return new String(instance.memory().readBytes((int) address, (int) length), StandardCharsets.UTF_8);
    }

    private void writeText(Instance instance, long[] a) {
        int address = 0;
        int length = 0;
        if (get(a[1]) instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            length = bytes.length;
            address = (int) instance.export("__wbindgen_export_2").apply(length, 1)[0];
            instance.memory().write(address, bytes);
        }
        instance.memory().writeI32((int) a[0], address);
        instance.memory().writeI32((int) a[0] + 4, length);
    }

    private void writeNumber(Memory memory, long[] a) {
        boolean is = get(a[1]) instanceof Double;
        double number = get(a[1]) instanceof Double value ? value : 0;
        memory.writeI32((int) a[0], (int) bit(is));
        memory.writeLong((int) a[0] + 8, Double.doubleToRawLongBits(number));
    }
}
