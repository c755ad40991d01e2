package nexus.aiagents.app.cli;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;

/// Columns as wide as what is in them. Not thread-safe.
final class Table {
    private record Cell(Tone tone, String text) {}

    private final List<List<Cell>> rows = new ArrayList<>();
    private List<Cell> row = new ArrayList<>();

    Table(String... headings) {
        for (String heading : headings) {
            cell(Tone.DIM, heading);
        }
        end();
    }

    Table cell(Object text) {
        return cell(Tone.PLAIN, text);
    }

    Table cell(Tone tone, Object text) {
        row.add(new Cell(tone, Terminal.safe(text.toString())));
        return this;
    }

    void end() {
        rows.add(row);
        row = new ArrayList<>();
    }

    /// @param nothing what to say if there is no row
    void printOr(Terminal terminal, String nothing) {
        if (rows.size() == 1) {
            terminal.line(nothing);
        } else {
            print(terminal);
        }
    }

    void print(Terminal terminal) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<Cell> cells : rows) {
            for (int i = 0; i < cells.size(); i++) {
                widths[i] = Math.max(widths[i], cells.get(i).text().length());
            }
        }
        for (List<Cell> cells : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                Cell cell = cells.get(i);
                line.append(terminal.tint(cell.tone(), cell.text()));
                if (i < cells.size() - 1) {
                    line.repeat(' ', widths[i] - cell.text().length() + 2);
                }
            }
            terminal.line(line.toString().stripTrailing());
        }
    }
}
