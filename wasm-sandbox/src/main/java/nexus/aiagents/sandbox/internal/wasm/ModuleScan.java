package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.ProgramRejected;

/// Looks through a module before any library parses it: caps every count and size, and lets through only
/// features that the compiler handles within bounds. Whether the module is *valid* is checked by the
/// library afterwards.
final class ModuleScan {
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_TYPES = 5_000;
    private static final int MAX_IMPORTS = 200;
    private static final int MAX_FUNCTIONS = 20_000;
    private static final int MAX_TABLES = 10;
    private static final int MAX_GLOBALS = 5_000;
    private static final int MAX_EXPORTS = 5_000;
    private static final int MAX_SEGMENTS = 20_000;
    /// The linker of Go makes tens of thousands, one between any two stretches of zeros.
    private static final int MAX_DATA_SEGMENTS = 100_000;
    private static final int MAX_PARAMETERS = 100;
    private static final int MAX_PAGES = 65_536;

    /// What a module turned out to be.
    ///
    /// @param bytes the module without its custom sections: nobody has to parse those
    /// @param imports functions it needs
    /// @param exports functions it offers, by name
    /// @param features that its code uses, by the names that compilers give them
    record Scanned(byte[] bytes, List<Import> imports, Map<String, Signature> exports, Set<String> features) {
        /// For who only needs to know what goes in and out.
        Scanned withoutBytes() {
            return new Scanned(new byte[0], imports, exports, features);
        }
    }

    record Import(String module, String name, Signature signature) {}

    /// @param types `i`, `I`, `f`, `F` for numbers, `r` for references
    record Signature(String parameters, String results) {}

    private final BinaryReader in;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final byte[] bytes;
    private final List<Signature> types = new ArrayList<>();
    private final List<Signature> functions = new ArrayList<>();
    private final List<Import> imports = new ArrayList<>();
    private final Map<String, Integer> exported = new HashMap<>();
    private final Set<String> exportedNames = new HashSet<>();
    private final CompileWork work = new CompileWork();
    private final Set<String> features = new HashSet<>();
    private int memories;
    private long elements;
    private int latest;

    private ModuleScan(byte[] bytes) {
        this.bytes = bytes;
        this.in = new BinaryReader(bytes, 0, bytes.length);
    }

    static Scanned scan(byte[] bytes) throws ProgramRejected {
        if (bytes.length > MAX_BYTES) {
            throw BinaryReader.tooMany("bytes", bytes.length, MAX_BYTES);
        }
        return new ModuleScan(bytes).run();
    }

    private Scanned run() throws ProgramRejected {
        if (in.remaining() < CodeSection.HEAD || in.u8() != 0 || in.u8() != 'a' || in.u8() != 's' || in.u8() != 'm') {
            throw new ProgramRejected(
                    "malformed", "not a WebAssembly module: it does not begin with the bytes 00 61 73 6D (\\0asm)");
        }
        if (in.u8() != 1 || in.u8() != 0 || in.u8() != 0 || in.u8() != 0) {
            throw new ProgramRejected(
                    "unsupported", "not a core WebAssembly module of version 1 (components can not be run)");
        }
        kept.write(bytes, 0, CodeSection.HEAD);
        while (in.hasMore()) {
            int start = in.position();
            int id = in.u8();
            BinaryReader section = in.part(in.u32());
            if (id != 0) {
                requireOrder(id);
                section(id, section);
                section.expectEnd("section " + id);
                kept.write(bytes, start, in.position() - start);
            }
        }
        return new Scanned(kept.toByteArray(), List.copyOf(imports), exports(), Set.copyOf(features));
    }

    private Map<String, Signature> exports() throws ProgramRejected {
        Map<String, Signature> result = new HashMap<>();
        for (Map.Entry<String, Integer> export : exported.entrySet()) {
            if (export.getValue() >= functions.size()) {
                throw in.malformed("exports function " + export.getValue() + ", which it does not have");
            }
            result.put(export.getKey(), functions.get(export.getValue()));
        }
        return result;
    }

    /// Each once and in their order: caps count what is in one section.
    private void requireOrder(int id) throws ProgramRejected {
        // Later kinds got their numbers later, too: tags come behind memories, the number of data
        // before code.
        int place = id == 13 ? 55 : id == 12 ? 95 : 10 * id;
        if (place <= latest) {
            throw in.malformed("has section " + id + " twice or in the wrong place");
        }
        latest = place;
    }

    private void section(int id, BinaryReader section) throws ProgramRejected {
        switch (id) {
            case 1 -> types(section);
            case 2 -> imports(section);
            case 3 -> functions(section);
            case 4 -> tables(section);
            case 5 -> memories(section);
            case 6 -> globals(section);
            case 7 -> exports(section);
            case 8 -> section.u32();
            case 9 -> new SegmentScan(section).elements(section.count("element segments", MAX_SEGMENTS));
            case CodeSection.ID ->
                new CodeScan(types, functions, functions.size() - imports.size(), imports.size(), work, features)
                        .scan(section);
            case 11 -> new SegmentScan(section).data(section.count("data segments", MAX_DATA_SEGMENTS));
            case 12 -> {
                if (section.u32() > MAX_SEGMENTS) {
                    throw section.malformed("has too many data segments");
                }
            }
            case 13 -> throw unsupported("exceptions (a tag section)");
            default -> throw section.malformed("has a section of unknown kind " + id);
        }
    }

    static ProgramRejected unsupported(String feature) {
        return new ProgramRejected(
                "unsupported",
                "the module uses " + feature + ", which the sandbox does not run; build it for WebAssembly MVP with"
                        + " sign extension, saturating conversions, bulk memory, multi-value and reference types");
    }

    private void types(BinaryReader section) throws ProgramRejected {
        int count = section.count("types", MAX_TYPES);
        for (int i = 0; i < count; i++) {
            int form = section.u8();
            if (form != 0x60) {
                throw unsupported("garbage-collected types");
            }
            types.add(new Signature(valueTypes(section, "parameters"), valueTypes(section, "results")));
        }
    }

    private static String valueTypes(BinaryReader section, String what) throws ProgramRejected {
        int count = section.count(what, MAX_PARAMETERS);
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(valueType(section));
        }
        return letters.toString();
    }

    static char valueType(BinaryReader reader) throws ProgramRejected {
        int type = reader.u8();
        return switch (type) {
            case 0x7f -> 'i';
            case 0x7e -> 'I';
            case 0x7d -> 'f';
            case 0x7c -> 'F';
            case 0x70, 0x6f -> 'r';
            case 0x7b -> throw unsupported("SIMD (v128)");
            case 0x63, 0x64, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x71, 0x72, 0x73 ->
                throw unsupported("garbage-collected or typed references");
            default -> throw reader.malformed("has a value type " + type);
        };
    }

    /// One byte. Other types of references may have more, which the library would read and this would not.
    static void referenceType(BinaryReader reader) throws ProgramRejected {
        int type = reader.u8();
        if (type != 0x70 && type != 0x6f) {
            throw unsupported("garbage-collected or typed references");
        }
    }

    private void imports(BinaryReader section) throws ProgramRejected {
        int count = section.count("imports", MAX_IMPORTS);
        for (int i = 0; i < count; i++) {
            String module = section.name();
            String name = section.name();
            int kind = section.u8();
            if (kind != 0) {
                String what = kind == 1 ? "table" : kind == 2 ? "memory" : kind == 3 ? "global" : "thing";
                throw new ProgramRejected(
                        "unknown-import",
                        "the module imports the " + what + " " + BinaryReader.shown(module + "." + name)
                                + "; the sandbox offers functions only");
            }
            Signature signature = type(section);
            imports.add(new Import(module, name, signature));
            functions.add(signature);
        }
    }

    private Signature type(BinaryReader section) throws ProgramRejected {
        int index = section.u32();
        if (index >= types.size()) {
            throw section.malformed("names type " + index + ", which it does not have");
        }
        return types.get(index);
    }

    private void functions(BinaryReader section) throws ProgramRejected {
        int count = section.count("functions", MAX_FUNCTIONS);
        for (int i = 0; i < count; i++) {
            functions.add(type(section));
        }
        work.indirectCalls(types, functions);
    }

    private void tables(BinaryReader section) throws ProgramRejected {
        int count = section.count("tables", MAX_TABLES);
        for (int i = 0; i < count; i++) {
            referenceType(section);
            elements += limits(section, "table");
            if (elements > Limits.MOST_TABLE_ELEMENTS) {
                throw BinaryReader.tooMany(
                        "table elements", (int) Math.min(elements, Integer.MAX_VALUE), Limits.MOST_TABLE_ELEMENTS);
            }
        }
    }

    private void memories(BinaryReader section) throws ProgramRejected {
        int count = section.u32();
        memories += count;
        if (memories > 1) {
            throw unsupported("more than one memory");
        }
        for (int i = 0; i < count; i++) {
            if (limits(section, "memory") > MAX_PAGES) {
                throw section.malformed("wants a memory of more than 4 GiB");
            }
        }
    }

    private static int limits(BinaryReader section, String what) throws ProgramRejected {
        int flags = section.u8();
        if (flags > 1) {
            throw unsupported(flags < 4 ? "shared memory (threads)" : "a 64-bit " + what);
        }
        int min = section.u32();
        if (flags == 1 && section.u32() < min) {
            throw section.malformed("has a " + what + " whose maximum is below its minimum");
        }
        return min;
    }

    private static void globals(BinaryReader section) throws ProgramRejected {
        int count = section.count("globals", MAX_GLOBALS);
        for (int i = 0; i < count; i++) {
            valueType(section);
            if (section.u8() > 1) {
                throw unsupported("shared globals");
            }
            SegmentScan.constant(section);
        }
    }

    private void exports(BinaryReader section) throws ProgramRejected {
        int count = section.count("exports", MAX_EXPORTS);
        for (int i = 0; i < count; i++) {
            String name = section.name();
            int kind = section.u8();
            int index = section.u32();
            // Which of two would be called is for nobody to guess.
            if (!exportedNames.add(name)) {
                throw section.malformed("exports two things as " + BinaryReader.shown(name));
            }
            if (kind == 0) {
                exported.put(name, index);
            } else if (kind > 3) {
                throw unsupported("exceptions (an exported tag)");
            }
        }
    }
}
