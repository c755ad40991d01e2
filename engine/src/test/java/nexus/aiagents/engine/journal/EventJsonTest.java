package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class EventJsonTest {

    static Stream<Class<?>> everyRecord() {
        return Stream.of(EngineEvent.class, Command.class, CommandResult.class)
                .flatMap(c -> Arrays.stream(c.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void every_event_command_and_result_comes_back_as_it_was(Class<?> type) throws Exception {
        for (boolean nulls : new boolean[] {false, true}) {
            Object value = sample(type, nulls);
            Class<?> sealed = type.getInterfaces()[0];
            String json = EventJson.mapper().writerFor(sealed).writeValueAsString(value);
            assertTrue(json.startsWith("{\"type\":\"" + type.getSimpleName() + "\""), json);
            assertEquals(value, EventJson.mapper().readValue(json, sealed));
        }
    }

    /// Entries as earlier versions wrote them, before fields were added. A journal is kept for ever.
    @ParameterizedTest
    @ValueSource(strings = {"""
                {"type":"AgentExited","agent":"a","incarnation":1,"reason":{"kind":"ERROR","code":"c","message":"m"}}""", """
                {"type":"SupervisorRestarted","supervisor":"s","child":"a","reason":{"kind":"ERROR","code":"c","message":"m"},
                "affected":["a"],"inWindow":1,"maxRestarts":5}""", """
                {"type":"SupervisorGaveUp","supervisor":"s","child":"a","reason":{"kind":"ERROR","code":"c","message":"m"}}""", """
                {"type":"SupervisorStopped","supervisor":"s"}""", """
                {"type":"RunStarted","runId":"r","kind":"saga","name":"n","hash":"h","definition":"{}","inputJson":"{}"}""", """
                {"type":"PoolDecided","runId":"r","outputJson":"1","votes":{"0":"x"},"dissent":[],"cancelled":[1]}"""})
    void what_an_earlier_version_wrote_is_read_and_nothing_is_missing_in_it(String json) throws Exception {
        EngineEvent event = EventJson.mapper().readValue(json, EngineEvent.class);
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                assertNotNull(component.getAccessor().invoke(event), component.toString());
            }
        }
    }

    @Test
    void a_snapshot_comes_back_as_it_was() throws Exception {
        for (Class<?> view :
                List.of(AgentView.class, BudgetView.class, RunView.class, SupervisorView.class, ProjectView.class)) {
            Object value = sample(view, false);
            String json = EventJson.mapper().writeValueAsString(value);
            assertEquals(value, EventJson.mapper().readValue(json, view), json);
        }
    }

    @Test
    void an_entry_carries_its_time_as_text_and_its_event_with_its_type() {
        JournalEntry entry = new JournalEntry(
                7,
                Instant.parse("2026-01-02T03:04:05.006Z"),
                new EngineEvent.AgentExited("a", 3, ExitReason.NORMAL, 250),
                "00ff");
        assertEquals(
                "{\"seq\":7,\"at\":\"2026-01-02T03:04:05.006Z\",\"event\":{\"type\":\"AgentExited\",\"agent\":\"a\","
                        + "\"incarnation\":3,\"reason\":{\"kind\":\"NORMAL\",\"code\":\"normal\",\"message\":\"\"},"
                        + "\"microDollars\":250},"
                        + "\"hash\":\"00ff\"}",
                EventJson.mapper().writeValueAsString(entry));
        assertEquals(
                entry, EventJson.mapper().readValue(EventJson.mapper().writeValueAsString(entry), JournalEntry.class));
    }

    @Test
    void fields_of_a_newer_version_are_passed_over_and_a_type_that_is_not_known_is_refused() {
        assertEquals(
                new EngineEvent.SupervisorStarted("s"),
                EventJson.readEvent("{\"type\":\"SupervisorStarted\",\"supervisor\":\"s\",\"colour\":\"red\"}"));
        assertThrows(JacksonException.class, () -> EventJson.readEvent("{\"type\":\"java.lang.Object\"}"));
        assertThrows(JacksonException.class, () -> EventJson.readEvent("{\"supervisor\":\"s\"}"));
    }

    private static Object sample(Type type, boolean nulls) throws Exception {
        if (type instanceof ParameterizedType p) {
            Type[] of = p.getActualTypeArguments();
            return p.getRawType() == Map.class
                    ? Map.of(sample(of[0], nulls), sample(of[1], nulls))
                    : List.of(sample(of[0], nulls));
        }
        Class<?> c = (Class<?>) type;
        if (c == String.class) {
            return "té\"xt\n";
        } else if (c == long.class || c == Long.class) {
            return 1L << 60;
        } else if (c == int.class || c == Integer.class) {
            return 42;
        } else if (c == boolean.class) {
            return true;
        } else if (c == Instant.class) {
            return Instant.parse("2026-11-23T10:00:00.123Z");
        } else if (c.isEnum()) {
            return c.getEnumConstants()[c.getEnumConstants().length - 1];
        } else if (c.isRecord()) {
            RecordComponent[] parts = c.getRecordComponents();
            Object[] values = new Object[parts.length];
            for (int i = 0; i < parts.length; i++) {
                boolean nullable = Stream.of(parts[i].getAnnotatedType().getAnnotations())
                        .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
                values[i] = nulls && nullable ? null : sample(parts[i].getGenericType(), nulls);
            }
            Constructor<?> constructor = c.getDeclaredConstructor(
                    Stream.of(parts).map(RecordComponent::getType).toArray(Class[]::new));
            return constructor.newInstance(values);
        }
        throw new IllegalArgumentException(Optional.of(c) + " has no sample");
    }
}
