import * as host from "nexus:host";

const { call, globals } = host;

// Timers wait through the host, which may let the time pass at once, as a replay does. Nothing runs beside the
// program: the host calls `tick` when the program has nothing left to do but wait.
const waiting = new Map(); // those that were not cleared, by their numbers
let heap = []; // the one that is due first at its top; may hold some that were cleared
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
  const timer = { id: ++lastId, at: now() + milliseconds, order: ++order, callback, args, every: every ? milliseconds : 0 };
  waiting.set(timer.id, timer);
  push(timer);
  return timer.id;
}

function stop(id) {
  if (typeof id !== "number" && typeof id !== "string") return;
  waiting.delete(Number(id));
  if (heap.length < 64 || heap.length < 2 * waiting.size) return;
  heap = [];
  for (const [, timer] of waiting) push(timer);
}

const isBefore = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(timer) {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (isBefore(heap[above], timer)) break;
    heap[place] = heap[above];
    place = above;
  }
  heap[place] = timer;
}

/** Takes out the timer that is due next; undefined if there is none. */
function pop() {
  while (heap.length > 0) {
    const first = heap[0];
    const last = heap[heap.length - 1];
    heap.length--;
    if (heap.length > 0) sink(last);
    if (waiting.get(first.id) === first) return first;
  }
}

/** Puts it in at the top, where there is a gap. */
function sink(timer) {
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below++;
    if (isBefore(timer, heap[below])) break;
    heap[place] = heap[below];
    place = below;
  }
  heap[place] = timer;
}

/** Runs the timer that is due next, after waiting for it; does nothing if there is none. */
export function tick(fail) {
  failed = fail;
  const next = pop();
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
    push(next);
  } else {
    waiting.delete(next.id);
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
