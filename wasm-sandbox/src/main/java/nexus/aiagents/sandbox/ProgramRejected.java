package nexus.aiagents.sandbox;

/// A program that can not be run: no module, too large, forbidden features, a syntax error. `code` is
/// stable, the message says what to do; `line` and `column` are 1-based, 0 where unknown.
public final class ProgramRejected extends Exception {
    private final String code;
    private final String file;
    private final int line;
    private final int column;

    public ProgramRejected(String code, String message, String file, int line, int column) {
        super(message);
        this.code = code;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    public ProgramRejected(String code, String message) {
        this(code, message, "", 0, 0);
    }

    public String code() {
        return code;
    }

    /// The file inside the program that is wrong, empty where there is only one.
    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
