package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Consumer;
import java.util.function.Function;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.entitystore.Entity;
import jetbrains.exodus.entitystore.EntityIterable;
import jetbrains.exodus.entitystore.EntityIterator;
import jetbrains.exodus.entitystore.PersistentEntityStoreConfig;
import jetbrains.exodus.entitystore.PersistentEntityStoreImpl;
import jetbrains.exodus.entitystore.PersistentEntityStores;
import jetbrains.exodus.entitystore.PersistentStoreTransaction;
import jetbrains.exodus.entitystore.StoreTransaction;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/// The entity store in the journal's own environment, so that a thing and the entry that changed it are of
/// one transaction. It keeps no blobs: those would be files outside of the transaction. An entity has
/// what its thing is found by; the record, which changes far more often, lies in a raw store beside it,
/// because the entity store would index it as well.
final class XodusThings {
    private static final String ID = "id";
    /// Where the record was up to format 2.
    private static final String RECORD = "record";

    private final PersistentEntityStoreImpl store;
    private final Environment env;
    private final Store records;

    XodusThings(Environment env) {
        PersistentEntityStoreConfig config = new PersistentEntityStoreConfig()
                .setCachingDisabled(true)
                .setGatherStatistics(false)
                .setManagementEnabled(false);
        this.env = env;
        this.records = env.computeInTransaction(t -> env.openStore("records", StoreConfig.WITHOUT_DUPLICATES, t));
        store = PersistentEntityStores.newInstance(config, env, null, "things");
    }

    /// In a transaction that is under way.
    void writeRecords(Iterable<Storage.Thing> things, Transaction txn) {
        for (Storage.Thing thing : things) {
            records.put(txn, key(thing.type(), thing.id()), bytes(thing.record()));
        }
    }

    /// Runs in a transaction over the whole environment and commits it.
    ///
    /// @param rest what else belongs to it
    void write(Iterable<Storage.Thing> things, Consumer<Transaction> rest) {
        StoreTransaction txn = store.beginExclusiveTransaction();
        try {
            Transaction whole = environment(txn);
            rest.accept(whole);
            writeRecords(things, whole);
            for (Storage.Thing thing : things) {
                if (thing.isNewOrMoved()) {
                    put(txn, thing);
                }
            }
            if (!txn.commit()) {
                throw new IllegalStateException("someone else writes to the store");
            }
        } finally {
            if (!txn.isFinished()) {
                txn.abort();
            }
        }
    }

    private static void put(StoreTransaction txn, Storage.Thing thing) {
        Entity known = txn.find(thing.type(), ID, thing.id()).getFirst();
        Entity entity = known;
        if (entity == null) {
            entity = txn.newEntity(thing.type());
            entity.setProperty(ID, thing.id());
        } else {
            entity.deleteProperty(RECORD);
        }
        for (var key : thing.keys().entrySet()) {
            entity.setProperty(key.getKey(), key.getValue());
        }
    }

    @Nullable
    String find(String type, String id) {
        return env.computeInReadonlyTransaction(txn -> record(txn, type, id));
    }

    /// Entities get rising numbers, so the newest are at the end of every set of them.
    void visit(Storage.Search search, Storage.Visitor visitor) {
        reading(txn -> {
            EntityIterable found = search.equal() == null || search.value() == null
                    ? txn.getAll(search.type())
                    : txn.find(search.type(), search.equal(), search.value());
            EntityIterator newestFirst = found.reverse().iterator();
            boolean more = true;
            while (more && newestFirst.hasNext()) {
                Entity entity = newestFirst.next();
                String id = String.valueOf(entity.getProperty(ID));
                String record = record(environment(txn), search.type(), id);
                more = visitor.visit(record == null ? String.valueOf(entity.getProperty(RECORD)) : record);
            }
            return null;
        });
    }

    private @Nullable String record(Transaction txn, String type, String id) {
        ByteIterable found = records.get(txn, key(type, id));
        return found == null ? null : new String(found.getBytesUnsafe(), 0, found.getLength(), UTF_8);
    }

    private static ArrayByteIterable key(String type, String id) {
        return bytes(type + "/" + id);
    }

    private static ArrayByteIterable bytes(String text) {
        return new ArrayByteIterable(text.getBytes(UTF_8));
    }

    private static Transaction environment(StoreTransaction txn) {
        return ((PersistentStoreTransaction) txn).getEnvironmentTransaction();
    }

    private <T extends @Nullable Object> T reading(Function<StoreTransaction, T> read) {
        StoreTransaction txn = store.beginReadonlyTransaction();
        try {
            return read.apply(txn);
        } finally {
            txn.abort();
        }
    }

    /// Closes the environment too.
    void close() {
        store.close();
    }
}
