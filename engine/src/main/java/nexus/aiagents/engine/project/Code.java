package nexus.aiagents.engine.project;

import nexus.aiagents.engine.project.Diagnostic.Severity;

/// Every kind of diagnostic. A code never changes its meaning; `docs/reference/diagnostics.md` explains each.
enum Code {
    TAB("NX1001", Severity.ERROR),
    UNCLOSED_QUOTE("NX1002", Severity.ERROR),
    UNEXPECTED_COLON("NX1003", Severity.ERROR),
    INDENTATION("NX1004", Severity.ERROR),
    UNCLOSED_BRACKET("NX1005", Severity.ERROR),
    NO_COLON("NX1006", Severity.ERROR),
    BAD_ESCAPE("NX1007", Severity.ERROR),
    UNKNOWN_ALIAS("NX1008", Severity.ERROR),
    BAD_CHARACTER("NX1009", Severity.ERROR),
    DUPLICATE_KEY("NX1010", Severity.ERROR),
    ALIAS_BOMB("NX1011", Severity.ERROR),
    TOO_DEEP("NX1012", Severity.ERROR),
    KEY_NOT_TEXT("NX1013", Severity.ERROR),
    TAG("NX1014", Severity.ERROR),
    BROKEN_YAML("NX1015", Severity.ERROR),
    MERGE_KEY("NX1016", Severity.ERROR),
    FILE_TOO_LARGE("NX1020", Severity.ERROR),
    NOT_UTF8("NX1021", Severity.ERROR),
    UNREADABLE("NX1022", Severity.ERROR),
    NO_PROJECT("NX1023", Severity.ERROR),
    TOO_MANY_FILES("NX1024", Severity.ERROR),

    UNKNOWN_KIND("NX2001", Severity.ERROR),
    UNSUPPORTED("NX2002", Severity.ERROR),
    UNKNOWN_KEY("NX2003", Severity.ERROR),
    MISSING_KEY("NX2004", Severity.ERROR),
    WRONG_TYPE("NX2005", Severity.ERROR),
    NOT_ONE_OF("NX2006", Severity.ERROR),
    BAD_FORM("NX2007", Severity.ERROR),
    OUT_OF_RANGE("NX2008", Severity.ERROR),
    WRONG_COUNT("NX2009", Severity.ERROR),
    TWO_KINDS("NX2010", Severity.ERROR),
    NO_KIND("NX2011", Severity.ERROR),
    OTHER_SCHEMA("NX2099", Severity.ERROR),

    DUPLICATE_NAME("NX3001", Severity.ERROR),
    UNKNOWN_AGENT("NX3002", Severity.ERROR),
    UNKNOWN_CHILD("NX3003", Severity.ERROR),
    UNKNOWN_MODEL("NX3004", Severity.ERROR),
    UNKNOWN_TARGET("NX3005", Severity.ERROR),
    NAME_DIFFERS("NX3006", Severity.ERROR),
    SECOND_BLOCK("NX3007", Severity.ERROR),

    RUNTIME_UNKNOWN("NX3101", Severity.ERROR),
    SOURCE_NEEDED("NX3102", Severity.ERROR),
    SOURCE_MISSING("NX3103", Severity.ERROR),
    SOURCE_NOT_WASM("NX3104", Severity.ERROR),
    SOURCE_WRONG_KIND("NX3105", Severity.ERROR),
    OUTSIDE_PROJECT("NX3106", Severity.ERROR),
    KEY_UNUSED("NX3107", Severity.WARNING),
    MODEL_NEEDED("NX3108", Severity.ERROR),
    GRANT_FILE_MISSING("NX3109", Severity.ERROR),
    GRANT_FILE_NOT_YET("NX3110", Severity.WARNING),
    LOOP_UNSUPERVISED("NX3111", Severity.WARNING),
    BAD_LIMIT("NX3112", Severity.ERROR),
    BAD_OUTPUT_SCHEMA("NX3113", Severity.ERROR),

    CYCLE("NX3201", Severity.ERROR),
    TWO_SUPERVISORS("NX3202", Severity.ERROR),
    CHILD_TWICE("NX3203", Severity.ERROR),
    AGENTS_AND_CHILDREN("NX3204", Severity.ERROR),
    SIGNIFICANT_PERMANENT("NX3205", Severity.ERROR),
    SIGNIFICANT_NEVER("NX3206", Severity.ERROR),
    AUTO_SHUTDOWN_UNUSED("NX3207", Severity.WARNING),
    TWO_WINDOWS("NX3208", Severity.ERROR),

    DUPLICATE_STEP("NX3301", Severity.ERROR),
    BAD_EXPRESSION("NX3302", Severity.ERROR),
    STEP_REFERENCE("NX3303", Severity.ERROR),

    POOL_MEMBERS("NX3401", Severity.ERROR),
    QUORUM_TOO_LARGE("NX3402", Severity.ERROR),
    QUORUM_NEEDED("NX3403", Severity.ERROR),

    COST_SCOPE("NX3501", Severity.ERROR),
    SECOND_BUDGET("NX3502", Severity.ERROR),
    UNPRICED_BUDGET("NX3503", Severity.ERROR),
    UNPRICED_MODEL("NX3504", Severity.WARNING),
    TOO_PRECISE("NX3505", Severity.ERROR),
    NO_LIMIT("NX3506", Severity.ERROR),

    GATE_CLOSED("NX3601", Severity.WARNING);

    private final String id;
    private final Severity severity;

    Code(String id, Severity severity) {
        this.id = id;
        this.severity = severity;
    }

    String id() {
        return id;
    }

    Severity severity() {
        return severity;
    }

    Diagnostic at(Position at, String message) {
        return new Diagnostic(severity, id, message, at, null);
    }

    Diagnostic at(Position at, String message, Diagnostic.QuickFix fix) {
        return new Diagnostic(severity, id, message, at, fix);
    }
}
