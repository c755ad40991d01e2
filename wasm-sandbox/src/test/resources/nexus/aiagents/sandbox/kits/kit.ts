// What Extism's kit for AssemblyScript offers, used once each: ExtismKitTest says with what outcome. README.md says
// how it is built.
import { Config, Host, LogLevel, Memory, Var } from "@extism/as-pdk";
import { error_set, http_request, length } from "@extism/as-pdk/lib/env";

// What the kit leaves out
@external("extism:host/env", "http_status_code")
declare function http_status_code(): i32;
@external("extism:host/env", "http_headers")
declare function http_headers(): u64;
@external("extism:host/user", "nexus_call")
declare function nexus_call(name: u64, args: u64): u64;

function give(text: string): u64 {
  return Memory.allocateString(text).offset;
}

function take(address: u64): string {
  return address == 0 ? "null" : new Memory(address, length(address)).toString();
}

function quoted(text: string | null): string {
  return text === null ? "null" : '"' + text + '"';
}

function output(text: string): void {
  Host.output(Uint8Array.wrap(String.UTF8.encode(text)));
}

function vars(): void {
  const before = quoted(Var.getString("v"));
  Var.set("v", Uint8Array.wrap(String.UTF8.encode("one")));
  Var.set("v", Uint8Array.wrap(String.UTF8.encode("two")));
  const after = quoted(Var.getString("v"));
  Var.remove("v");
  output(`{"before":${before},"after":${after},"removed":${quoted(Var.getString("v"))}}`);
}

function http(): void {
  const request = '{"method":"POST","url":"https://example.org/a","headers":{"X-A":"1"}}';
  const body = take(http_request(give(request), give('{"q":1}')));
  output(`{"status":${http_status_code()},"headers":${take(http_headers())},"body":${body}}`);
}

function bytes(): void {
  const sent = new Uint8Array(256);
  for (let i = 0; i < 256; i++) {
    sent[i] = i;
  }
  const request = give('{"method":"PUT","url":"https://example.org/b"}');
  const body = http_request(request, Memory.allocateBytes(sent).offset);
  const got = new Memory(body, length(body)).toUint8Array();
  let same = got.length == 256;
  for (let i = 0; same && i < 256; i++) {
    same = got[i] == sent[i];
  }
  output(same ? "true" : "false");
}

function blocks(): void {
  for (let i = 0; i < 1000; i++) {
    const block = Memory.allocate(100000);
    assert(block.offset != 0 && length(block.offset) == 100000);
    block.free();
  }
  output("true");
}

export function run(): i32 {
  const input = Host.inputString();
  if (input.includes('"do":"config"')) {
    const context = Config.get("nexus.context");
    output(
      `{"greeting":${quoted(Config.get("greeting"))},"nothing":${quoted(Config.get("nothing"))},` +
        `"context":${context === null ? "null" : context}}`,
    );
  } else if (input.includes('"do":"vars"')) {
    vars();
  } else if (input.includes('"do":"log"')) {
    Host.log(LogLevel.Debug, "debug ä");
    Host.log(LogLevel.Info, "info ä");
    Host.log(LogLevel.Warn, "warn ä");
    Host.log(LogLevel.Error, "error ä");
    Host.outputString("true");
  } else if (input.includes('"do":"http"')) {
    http();
  } else if (input.includes('"do":"bytes"')) {
    bytes();
  } else if (input.includes('"do":"call"')) {
    nexus_call(give("kv.put"), give('["k",7]'));
    const answer = nexus_call(give("kv.get"), give('["k"]'));
    Host.outputMemory(new Memory(answer, length(answer)));
  } else if (input.includes('"do":"blocks"')) {
    blocks();
  } else if (input.includes('"do":"error"')) {
    error_set(give('{"code":"asked","message":"no ä"}'));
    return 1;
  } else if (input.includes('"do":"text"')) {
    error_set(give("plain"));
    return 1;
  } else if (input.includes('"do":"trap"')) {
    assert(false, "asked to ä");
  } else {
    Host.output(Host.input());
  }
  return 0;
}
