// What an agent in JavaScript or TypeScript finds beside the language itself. Written by naos; editors read it.

/** What an agent exports by default: `export default (async (input, nexus) => …) satisfies Agent<Input, Output>` */
type Agent<Input = unknown, Output = unknown> = (input: Input, nexus: Nexus) => Output | Promise<Output>;

/** The host. A call that fails rejects with an {@link HostError}. */
interface Nexus {
  /** Writes to the agent's log. */
  readonly log: NexusLog;
  /** Asks a model; it has to be granted (`grants: {models: […]}`) and is paid from the budgets. */
  model(request: string | ModelRequest): Promise<ModelAnswer>;
  /** Sends a request; the host has to be granted (`grants: {http: […]}`). */
  http(url: string | URL, options: HttpOptions & { bytes: true }): Promise<HttpAnswer<Uint8Array>>;
  http(url: string | URL, options?: HttpOptions): Promise<HttpAnswer<string>>;
  /** Durable keys of the agent (`grants: {kv: true}`). */
  readonly kv: NexusKv;
  /** Files of granted folders (`grants: {files: […]}`). */
  readonly file: NexusFile;
  /** Calls another agent (`grants: {agents: […]}`) and waits for its output. */
  agent<Output = unknown>(name: string, input?: unknown): Promise<Output>;
  /** Reports progress, and that the agent is alive. */
  emit(event: string, data?: unknown): void;
  /** The host's time in milliseconds since 1970. */
  now(): number;
  /** A number from 0 up to 1, of the host's choice; the same as Math.random(). */
  random(): number;
  /** About this run. */
  readonly context: NexusContext;
  /** Granted environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

interface NexusLog {
  (...values: unknown[]): void;
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

interface NexusKv {
  /** The value, null if there is none. */
  get<Value = unknown>(key: string): Promise<Value | null>;
  put(key: string, value: unknown): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** The keys that begin like that, sorted. */
  list(prefix?: string): Promise<string[]>;
}

interface NexusFile {
  /** The text of a file in UTF-8. */
  read(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** All or nothing; missing folders are made. */
  write(path: string, content: string | ArrayBuffer | ArrayBufferView): Promise<void>;
  /** Whether there was one. */
  delete(path: string): Promise<boolean>;
  /** Names, those of folders with a / behind them, sorted. */
  list(path: string): Promise<string[]>;
}

interface NexusContext {
  readonly agent: string;
  readonly runId: string;
  /** null in a run of no steps. */
  readonly step?: string | null;
  readonly attempt?: number;
  readonly idempotencyKey?: string;
}

interface ModelMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

interface ModelRequest {
  /** Either this or `messages`. */
  prompt?: string;
  messages?: ModelMessage[];
  system?: string;
  /** One of the project's models; without it the agent's own. */
  model?: string;
  maxTokens?: number;
  temperature?: number;
  /** Whether the answer has to be JSON. */
  json?: boolean;
}

interface ModelAnswer {
  text: string;
  model: string;
  usage: { inputTokens: number; outputTokens: number };
  cost: { microDollars: number };
  finish: string;
  /** Whether it was made up by the built-in provider. */
  scripted: boolean;
}

interface HttpOptions {
  method?: string;
  headers?: Record<string, string>;
  /** A text or bytes; anything else is sent as JSON. */
  body?: unknown;
  /** Whether the answer's body shall be bytes. */
  bytes?: boolean;
}

interface HttpAnswer<Body> {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

interface HostError extends Error {
  /** `not-granted`, `bad-arguments`, `model-error`, `http-error`, `not-found` … */
  code: string;
}

// Timers wait through the host: a replay does not wait.
declare function setTimeout<A extends unknown[]>(callback: (...args: A) => void, milliseconds?: number, ...args: A): number;
declare function setInterval<A extends unknown[]>(callback: (...args: A) => void, milliseconds?: number, ...args: A): number;
declare function setImmediate<A extends unknown[]>(callback: (...args: A) => void, ...args: A): number;
declare function clearTimeout(id: number | undefined): void;
declare function clearInterval(id: number | undefined): void;
declare function clearImmediate(id: number | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(data: string): string;
declare function btoa(data: string): string;

interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  dir(value: unknown): void;
  dirxml(...values: unknown[]): void;
  trace(...values: unknown[]): void;
  assert(truth: unknown, ...values: unknown[]): void;
  table(data: unknown, columns?: string[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: unknown[]): void;
  timeEnd(label?: string): void;
  group(...values: unknown[]): void;
  groupCollapsed(...values: unknown[]): void;
  groupEnd(): void;
}
declare const console: Console;

declare const performance: { now(): number; readonly timeOrigin: number };

declare const crypto: {
  /** Random bytes of the host's choice. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): string;
};

declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}

declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  toString(): string;
  toJSON(): string;
}

declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | Record<string, string> | Iterable<[string, string]>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}

declare class Event {
  constructor(type: string);
  readonly type: string;
  readonly target: EventTarget | null;
}
type EventListener = ((event: Event) => void) | { handleEvent(event: Event): void };
declare class EventTarget {
  addEventListener(type: string, listener: EventListener, options?: { once?: boolean }): void;
  removeEventListener(type: string, listener: EventListener): void;
  dispatchEvent(event: Event): boolean;
}
declare class AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
  onabort: ((event: Event) => void) | null;
  throwIfAborted(): void;
  static abort(reason?: unknown): AbortSignal;
  static timeout(milliseconds: number): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: string;
}
