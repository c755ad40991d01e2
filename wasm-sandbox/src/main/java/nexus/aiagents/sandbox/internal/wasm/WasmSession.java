package nexus.aiagents.sandbox.internal.wasm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.sandbox.Direct;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Outputs;
import nexus.aiagents.sandbox.internal.metering.ProgramJson;
import nexus.aiagents.sandbox.internal.wasi.Wasi;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.FunctionType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One run of a module: what its host functions work on. Used by the thread of the run only.
final class WasmSession implements Wasi.World {
    private static final String CONTEXT_KEY = "nexus.context";
    private static final long VARIABLE_OVERHEAD = 128;

    private final Execution execution;
    private final Invocation invocation;
    private final PluginMemory memory;
    private final Wasi wasi;
    private final byte[] input;
    private final Output streams;
    private final Map<String, byte[]> variables = new HashMap<>();
    private byte[] output = {};
    private byte[] answer = {};
    private @Nullable String error;
    private PluginAbi.@Nullable HttpAnswer http;
    private long inputAddress;

    WasmSession(Execution execution, Invocation invocation, String name) {
        this.execution = execution;
        this.invocation = invocation;
        this.memory = new PluginMemory(execution);
        Direct direct = invocation.direct();
        this.streams = Output.of(execution, direct);
        Map<String, String> environment = new HashMap<>(invocation.env());
        List<String> arguments = new ArrayList<>(List.of(name));
        if (direct == null) {
            this.input = invocation.inputJson().getBytes(StandardCharsets.UTF_8);
            environment.put("NEXUS_CONTEXT", invocation.contextJson());
        } else {
            this.input = direct.input();
            arguments.addAll(direct.arguments());
        }
        this.wasi = new Wasi(this, arguments, environment);
    }

    Outcome run(WasmRuntime.Compiled compiled, Entry entry) {
        execution.setGuest(this);
        try {
            long[] arguments = entry.shape() == Entry.Shape.FUNCTION
                    ? Numbers.arguments(
                            new String(input, StandardCharsets.UTF_8),
                            entry.signature().parameters())
                    : new long[0];
            Instance instance = Instantiation.of(compiled, execution);
            for (String initializer : entry.initializers(compiled.scanned())) {
                instance.export(initializer).apply();
            }
            long[] results = entered(instance, entry.function(), arguments);
            return switch (entry.shape()) {
                case PLUGIN -> endOfPlugin(results);
                case COMMAND -> streams.endOfCommand(0);
                case FUNCTION ->
                    execution.returned(Numbers.results(
                            results == null ? new long[0] : results,
                            entry.signature().results()));
            };
        } catch (Wasi.Exit exit) {
            return entry.shape() == Entry.Shape.COMMAND
                    ? streams.endOfCommand(exit.status())
                    : failed("exit", "the program called exit(" + exit.status() + ")");
        } catch (Numbers.Unfit e) {
            return failed("bad-arguments", String.valueOf(e.getMessage()));
        }
    }

    /// The runtime hands out references of `externref` apart from numbers, and has nothing in their places.
    private static long @Nullable [] entered(Instance instance, String function, long[] arguments) {
        FunctionType type = instance.exportType(function);
        if (!type.hasObjectRefReturns()) {
            return instance.export(function).apply(arguments);
        }
        long[] numbers = instance.export(function)
                .applyWithRefs(arguments, new Object[arguments.length])
                .longs();
        return numbers == null ? new long[type.returns().size()] : numbers;
    }

    private Outcome endOfPlugin(long @Nullable [] results) {
        boolean ok = results == null || results.length == 0 || (int) results[0] == 0;
        if (ok && error == null) {
            return streams.endOfPlugin(output);
        }
        if (error == null) {
            return failed("error", "run returned " + (results == null ? 0 : (int) results[0]) + " and set no error");
        }
        return described(error);
    }

    /// An error that is a JSON object brings its own code.
    private static Outcome described(String text) {
        try {
            JsonNode json = ProgramJson.read(text);
            if (json.path("code").isString()) {
                return failed(
                        json.path("code").stringValue(), json.path("message").asString(""));
            }
        } catch (JacksonException e) {
            return failed("error", text);
        }
        return failed("error", text);
    }

    private static Outcome failed(String code, String message) {
        return new Outcome.Failed(code, message, "", Usage.NONE);
    }

    Wasi wasi() {
        return wasi;
    }

    PluginMemory memory() {
        return memory;
    }

    byte[] input() {
        return input;
    }

    long inputAddress() {
        if (inputAddress == 0) {
            inputAddress = memory.put(input);
        }
        return inputAddress;
    }

    int inputByte(long at) {
        return at >= 0 && at < input.length ? input[(int) at] & 0xff : 0;
    }

    long inputLong(long at) {
        if (at < 0 || at > input.length - 8) {
            return 0;
        }
        return ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getLong((int) at);
    }

    void output(long address, long length) {
        if (length < 0 || length > execution.limits().outputBytes()) {
            Outcome.Failed tooLarge = Outputs.tooLarge(length, execution.limits());
            throw execution.fail(tooLarge.code(), tooLarge.message());
        }
        output = memory.bytes(address, length);
    }

    void error(long address) {
        error = address == 0 ? null : memory.text(address);
    }

    long config(long key) {
        String name = memory.text(key);
        String value = name.equals(CONTEXT_KEY)
                ? invocation.contextJson()
                : invocation.env().get(name);
        return value == null ? 0 : memory.put(value.getBytes(StandardCharsets.UTF_8));
    }

    long variable(long key) {
        byte[] value = variables.get(memory.text(key));
        return value == null ? 0 : memory.put(value);
    }

    void setVariable(long key, long value) {
        String name = memory.text(key);
        byte[] old = variables.remove(name);
        if (old != null) {
            execution.hold(-bytes(name, old));
        }
        if (value != 0) {
            byte[] bytes = memory.bytes(value, memory.length(value));
            if (!execution.hold(bytes(name, bytes))) {
                throw execution.outOfMemory();
            }
            variables.put(name, bytes);
        }
    }

    private static long bytes(String name, byte[] value) {
        return VARIABLE_OVERHEAD + 2L * name.length() + value.length;
    }

    /// As in Extism, a request that can not be made ends the plug-in; `nexus_call` lets it go on.
    long http(long request, long body) {
        Execution.enterDeeply();
        HostCall.Http call;
        try {
            call = PluginAbi.request(memory.text(request), body == 0 ? null : memory.argument(body));
        } catch (NamedCalls.BadArguments e) {
            throw execution.fail("bad-arguments", String.valueOf(e.getMessage()));
        }
        return switch (execution.call(call)) {
            case HostAnswer.Error e -> throw execution.fail(e.code(), e.message());
            case HostAnswer.Ok ok -> {
                PluginAbi.HttpAnswer received = PluginAbi.HttpAnswer.of(ok);
                http = received;
                yield memory.put(received.body());
            }
        };
    }

    int httpStatus() {
        return http == null ? 0 : http.status();
    }

    long httpHeaders() {
        return http == null ? 0 : memory.put(http.headers().getBytes(StandardCharsets.UTF_8));
    }

    void log(HostCall.Level level, long address) {
        execution.call(new HostCall.Log(level, memory.text(address)));
    }

    long call(long kind, long arguments) {
        String text = NamedCalls.answer(execution, memory.text(kind), memory.text(arguments));
        return memory.put(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @return the length of the answer
    int call(String kind, String arguments) {
        answer = NamedCalls.answer(execution, kind, arguments).getBytes(StandardCharsets.UTF_8);
        return answer.length;
    }

    byte[] latestAnswer() {
        return answer;
    }

    @Override
    public byte[] stdin() {
        return input;
    }

    @Override
    public void stdout(byte[] bytes) {
        streams.stdout(bytes);
    }

    @Override
    public void stderr(byte[] bytes) {
        streams.stderr(bytes);
    }

    @Override
    public long nowNanos() {
        return json(new HostCall.Now()).asLong(0) * 1_000_000;
    }

    @Override
    public byte[] random(int length) {
        byte[] bytes = new byte[length];
        if (length > 0) {
            JsonNode numbers = json(new HostCall.Random(length));
            if (numbers.size() < length) {
                throw new TrapException("the host gave fewer random numbers than asked for");
            }
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) numbers.path(i).asInt(0);
            }
        }
        return bytes;
    }

    private JsonNode json(HostCall call) {
        Execution.enterDeeply();
        return switch (execution.call(call)) {
            case HostAnswer.Ok ok -> NamedCalls.parsed(ok);
            case HostAnswer.Error e -> throw execution.fail(e.code(), e.message());
        };
    }

    @Override
    public void sleep(long nanos) {
        execution.pause(nanos);
    }

    @Override
    public boolean hold(long bytes) {
        return execution.hold(bytes);
    }

    @Override
    public HostAnswer disk(HostCall.Disk call) {
        return execution.call(call);
    }
}
