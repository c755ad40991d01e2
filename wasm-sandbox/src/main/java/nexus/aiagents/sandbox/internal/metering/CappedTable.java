package nexus.aiagents.sandbox.internal.metering;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/// A table that belongs to one instance (the engine's own would carry its growth into the next one) and
/// grows only as far as its run may.
final class CappedTable extends TableInstance {
    private final Execution execution;

    CappedTable(Execution execution, Table table, int initialValue) {
        super(
                new Table(
                        table.elementType(),
                        new TableLimits(
                                table.limits().min(),
                                Math.max(table.limits().min(), table.limits().max()))),
                initialValue);
        this.execution = execution;
    }

    private boolean mayGrow(int size) {
        return size >= 0 && size() + (long) size <= limits().max() && execution.addTableElements(size);
    }

    @Override
    public int grow(int size, int value, Instance instance) {
        return mayGrow(size) ? super.grow(size, value, instance) : -1;
    }

    @Override
    public int growWithRef(int size, @Nullable Object value, Instance instance) {
        return mayGrow(size) ? super.growWithRef(size, value, instance) : -1;
    }
}
