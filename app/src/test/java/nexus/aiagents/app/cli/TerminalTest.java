package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Terminal terminal(boolean colour) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, colour, true);
    }

    /// Clears the screen, moves the cursor, renames the window, answers as if typed, rings, deletes,
    /// turns round.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[2J",
                "\u001b[1;1H",
                "\u001b]0;title\u0007",
                "\u001b[6n",
                "\u0007",
                "a\b\b",
                "\r over",
                "\u009b2J",
                "\u009d0;title\u009c",
                "\u007f",
                "\u202e gnp.exe",
                "\u2066x\u2069",
                "\u001b[31m\u001b[2J",
                "\u001bP+q\u001b\\"
            })
    void nothing_that_goes_out_steers_a_terminal_wherever_it_came_from(String hostile) {
        for (boolean colour : new boolean[] {true, false}) {
            terminal(colour).line("before " + hostile + " behind");
            terminal(colour).aside(terminal(colour).tint(Terminal.Tone.BAD, hostile));
        }

        String shown = out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[(0|31)m", "");
        assertTrue(shown.startsWith("before ") && shown.contains(" behind"), shown);
        assertTrue(
                shown.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' || c >= 0x202a && c <= 0x202e),
                () -> shown.chars().boxed().toList().toString());
    }

    @Test
    void our_own_colours_are_left_where_there_are_any() {
        Terminal coloured = terminal(true);
        coloured.line(coloured.tint(Terminal.Tone.GOOD, "fine") + "\tand\nmore");

        assertEquals(
                "\u001b[32mfine\u001b[0m\tand\nmore" + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_log_line_of_several_lines_does_not_look_like_several_log_lines() {
        var event = new EngineEvent.AgentLogged("researcher", null, "info", "one\n12:00:00  budget  all is well");
        var entry = new JournalEntry(7, Instant.EPOCH, event, "");

        String shown = EventLines.text(terminal(false), entry, EventLines.of(event));

        String[] lines = shown.split("\n", -1);
        assertEquals(2, lines.length);
        assertTrue(lines[1].startsWith(" ".repeat(34) + "12:00:00"), lines[1]);
        assertFalse(shown.startsWith(" "));
    }
}
