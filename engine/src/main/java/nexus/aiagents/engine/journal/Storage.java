package nexus.aiagents.engine.journal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the journal needs of a database: numbered rows, named values, one durable transaction over both.
/// Reads may come from any thread; only one thread writes.
interface Storage extends AutoCloseable {

    record Row(long seq, byte[] value) {}

    /// Everything or nothing, and on the disk when it returns. `rows` go behind the last row; a null value
    /// deletes.
    void write(List<Row> rows, List<Map<String, byte @Nullable []>> values);

    /// Up to `max` rows with `seq >= from`, ascending.
    List<Row> rows(long from, int max);

    @Nullable
    Row lastRow();

    byte @Nullable [] value(String key);

    /// Values whose key begins with `prefix`, sorted by key.
    Map<String, byte[]> values(String prefix);

    @Override
    void close();
}
