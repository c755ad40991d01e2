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

/** A value as a line of a log shows it. */
export let shown = (value) => {
  if (typeof value === "string") return value;
  if (value instanceof ErrorType) return value.stack ? `${value}\n${value.stack}` : `${value}`;
  try {
    const text = typeof value === "object" && value !== null ? stringify(value) : undefined;
    return text === undefined ? StringOf(value) : text;
  } catch {
    return "[object]";
  }
};

/** Adds globals that a loop over globalThis does not show, like those of the language. */
export let globals = (values) => {
  for (const name of Object.keys(values)) {
    defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true, enumerable: false });
  }
};

export function seal() {
  invoke = call = shown = globals = undefined;
}
