package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the journal needs of a database: numbered rows, named values, things that are searched, one durable
/// transaction over all three. Reads may come from any thread; only one thread writes.
interface Storage extends AutoCloseable {

    record Row(long seq, byte[] value) {}

    /// Something that is looked for by its properties. The record is what comes back; it carries a
    /// checksum.
    ///
    /// @param keys what it can be found by: text or whole numbers
    /// @param isNewOrMoved whether it was not there, or was found by other keys until now. Only then
    ///     the keys are looked at: writing them costs several times what the record costs.
    record Thing(String type, String id, Map<String, Comparable<?>> keys, String record, boolean isNewOrMoved) {}

    /// Which things, newest first.
    ///
    /// @param equal the key that narrows the search most, null: all of the type
    record Search(
            String type, @Nullable String equal, @Nullable String value) {}

    /// Everything of it or nothing.
    ///
    /// @param rows       go behind the last row
    /// @param values     a null value deletes
    /// @param things     are added, or replaced where their id is known
    /// @param removeUpTo rows up to this one are deleted, 0: none
    record Change(List<Row> rows, List<Map<String, byte @Nullable []>> values, List<Thing> things, long removeUpTo) {}

    /// On the disk when it returns.
    void write(Change change);

    /// Rows and values alone.
    default void write(List<Row> rows, List<Map<String, byte @Nullable []>> values) {
        write(new Change(rows, values, List.of(), 0));
    }

    /// Up to `max` rows with `seq >= from`, ascending. Fewer than there are if what follows can not be
    /// read; throws if already the first can not.
    List<Row> rows(long from, int max);

    @Nullable
    Row firstRow();

    @Nullable
    Row lastRow();

    byte @Nullable [] value(String key);

    /// Values whose key begins with `prefix`, sorted by key.
    Map<String, byte[]> values(String prefix);

    /// The record of a thing.
    @Nullable
    String thing(String type, String id);

    /// Asks for records, newest first, until the visitor has enough.
    void things(Search search, Visitor visitor);

    @FunctionalInterface
    interface Visitor {
        /// @return whether it wants another one
        boolean visit(String record);
    }

    /// Hands over the database's files one by one, of one moment, while it is used.
    void copyTo(Files files) throws IOException;

    @FunctionalInterface
    interface Files {
        void copy(String name, InputStream content) throws IOException;
    }

    @Override
    void close();
}
