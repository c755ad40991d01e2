package nexus.aiagents.sandbox.internal.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DeflaterInputStream;
import java.util.zip.InflaterInputStream;
import nexus.aiagents.sandbox.ProgramRejected;
import org.junit.jupiter.api.Test;

class ScriptEngineBuildTest {
    /// The same check holds wherever a byte is another one: in what is packed, and behind it.
    @Test
    void a_state_that_is_damaged_cut_off_or_longer_is_not_loaded() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScriptEngine.shipped().write(out);
        byte[] whole = out.toByteArray();
        ScriptEngine.Shipped.read(new ByteArrayInputStream(whole));
        for (int i = 0; i < whole.length; i += i < 20 || i > whole.length - 20 ? 1 : whole.length / 50) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            int at = i;
            assertThrows(
                    IOException.class,
                    () -> ScriptEngine.Shipped.read(new ByteArrayInputStream(damaged)),
                    () -> "byte " + at + " of " + whole.length);
            byte[] cut = Arrays.copyOf(whole, i);
            assertThrows(IOException.class, () -> ScriptEngine.Shipped.read(new ByteArrayInputStream(cut)));
        }
    }

    @Test
    void lengths_without_end_and_bytes_behind_the_last_part_are_not_loaded() throws IOException {
        ScriptEngine.Shipped small = new ScriptEngine.Shipped(
                new Image.State(new byte[8], new long[] {1}, new StackGuard(0, 4)), new byte[2], new byte[3]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        small.write(out);
        byte[] plain = new InflaterInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
        ScriptEngine.Shipped.read(packed(plain));
        assertThrows(
                IOException.class, () -> ScriptEngine.Shipped.read(packed(Arrays.copyOf(plain, plain.length + 1))));
        for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 30}) {
            for (int at : new int[] {0, 12, plain.length - 7}) {
                byte[] wrong = ByteBuffer.wrap(plain.clone()).putInt(at, length).array();
                assertThrows(IOException.class, () -> ScriptEngine.Shipped.read(packed(wrong)), length + " at " + at);
            }
        }
    }

    private static InputStream packed(byte[] plain) {
        return new DeflaterInputStream(new ByteArrayInputStream(plain));
    }

    @Test
    void the_state_that_is_shipped_is_what_the_scripts_of_the_host_api_leave() throws ProgramRejected {
        ScriptEngine.Shipped shipped = ScriptEngine.shipped();
        ScriptEngine.Shipped built = ScriptEngineBuild.build();

        String remedy = "run ScriptEngineBuild in the folder of the module";
        assertArrayEquals(built.start(), shipped.start(), remedy);
        assertArrayEquals(built.tick(), shipped.tick(), remedy);
        assertArrayEquals(built.state().globals(), shipped.state().globals(), remedy);
        assertEquals(built.state().guard(), shipped.state().guard(), remedy);
        assertArrayEquals(built.state().memory(), shipped.state().memory(), remedy);
    }
}
