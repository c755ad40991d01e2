package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Position;
import org.junit.jupiter.api.Test;

class ScriptCheckTest {
    private final ScriptCheck check = new ScriptCheck();

    @Test
    void a_syntax_error_is_found_at_its_place_and_is_gone_when_it_is_mended() {
        String broken = "export default (input) => input;\nconst x = ;\n";
        List<Diagnostic> found = check.check("agents/a.js", broken);
        assertEquals(1, found.size());
        assertTrue(found.getFirst().isError());
        assertEquals("NX3114", found.getFirst().code());
        assertEquals(new Position("agents/a.js", 1, 10, 1, 11), found.getFirst().at());
        assertSame(found, check.check("agents/a.js", broken), "the same text is not compiled again");
        assertEquals(List.of(), check.check("agents/a.js", broken.replace("= ;", "= 1;")));
    }

    @Test
    void what_is_imported_is_not_looked_at_and_what_is_half_typed_never_throws() {
        assertEquals(List.of(), check.check("a.js", "import { lib } from './lib.js';\nexport default () => lib();\n"));
        assertEquals(List.of(), check.check("a.js", ""));
        for (String text : List.of("\u0000", "import", "`${", "/*", "export default async function (", "\uD800")) {
            check.check("a.js", text).forEach(d -> assertEquals("a.js", d.at().file()));
        }
    }

    @Test
    void typescript_is_checked_too() {
        assertEquals(List.of(), check.check("a.ts", "interface In { n: number }\nexport default (i: In) => i.n;\n"));
        List<Diagnostic> found = check.check("a.ts", "interface In { n: number }\nexport default (i: In) => i.;\n");
        assertEquals(new Position("a.ts", 1, 28, 1, 29), found.getFirst().at());
    }

    @Test
    void only_javascript_and_typescript_are_scripts() {
        assertTrue(ScriptCheck.isScript("agents/a.js") && ScriptCheck.isScript("a.mjs"));
        assertTrue(ScriptCheck.isScript("agents/a.ts") && ScriptCheck.isScript("a.mts"));
        assertFalse(ScriptCheck.isScript("a.json") || ScriptCheck.isScript("nexus.yaml"));
    }
}
