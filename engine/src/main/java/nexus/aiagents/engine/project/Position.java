package nexus.aiagents.engine.project;

/// A range in a file: lines and columns are 0-based, `end` is exclusive, columns count UTF-16 units as
/// editors do.
///
/// @param file path relative to the project folder, with `/`
public record Position(String file, int line, int column, int endLine, int endColumn) {}
