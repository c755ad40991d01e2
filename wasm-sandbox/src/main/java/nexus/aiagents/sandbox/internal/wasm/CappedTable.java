package nexus.aiagents.sandbox.internal.wasm;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/// A table that belongs to one instance (the engine's own would carry its growth into the next one) and
/// does not grow beyond a cap.
public final class CappedTable extends TableInstance {
    public static final int MAX_ELEMENTS = 100_000;

    private CappedTable(Table table, int initialValue) {
        super(table, initialValue);
    }

    public static TableInstance create(Table table, int initialValue) {
        long max = Math.min(table.limits().max(), MAX_ELEMENTS);
        TableLimits own = new TableLimits(
                table.limits().min(), Math.max(max, table.limits().min()));
        return new CappedTable(new Table(table.elementType(), own), initialValue);
    }

    @Override
    public int grow(int size, int value, Instance instance) {
        return size < 0 || size() + (long) size > MAX_ELEMENTS ? -1 : super.grow(size, value, instance);
    }

    @Override
    public int growWithRef(int size, @Nullable Object value, Instance instance) {
        return size < 0 || size() + (long) size > MAX_ELEMENTS ? -1 : super.growWithRef(size, value, instance);
    }
}
