package nexus.aiagents.sandbox.internal.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import nexus.aiagents.sandbox.ProgramRejected;
import org.junit.jupiter.api.Test;

class ScriptEngineBuildTest {
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
