// What Extism's kit for Zig offers, used once each: ExtismKitTest says with what outcome. README.md says how it is
// built.
const std = @import("std");
const extism = @import("extism-pdk");
const allocator = std.heap.wasm_allocator;
const plugin = extism.Plugin.init(allocator);

extern "extism:host/user" fn nexus_call(name: u64, arguments: u64) u64;

fn format(comptime text: []const u8, values: anytype) ![]u8 {
    return std.fmt.allocPrint(allocator, text, values);
}

fn quoted(text: ?[]const u8) ![]const u8 {
    return if (text) |t| format("\"{s}\"", .{t}) else "null";
}

fn call(name: []const u8, arguments: []const u8) u64 {
    return nexus_call(plugin.allocateBytes(name).offset, plugin.allocateBytes(arguments).offset);
}

fn vars() !void {
    const before = try quoted(try plugin.getVar("v"));
    plugin.setVar("v", "one");
    plugin.setVar("v", "two");
    const after = try quoted(try plugin.getVar("v"));
    plugin.removeVar("v");
    const removed = try quoted(try plugin.getVar("v"));
    plugin.output(try format("{{\"before\":{s},\"after\":{s},\"removed\":{s}}}", .{ before, after, removed }));
}

fn http() !void {
    var request = extism.http.HttpRequest.init("POST", "https://example.org/a");
    try request.setHeader(allocator, "X-A", "1");
    const response = try plugin.request(request, "{\"q\":1}");
    const headers = try response.headers(allocator);
    const kind = if (headers.get("content-type")) |header| header.value else "none";
    plugin.output(try format("{{\"status\":{d},\"headers\":{{\"content-type\":\"{s}\"}},\"body\":{s}}}", .{
        response.statusCode(), kind, try response.body(allocator),
    }));
}

fn bytes() !void {
    var sent: [256]u8 = undefined;
    for (&sent, 0..) |*byte, i| byte.* = @intCast(i);
    const request = extism.http.HttpRequest.init("PUT", "https://example.org/b");
    const response = try plugin.request(request, &sent);
    plugin.output(if (std.mem.eql(u8, &sent, try response.body(allocator))) "true" else "false");
}

fn blocks() !void {
    for (0..1000) |_| {
        const block = plugin.allocate(100000);
        if (block.offset == 0 or plugin.findMemory(block.offset).length != 100000) return error.NoRoom;
        block.free();
    }
    plugin.output("true");
}

fn config() !void {
    const greeting = try quoted(try plugin.getConfig("greeting"));
    const nothing = try quoted(try plugin.getConfig("nothing"));
    const context = (try plugin.getConfig("nexus.context")) orelse "null";
    plugin.output(try format("{{\"greeting\":{s},\"nothing\":{s},\"context\":{s}}}", .{ greeting, nothing, context }));
}

fn all() !i32 {
    const input = try plugin.getInput();
    const Asked = struct { do: []const u8 = "echo" };
    const asked = (try std.json.parseFromSlice(Asked, allocator, input, .{ .ignore_unknown_fields = true })).value.do;
    if (std.mem.eql(u8, asked, "config")) {
        try config();
    } else if (std.mem.eql(u8, asked, "vars")) {
        try vars();
    } else if (std.mem.eql(u8, asked, "log")) {
        plugin.log(.Debug, "debug ä");
        plugin.log(.Info, "info ä");
        plugin.log(.Warn, "warn ä");
        plugin.log(.Error, "error ä");
        plugin.output("true");
    } else if (std.mem.eql(u8, asked, "http")) {
        try http();
    } else if (std.mem.eql(u8, asked, "bytes")) {
        try bytes();
    } else if (std.mem.eql(u8, asked, "call")) {
        _ = call("kv.put", "[\"k\",7]");
        plugin.outputMemory(plugin.findMemory(call("kv.get", "[\"k\"]")));
    } else if (std.mem.eql(u8, asked, "blocks")) {
        try blocks();
    } else if (std.mem.eql(u8, asked, "error")) {
        plugin.setError("{\"code\":\"asked\",\"message\":\"no ä\"}");
        return 1;
    } else if (std.mem.eql(u8, asked, "text")) {
        plugin.setError("plain");
        return 1;
    } else if (std.mem.eql(u8, asked, "trap")) {
        @trap();
    } else {
        plugin.output(input);
    }
    return 0;
}

export fn run() i32 {
    return all() catch |problem| {
        plugin.setError(@errorName(problem));
        return 1;
    };
}
