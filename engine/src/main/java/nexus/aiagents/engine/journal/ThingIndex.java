package nexus.aiagents.engine.journal;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the entries say about the things that are searched for: runs, and agents with what they did in all
/// their life. Used by the writer alone: what it works out is written in the transaction of the
/// entries. When that transaction fails, {@link #forget} what was worked out.
final class ThingIndex {
    static final String RUN = "Run";
    static final String AGENT = "Agent";
    private static final int KEPT = 4_096;
    private static final int DEEPEST = 100;
    private static final Logger LOG = LoggerFactory.getLogger(ThingIndex.class);

    /// @param record what people see of it
    /// @param progress what its state follows from
    record Run(RunRecord record, RunProgress progress) {}

    private final BiFunction<String, String, @Nullable String> find;
    /// As they will be once the transaction is through; the oldest are read again when they are needed.
    private final Map<String, Run> runs = kept();
    private final Map<String, AgentTotals> agents = kept();
    private final Map<String, Changed> changed = new LinkedHashMap<>();

    /// @param value the run or agent as it is now
    private record Changed(
            String type, String id, Map<String, Comparable<?>> keys, Object value, boolean isNewOrMoved) {

        Storage.Thing thing() {
            return new Storage.Thing(type, id, keys, write(value), isNewOrMoved);
        }

        Changed after(@Nullable Changed before) {
            return before == null || !before.isNewOrMoved ? this : new Changed(type, id, keys, value, true);
        }
    }

    /// @param find the record of a type and id that is stored, null if there is none
    ThingIndex(BiFunction<String, String, @Nullable String> find) {
        this.find = find;
    }

    private static <V> Map<String, V> kept() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > KEPT;
            }
        };
    }

    void apply(JournalEntry entry) {
        long seq = entry.seq();
        switch (entry.event()) {
            case EngineEvent.RunStarted e ->
                put(
                        new Run(
                                new RunRecord(
                                        e.runId(),
                                        e.kind(),
                                        e.name(),
                                        RunProgress.BEGUN.state(),
                                        entry.at(),
                                        null,
                                        0,
                                        0,
                                        null,
                                        null,
                                        e.parentRunId(),
                                        seq,
                                        seq,
                                        0),
                                RunProgress.BEGUN),
                        true);
            case EngineEvent.CallEnded e ->
                agent(e.agent(), a -> a.called(!e.reason().isNormal(), entry.at()));
            case EngineEvent.HostCallDenied e -> agent(e.agent(), a -> a.denied(entry.at()));
            case EngineEvent.HoldSettled e -> {
                long tokens = e.inputTokens() + e.outputTokens();
                agent(e.agent(), a -> a.spent(tokens, e.microDollars(), entry.at()));
                spent(e, tokens, seq);
            }
            case EngineEvent e when e.runId() != null -> run(String.valueOf(e.runId()), r -> after(r, e, entry));
            default -> {}
        }
    }

    /// A run has spent what the runs in it have.
    private void spent(EngineEvent.HoldSettled e, long tokens, long seq) {
        String runId = e.runId();
        for (int depth = 0; runId != null && depth < DEEPEST; depth++) {
            run(runId, r -> new Run(r.record().spent(e.microDollars(), tokens, seq), r.progress()));
            Run spender = runs.get(runId);
            runId = spender == null ? null : spender.record().parentRunId();
        }
    }

    private static Run after(Run run, EngineEvent event, JournalEntry entry) {
        RunProgress progress = run.progress().after(event);
        RunRecord record =
                event instanceof EngineEvent.RunReopened ? run.record().rested() : run.record();
        return progress.equals(run.progress())
                ? run
                : new Run(record.after(progress, entry.at(), entry.seq()), progress);
    }

    /// What is to be written, and begins anew.
    List<Storage.Thing> take() {
        List<Storage.Thing> things =
                changed.values().stream().map(Changed::thing).toList();
        changed.clear();
        return things;
    }

    void forget() {
        changed.clear();
        runs.clear();
        agents.clear();
    }

    private void run(String id, UnaryOperator<Run> change) {
        Run known = runs.get(id);
        if (known == null) {
            known = read(find.apply(RUN, id), Run.class);
        }
        if (known != null) {
            Run now = change.apply(known);
            if (now == known) {
                runs.put(id, known);
            } else {
                put(now, !now.record().state().equals(known.record().state()));
            }
        }
    }

    private void put(Run run, boolean isNewOrMoved) {
        runs.put(run.record().id(), run);
        change(changed(run, isNewOrMoved));
    }

    private void change(Changed now) {
        changed.merge(now.type() + now.id(), now, (before, after) -> after.after(before));
    }

    private static Changed changed(Run run, boolean isNewOrMoved) {
        RunRecord record = run.record();
        Map<String, Comparable<?>> keys = Map.of("kind", record.kind(), "name", record.name(), "state", record.state());
        return new Changed(RUN, record.id(), keys, run, isNewOrMoved);
    }

    private static Changed changed(AgentTotals agent, boolean isNew) {
        return new Changed(AGENT, agent.agent(), Map.of(), agent, isNew);
    }

    /// A record that is stored another way than before.
    static Storage.Thing moved(Run run) {
        return changed(run, true).thing();
    }

    static Storage.Thing moved(AgentTotals agent) {
        return changed(agent, true).thing();
    }

    private void agent(String name, UnaryOperator<AgentTotals> change) {
        AgentTotals known = agents.get(name);
        if (known == null) {
            known = read(find.apply(AGENT, name), AgentTotals.class);
        }
        AgentTotals now = change.apply(known == null ? AgentTotals.none(name) : known);
        agents.put(name, now);
        change(changed(now, known == null));
    }

    // ---- records: eight hex digits of CRC-32C, then JSON; the entity store itself notices no flipped bit

    static String write(Object value) {
        String json = EventJson.mapper().writeValueAsString(value);
        return HexFormat.of().toHexDigits(crc(json)) + json;
    }

    /// @return null for what is not there, or not as it was written
    static <T> @Nullable T read(@Nullable String record, Class<T> type) {
        if (record == null) {
            return null;
        }
        String json = record.length() < 8 ? "" : record.substring(8);
        if (!record.startsWith(HexFormat.of().toHexDigits(crc(json)))) {
            LOG.warn("a record of {} is damaged on the disk and is passed over", type.getSimpleName());
            return null;
        }
        return EventJson.mapper().readValue(json, type);
    }

    private static int crc(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
