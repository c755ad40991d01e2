// The host API of JavaScript programs. Takes the one way to the host out of the global scope and keeps the
// built-ins it needs, so that a program that replaces them harms nobody but itself.
const invoke = globalThis.java_invoke;
delete globalThis.java_invoke;
delete globalThis.plugin;
delete globalThis.Javy;

const { parse, stringify } = JSON;
const { assign, create, freeze, hasOwn } = Object;
const { apply } = Reflect;
const ErrorType = Error;
const StringOf = String;
const then = Promise.prototype.then;

function call(kind, ...args) {
  const answer = parse(invoke("nexus", kind, stringify(args)));
  if (hasOwn(answer, "error")) {
    throw assign(new ErrorType(answer.error.message), { code: answer.error.code });
  }
  return answer.ok;
}

function shown(value) {
  if (typeof value === "string") return value;
  if (value instanceof ErrorType) return value.stack ? `${value}\n${value.stack}` : `${value}`;
  try {
    const text = typeof value === "object" && value !== null ? stringify(value) : undefined;
    return text === undefined ? StringOf(value) : text;
  } catch {
    return "[object]";
  }
}

function logger(level) {
  return (...values) => {
    let text = "";
    for (let i = 0; i < values.length; i++) text += (i > 0 ? " " : "") + shown(values[i]);
    call("log", level, text);
  };
}

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

globalThis.console = { log: info, info, debug, trace: debug, warn, error };

async function http(url, options = {}) {
  const { method = "GET", headers = {}, body } = options;
  const text = body === undefined || body === null || typeof body === "string" ? body : stringify(body);
  const typed = text === body ? headers : { "content-type": "application/json", ...headers };
  return call("http", StringOf(url), StringOf(method), typed, text ?? null);
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
    write: async (path, text) => call("file.write", path, text),
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

function finish(value) {
  const text = stringify(value === undefined ? null : value);
  if (text === undefined) {
    throw assign(new TypeError(`a ${typeof value} is not JSON`), { code: "bad-output" });
  }
  invoke("nexus", "return", text);
}

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
  invoke("nexus", "fail", stringify(describe(reason)));
}

export function start(program) {
  const main = program.default;
  if (typeof main !== "function") {
    fail(assign(new TypeError("the default export is no function"), { code: "no-default-export" }));
    return;
  }
  const { input, context, env } = parse(invoke("nexus", "setup", "[]"));
  const run = async () => finish(await main(input, api(context, env)));
  apply(then, run(), [undefined, fail]);
}
