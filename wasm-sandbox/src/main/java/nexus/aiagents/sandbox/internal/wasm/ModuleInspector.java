package nexus.aiagents.sandbox.internal.wasm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.ModuleInfo;
import nexus.aiagents.sandbox.ModuleInfo.Export;
import nexus.aiagents.sandbox.ModuleInfo.Import;
import nexus.aiagents.sandbox.ModuleInfo.Kind;
import nexus.aiagents.sandbox.ModuleInfo.Rejection;
import nexus.aiagents.sandbox.ModuleInfo.Size;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;

/// Lists what a module holds, without compiling it. Reads on where {@link ModuleScan} would stop, and says
/// what that one says.
public final class ModuleInspector {
    private static final int MAX_LISTED = 20_000;
    private static final int FUNCTION = 0;
    private static final List<String> KINDS = List.of("function", "table", "memory", "global", "tag");
    private static final Pattern ADDRESS = Pattern.compile("https?://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)");
    private static final Pattern CALL = Pattern.compile(
            "(?<![A-Za-z0-9_.])(kv\\.(?:get|put|delete|list)|file\\.(?:read|write|delete|list)|model|http"
                    + "|agent)(?![A-Za-z0-9_.])");

    /// A text with two bytes a character, as AssemblyScript has them.
    private static final Pattern WIDE = Pattern.compile("(?:[ -~]\\x00){4,}");

    private final List<String> types = new ArrayList<>();
    private final List<String> functions = new ArrayList<>();
    private final List<Import> imports = new ArrayList<>();
    private final List<Export> exports = new ArrayList<>();
    private final List<Size> memories = new ArrayList<>();
    private final List<Size> tables = new ArrayList<>();
    private final Set<String> features = new TreeSet<>();
    private final Set<String> hostCalls = new TreeSet<>();
    private final Set<String> hosts = new LinkedHashSet<>();
    private @Nullable Integer start;
    private int imported;

    private ModuleInspector() {}

    public static ModuleInfo inspect(byte[] bytes) {
        ModuleInspector inspector = new ModuleInspector();
        boolean isModule = inspector.readAll(bytes);
        Rejection rejected = null;
        Kind kind = Kind.FUNCTIONS;
        try {
            ModuleScan.Scanned scanned = ModuleScan.scan(bytes);
            inspector.features.addAll(scanned.features());
            kind = kindOf(scanned);
            HostSurface.check(scanned);
        } catch (ProgramRejected e) {
            rejected = new Rejection(e.code(), String.valueOf(e.getMessage()));
            kind = inspector.kindByName();
        }
        return inspector.info(isModule ? kind : Kind.NO_MODULE, bytes.length, rejected);
    }

    private static Kind kindOf(ModuleScan.Scanned scanned) throws ProgramRejected {
        boolean named =
                scanned.exports().containsKey("run") || scanned.exports().containsKey("_start");
        return named ? Entry.of(scanned).shape() == Entry.Shape.PLUGIN ? Kind.PLUGIN : Kind.COMMAND : Kind.FUNCTIONS;
    }

    private Kind kindByName() {
        if (exports.stream().anyMatch(export -> export.name().equals("run"))) {
            return Kind.PLUGIN;
        }
        return exports.stream().anyMatch(export -> export.name().equals("_start")) ? Kind.COMMAND : Kind.FUNCTIONS;
    }

    private ModuleInfo info(Kind kind, long bytes, @Nullable Rejection rejected) {
        return new ModuleInfo(
                kind,
                bytes,
                List.copyOf(imports),
                List.copyOf(exports),
                functions.size() - imported,
                List.copyOf(memories),
                List.copyOf(tables),
                start,
                features,
                hostCalls,
                hosts,
                rejected);
    }

    /// @return whether it begins as modules do
    private boolean readAll(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes, 0, bytes.length);
        try {
            if (in.remaining() < 8 || in.u8() != 0 || in.u8() != 'a' || in.u8() != 's' || in.u8() != 'm') {
                return false;
            }
            in.skip(4);
            while (in.hasMore()) {
                int id = in.u8();
                int length = in.u32();
                int from = in.position();
                BinaryReader section = in.part(length);
                if (id == 11) {
                    String data = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
                    texts(data);
                    WIDE.matcher(data).results().forEach(wide -> {
                        String text = wide.group().replace("\0", "");
                        texts(text);
                        calls(text.substring(0, text.length() - 1)); // the last may be the size of what follows
                    });
                } else {
                    read(id, section);
                }
            }
        } catch (ProgramRejected _) {
            // What was read until here is listed; the scan says what is wrong.
            return in.position() >= 4;
        }
        return true;
    }

    private void read(int id, BinaryReader section) throws ProgramRejected {
        switch (id) {
            case 0 -> custom(section);
            case 1 -> types(section);
            case 2 -> imports(section);
            case 3 -> {
                for (int left = listed(section); left > 0; left--) {
                    functions.add(type(section.u32()));
                }
            }
            case 4 -> {
                for (int left = listed(section); left > 0; left--) {
                    if (section.u8() != 0x70) {
                        features.add("reference-types");
                    }
                    tables.add(size(section));
                }
            }
            case 5 -> {
                for (int left = listed(section); left > 0; left--) {
                    memories.add(size(section));
                }
                if (memories.size() > 1) {
                    features.add("multimemory");
                }
            }
            case 7 -> exports(section);
            case 8 -> start = section.u32();
            case 13 -> features.add("exception-handling");
            default -> {}
        }
    }

    private static int listed(BinaryReader section) throws ProgramRejected {
        return section.count("entries", MAX_LISTED);
    }

    private void custom(BinaryReader section) throws ProgramRejected {
        if (!section.name().equals("target_features")) {
            return;
        }
        for (int left = listed(section); left > 0; left--) {
            boolean used = section.u8() != '-';
            String feature = section.name();
            if (used) {
                features.add(feature);
            }
        }
    }

    private void types(BinaryReader section) throws ProgramRejected {
        for (int left = listed(section); left > 0; left--) {
            if (section.u8() != 0x60) {
                features.add("gc");
                return;
            }
            List<String> parameters = valueTypes(section);
            List<String> results = valueTypes(section);
            if (results.size() > 1) {
                features.add("multivalue");
            }
            types.add("(" + String.join(", ", parameters) + ") -> "
                    + (results.size() == 1 ? results.getFirst() : "(" + String.join(", ", results) + ")"));
        }
    }

    private List<String> valueTypes(BinaryReader section) throws ProgramRejected {
        List<String> names = new ArrayList<>();
        for (int left = listed(section); left > 0; left--) {
            int type = section.u8();
            names.add(
                    switch (type) {
                        case 0x7f -> "i32";
                        case 0x7e -> "i64";
                        case 0x7d -> "f32";
                        case 0x7c -> "f64";
                        case 0x7b -> {
                            features.add("simd128");
                            yield "v128";
                        }
                        case 0x70, 0x6f -> {
                            features.add("reference-types");
                            yield type == 0x70 ? "funcref" : "externref";
                        }
                        default -> throw section.malformed("has a value type " + type);
                    });
        }
        return names;
    }

    private String type(int index) {
        return index < types.size() ? types.get(index) : "?";
    }

    private void imports(BinaryReader section) throws ProgramRejected {
        for (int left = listed(section); left > 0; left--) {
            String module = section.name();
            String name = section.name();
            int kind = section.u8();
            String signature = "";
            switch (kind) {
                case FUNCTION -> {
                    signature = type(section.u32());
                    functions.add(signature);
                    imported++;
                }
                case 1 -> {
                    section.u8();
                    tables.add(size(section));
                }
                case 2 -> memories.add(size(section));
                case 3 -> section.skip(2);
                default -> throw section.malformed("imports a thing of kind " + kind);
            }
            imports.add(new Import(module, name, KINDS.get(kind), signature));
        }
    }

    private Size size(BinaryReader section) throws ProgramRejected {
        int flags = section.u8();
        if ((flags & 2) != 0) {
            features.add("atomics");
        }
        if ((flags & 4) != 0) {
            features.add("memory64");
        }
        long least = section.u32();
        return new Size(least, (flags & 1) != 0 ? Long.valueOf(section.u32()) : null);
    }

    private void exports(BinaryReader section) throws ProgramRejected {
        for (int left = listed(section); left > 0; left--) {
            String name = section.name();
            int kind = section.u8();
            int index = section.u32();
            boolean function = kind == FUNCTION && index < functions.size();
            exports.add(new Export(
                    name, kind < KINDS.size() ? KINDS.get(kind) : "thing", function ? functions.get(index) : ""));
        }
    }

    private void texts(String data) {
        Matcher address = ADDRESS.matcher(data);
        while (address.find() && hosts.size() < MAX_LISTED) {
            hosts.add(address.group(1));
        }
        calls(data);
    }

    private void calls(String data) {
        CALL.matcher(data).results().forEach(call -> hostCalls.add(call.group(1)));
    }
}
