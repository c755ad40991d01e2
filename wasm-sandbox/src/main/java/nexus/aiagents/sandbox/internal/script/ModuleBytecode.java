package nexus.aiagents.sandbox.internal.script;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The head of one ES module that QuickJS compiled: its name, what it imports and what it exports, with
/// a way to give it other names.
///
/// The plug-in calls every module `function.mjs` and has no loader. But QuickJS looks for a module among
/// those already loaded first, so a program of several files works once each compiled file has its own name
/// and is loaded before its importers. Layout (QuickJS-ng, version 26): version, checksum, table of names,
/// module head, code.
record ModuleBytecode(
        List<Name> names, int firstAtom, int name, List<Integer> imports, List<Integer> exports, Code code) {

    static final String GIVEN_NAME = "function.mjs";

    private static final int VERSION = 26;
    private static final int HEAD = 5;
    private static final int MODULE_TAG = 0x0d;

    /// A name as it stands in the table; `text` is empty for one that QuickJS knows by number.
    record Name(String text, byte[] raw) {}

    /// The bytes behind the list of imports.
    record Code(byte[] bytes) {}

    static ModuleBytecode parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = in.get();
        int sum = in.getInt();
        if (version != VERSION || sum != checksum(bytes, HEAD)) {
            throw new IllegalStateException(
                    "bytecode of QuickJS has version " + version + ", expected " + VERSION + " with its checksum");
        }
        int count = leb(in);
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(readName(in));
        }
        int tag = in.get();
        int module = leb(in);
        if (tag != MODULE_TAG || !names.getFirst().text().equals(GIVEN_NAME)) {
            throw new IllegalStateException("bytecode of QuickJS does not begin with a module");
        }
        List<Integer> imports = new ArrayList<>();
        for (int left = leb(in); left > 0; left--) {
            imports.add(leb(in));
        }
        int codeAt = in.position();
        List<Integer> exports = readExports(in);
        byte[] code = new byte[bytes.length - codeAt];
        System.arraycopy(bytes, codeAt, code, 0, code.length);
        return new ModuleBytecode(
                List.copyOf(names), module >> 1, module, List.copyOf(imports), exports, new Code(code));
    }

    private static List<Integer> readExports(ByteBuffer in) {
        List<Integer> exports = new ArrayList<>();
        for (int left = leb(in); left > 0; left--) {
            boolean local = in.get() == 0;
            leb(in);
            if (!local) {
                leb(in);
            }
            exports.add(leb(in));
        }
        return List.copyOf(exports);
    }

    private static Name readName(ByteBuffer in) {
        int start = in.position();
        String text = "";
        if (in.get() == 0) {
            in.getInt();
        } else {
            int head = leb(in);
            boolean wide = (head & 1) != 0;
            byte[] characters = new byte[wide ? (head >> 1) * 2 : head >> 1];
            in.get(characters);
            text = new String(characters, wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
        }
        byte[] raw = new byte[in.position() - start];
        in.get(start, raw);
        return new Name(text, raw);
    }

    /// What it imports, as written; empty text for a word that QuickJS knows by number.
    List<String> specifiers() {
        return imports.stream().map(this::text).toList();
    }

    private String text(int atom) {
        int index = (atom >> 1) - firstAtom;
        return (atom & 1) == 0 && index >= 0 ? names.get(index).text() : "";
    }

    /// The bytecode under another name, importing from other names.
    ///
    /// @param targets by specifier
    byte[] linked(String newName, Map<String, String> targets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> added = specifiers().stream()
                .map(s -> Objects.requireNonNull(targets.get(s), s))
                .toList();
        writeLeb(out, names.size() + added.size());
        for (Name each : names) {
            if (each.text().equals(GIVEN_NAME)) {
                writeName(out, newName);
            } else {
                out.writeBytes(each.raw());
            }
        }
        added.forEach(target -> writeName(out, target));
        out.write(MODULE_TAG);
        writeLeb(out, name);
        writeLeb(out, imports.size());
        for (int i = 0; i < imports.size(); i++) {
            writeLeb(out, (firstAtom + names.size() + i) << 1);
        }
        out.writeBytes(code.bytes());
        byte[] body = out.toByteArray();
        return ByteBuffer.allocate(HEAD + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) VERSION)
                .putInt(checksum(body, 0))
                .put(body)
                .array();
    }

    private static void writeName(ByteArrayOutputStream out, String text) {
        boolean wide = text.chars().anyMatch(c -> c > 0xff);
        out.write(1);
        writeLeb(out, text.length() << 1 | (wide ? 1 : 0));
        out.writeBytes(text.getBytes(wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1));
    }

    private static int leb(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void writeLeb(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left >>> 7 != 0) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static int checksum(byte[] bytes, int from) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = from;
        int sum = 0;
        for (; at + 4 < bytes.length; at += 4) {
            sum = (sum + in.getInt(at)) * 0x9e370001;
        }
        int rest = 0;
        // A tail of four bytes is not counted: that is how QuickJS does it.
        for (int i = bytes.length - at == 4 ? 4 : 0; at + i < bytes.length; i++) {
            rest |= (bytes[at + i] & 0xff) << 8 * i;
        }
        return (sum + rest) * 0x9e370001;
    }
}
