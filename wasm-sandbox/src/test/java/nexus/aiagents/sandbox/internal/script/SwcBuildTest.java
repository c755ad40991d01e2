package nexus.aiagents.sandbox.internal.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwcBuildTest {
    private static byte[] shipped(String name) throws IOException {
        try (InputStream in = TypeScript.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void what_is_shipped_is_what_the_published_module_compiles_to() throws IOException {
        Map<String, byte[]> shipped = TypeScript.classes(shipped(TypeScript.CODE));
        Map<String, byte[]> compiled = SwcBuild.classes(SwcBuild.wasm());

        assertEquals(compiled.keySet(), shipped.keySet());
        compiled.forEach((name, bytes) -> assertArrayEquals(bytes, shipped.get(name), name));
        assertArrayEquals(SwcBuild.head(SwcBuild.wasm()), shipped(TypeScript.MODULE));
    }
}
