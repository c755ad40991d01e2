package nexus.aiagents.sandbox.internal.wasi;

import java.util.Map;

/// The error numbers of preview 1 that are answered here.
final class Errno {
    static final int OK = 0;
    static final int ACCES = 2;
    static final int BADF = 8;
    static final int DQUOT = 19;
    static final int EXIST = 20;
    static final int FBIG = 22;
    static final int ILSEQ = 25;
    static final int INVAL = 28;
    static final int IO = 29;
    static final int ISDIR = 31;
    static final int LOOP = 32;
    static final int MFILE = 33;
    static final int NAMETOOLONG = 37;
    static final int NOENT = 44;
    static final int NOMEM = 48;
    static final int NOSPC = 51;
    static final int NOSYS = 52;
    static final int NOTDIR = 54;
    static final int NOTEMPTY = 55;
    static final int NOTSOCK = 57;
    static final int NOTSUP = 58;
    static final int OVERFLOW = 61;
    static final int ROFS = 69;
    static final int SPIPE = 70;
    static final int XDEV = 75;
    static final int NOTCAPABLE = 76;

    private static final Map<String, Integer> OF_CODES = Map.ofEntries(
            Map.entry("not-granted", NOTCAPABLE),
            Map.entry("not-found", NOENT),
            Map.entry("exists", EXIST),
            Map.entry("not-a-folder", NOTDIR),
            Map.entry("is-a-folder", ISDIR),
            Map.entry("not-empty", NOTEMPTY),
            Map.entry("link-loop", LOOP),
            Map.entry("special-file", ACCES),
            Map.entry("name-too-long", NAMETOOLONG),
            Map.entry("too-many-open", MFILE),
            Map.entry("too-large", FBIG),
            Map.entry("quota", DQUOT),
            Map.entry("no-space", NOSPC),
            Map.entry("bad-handle", BADF),
            Map.entry("bad-input", INVAL),
            Map.entry("other-mount", XDEV),
            Map.entry("not-supported", NOTSUP),
            Map.entry("access-denied", ACCES));

    private Errno() {}

    /// @param code of an error of the host
    static int of(String code) {
        return OF_CODES.getOrDefault(code, IO);
    }

    /// A call that answers an error number.
    static final class Failed extends Exception {
        private final int number;

        Failed(int number) {
            super("errno " + number, null, false, false);
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
