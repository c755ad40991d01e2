import * as host from "nexus:host";

const { call, globals, shown } = host;
const { isArray } = Array;
const { stringify } = JSON;
const { keys } = Object;

// One line may not fill the log alone: what is longer is cut.
const LONGEST = 16384;
const WIDEST_CELL = 60;

let indent = "";
const counts = new Map();
const timers = new Map();

function write(level, text) {
  let line = indent === "" ? text : indent + text.replaceAll("\n", "\n" + indent);
  if (line.length > LONGEST) line = `${line.slice(0, LONGEST)} … (${line.length - LONGEST} more characters)`;
  call("log", level, line);
}

const isNoNumber = (value) => typeof value === "object" || typeof value === "symbol" || typeof value === "function";

function directive(letter, value) {
  switch (letter) {
    case "s": return typeof value === "string" ? value : shown(value);
    case "d": return isNoNumber(value) ? "NaN" : String(Number(value));
    case "i": return isNoNumber(value) ? "NaN" : String(parseInt(value, 10));
    case "f": return isNoNumber(value) ? "NaN" : String(parseFloat(value));
    case "c": return "";
    default: return shown(value);
  }
}

/** The values in one text; `%s %d %i %f %j %o %O %c` in the first take the next ones. */
export function line(values) {
  let next = 0;
  let text = "";
  if (typeof values[0] === "string") {
    next = 1;
    text = values[0];
    if (values.length > 1 && text.includes("%")) {
      text = text.replace(/%([sdifjoOc%])/g, (whole, letter) => {
        if (letter === "%") return "%";
        return next < values.length ? directive(letter, values[next++]) : whole;
      });
    }
  }
  for (; next < values.length; next++) text += (text === "" && next === 0 ? "" : " ") + shown(values[next]);
  return text;
}

export function logger(level) {
  return (...values) => write(level, line(values));
}

function cell(value) {
  const text = typeof value === "string" ? value : typeof value === "function" ? "[function]" : shown(value);
  return text.length > WIDEST_CELL ? text.slice(0, WIDEST_CELL - 1) + "…" : text;
}

function table(data, columns) {
  if (typeof data !== "object" || data === null) return write("INFO", shown(data));
  const rows = data instanceof Map ? [...data] : keys(data).map((key) => [key, data[key]]);
  const names = [];
  let plain = false;
  for (const [, row] of rows) {
    if (typeof row !== "object" || row === null) plain = true;
    else for (const key of keys(row)) if (!names.includes(key)) names.push(key);
  }
  const shownNames = isArray(columns) ? columns.map(String) : names;
  const head = ["(index)", ...shownNames, ...(plain ? ["Values"] : [])];
  const body = rows.map(([key, row]) => {
    const object = typeof row === "object" && row !== null;
    const cells = shownNames.map((name) => (object && Object.hasOwn(row, name) ? cell(row[name]) : ""));
    return [cell(key), ...cells, ...(plain ? [object ? "" : cell(row)] : [])];
  });
  const widths = head.map((name, i) => body.reduce((most, cells) => Math.max(most, cells[i].length), name.length));
  const drawn = [head, widths.map((width) => "-".repeat(width)), ...body];
  write("INFO", drawn.map((cells) => cells.map((text, i) => text.padEnd(widths[i])).join("  ").trimEnd()).join("\n"));
}

const label = (name) => (name === undefined ? "default" : String(name));

function elapsed(name, values) {
  const began = timers.get(name);
  if (began === undefined) return write("WARN", `there is no timer '${name}'`);
  write("INFO", line([`${name}: ${call("now") - began} ms`, ...values]));
}

const info = logger("INFO");
const debug = logger("DEBUG");
const warn = logger("WARN");
const error = logger("ERROR");

function group(...values) {
  if (values.length > 0) info(...values);
  if (indent.length < 40) indent += "  ";
}

globals({
  console: {
    log: info,
    info,
    debug,
    warn,
    error,
    dir: (value) => info(value),
    dirxml: info,
    trace: (...values) => write("DEBUG", `Trace: ${line(values)}\n${new Error().stack.split("\n").slice(1).join("\n")}`),
    assert: (truth, ...values) => {
      if (!truth) write("ERROR", values.length === 0 ? "Assertion failed" : `Assertion failed: ${line(values)}`);
    },
    table,
    count: (name) => {
      const text = label(name);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      write("INFO", `${text}: ${counts.get(text)}`);
    },
    countReset: (name) => void counts.delete(label(name)),
    time: (name) => void timers.set(label(name), call("now")),
    timeLog: (name, ...values) => elapsed(label(name), values),
    timeEnd: (name) => {
      elapsed(label(name), []);
      timers.delete(label(name));
    },
    group,
    groupCollapsed: group,
    groupEnd: () => void (indent = indent.slice(2)),
  },
});
