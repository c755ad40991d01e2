import * as host from "nexus:host";

const { globals } = host;

const PORTS = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21", "file:": "" };
const encoder = new TextEncoder();

function encode(text, unsafe) {
  let result = "";
  for (const letter of text) {
    if (letter > "\x20" && letter < "\x7f" && !unsafe.includes(letter)) result += letter;
    else for (const byte of encoder.encode(letter)) result += "%" + byte.toString(16).toUpperCase().padStart(2, "0");
  }
  return result;
}

// --- URLSearchParams ---

const UNRESERVED = /[^A-Za-z0-9*\-._]/gu;
const formEncode = (text) =>
  text.replace(UNRESERVED, (letter) => (letter === " " ? "+" : encode(letter, letter)));
function formDecode(text) {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  const bytes = [];
  const source = encoder.encode(spaced);
  for (let i = 0; i < source.length; i++) {
    const hex = source[i] === 37 ? String.fromCharCode(source[i + 1] ?? 0, source[i + 2] ?? 0) : "";
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(parseInt(hex, 16));
      i += 2;
    } else {
      bytes.push(source[i]);
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

let bind;
class URLSearchParams {
  #pairs = [];
  #changed = undefined;
  static {
    bind = (params, text, changed) => {
      params.#pairs = parsePairs(text);
      params.#changed = changed;
    };
  }
  constructor(init = "") {
    if (typeof init === "object" && init !== null) {
      const pairs = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
      for (const pair of pairs) {
        const [name, value, ...rest] = pair;
        if (value === undefined || rest.length > 0) throw new TypeError("each pair needs a name and a value");
        this.#pairs.push([String(name), String(value)]);
      }
    } else {
      this.#pairs = parsePairs(String(init).replace(/^\?/, ""));
    }
  }
  get size() {
    return this.#pairs.length;
  }
  append(name, value) {
    this.#pairs.push([String(name), String(value)]);
    this.#changed?.(this);
  }
  delete(name, value) {
    this.#pairs = this.#pairs.filter(
      ([key, item]) => key !== String(name) || (value !== undefined && item !== String(value)),
    );
    this.#changed?.(this);
  }
  get(name) {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name, value) {
    return this.#pairs.some(([key, item]) => key === String(name) && (value === undefined || item === String(value)));
  }
  set(name, value) {
    const first = this.#pairs.find(([key]) => key === String(name));
    if (!first) return this.append(name, value);
    first[1] = String(value);
    this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(name));
    this.#changed?.(this);
  }
  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed?.(this);
  }
  forEach(callback, self) {
    for (const [name, value] of this.#pairs) callback.call(self, value, name, this);
  }
  *entries() {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys() {
    for (const [name] of this.#pairs) yield name;
  }
  *values() {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&");
  }
}

function parsePairs(text) {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [formDecode(part), ""] : [formDecode(part.slice(0, at)), formDecode(part.slice(at + 1))];
    });
}

// --- URL ---

const PATH_UNSAFE = ' "#<>?`{}^';
const QUERY_UNSAFE = ' "#<>';
const USER_UNSAFE = PATH_UNSAFE + "/:;=@[\\]^|";

function hostName(text, special) {
  if (text.startsWith("[")) {
    if (!/^\[[0-9a-f:.]+\]$/i.test(text)) return undefined;
    return text.toLowerCase();
  }
  if (!special) return /[\x00\t\n\r #/<>?@[\\\]^|]/.test(text) ? undefined : encode(text, "");
  let name;
  try {
    name = decodeURIComponent(text).toLowerCase();
  } catch {
    return undefined;
  }
  // International names would need their tables; they are written as xn--… instead.
  if (name === "" || /[^\x21-\x7e]|[#%/:<>?@[\\\]^`{|}]/.test(name)) return undefined;
  const parts = name.replace(/\.$/, "").split(".");
  return /^(\d+|0x[0-9a-f]*)$/.test(parts.at(-1)) ? address(parts) : name;
}

/** An IPv4 address in any of its spellings, which browsers and servers understand differently otherwise. */
function address(parts) {
  const numbers = parts.map((part) =>
    /^0x[0-9a-f]*$/.test(part) ? parseInt(part.slice(2) || "0", 16)
      : /^0[0-7]+$/.test(part) ? parseInt(part, 8)
      : /^(0|[1-9]\d*)$/.test(part) ? parseInt(part, 10) : NaN);
  const last = numbers.pop();
  if (numbers.length > 3 || numbers.some((n) => !(n <= 255)) || !(last < 256 ** (4 - numbers.length))) return undefined;
  let value = last;
  numbers.forEach((n, i) => (value += n * 256 ** (3 - i)));
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function path(text, base, special) {
  const segments = base;
  const parts = (special ? text.replaceAll("\\", "/") : text).split("/");
  parts.forEach((part, i) => {
    const plain = part.replace(/%2e/gi, ".");
    const isLast = i === parts.length - 1;
    if (plain === "..") {
      segments.pop();
      if (isLast) segments.push("");
    } else if (plain === ".") {
      if (isLast) segments.push("");
    } else {
      segments.push(encode(part, PATH_UNSAFE));
    }
  });
  return "/" + segments.join("/");
}

function parseUrl(input, base) {
  const text = String(input).replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
  const [, beforeHash, hash] = /^([^#]*)(?:#(.*))?$/s.exec(text);
  const [, front, query] = /^([^?]*)(?:\?(.*))?$/s.exec(beforeHash);
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*:)(.*)$/s.exec(front);
  const protocol = scheme ? scheme[1].toLowerCase() : base?.protocol;
  if (protocol === undefined) return undefined;
  const special = protocol in PORTS;
  let rest = scheme ? scheme[2] : front;
  if (special) rest = rest.replaceAll("\\", "/");
  const url = { protocol, username: "", password: "", hostname: "", port: "", pathname: "", search: "", hash: "" };
  if (query) url.search = "?" + encode(query, special ? QUERY_UNSAFE + "'" : QUERY_UNSAFE);
  if (hash) url.hash = "#" + encode(hash, ' "<>`');
  const absolute = scheme && !(special && base && base.protocol === protocol && !rest.startsWith("/"));
  if (absolute && !rest.startsWith("/") && !special) {
    url.pathname = encode(rest, "");
    url.opaque = true;
    return url;
  }
  if (rest.startsWith("//") || (absolute && special)) {
    const [, authority, tail] = /^([^/]*)(.*)$/s.exec(rest.replace(special && protocol !== "file:" ? /^\/*/ : /^\/\//, ""));
    const at = authority.lastIndexOf("@");
    if (at >= 0) {
      const user = authority.slice(0, at);
      const colon = user.indexOf(":");
      url.username = encode(colon < 0 ? user : user.slice(0, colon), USER_UNSAFE);
      url.password = colon < 0 ? "" : encode(user.slice(colon + 1), USER_UNSAFE);
    }
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? [];
    if (name === undefined || !setHost(url, name, special) || !setPort(url, port ?? "")) return undefined;
    url.pathname = tail === "" && !special ? "" : path(tail.replace(/^\//, ""), [], special);
    return url;
  }
  if (!base && protocol !== "file:" && special) return undefined;
  if (base?.opaque) return undefined;
  if (base) for (const key of ["username", "password", "hostname", "port"]) url[key] = base[key];
  if (rest.startsWith("/")) {
    url.pathname = path(rest.slice(1), [], special);
  } else if (rest === "") {
    url.pathname = base?.pathname ?? "/";
    if (query === undefined) url.search = base?.search ?? "";
  } else {
    const folder = (base?.pathname ?? "/").split("/").slice(1, -1);
    url.pathname = path(rest, folder, special);
  }
  return url;
}

function setHost(url, text, special) {
  if (text === "" && (url.protocol === "file:" || !special)) {
    url.hostname = "";
    return true;
  }
  const name = hostName(text, special);
  if (name === undefined) return false;
  url.hostname = name;
  return true;
}

function setPort(url, text) {
  if (!/^\d{0,5}$/.test(text) || Number(text) > 65535) return false;
  const port = text === "" ? "" : String(Number(text));
  url.port = port === PORTS[url.protocol] ? "" : port;
  return true;
}

class URL {
  #parts;
  #params = new URLSearchParams();
  constructor(input, base) {
    let from;
    if (base !== undefined) {
      from = parseUrl(base, undefined);
      if (!from) throw new TypeError(`'${base}' is no URL`);
    }
    const parts = parseUrl(input, from);
    if (!parts) throw new TypeError(`'${input}' is no URL`);
    this.#parts = parts;
    this.#bind();
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }
  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
  #bind() {
    bind(this.#params, this.#parts.search.slice(1), (params) => {
      const text = params.toString();
      this.#parts.search = text === "" ? "" : "?" + text;
    });
  }
  get href() {
    const { protocol, username, password, pathname, search, hash, opaque } = this.#parts;
    const user = username || password ? username + (password ? ":" + password : "") + "@" : "";
    const hasHost = this.host !== "" || protocol === "file:";
    return protocol + (opaque || !hasHost ? "" : "//" + user + this.host) + pathname + search + hash;
  }
  set href(value) {
    const parts = parseUrl(value, undefined);
    if (!parts) throw new TypeError(`'${value}' is no URL`);
    this.#parts = parts;
    this.#bind();
  }
  get origin() {
    return this.protocol in PORTS && this.protocol !== "file:" ? `${this.protocol}//${this.host}` : "null";
  }
  get protocol() {
    return this.#parts.protocol;
  }
  set protocol(value) {
    const name = String(value).replace(/:.*$/s, "").toLowerCase() + ":";
    if (/^[a-z][a-z0-9+.-]*:$/.test(name) && name in PORTS === this.#parts.protocol in PORTS) {
      this.#parts.protocol = name;
      setPort(this.#parts, this.#parts.port);
    }
  }
  get username() {
    return this.#parts.username;
  }
  set username(value) {
    this.#parts.username = encode(String(value), USER_UNSAFE);
  }
  get password() {
    return this.#parts.password;
  }
  set password(value) {
    this.#parts.password = encode(String(value), USER_UNSAFE);
  }
  get host() {
    return this.#parts.hostname + (this.#parts.port === "" ? "" : ":" + this.#parts.port);
  }
  set host(value) {
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(String(value)) ?? [];
    if (name && setHost(this.#parts, name, this.protocol in PORTS) && port) setPort(this.#parts, port);
  }
  get hostname() {
    return this.#parts.hostname;
  }
  set hostname(value) {
    if (value !== "") setHost(this.#parts, String(value), this.protocol in PORTS);
  }
  get port() {
    return this.#parts.port;
  }
  set port(value) {
    setPort(this.#parts, String(value));
  }
  get pathname() {
    return this.#parts.pathname;
  }
  set pathname(value) {
    if (!this.#parts.opaque) {
      this.#parts.pathname = path(String(value).replace(/^[/\\]/, ""), [], this.protocol in PORTS);
    }
  }
  get search() {
    return this.#parts.search;
  }
  set search(value) {
    const text = String(value).replace(/^\?/, "");
    this.#parts.search = text === "" ? "" : "?" + encode(text, QUERY_UNSAFE + "'");
    this.#bind();
  }
  get searchParams() {
    return this.#params;
  }
  get hash() {
    return this.#parts.hash;
  }
  set hash(value) {
    const text = String(value).replace(/^#/, "");
    this.#parts.hash = text === "" ? "" : "#" + encode(text, ' "<>`');
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
}

globals({ URL, URLSearchParams });
