package nexus.aiagents.sandbox.internal.metering;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.runtime.TrapException;

/// What fills tables of `externref`, called by compiled code in place of the runtime's own, which reads
/// sizes and places from 2^31 on as negative and then does nothing where it must trap.
public final class BulkTable {
    private static final int ELEMENTS_A_TICK_SHIFT = 3;

    private BulkTable() {}

    public static void fill(int to, @Nullable Object value, int size, int index, Instance instance) {
        TableInstance table = instance.table(index);
        if (to < 0 || size < 0 || to + (long) size > table.size()) {
            throw new TrapException("out of bounds table access");
        }
        MeteredThread.spend(size >>> ELEMENTS_A_TICK_SHIFT);
        for (int i = 0; i < size; i++) {
            table.setObjRef(to + i, value, instance);
        }
    }
}
