package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.I64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a module tells of itself before it runs.
class InspectTest {
    static ModuleInfo inspect(String text) {
        Wasm wasm = new Wasm();
        int call = wasm.type(new int[] {I64, I64}, new int[] {I64});
        wasm.importFunction("extism:host/user", "nexus_call", call);
        int run = wasm.function(wasm.type(new int[] {}, new int[] {}));
        wasm.memory(1).data(8, text).export("run", run);
        return Sandbox.inspect(new Program.WasmModule("m", wasm.build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kv.get https://api.example.org:8080/x", "kv.get\0https://api.example.org:8080/x"})
    void the_names_of_host_calls_and_hosts_are_found_among_its_texts(String text) {
        assertEquals(Set.of("kv.get"), inspect(text).hostCalls());
        assertEquals(Set.of("api.example.org:8080"), inspect(text).hosts());
    }

    @Test
    void also_where_a_text_has_two_bytes_a_character() {
        String size = "L\0\0\0";
        String wide = "kv.get, kv.put https://api.example.org/x "
                .replaceAll("(.)", "$1\0")
                .replace(" \0", size);
        assertEquals(Set.of("kv.get", "kv.put"), inspect(size + wide).hostCalls());
        assertEquals(Set.of("api.example.org"), inspect(size + wide).hosts());
    }
}
