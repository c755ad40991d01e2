package nexus.aiagents.engine.journal;

import java.util.function.Consumer;
import java.util.function.Function;
import jetbrains.exodus.entitystore.Entity;
import jetbrains.exodus.entitystore.EntityIterable;
import jetbrains.exodus.entitystore.EntityIterator;
import jetbrains.exodus.entitystore.PersistentEntityStoreConfig;
import jetbrains.exodus.entitystore.PersistentEntityStoreImpl;
import jetbrains.exodus.entitystore.PersistentEntityStores;
import jetbrains.exodus.entitystore.PersistentStoreTransaction;
import jetbrains.exodus.entitystore.StoreTransaction;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/// The entity store in the journal's own environment, so that a thing and the entry that changed it are of
/// one transaction. It keeps no blobs: those would be files outside of the transaction.
final class XodusThings {
    private static final String ID = "id";
    private static final String RECORD = "record";

    private final PersistentEntityStoreImpl store;

    XodusThings(Environment env) {
        PersistentEntityStoreConfig config = new PersistentEntityStoreConfig()
                .setCachingDisabled(true)
                .setGatherStatistics(false)
                .setManagementEnabled(false);
        store = PersistentEntityStores.newInstance(config, env, null, "things");
    }

    /// Runs in a transaction over the whole environment and commits it.
    ///
    /// @param rest what else belongs to it
    void write(Iterable<Storage.Thing> things, Consumer<Transaction> rest) {
        StoreTransaction txn = store.beginExclusiveTransaction();
        try {
            rest.accept(((PersistentStoreTransaction) txn).getEnvironmentTransaction());
            for (Storage.Thing thing : things) {
                put(txn, thing);
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
        }
        for (var key : thing.keys().entrySet()) {
            entity.setProperty(key.getKey(), key.getValue());
        }
        entity.setProperty(RECORD, thing.record());
    }

    @Nullable
    String find(String type, String id) {
        return reading(txn -> {
            Entity entity = txn.find(type, ID, id).getFirst();
            return entity == null ? null : (String) entity.getProperty(RECORD);
        });
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
                more = visitor.visit(String.valueOf(newestFirst.next().getProperty(RECORD)));
            }
            return null;
        });
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
