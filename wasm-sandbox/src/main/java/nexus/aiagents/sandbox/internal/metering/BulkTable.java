package nexus.aiagents.sandbox.internal.metering;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.runtime.TrapException;

/// What looks at the bounds of tables where the runtime reads sizes and places from 2^31 on as negative,
/// or adds them to something negative: called by compiled code before its own, or in its place.
public final class BulkTable {
    private static final int ELEMENTS_A_TICK_SHIFT = 3;

    private BulkTable() {}

    /// Before elements are copied.
    public static void requireInside(int to, int from, int size, int target, int source, Instance instance) {
        requireInside(to, size, instance.table(target));
        requireInside(from, size, instance.table(source));
    }

    private static void requireInside(int at, int size, TableInstance table) {
        if (at < 0 || size < 0 || at + (long) size > table.size()) {
            throw new TrapException("out of bounds table access");
        }
    }

    /// Of a table of `externref`.
    public static void fill(int to, @Nullable Object value, int size, int index, Instance instance) {
        TableInstance table = instance.table(index);
        requireInside(to, size, table);
        MeteredThread.spend(size >>> ELEMENTS_A_TICK_SHIFT);
        for (int i = 0; i < size; i++) {
            table.setObjRef(to + i, value, instance);
        }
    }
}
