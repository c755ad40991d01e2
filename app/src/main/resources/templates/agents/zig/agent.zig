// Counts the words of {"text": "…"} and remembers how many texts it has seen: {"words": 3, "texts": 1}
//
// An Extism plug-in: it exports `run`, and input, output and log go through the functions below. It needs nothing
// but Zig (0.12 or newer) and is built in the project folder with
//
//   zig build-exe agents/@NAME@.zig -target wasm32-freestanding -O ReleaseSmall -fno-entry -rdynamic \
//       -femit-bin=agents/@NAME@.wasm
//
// Zig's Extism kit (github.com/extism/zig-pdk) wraps the same functions.

const std = @import("std");
const allocator = std.heap.wasm_allocator;

// Blocks of bytes that the host holds; a number is the address of one.
extern "extism:host/env" fn alloc(length: u64) u64;
extern "extism:host/env" fn length_unsafe(address: u64) u64;
extern "extism:host/env" fn load_u8(address: u64) u8;
extern "extism:host/env" fn store_u8(address: u64, byte: u8) void;
extern "extism:host/env" fn input_length() u64;
extern "extism:host/env" fn input_load_u8(at: u64) u8;
extern "extism:host/env" fn output_set(address: u64, length: u64) void;
extern "extism:host/env" fn error_set(address: u64) void;
extern "extism:host/env" fn log_info(address: u64) void;

// Models, keys, files and other agents: the name of a call and a JSON array of its arguments. The answer is
// {"ok": …} or {"error": {"code": "…", "message": "…"}}.
extern "extism:host/user" fn nexus_call(name: u64, arguments: u64) u64;

fn give(bytes: []const u8) u64 {
    const address = alloc(bytes.len);
    for (bytes, 0..) |byte, i| store_u8(address + i, byte);
    return address;
}

fn take(address: u64) ![]u8 {
    const bytes = try allocator.alloc(u8, @intCast(length_unsafe(address)));
    for (bytes, 0..) |*byte, i| byte.* = load_u8(address + i);
    return bytes;
}

fn input() ![]u8 {
    const bytes = try allocator.alloc(u8, @intCast(input_length()));
    for (bytes, 0..) |*byte, i| byte.* = input_load_u8(i);
    return bytes;
}

fn call(comptime T: type, name: []const u8, arguments: []const u8) !T {
    const Answer = struct { ok: ?T = null, @"error": ?struct { message: []const u8 } = null };
    const answer = try parse(Answer, try take(nexus_call(give(name), give(arguments))));
    if (answer.@"error") |failed| {
        fail("refused", failed.message);
        return error.Refused;
    }
    return answer.ok orelse 0;
}

fn parse(comptime T: type, json: []const u8) !T {
    const parsed = try std.json.parseFromSlice(T, allocator, json, .{ .ignore_unknown_fields = true });
    return parsed.value;
}

var failed_already = false;

fn fail(code: []const u8, message: []const u8) void {
    if (failed_already) return;
    failed_already = true;
    var buffer: [512]u8 = undefined;
    const short = message[0..@min(message.len, 400)];
    const text = std.fmt.bufPrint(&buffer, "{{\"code\":\"{s}\",\"message\":\"{s}\"}}", .{ code, short }) catch code;
    error_set(give(text));
}

fn count() !void {
    const Input = struct { text: []const u8 };
    const given = parse(Input, try input()) catch {
        fail("bad-input", "the input needs a text");
        return error.BadInput;
    };
    var words: u32 = 0;
    var all = std.mem.tokenizeAny(u8, given.text, " \t\r\n");
    while (all.next() != null) words += 1;

    const texts = 1 + try call(u32, "kv.get", "[\"texts\"]");
    var buffer: [80]u8 = undefined;
    _ = try call(u32, "kv.put", try std.fmt.bufPrint(&buffer, "[\"texts\",{d}]", .{texts}));

    log_info(give(try std.fmt.bufPrint(&buffer, "counted {d} words", .{words})));
    const output = try std.fmt.bufPrint(&buffer, "{{\"words\":{d},\"texts\":{d}}}", .{ words, texts });
    output_set(give(output), output.len);
}

export fn run() i32 {
    count() catch |problem| {
        fail("error", @errorName(problem));
        return 1;
    };
    return 0;
}
