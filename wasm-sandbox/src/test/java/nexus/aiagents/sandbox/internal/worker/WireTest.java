package nexus.aiagents.sandbox.internal.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import org.junit.jupiter.api.Test;

/// Messages arrive as they were sent, and nothing that arrives does more harm than to be refused.
class WireTest {
    final Wire<FromWorker> from = new Wire<>(FromWorker.class);
    final Wire<ToWorker> to = new Wire<>(ToWorker.class);

    static List<Class<?>> records(Class<?> type) {
        if (type.isRecord()) {
            return List.of(type);
        }
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> each : type.getPermittedSubclasses()) {
            all.addAll(records(each));
        }
        return all;
    }

    static Object example(Class<?> record) throws Exception {
        RecordComponent[] components = record.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(components[i].getGenericType());
        }
        Constructor<?> constructor = record.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    static Object value(Type type) throws Exception {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type raw = generic.getRawType();
            if (raw == Map.class) {
                return Map.of(value(arguments[0]), value(arguments[1]));
            }
            return raw == Set.class ? Set.of(value(arguments[0])) : List.of(value(arguments[0]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Limits.class) {
            return Limits.DEFAULT;
        }
        if (plain == int.class) {
            return 7;
        }
        if (plain == long.class || plain == Long.class) {
            return 1L << 40;
        }
        if (plain == boolean.class) {
            return true;
        }
        if (plain == String.class) {
            return "a ä \ud83e\udda6 \ud83e";
        }
        if (plain == byte[].class) {
            return new byte[] {1, 2, 3};
        }
        if (plain == Duration.class) {
            return Duration.ofMillis(1_234);
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[1];
        }
        if (plain.getSimpleName().equals("Program")) {
            return new nexus.aiagents.sandbox.Program.Script("n", "m.js", Map.of("m.js", "x"));
        }
        return example(records(plain).getFirst());
    }

    @Test
    void every_host_call_arrives_as_it_was_made() throws Exception {
        for (Class<?> type : records(HostCall.class)) {
            FromWorker call = new FromWorker.Called(1, 2, Outcome.Usage.NONE, (HostCall) example(type));
            assertEquals(call, from.read(from.write(call)));
        }
    }

    @Test
    void every_message_arrives_as_it_was_sent() throws Exception {
        for (Class<?> type : records(FromWorker.class)) {
            FromWorker message = (FromWorker) example(type);
            assertArrayEquals(from.write(message), from.write(from.read(from.write(message))), message::toString);
        }
        for (Class<?> type : records(ToWorker.class)) {
            ToWorker message = (ToWorker) example(type);
            assertArrayEquals(to.write(message), to.write(to.read(to.write(message))), message::toString);
        }
    }

    @Test
    void nothing_is_only_where_nothing_may_be() throws Exception {
        FromWorker done = new FromWorker.Done(1, null);
        assertEquals(done, from.read(from.write(done)));
        HostCall.Http call = new HostCall.Http("GET", "https://x", Map.of(), null);
        assertEquals(
                new FromWorker.Called(1, 1, Outcome.Usage.NONE, call),
                from.read(from.write(new FromWorker.Called(1, 1, Outcome.Usage.NONE, call))));
        byte[] answer = to.write(new ToWorker.Answer(1, 1, new HostAnswer.Ok("1")));
        byte[] without = answer.clone();
        without[17] = 0;
        assertThrows(BadFrame.class, () -> to.read(without));
    }

    @Test
    void a_run_in_a_worker_gets_all_of_its_invocation() {
        List<String> sent = new ArrayList<>(names(ToWorker.Start.class));
        sent.removeAll(List.of("run", "program"));
        List<String> given = new ArrayList<>(names(Invocation.class));
        given.removeAll(List.of("hostCalls", "direct")); // which is for a program without an agent
        given.add("timePasses"); // of the host calls only what they say of waits goes along
        assertEquals(Set.copyOf(given), Set.copyOf(sent));
    }

    static List<String> names(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    @Test
    void whatever_arrives_is_a_message_or_is_refused() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        List<byte[]> good = new ArrayList<>();
        for (Class<?> type : records(HostCall.class)) {
            good.add(from.write(new FromWorker.Called(1, 2, Outcome.Usage.NONE, (HostCall) example(type))));
        }
        for (Class<?> type : records(FromWorker.class)) {
            good.add(from.write((FromWorker) example(type)));
        }
        for (int i = 0; i < 60_000; i++) {
            byte[] frame = good.get(random.nextInt(good.size())).clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            byte[] cut = random.nextInt(3) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 3)) : frame;
            try {
                from.read(cut);
            } catch (BadFrame e) {
                // as it should be
            } catch (RuntimeException | Error e) {
                fail("frame " + Arrays.toString(cut), e);
            }
        }
    }
}
