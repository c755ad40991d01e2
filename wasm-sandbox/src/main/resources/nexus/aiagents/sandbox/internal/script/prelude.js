// The host API of JavaScript programs, and how they begin and end.
import * as host from "nexus:host";
import { logger } from "nexus:console";
import { onFailure, tick as tickWith } from "nexus:timers";
import { fromBase64, toBase64 } from "nexus:web";

const { call, invoke, shown } = host;
host.seal();
const { parse, stringify } = JSON;
const { assign, create, freeze } = Object;
const { apply } = Reflect;
const ErrorType = Error;
const StringOf = String;
const then = Promise.prototype.then;

const debug = logger("DEBUG");
const info = logger("INFO");
const warn = logger("WARN");
const error = logger("ERROR");

// xoshiro128**, seeded by the host once: a recorded run makes the same numbers again.
let state;
function random() {
  if (state === undefined) {
    const bytes = call("random", 16);
    state = new Uint32Array(4);
    for (let i = 0; i < 16; i++) state[i >> 2] |= bytes[i] << (8 * (i & 3));
    if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  }
  return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}
function next() {
  const rotated = state[1] * 5;
  const result = ((rotated << 7) | (rotated >>> 25)) * 9;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = (state[3] << 11) | (state[3] >>> 21);
  return result;
}
Math.random = random;

// QuickJS's own leaves the sign of a negative number.
const { asUintN } = BigInt;
const Big = BigInt;
const { trunc } = Math;
BigInt.asUintN = {
  asUintN(bits, number) {
    const width = trunc(+bits);
    const value = asUintN(width, number);
    return value < 0n ? value & ((1n << Big(width)) - 1n) : value;
  },
}.asUintN;

/** A Uint8Array of what has bytes, undefined of anything else. */
function bytesOf(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

async function http(url, options = {}) {
  const { method = "GET", headers = {}, body, bytes = false } = options;
  const raw = bytesOf(body);
  const text = raw ? toBase64(raw) : body === undefined || body === null || typeof body === "string" ? body : stringify(body);
  const typed = raw || text === body ? headers : { "content-type": "application/json", ...headers };
  const answer = call("http", StringOf(url), StringOf(method), typed, text ?? null, raw !== undefined, bytes === true);
  return bytes === true ? { ...answer, body: fromBase64(answer.body) } : answer;
}

async function write(path, content) {
  const raw = bytesOf(content);
  return raw ? call("file.writeBytes", path, toBase64(raw)) : call("file.write", path, content);
}

// What waits for something outside answers by a promise; the rest is there at once.
const api = (context, env) => freeze({
  log: freeze(assign((...values) => info(...values), { debug, info, warn, error })),
  model: async (request) => call("model", typeof request === "string" ? { prompt: request } : request),
  http,
  kv: freeze({
    get: async (key) => call("kv.get", key),
    put: async (key, value) => call("kv.put", key, value),
    delete: async (key) => call("kv.delete", key),
    list: async (prefix = "") => call("kv.list", prefix),
  }),
  file: freeze({
    read: async (path) => call("file.read", path),
    readBytes: async (path) => fromBase64(call("file.readBytes", path)),
    write,
    delete: async (path) => call("file.delete", path),
    list: async (path) => call("file.list", path),
  }),
  agent: async (name, input = null) => call("agent", name, input),
  emit: (event, data = null) => call("emit", event, data),
  now: () => call("now"),
  random,
  context: freeze(context),
  env: freeze(env),
});

// What QuickJS says of values that JSON has no word for. What else is thrown there comes of a toJSON.
const NO_JSON = ["circular reference", "BigInt are forbidden in JSON.stringify"];

function finish(value) {
  let text;
  try {
    text = stringify(value === undefined ? null : value);
  } catch (reason) {
    if (!(reason instanceof TypeError) || !NO_JSON.includes(reason.message)) throw reason;
    const what = reason.message === NO_JSON[0] ? "an object that contains itself" : "a BigInt";
    throw assign(new TypeError(`${what} is not JSON`), { code: "bad-output" });
  }
  if (text === undefined) {
    const what = typeof value === "object" ? "an object whose toJSON gives nothing" : `a ${typeof value}`;
    throw assign(new TypeError(`${what} is not JSON`), { code: "bad-output" });
  }
  invoke("nexus", "return", text);
}

// What a program says of its failure is as long as it likes; one host call carries only so much.
const LONGEST = 100000;
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);

function describe(reason) {
  const report = create(null);
  report.code = "error";
  report.message = "";
  report.stack = "";
  try {
    if (reason instanceof ErrorType) {
      const name = StringOf(reason.name);
      report.message = name === "Error" ? StringOf(reason.message) : `${name}: ${StringOf(reason.message)}`;
      report.stack = StringOf(reason.stack);
    } else {
      report.message = shown(typeof reason?.message === "string" ? reason.message : reason);
    }
    if (typeof reason?.code === "string" && reason.code !== "") report.code = reason.code;
  } catch {
    report.message = report.message || "the program threw something that can not be described";
  }
  return report;
}

function fail(reason) {
  const report = describe(reason);
  for (const part of ["code", "message", "stack"]) report[part] = cut(report[part]);
  invoke("nexus", "fail", stringify(report));
}

/** Goes on with the next timer, if there is one. */
export function tick() {
  tickWith(fail);
}

export function start(program) {
  onFailure(fail);
  const main = program.default;
  if (typeof main !== "function") {
    fail(assign(new TypeError("the default export is no function"), { code: "no-default-export" }));
    return;
  }
  const { input, context, env } = parse(invoke("nexus", "setup", "[]"));
  const run = async () => finish(await main(input, api(context, env)));
  apply(then, run(), [undefined, fail]);
}
