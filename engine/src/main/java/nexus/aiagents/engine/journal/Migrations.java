package nexus.aiagents.engine.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The format of a store, and the steps from an older one to the newest. Every step is one transaction that
/// also writes the new number, so a step that was interrupted was not taken.
final class Migrations {
    private static final String FORMAT_KEY = "format";
    private static final int PAGE = 4_096;

    /// From format `n` to `n + 1`.
    @FunctionalInterface
    interface Step {
        Storage.Change change(Storage storage);
    }

    /// The first leads from format 1 to 2.
    private static final List<Step> STEPS = List.of(Migrations::index, Migrations::records);

    /// The newest format, the one that this version reads and writes.
    static final int FORMAT = STEPS.size() + 1;

    private Migrations() {}

    /// Brings the store to the newest format.
    ///
    /// @param backUp makes a copy of the store as it is, before the first step
    /// @return sentences about what was done
    /// @throws StoreException if a newer version wrote it
    static List<String> run(Storage storage, Path folder, Runnable backUp) {
        byte[] stored = storage.value(FORMAT_KEY);
        if (stored == null) {
            storage.write(
                    List.of(),
                    List.of(Map.of(FORMAT_KEY, encoded(FORMAT), StateSum.KEY, new StateSum(0, 0).encoded())));
            return List.of();
        }
        int format = Integer.parseInt(EntryCodec.decodeState(FORMAT_KEY, stored));
        if (format > FORMAT) {
            throw new StoreException(
                    "store-newer",
                    "the store in " + folder + " was written by a newer version of Nexus OS (format " + format
                            + ", this one knows " + FORMAT + "): install that version");
        }
        if (format == FORMAT) {
            return List.of();
        }
        backUp.run();
        for (int from = format; from < FORMAT; from++) {
            Storage.Change change = STEPS.get(from - 1).change(storage);
            List<Map<String, byte[]>> values = new ArrayList<>(change.values());
            values.add(Map.of(FORMAT_KEY, encoded(from + 1)));
            storage.write(new Storage.Change(change.rows(), values, change.things(), change.removeUpTo()));
        }
        return List.of("the store was brought from format " + format + " to " + FORMAT
                + "; a copy of it as it was is among the backups");
    }

    private static byte[] encoded(int format) {
        return EntryCodec.encodeState(FORMAT_KEY, String.valueOf(format));
    }

    /// Format 3 has the record of a thing beside its entity and not in it.
    private static Storage.Change records(Storage storage) {
        List<Storage.Thing> things = new ArrayList<>();
        storage.things(new Storage.Search(ThingIndex.RUN, null, null), record -> {
            ThingIndex.Run run = ThingIndex.read(record, ThingIndex.Run.class);
            return run == null || things.add(ThingIndex.moved(run));
        });
        storage.things(new Storage.Search(ThingIndex.AGENT, null, null), record -> {
            AgentTotals agent = ThingIndex.read(record, AgentTotals.class);
            return agent == null || things.add(ThingIndex.moved(agent));
        });
        return new Storage.Change(List.of(), List.of(), things, 0);
    }

    /// Format 2 has runs and agents as things that can be searched, and a sum over all values.
    private static Storage.Change index(Storage storage) {
        ThingIndex index = new ThingIndex(storage::thing);
        long after = 0;
        List<Storage.Row> page = storage.rows(1, PAGE);
        while (!page.isEmpty()) {
            for (Storage.Row row : page) {
                EntryCodec.Stored entry = EntryCodec.decode(row.seq(), row.value());
                if (entry != null) {
                    index.apply(entry.entry());
                }
                after = row.seq();
            }
            page = storage.rows(after + 1, PAGE);
        }
        StateSum sum = StateSum.of(storage.values(XodusJournal.STATE));
        return new Storage.Change(List.of(), List.of(Map.of(StateSum.KEY, sum.encoded())), index.take(), 0);
    }
}
