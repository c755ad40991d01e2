package nexus.aiagents.engine.replay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Program;

/// Programs that ask their host for all kinds of things, do what the answers say, and end in every way
/// there is; and a host that answers anything.
final class RandomPrograms {
    private static final List<String> STEPS = List.of(
            "x = (x + Date.now()) % 997;",
            "x = (x + Math.floor(Math.random() * 100)) % 997;",
            "seen.push(new Date().toISOString(), nexus.random());",
            "try { seen.push(await nexus.kv.get('k' + (x % 3))); } catch (e) { seen.push(e.code); }",
            "try { await nexus.kv.put('k' + (x % 3), { x, seen: seen.length }); } catch (e) { seen.push(e.message); }",
            "try { seen.push(...(await nexus.kv.list('k'))); } catch (e) { seen.push(e.code); }",
            "try { x += (await nexus.http('https://h.example/' + x)).body.length; } catch (e) { seen.push(e.code); }",
            "try { seen.push((await nexus.model('what is ' + x)).text); } catch (e) { seen.push(e.code); }",
            "try { seen.push(await nexus.agent('b', { x })); } catch (e) { x++; }",
            "console.log('at', x, seen.length);",
            "nexus.emit('step', { x });",
            "for (let i = 0; i < x * 10; i++) sum = (sum * 31 + i) >>> 0;",
            "seen.push(Object.keys(nexus.env).join());",
            "seen.push(JSON.stringify(input).length, nexus.context.agent);",
            "{ const old = Date.now(); x += Date.now() - old; }",
            "await new Promise((done) => setTimeout(done, x % 40)); seen.push(Math.round(performance.now()));",
            "{ let n = 0; await new Promise((done) => { const t = setInterval(() => { if (++n > 2) { clearInterval(t); done(); } }, 3); }); }",
            "if (x % 2 === 0) { console.warn('even'); } else { x += 3; }");

    private static final List<String> ENDS = List.of(
            "return { x, sum, seen };",
            "return { x, sum, seen };",
            "return [x, seen.length, nexus.now()];",
            "throw Object.assign(new Error('no: ' + x), { code: 'no-' + (x % 3) });",
            "for (;;) sum++;",
            "{ const all = []; for (;;) all.push(new Array(10000).fill(x)); }",
            "(function deeper(n) { return deeper(n + 1) + 1; })(0);",
            "await new Promise(() => {});");

    private RandomPrograms() {}

    static Program javaScript(long seed) {
        Random random = new Random(seed);
        StringBuilder body = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            body.append("  ").append(STEPS.get(random.nextInt(STEPS.size()))).append('\n');
        }
        body.append("  ").append(ENDS.get(random.nextInt(ENDS.size()))).append('\n');
        return new Program.Script(
                "p" + seed + ".js",
                "main.js",
                Map.of(
                        "main.js",
                        "import { start } from './lib.js';\nexport default async function (input, nexus) {\n"
                                + "  let x = start, sum = 7; const seen = [];\n" + body + "}\n",
                        "lib.js",
                        "export const start = " + random.nextInt(50) + " + Math.floor(Math.random() * 3);\n"));
    }

    /// Answers what comes to its mind, also errors, and now and then one that ends the run or that it
    /// throws.
    static HostCalls host(long seed) {
        Random random = new Random(seed);
        long[] time = {1_700_000_000_000L};
        return call -> {
            int mood = random.nextInt(60);
            if (mood == 0) {
                throw new IllegalStateException("the host is broken");
            }
            if (mood == 1 && !(call instanceof HostCall.Now)) {
                return new HostAnswer.Error("budget", "no money \"left\"", true);
            }
            if (mood < 8 && !(call instanceof HostCall.Now || call instanceof HostCall.Random)) {
                return new HostAnswer.Error("not-granted", "no ünicode \\ here", false);
            }
            return new HostAnswer.Ok(
                    switch (call) {
                        case HostCall.Log _, HostCall.Emit _, HostCall.KvPut _ -> "null";
                        case HostCall.Now _ -> Long.toString(time[0] += random.nextInt(50));
                        case HostCall.Random(int bytes) -> {
                            List<Integer> numbers = new ArrayList<>();
                            for (int i = 0; i < bytes; i++) {
                                numbers.add(random.nextInt(256));
                            }
                            yield numbers.toString();
                        }
                        case HostCall.Http _ ->
                            "{\"status\":200,\"headers\":{\"content-type\":\"text/plain\"},\"body\":\""
                                    + "ö".repeat(random.nextInt(40)) + "\"}";
                        case HostCall.Model _ ->
                            "{\"text\":\"" + text(random) + "\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}";
                        case HostCall.KvList _ -> "[\"k1\", \"k2\"]";
                        default -> random.nextBoolean() ? "{\"v\": " + random.nextInt(9) + "}" : "null";
                    });
        };
    }

    private static String text(Random random) {
        int number = random.nextInt();
        return switch (Math.floorMod(number, 4)) {
            case 0 -> "```json\\n{\\\"b\\\": " + number + ", \\\"a\\\": [\\\"ü\\\"]}\\n```";
            case 1 -> "{\\\"broken\\\": ";
            default -> Integer.toString(number);
        };
    }

    // ---- a WASI command that prints a number

    private static final int RANDOM = 0;
    private static final int CLOCK = 1;
    private static final int WRITE = 2;
    private static final int POLL = 3;
    private static final int EXIT = 4;

    static Program webAssembly(long seed) {
        Random random = new Random(seed);
        Bytes body = new Bytes();
        body.raw(1, 1, 0x7f); // one local, an i32
        print(body.constant('1'));
        for (int i = random.nextInt(14); i >= 0; i--) {
            step(body, random.nextInt(6));
        }
        end(body, random.nextInt(6));
        body.raw(0x0b);
        Bytes module = new Bytes().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        module.section(
                1,
                new Bytes()
                        .raw(5)
                        .raw(0x60, 0, 0)
                        .raw(0x60, 2, 0x7f, 0x7f, 1, 0x7f)
                        .raw(0x60, 3, 0x7f, 0x7e, 0x7f, 1, 0x7f)
                        .raw(0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f)
                        .raw(0x60, 1, 0x7f, 0));
        module.section(
                2,
                new Bytes()
                        .raw(5)
                        .wasi("random_get", 1)
                        .wasi("clock_time_get", 2)
                        .wasi("fd_write", 3)
                        .wasi("poll_oneoff", 3)
                        .wasi("proc_exit", 4));
        module.section(3, new Bytes().raw(1, 0));
        module.section(5, new Bytes().raw(1, 1, 1, 16));
        module.section(
                7, new Bytes().raw(2).text("_start").raw(0, 5).text("memory").raw(2, 0));
        module.section(10, new Bytes().raw(1).unsigned(body.size()).all(body));
        return new Program.WasmModule("w" + seed + ".wasm", module.toArray());
    }

    private static void step(Bytes body, int kind) {
        switch (kind) {
            case 0 -> {
                body.constant(200).constant(1).call(RANDOM).drop();
                print(body.constant(200)
                        .raw(0x2d, 0, 0)
                        .constant(10)
                        .raw(0x70)
                        .constant('0')
                        .raw(0x6a));
            }
            case 1 -> {
                body.constant(0).raw(0x42, 0).constant(208).call(CLOCK).drop();
                print(body.constant(208)
                        .raw(0x29, 3, 0)
                        .raw(0x42)
                        .signed(1_000_000)
                        .raw(0x80, 0xa7)
                        .constant(10)
                        .raw(0x70)
                        .constant('0')
                        .raw(0x6a));
            }
            case 2 -> // as many rounds as the last random byte says
                body.constant(200)
                        .raw(0x2d, 0, 0, 0x21, 0)
                        .raw(0x03, 0x40, 0x20, 0)
                        .constant(1)
                        .raw(0x6b, 0x22, 0)
                        .constant(0)
                        .raw(0x4a, 0x0d, 0, 0x0b);
            case 3 -> write(body.constant(100), '\n', 2);
            case 4 -> // waits for 3 ms of the monotonic clock
                body.constant(324)
                        .raw(0x42)
                        .signed(3_000_000)
                        .raw(0x37, 3, 0)
                        .constant(316)
                        .constant(1)
                        .raw(0x36, 2, 0)
                        .constant(300)
                        .constant(400)
                        .constant(1)
                        .constant(8)
                        .call(POLL)
                        .drop();
            default -> body.constant(1).raw(0x40, 0).drop();
        }
    }

    private static void end(Bytes body, int kind) {
        switch (kind) {
            case 0 -> body.raw(0x00); // unreachable
            case 1 -> body.constant(3).call(EXIT);
            case 2 -> body.raw(0x03, 0x40, 0x0c, 0, 0x0b); // for ever
            case 3 -> body.constant(1).constant(0).raw(0x6d).drop(); // by zero
            default -> {
                // It just returns.
            }
        }
    }

    /// Prints the character on the stack.
    private static void print(Bytes body) {
        body.raw(0x21, 0).constant(100).raw(0x20, 0, 0x3a, 0, 0);
        written(body, 1);
    }

    private static void write(Bytes body, char character, int stream) {
        body.constant(character).raw(0x3a, 0, 0);
        written(body, stream);
    }

    private static void written(Bytes body, int stream) {
        body.constant(0).constant(100).raw(0x36, 2, 0);
        body.constant(4).constant(1).raw(0x36, 2, 0);
        body.constant(stream).constant(0).constant(1).constant(8).call(WRITE).drop();
    }

    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes raw(int... values) {
            for (int value : values) {
                bytes.write(value);
            }
            return this;
        }

        Bytes constant(long value) {
            return raw(0x41).signed(value);
        }

        Bytes call(int function) {
            return raw(0x10, function);
        }

        Bytes drop() {
            return raw(0x1a);
        }

        Bytes unsigned(long value) {
            long left = value;
            while (left >= 0x80) {
                raw((int) (left & 0x7f) | 0x80);
                left >>>= 7;
            }
            return raw((int) left);
        }

        Bytes signed(long value) {
            long left = value;
            while (left < -64 || left >= 64) {
                raw((int) (left & 0x7f) | 0x80);
                left >>= 7;
            }
            return raw((int) (left & 0x7f));
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            unsigned(utf8.length);
            bytes.writeBytes(utf8);
            return this;
        }

        Bytes wasi(String function, int type) {
            return text("wasi_snapshot_preview1").text(function).raw(0, type);
        }

        Bytes all(Bytes other) {
            bytes.writeBytes(other.toArray());
            return this;
        }

        Bytes section(int id, Bytes content) {
            return raw(id).unsigned(content.size()).all(content);
        }

        int size() {
            return bytes.size();
        }

        byte[] toArray() {
            return bytes.toByteArray();
        }
    }
}
