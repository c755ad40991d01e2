// What Extism's kit does not offer.
import { Host, Memory } from "@extism/as-pdk";
import { error_set } from "@extism/as-pdk/lib/env";

@external("extism:host/user", "nexus_call")
declare function nexus_call(name: u64, args: u64): u64;

@external("extism:host/env", "length")
declare function length(address: u64): u64;

const OK = '{"ok":';

/**
 * Models, keys, files and other agents, by name, with a JSON array of arguments.
 * Answers the JSON of the answer, or {"error": {"code": "…", "message": "…"}}.
 */
export function call(name: string, args: string): string {
  const address = nexus_call(Memory.allocateString(name).offset, Memory.allocateString(args).offset);
  const answer = new Memory(address, length(address)).toString();
  return answer.startsWith(OK) ? answer.substring(OK.length, answer.length - 1) : answer;
}

export function isError(answer: string): bool {
  return answer.startsWith('{"error":');
}

/** Why a run failed: plain text, {"code": "…", "message": "…"}, or what a call answered. Answers what run has to. */
export function fail(error: string): i32 {
  const start = '{"error":';
  const text = isError(error) ? error.substring(start.length, error.length - 1) : error;
  error_set(Memory.allocateString(text).offset);
  return 1;
}

/** The kit's outputString counts UTF-16 units and so cuts off what is not ASCII. */
export function output(json: string): void {
  Host.output(Uint8Array.wrap(String.UTF8.encode(json)));
}
