package nexus.aiagents.engine.project;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// What the parser stumbled over, in words that say what to do.
///
/// @param line the line to take out so that the rest can be read
record YamlProblem(Diagnostic diagnostic, int line) {

    static YamlProblem of(YamlEngineException error, String file, String text, Lines lines) {
        if (error instanceof ReaderException reader) {
            return character(reader, file, text, lines);
        }
        if (!(error instanceof MarkedYamlEngineException marked)) {
            Position start = new Position(file, 0, 0, 0, lines.line(0).length());
            return new YamlProblem(
                    Code.BROKEN_YAML.at(start, "this is not YAML: " + error.getMessage()), lines.count() - 1);
        }
        String context = marked.getContext() == null ? "" : marked.getContext();
        String problem = marked.getProblem() == null ? "" : marked.getProblem();
        Optional<Mark> began = marked.getContextMark();
        Optional<Mark> mark = marked.getProblemMark().or(() -> began);
        Code code = code(context, problem);
        boolean atStart = code == Code.UNCLOSED_QUOTE || code == Code.UNCLOSED_BRACKET || code == Code.NO_COLON;
        Position at = place((atStart ? began.or(() -> mark) : mark), file, lines);
        if (code == Code.TAB) {
            return new YamlProblem(tab(file, at.line(), at.column(), lines), at.line());
        }
        if (code == Code.UNEXPECTED_COLON) {
            return colon(at, lines);
        }
        return new YamlProblem(code.at(at, message(code, problem, lines.line(at.line()))), at.line());
    }

    /// The colon itself may be right, and the line before, or the indentation, wrong.
    private static YamlProblem colon(Position at, Lines lines) {
        String line = lines.line(at.line());
        int before = at.line() - 1;
        while (before >= 0 && lines.isBlank(before)) {
            before--;
        }
        boolean first = line.indexOf(':') == at.column();
        if (!first || before < 0) {
            return new YamlProblem(Code.UNEXPECTED_COLON.at(at, message(Code.UNEXPECTED_COLON, "", line)), at.line());
        }
        String above = lines.line(before).strip();
        if (!above.contains(":") && !above.startsWith("#")) {
            Position place = whole(at.file(), before, lines);
            return new YamlProblem(Code.NO_COLON.at(place, message(Code.NO_COLON, "", above)), before);
        }
        Code code = lines.indent(at.line()) > lines.indent(before) ? Code.INDENTATION : Code.UNEXPECTED_COLON;
        Position place = code == Code.INDENTATION ? whole(at.file(), at.line(), lines) : at;
        return new YamlProblem(code.at(place, message(code, "", line)), at.line());
    }

    private static Position whole(String file, int line, Lines lines) {
        return new Position(
                file,
                line,
                lines.indent(line),
                line,
                lines.line(line).stripTrailing().length());
    }

    /// A line indented by a tab, with the spaces to put there instead.
    static Diagnostic tab(String file, int line, int column, Lines lines) {
        String text = lines.line(line);
        int from = column;
        while (from > 0 && text.charAt(from - 1) == '\t') {
            from--;
        }
        int end = from;
        while (end < text.length() && text.charAt(end) == '\t') {
            end++;
        }
        Position at = new Position(file, line, from, line, Math.max(end, from + 1));
        return Code.TAB.at(
                at,
                "YAML is not indented by tabs: use two spaces",
                new Diagnostic.QuickFix("Use spaces", at, "  ".repeat(Math.max(1, end - from))));
    }

    private static Code code(String context, String problem) {
        if (problem.contains("(TAB)") || problem.contains("tab")) {
            return Code.TAB;
        }
        if (context.contains("quoted scalar")) {
            return problem.contains("end of stream") || problem.contains("document separator")
                    ? Code.UNCLOSED_QUOTE
                    : Code.BAD_ESCAPE;
        }
        if (problem.contains("mapping values are not allowed")) {
            return Code.UNEXPECTED_COLON;
        }
        if (context.contains("flow")) {
            return Code.UNCLOSED_BRACKET;
        }
        if (problem.contains("could not find expected ':'")) {
            return Code.NO_COLON;
        }
        if (problem.contains("expected <block end>") || problem.contains("entries are not allowed")) {
            return Code.INDENTATION;
        }
        return problem.contains("that cannot start any token") ? Code.BAD_CHARACTER : Code.BROKEN_YAML;
    }

    private static String message(Code code, String problem, String line) {
        return switch (code) {
            case UNCLOSED_QUOTE ->
                "the quote that opens here is never closed: put the same quote at the end of the text";
            case BAD_ESCAPE ->
                "this `\\` sequence is unknown inside double quotes: write `\\\\` for a backslash, or use single quotes";
            case UNEXPECTED_COLON ->
                "a second `: ` can not stand here: put quotes around text with a colon in it, or check the indentation of"
                        + " this line";
            case UNCLOSED_BRACKET ->
                line.contains("${")
                        ? "this [ or { is not closed as expected: put quotes around every \"${…}\", and a comma between"
                                + " entries"
                        : "this [ or { is not closed as expected: add the missing comma or closing bracket";
            case NO_COLON ->
                "this line is neither `key: value` nor `- item`: add the `:`, or quotes around text of several"
                        + " lines";
            case INDENTATION -> "this does not line up with the lines above: indent it exactly as its neighbours";
            case BAD_CHARACTER -> "a value can not begin with this character: put quotes around it";
            default -> "this is not YAML (" + problem + "): check this line and the one before";
        };
    }

    private static Position place(Optional<Mark> mark, String file, Lines lines) {
        int line = mark.map(Mark::getLine).orElse(0);
        int codePoints = mark.map(Mark::getColumn).orElse(0);
        while (line > 0 && (line >= lines.count() || lines.isBlank(line))) {
            line--;
            codePoints = Integer.MAX_VALUE;
        }
        int end = lines.line(line).stripTrailing().length();
        int column = codePoints == Integer.MAX_VALUE
                ? lines.indent(line)
                : Math.min(lines.column(line, codePoints), Math.max(0, end - 1));
        return new Position(file, line, column, line, Math.max(end, column));
    }

    private static YamlProblem character(ReaderException error, String file, String text, Lines lines) {
        int offset = 0;
        while (offset < text.length() && text.codePointAt(offset) != error.getCodePoint()) {
            offset++;
        }
        int line = lines.lineAt(Math.min(offset, Math.max(0, text.length() - 1)));
        int column = offset - lines.start(line);
        Position at = new Position(file, line, column, line, column + 1);
        String hex = String.format("U+%04X", error.getCodePoint());
        return new YamlProblem(
                Code.BAD_CHARACTER.at(
                        at,
                        "the control character " + hex
                                + " is not allowed in YAML: remove it, or write it as an escape in" + " double quotes"),
                line);
    }
}
