package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// One text, read as far as it can be: a line that is broken is taken out with what hangs below it, and the
/// rest is read again, so that one slip hides neither the other errors nor the outline.
///
/// @param broken whether something had to be left out
record YamlText(String text, Lines lines, List<YamlNode> documents, List<Diagnostic> diagnostics, boolean broken) {
    private static final int ROUNDS = 20;

    static YamlText read(String file, String text) {
        Lines lines = new Lines(text);
        List<Diagnostic> problems = new ArrayList<>();
        char[] rest = text.toCharArray();
        YamlReader reader = new YamlReader(file, new String(rest), lines);
        for (int round = 0; round <= ROUNDS; round++) {
            reader = new YamlReader(file, new String(rest), lines);
            try {
                reader.read();
                break;
            } catch (YamlReader.Stop stop) {
                problems.add(stop.diagnostic());
                break;
            } catch (YamlEngineException e) {
                YamlProblem problem = YamlProblem.of(e, file, text, lines);
                problems.add(problem.diagnostic());
                if (round == ROUNDS || !takeOut(problem, rest, lines, problems)) {
                    break;
                }
            }
        }
        boolean broken = !problems.isEmpty();
        problems.addAll(reader.diagnostics());
        return new YamlText(text, lines, reader.documents(), problems, broken);
    }

    /// @return whether anything was left to take out
    private static boolean takeOut(YamlProblem problem, char[] rest, Lines lines, List<Diagnostic> problems) {
        int line = problem.line();
        if (problem.diagnostic().code().equals(Code.TAB.id())) {
            return takeOutTabs(problem.diagnostic().at().file(), line, rest, lines, problems);
        }
        while (line >= 0 && isBlank(rest, lines, line)) {
            line--;
        }
        if (line < 0) {
            return false;
        }
        int indent = lines.indent(line);
        blank(rest, lines, line);
        for (int next = line + 1; next < lines.count(); next++) {
            if (isBlank(rest, lines, next)) {
                continue;
            }
            if (lines.indent(next) <= indent) {
                break;
            }
            blank(rest, lines, next);
        }
        return true;
    }

    /// All lines indented by tabs at once: they are one habit, not many slips.
    private static boolean takeOutTabs(String file, int first, char[] rest, Lines lines, List<Diagnostic> problems) {
        blank(rest, lines, first);
        for (int line = first + 1; line < lines.count(); line++) {
            int at = lines.start(line) + lines.indent(line);
            if (at < lines.end(line) && rest[at] == '\t' && !isBlank(rest, lines, line)) {
                if (problems.size() < ROUNDS) {
                    problems.add(YamlProblem.tab(file, line, lines.indent(line), lines));
                }
                blank(rest, lines, line);
            }
        }
        return true;
    }

    private static boolean isBlank(char[] rest, Lines lines, int line) {
        for (int i = lines.start(line); i < lines.end(line); i++) {
            if (rest[i] != ' ' && rest[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private static void blank(char[] rest, Lines lines, int line) {
        for (int i = lines.start(line); i < lines.end(line); i++) {
            rest[i] = ' ';
        }
    }
}
