package nexus.aiagents.engine.project;

import java.util.List;

/// A name where it stands in a file: where it is given, or where something refers to it.
///
/// @param kinds      what it can be the name of, the likeliest first: `agent`, `step`, `file` …
/// @param owner      of a step, its saga or workflow, `saga/NAME`; empty for names of the whole project
/// @param at         the name alone, without quotes and what stands before it
/// @param role       whether the name is given here
record Occurrence(List<String> kinds, String owner, String name, Position at, Role role) {

    enum Role {
        DEFINITION,
        REFERENCE,
        /// inside of a `${…}`
        EXPRESSION
    }

    boolean definition() {
        return role == Role.DEFINITION;
    }

    boolean inExpression() {
        return role == Role.EXPRESSION;
    }

    boolean covers(int line, int column) {
        return line == at.line() && column >= at.column() && column <= at.endColumn();
    }
}
