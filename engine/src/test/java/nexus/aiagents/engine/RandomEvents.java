package nexus.aiagents.engine;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// Journals of random events of every kind there is, about a few agents, runs and supervisors, so that they
/// have to do with each other. A kind that is added later is in them by itself.
public final class RandomEvents {
    private static final Class<?>[] KINDS = EngineEvent.class.getPermittedSubclasses();
    private static final List<String> AGENTS = List.of("a", "b", "c");
    private static final List<String> RUNS = List.of("r1", "r2", "r3", "r4", "r5");
    private static final List<String> CODES = List.of("code1", "code2", "code3", "dropped", "shutdown");
    private static final List<String> STEPS = List.of("s1", "s2", "s3");
    /// What happens to an item of a step as it does to a step; a person is asked about whole steps alone.
    private static final Set<Class<?>> OF_ITEMS = Set.of(
            EngineEvent.StepStarted.class,
            EngineEvent.StepDone.class,
            EngineEvent.StepFailed.class,
            EngineEvent.StepUnknown.class);
    private static final String DEFINITION = """
            {"steps":[{"name":"s1","action":"a","compensation":"b","group":"g","pivot":true},{"name":"s2","action":"b"},{"name":"s3","needs":["s2"],"forEach":"${input}"}],"members":["a","b","c"]}""";

    private final Random random;
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private String run = "";
    private boolean ofItems;
    private long seq;

    public RandomEvents(long seed) {
        random = new Random(seed);
    }

    public List<JournalEntry> entries(int count) {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            now = now.plusMillis(random.nextInt(60_000));
            entries.add(new JournalEntry(++seq, now, event(), "h" + seq));
        }
        return entries;
    }

    public EngineEvent event() {
        // Runs have to begin for anything to happen to them, and what begins ends now and then.
        Class<?> kind = switch (random.nextInt(24)) {
            case 0, 1, 2 -> EngineEvent.RunStarted.class;
            case 3 -> EngineEvent.RunEnded.class;
            case 4 -> EngineEvent.PoolJobStarted.class;
            case 5 -> EngineEvent.PoolJobFailed.class;
            default -> KINDS[random.nextInt(KINDS.length)];
        };
        ofItems = OF_ITEMS.contains(kind);
        try {
            RecordComponent[] components = kind.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = value(components[i].getName(), components[i].getGenericType());
            }
            var constructor = kind.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (EngineEvent) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no random " + kind.getSimpleName(), e);
        }
    }

    private @Nullable Object value(String name, Type type) {
        if (type == String.class) {
            return text(name);
        }
        if (type == long.class) {
            return name.endsWith("EpochMillis") && random.nextBoolean() ? 0 : now.toEpochMilli() + random.nextInt(1000);
        }
        if (type == Long.class) {
            return random.nextBoolean() ? null : Long.valueOf(random.nextInt(1_000));
        }
        if (type == int.class) {
            return random.nextInt(4);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == double.class) {
            return random.nextDouble();
        }
        if (type == ExitReason.class) {
            return reason();
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            List<Object> values = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                values.add(value(name, list.getActualTypeArguments()[0]));
            }
            return List.copyOf(values);
        }
        if (type == Integer.class) {
            return random.nextInt(3);
        }
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            Map<Object, Object> values = new LinkedHashMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                values.put(
                        value("key", map.getActualTypeArguments()[0]), value("value", map.getActualTypeArguments()[1]));
            }
            return Map.copyOf(values);
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            return c.getEnumConstants()[random.nextInt(c.getEnumConstants().length)];
        }
        if (type == Instant.class) {
            return now;
        }
        throw new IllegalStateException("teach me to make a " + type + " for " + name);
    }

    private @Nullable String text(String name) {
        return switch (name) {
            case "agent", "member", "affected" -> one(AGENTS);
            case "child" -> random.nextInt(4) == 0 ? "team" : one(AGENTS);
            case "runId" -> run = one(RUNS);
            // A run is only ever part of one that began before it.
            case "parentRunId" -> RUNS.indexOf(run) > 2 ? RUNS.get(random.nextInt(3)) : null;
            case "forkedFrom" -> one(RUNS);
            case "step" -> one(ofItems ? List.of("s1", "s2", "s3", "s3[1]") : STEPS);
            case "failedStep", "parentStep" -> one(STEPS);
            case "supervisor" -> one(List.of("team", "other"));
            // A run of a pool has its name.
            case "pool", "name" -> one(List.of("queue", "crew"));
            case "cause" -> one(List.of("budget", "operator", "trust", "approval", "runaway"));
            case "state" -> one(List.of("done", "failed", "cancelled"));
            case "definition" -> DEFINITION;
            case "level" -> one(List.of("info", "warning", "error"));
            case "kind" -> one(List.of("agent", "saga", "pool", "workflow", "job"));
            case "callId" -> "c" + random.nextInt(20);
            case "inputJson" -> random.nextBoolean() ? "[1,2,3]" : "{\"n\":" + random.nextInt(100) + "}";
            default -> name.endsWith("Json") ? "{\"n\":" + random.nextInt(100) + "}" : name + random.nextInt(10);
        };
    }

    private ExitReason reason() {
        ExitReason.Kind kind = ExitReason.Kind.values()[random.nextInt(ExitReason.Kind.values().length)];
        return new ExitReason(kind, one(CODES), "message" + random.nextInt(5));
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
