package nexus.aiagents.sandbox.internal.metering;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuelInjectorTest {
    /// What the compiler copies beside the code it makes.
    static final String HELPERS = "/run/endive/compiler/internal/Shaded.class";

    static byte[] classFile(String resource) throws IOException {
        try (InputStream in = FuelInjectorTest.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }

    @Test
    void the_helpers_of_the_compiler_can_be_made_to_count() throws Exception {
        byte[] injected = FuelInjector.inject(classFile(HELPERS));

        assertTrue(new String(injected, java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains(MeteredThread.class.getName().replace('.', '/')));
    }

    @Test
    void a_class_without_the_methods_is_refused() throws Exception {
        byte[] other = classFile("/run/endive/compiler/Cache.class");

        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> FuelInjector.inject(other));

        assertTrue(
                refused.getMessage().startsWith("the compiler of WebAssembly has changed: it has no ["),
                refused.getMessage());
        for (String name : List.of("checkInterruption", "memoryGrow", "memoryCopy", "tableInit")) {
            assertTrue(refused.getMessage().contains(name), refused.getMessage());
        }
    }
}
