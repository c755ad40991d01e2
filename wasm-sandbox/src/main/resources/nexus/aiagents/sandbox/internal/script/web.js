import * as host from "nexus:host";

const { call, globals } = host;

class DOMException extends Error {
  constructor(message = "", name = "Error") {
    super(message);
    Object.defineProperty(this, "name", { value: name, configurable: true });
    Object.defineProperty(this, "code", { value: name, configurable: true });
  }
}

// --- structuredClone ---

const TypedArray = Object.getPrototypeOf(Uint8Array);
const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function clone(value, seen) {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new DOMException(`a ${typeof value} can not be cloned`, "DataCloneError");
  }
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const copy = keep(new Array(value.length));
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  }
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Boolean || value instanceof Number || value instanceof String) return keep(Object(value.valueOf()));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (value instanceof DataView) {
    return keep(new DataView(clone(value.buffer, seen), value.byteOffset, value.byteLength));
  }
  if (value instanceof TypedArray) {
    return keep(new value.constructor(clone(value.buffer, seen), value.byteOffset, value.length));
  }
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of value) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of value) copy.add(clone(item, seen));
    return copy;
  }
  if (value instanceof Error) {
    const type = Object.hasOwn(ERRORS, value.name) ? ERRORS[value.name] : Error;
    const copy = keep(new type(value.message));
    Object.defineProperty(copy, "stack", { value: value.stack, writable: true, configurable: true });
    if ("cause" in value) copy.cause = clone(value.cause, seen);
    return copy;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
    throw new DOMException("this can not be cloned", "DataCloneError");
  }
  const copy = keep({});
  for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
  return copy;
}

// --- base64 ---

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[DIGITS.charCodeAt(i)] = i;

export function toBase64(bytes) {
  const parts = [];
  for (let from = 0; from < bytes.length; from += 3072) {
    const to = Math.min(from + 3072, bytes.length);
    let text = "";
    for (let i = from; i < to; i += 3) {
      const value = (bytes[i] << 16) | ((i + 1 < to ? bytes[i + 1] : 0) << 8) | (i + 2 < to ? bytes[i + 2] : 0);
      text += DIGITS[value >> 18] + DIGITS[(value >> 12) & 63];
      text += (i + 1 < to ? DIGITS[(value >> 6) & 63] : "=") + (i + 2 < to ? DIGITS[value & 63] : "=");
    }
    parts.push(text);
  }
  return parts.join("");
}

/** @returns {Uint8Array | undefined} undefined for what is no base64 */
export function fromBase64(text) {
  const length = text.length;
  const padding = length % 4 === 0 ? (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0) : 0;
  const digits = length - padding;
  if (digits % 4 === 1) return undefined;
  const bytes = new Uint8Array((digits * 3) >> 2);
  let value = 0;
  for (let i = 0, at = 0, bits = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    const digit = code < 128 ? VALUES[code] : -1;
    if (digit < 0) return undefined;
    value = ((value << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = value >> bits;
    }
  }
  return bytes;
}

function btoa(data) {
  const text = String(data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw new DOMException("btoa takes characters up to 255 only", "InvalidCharacterError");
    bytes[i] = code;
  }
  return toBase64(bytes);
}

function atob(data) {
  const bytes = fromBase64(String(data).replace(/[\t\n\f\r ]/g, ""));
  if (!bytes) throw new DOMException("this is no base64", "InvalidCharacterError");
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

// --- crypto: random numbers of the host ---

function getRandomValues(array) {
  if (!(array instanceof TypedArray) || array instanceof Float32Array || array instanceof Float64Array) {
    throw new TypeError("getRandomValues needs an array of integers");
  }
  if (array.byteLength > 65536) throw new DOMException("at most 65536 bytes at once", "QuotaExceededError");
  if (array.byteLength > 0) {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(call("random", array.byteLength));
  }
  return array;
}

function randomUUID() {
  const bytes = getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// --- events and AbortController ---

class Event {
  constructor(type) {
    this.type = String(type);
    this.target = null;
  }
}

class EventTarget {
  #listeners = [];
  addEventListener(type, listener, options) {
    const once = typeof options === "object" && options !== null && !!options.once;
    if (listener && !this.#listeners.some((each) => each.type === type && each.listener === listener)) {
      this.#listeners.push({ type, listener, once });
    }
  }
  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((each) => each.type !== type || each.listener !== listener);
  }
  dispatchEvent(event) {
    event.target = this;
    for (const each of this.#listeners.filter(({ type }) => type === event.type)) {
      if (each.once) this.removeEventListener(each.type, each.listener);
      if (typeof each.listener === "function") each.listener.call(this, event);
      else each.listener.handleEvent(event);
    }
    return true;
  }
}

let abort;
class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  onabort = null;
  static {
    abort = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new DOMException("it was aborted", "AbortError") : reason;
      const event = new Event("abort");
      if (typeof signal.onabort === "function") signal.onabort(event);
      signal.dispatchEvent(event);
    };
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }
  static abort(reason) {
    const signal = new AbortSignal();
    abort(signal, reason);
    return signal;
  }
  static timeout(milliseconds) {
    const signal = new AbortSignal();
    setTimeout(() => abort(signal, new DOMException("it took too long", "TimeoutError")), milliseconds);
    return signal;
  }
  static any(signals) {
    const all = [...signals];
    const result = new AbortSignal();
    const done = all.find((signal) => signal.aborted);
    if (done) abort(result, done.reason);
    else for (const signal of all) signal.addEventListener("abort", () => abort(result, signal.reason), { once: true });
    return result;
  }
}

class AbortController {
  signal = new AbortSignal();
  abort(reason) {
    abort(this.signal, reason);
  }
}

globals({
  DOMException,
  structuredClone: (value) => clone(value, new Map()),
  atob,
  btoa,
  crypto: Object.freeze({ getRandomValues, randomUUID }),
  Event,
  EventTarget,
  AbortSignal,
  AbortController,
});
