import * as host from "nexus:host";

const { call, globals } = host;

// Timers wait through the host, which may let the time pass at once, as a replay does. Nothing runs beside the
// program: the host calls `tick` when the program has nothing left to do but wait.
const waiting = new Map();
let lastId = 0;
let order = 0;
let turn; // the time of this turn, asked for once
let origin;
let latest = 0;
let failed;

function now() {
  if (turn === undefined) {
    const time = call("now");
    turn = latest = time > latest ? time : latest;
    origin ??= turn;
  }
  return turn;
}

function start(callback, delay, args, every) {
  if (typeof callback !== "function") throw new TypeError("a timer needs a function");
  const milliseconds = Math.min(Math.max(Math.trunc(Number(delay)) || 0, every ? 1 : 0), 2147483647);
  waiting.set(++lastId, { at: now() + milliseconds, order: ++order, callback, args, every: every ? milliseconds : 0 });
  return lastId;
}

const stop = (id) => void waiting.delete(typeof id === "object" && id !== null ? undefined : Number(id));

/** Runs the timer that is due next, after waiting for it; does nothing if there is none. */
export function tick(fail) {
  failed = fail;
  let id;
  let next;
  for (const [key, timer] of waiting) {
    if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) [id, next] = [key, timer];
  }
  if (!next) return;
  turn = undefined;
  const left = next.at - now();
  call("sleep", left > 0 ? left : 0);
  // Also where the host's clock stands still it is that time now.
  if (next.at > latest) latest = next.at;
  turn = undefined;
  if (next.every > 0) {
    next.at += next.every;
    next.order = ++order;
    if (next.at < latest) next.at = latest;
  } else {
    waiting.delete(id);
  }
  try {
    next.callback(...next.args);
  } catch (reason) {
    fail(reason);
  }
  turn = undefined;
}

const resolved = Promise.resolve();
const { then } = Promise.prototype;
const { apply } = Reflect;

globals({
  setTimeout: (callback, delay, ...args) => start(callback, delay, args, false),
  setInterval: (callback, delay, ...args) => start(callback, delay, args, true),
  setImmediate: (callback, ...args) => start(callback, 0, args, false),
  clearTimeout: stop,
  clearInterval: stop,
  clearImmediate: stop,
  queueMicrotask: (callback) => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask needs a function");
    apply(then, apply(then, resolved, [() => callback()]), [undefined, (reason) => failed?.(reason)]);
  },
  performance: {
    /** Milliseconds since the first question about time, by the host's clock. */
    now: () => {
      turn = undefined;
      return now() - origin;
    },
    get timeOrigin() {
      now();
      return origin;
    },
  },
});

/** Who is told of an error in a microtask. */
export function onFailure(fail) {
  failed = fail;
}
