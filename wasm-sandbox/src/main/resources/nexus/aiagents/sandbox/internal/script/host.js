// The one way to the host. Takes it out of the global scope and keeps the built-ins it needs, so that a program
// that replaces them harms nobody but itself. The other modules of the API take what they need while they are
// loaded; then it is sealed, so that a program that imports this module finds nothing.
export let invoke = globalThis.java_invoke;
const send = invoke;
delete globalThis.java_invoke;
delete globalThis.plugin;
delete globalThis.Javy;

const { parse, stringify } = JSON;
const { assign, hasOwn, defineProperty } = Object;
const ErrorType = Error;
const StringOf = String;

/** Carries out a host call; throws an Error with its code. */
export let call = (kind, ...args) => {
  const answer = parse(send("nexus", kind, stringify(args)));
  if (hasOwn(answer, "error")) {
    throw assign(new ErrorType(answer.error.message), { code: answer.error.code });
  }
  return answer.ok;
};

const MapType = Map;
const SetType = Set;
const { isArray, from } = Array;
const TypedArray = Object.getPrototypeOf(Uint8Array);

/** JSON, with words for what JSON has none for. */
function withWords(value) {
  const above = [];
  return stringify(value, function (key, item) {
    if (typeof item === "bigint") return `${item}n`;
    if (typeof item !== "object" || item === null) return item;
    while (above.length > 0 && above[above.length - 1] !== this) above.length--;
    if (above.includes(item)) return "[circular]";
    above[above.length] = item;
    if (item instanceof ErrorType) return `${item}`;
    return item;
  });
}

function object(value) {
  if (value instanceof MapType) return `Map ${withWords(from(value))}`;
  if (value instanceof SetType) return `Set ${withWords(from(value))}`;
  if (value instanceof TypedArray) return `${value.constructor.name} ${stringify(from(value))}`;
  if (value instanceof RegExp) return StringOf(value);
  return withWords(value);
}

/** A value as a line of a log shows it. Never throws, whatever the value does. */
export let shown = (value) => {
  if (typeof value === "string") return value;
  try {
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof ErrorType) return error(value);
    const text = typeof value === "object" && value !== null ? object(value) : undefined;
    return text === undefined ? StringOf(value) : text;
  } catch {
    return isArray(value) ? "[array]" : `[${typeof value}]`;
  }
};

function error(value) {
  const cause = value.cause instanceof ErrorType ? `\ncaused by ${value.cause}` : "";
  return (value.stack ? `${value}\n${value.stack}` : `${value}`) + cause;
}

/** Adds globals that a loop over globalThis does not show, like those of the language. */
export let globals = (values) => {
  for (const name of Object.keys(values)) {
    defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true, enumerable: false });
  }
};

export function seal() {
  invoke = call = shown = globals = undefined;
}
