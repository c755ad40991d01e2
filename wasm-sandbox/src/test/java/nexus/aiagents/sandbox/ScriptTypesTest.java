package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `nexus.d.ts` says what there is, no more and no less.
class ScriptTypesTest {
    @TempDir
    static Path cache;

    /// Of the language itself, as editors know it.
    static final Set<String> LANGUAGE = Set.of(("Object Function Error EvalError RangeError ReferenceError SyntaxError"
                    + " TypeError URIError InternalError AggregateError SuppressedError Iterator Array parseInt parseFloat"
                    + " isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape Infinity NaN"
                    + " undefined eval Number Boolean String Math Reflect Symbol DisposableStack AsyncDisposableStack globalThis"
                    + " BigInt Date RegExp JSON Proxy Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer"
                    + " SharedArrayBuffer Atomics Uint8ClampedArray Int8Array Uint8Array Int16Array Uint16Array Int32Array"
                    + " Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array DataView Promise")
            .split(" "));

    static String types() throws IOException {
        try (InputStream in = Sandbox.class.getResourceAsStream("nexus.d.ts")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Names of the members of an interface or class.
    static Set<String> members(String type) throws IOException {
        Matcher body = Pattern.compile("(?ms)^(?:declare )?(?:interface|class|const) " + type + "\\b[^{]*\\{(.*?)^}")
                .matcher(types());
        assertTrue(body.find(), type);
        Set<String> names = new TreeSet<>();
        Matcher member = Pattern.compile("(?m)^  (?!static|constructor|/|\\()(?:readonly )?(\\w+)[?<(:]")
                .matcher(body.group(1));
        while (member.find()) {
            names.add(member.group(1));
        }
        return names;
    }

    static Set<String> real(String expression) throws Exception {
        try (Sandbox sandbox = Sandbox.open(cache)) {
            String source = "export default (input, nexus) => { const own = (o) => Object.getOwnPropertyNames(o)"
                    + ".filter((n) => n !== 'constructor' && n !== 'length' && n !== 'name' && n !== 'prototype');"
                    + " return " + expression + "; }";
            Outcome outcome =
                    FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", source)))
                            .start(new Invocation("{}", Limits.DEFAULT, new FakeHost())));
            Set<String> names = new TreeSet<>();
            JsonNode output = JsonMapper.shared()
                    .readTree(assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
            output.forEach(name -> names.add(name.stringValue()));
            return names;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Nexus           | own(nexus)
            NexusLog        | own(nexus.log)
            NexusKv         | own(nexus.kv)
            NexusFile       | own(nexus.file)
            Console         | own(console)
            URL             | own(URL.prototype)
            URLSearchParams | own(URLSearchParams.prototype)
            AbortController | [...own(AbortController.prototype), ...own(new AbortController())]
            crypto          | own(crypto)
            """)
    void each_member_is_described_and_is_there(String type, String expression) throws Exception {
        assertEquals(members(type), real(expression));
    }

    @Test
    void each_global_is_described_and_is_there() throws Exception {
        Set<String> described = new TreeSet<>();
        Matcher declared =
                Pattern.compile("(?m)^declare (?:function|class|const) (\\w+)").matcher(types());
        while (declared.find()) {
            described.add(declared.group(1));
        }
        Set<String> there = real("own(globalThis)");
        there.removeAll(LANGUAGE);

        assertEquals(described, there);
    }
}
