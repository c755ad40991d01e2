package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every code has an example here: what is written, and which part of it is marked.
class DiagnosticsTest {
    @TempDir
    Path temp;

    private record Example(Code code, String marked, String yaml) {}

    private static final List<Example> EXAMPLES = List.of(
            new Example(Code.TAB, "\t", "pool:\n  name: p\n\tagents: [a]\n"),
            new Example(Code.UNCLOSED_QUOTE, "\"p", "pool:\n  name: \"p\n  agents: [a]\n"),
            new Example(Code.UNEXPECTED_COLON, ": two", "pool:\n  name: one: two\n  agents: [a]\n"),
            new Example(Code.INDENTATION, "agents: [a]", "pool:\n  name: p\n   agents: [a]\n"),
            new Example(Code.INDENTATION, "agents: [a]", "pool:\n  name: p\n agents: [a]\n"),
            new Example(Code.UNCLOSED_BRACKET, "[a, b", "pool:\n  name: p\n  agents: [a, b\n  strategy: all\n"),
            new Example(Code.NO_COLON, "name p", "pool:\n  name p\n  agents: [a]\n"),
            new Example(Code.BAD_ESCAPE, "q\"", "pool:\n  name: \"\\q\"\n  agents: [a]\n"),
            new Example(Code.UNKNOWN_ALIAS, "*all", "pool:\n  name: p\n  agents: *all\n"),
            new Example(Code.UNKNOWN_ALIAS, "*x", "pool:\n  name: p\n  agents: &x [a, *x]\n"),
            new Example(Code.BAD_CHARACTER, "@a", "pool:\n  name: p\n  agents: @a\n"),
            new Example(Code.BAD_CHARACTER, "\u0007", "pool:\n  name: p\u0007\n  agents: [a]\n"),
            new Example(
                    Code.DUPLICATE_KEY,
                    "name",
                    "pool:\n  agent: a\n  size: 1\n  name: p\n  \"name\": q\n".replace("\"name\"", "name")),
            new Example(Code.DUPLICATE_KEY, "pool", "pool: {name: p, agents: [a]}\npool: {name: q, agents: [a]}\n"),
            new Example(Code.ALIAS_BOMB, "*d", bomb()),
            new Example(Code.TOO_DEEP, "[", "pool: " + "[".repeat(101) + "]".repeat(101)),
            new Example(Code.TOO_DEEP, "[", "pool: " + "[".repeat(100_000)),
            new Example(Code.KEY_NOT_TEXT, "[a]", "pool: {name: p, agents: [a], ? [a] : b}\n"),
            new Example(
                    Code.TAG,
                    "!!set {",
                    "agent:\n  name: x\n  source: src/a.js\n  loop: {every: 1s, input: !!set {a}}\n"),
            new Example(Code.BROKEN_YAML, "%FOO", "---\npool: {name: p, agents: [a]}\n%FOO\n"),
            new Example(Code.MERGE_KEY, "<<", "pool: {name: p, agents: [a], <<: {size: 1}}\n"),
            new Example(
                    Code.NUMBER_TOO_LARGE, "1e99999999999", "pool: {name: p, agents: [a], tolerance: 1e99999999999}\n"),
            new Example(
                    Code.NUMBER_TOO_LARGE,
                    "99999999999999999999",
                    "agent: {name: x, source: src/a.js, limits: {fuel: 99999999999999999999}}\n"),
            new Example(Code.UNKNOWN_KIND, "supervisr", "supervisr:\n  name: x\n"),
            new Example(Code.UNSUPPORTED, "broker", "broker:\n  name: x\n"),
            new Example(Code.UNSUPPORTED, "process", "agent: {name: x, runtime: process}\n"),
            new Example(Code.RUNTIME_UNKNOWN, "src/x.tsx", "agent: {name: x, source: src/x.tsx}\n"),
            new Example(Code.UNKNOWN_KEY, "maxRestart", "supervisor: {name: x, maxRestart: 3}\n"),
            new Example(Code.MISSING_KEY, "pool", "pool:\n  agents: [a]\n"),
            new Example(Code.MISSING_KEY, "action", "saga:\n  name: s\n  steps:\n    - action: a\n"),
            new Example(Code.WRONG_TYPE, "five", "supervisor: {name: x, maxRestarts: five}\n"),
            new Example(Code.WRONG_TYPE, "supervisor", "supervisor:\n"),
            new Example(Code.WRONG_TYPE, "12", "pool: {name: 12, agents: [a]}\n"),
            new Example(Code.NOT_ONE_OF, "one_for_one", "supervisor: {name: x, strategy: one_for_one}\n"),
            new Example(Code.NOT_ONE_OF, "jail", "agent: {name: x, source: src/a.js, isolation: jail}\n"),
            new Example(Code.NOT_ONE_OF, "T6", "trust: {enforcement: {isolateBelow: T6}}\n"),
            new Example(
                    Code.KEY_UNUSED,
                    "process",
                    "agent: {name: x, prompt: p, model: m, isolation: process}\n---\n"
                            + "model: {name: m, provider: scripted, model: scripted-small}\n"),
            new Example(Code.OUT_OF_RANGE, "0", "project: {sandbox: {workers: 0}}\n"),
            new Example(
                    Code.BAD_LIMIT,
                    "600MB",
                    "agent: {name: x, source: src/a.js, isolation: process, limits: {memory: 600MB}}\n"),
            new Example(Code.BAD_LIMIT, "64MB", "project: {sandbox: {workerMemory: 64MB}}\n"),
            new Example(Code.NOT_ONE_OF, "false", "cost: {project: false, budget: {maxTokens: 1}}\n"),
            new Example(Code.BAD_FORM, "3 seconds", "pool: {name: p, agents: [a], timeout: 3 seconds}\n"),
            new Example(Code.BAD_FORM, "\"x y\"", "pools: {\"x y\": {agents: [a]}}\n"),
            new Example(Code.OUT_OF_RANGE, "-1", "supervisor: {name: x, maxRestarts: -1}\n"),
            new Example(Code.WRONG_COUNT, "agents", "pool: {name: p, agents: []}\n"),
            new Example(Code.WRONG_COUNT, "a", "supervisor: {name: x, agents: [a, b, a]}\n"),
            new Example(Code.TWO_KINDS, "pool", "supervisor: {name: x}\npool: {name: p, agents: [a]}\n"),
            new Example(Code.NO_KIND, "just text", "just text\n"),
            new Example(Code.NO_KIND, "- a", "- a\n"),
            new Example(Code.DUPLICATE_NAME, "p", "pool: {name: p, agents: [a]}\n---\npool: {name: p, agents: [b]}\n"),
            new Example(Code.DUPLICATE_NAME, "a", "supervisor: {name: a}\n"),
            new Example(Code.UNKNOWN_AGENT, "bb", "pool: {name: p, agents: [a, bb]}\n"),
            new Example(Code.UNKNOWN_AGENT, "s", "supervisor: {name: s}\n---\npool: {name: p, agents: [s]}\n"),
            new Example(Code.UNKNOWN_AGENT, "c", "agent: {name: x, source: src/a.js, grants: {agents: [\"*\", c]}}\n"),
            new Example(
                    Code.UNKNOWN_AGENT, "undo", "saga: {name: s, steps: [{name: x, action: a, compensation: undo}]}\n"),
            new Example(Code.UNKNOWN_CHILD, "nobody", "supervisor: {name: s, agents: [nobody]}\n"),
            new Example(
                    Code.POOL_CHILD_WITHOUT_QUEUE,
                    "p",
                    "pool: {name: p, agents: [a]}\n---\nsupervisor: {name: s, agents: [p]}\n"),
            new Example(
                    Code.POOL_CHILD_WITHOUT_QUEUE,
                    "p",
                    "pool: {name: p, agents: [a], strategy: first}\n"
                            + "---\n"
                            + "supervisor: {name: s, children: [{name: p}]}\n"),
            new Example(
                    Code.TWO_SUPERVISORS,
                    "p",
                    "pool: {name: p, agents: [a], strategy: random}\n---\nsupervisor: {name: s, agents: [p]}\n"
                            + "---\nsupervisor: {name: t, agents: [p]}\n"),
            new Example(
                    Code.UNKNOWN_CHILD,
                    "checkrs",
                    "pool: {name: checkers, agents: [a], strategy: random}\n"
                            + "---\n"
                            + "supervisor: {name: s, agents: [checkrs]}\n"),
            new Example(Code.UNKNOWN_MODEL, "gpt", "agent: {name: x, source: src/a.js, model: gpt}\n"),
            new Example(Code.UNKNOWN_TARGET, "bot", "cost: {agent: bot, budget: {maxTokens: 1}}\n"),
            new Example(Code.NAME_DIFFERS, "q", "pools: {p: {name: q, agents: [a]}}\n"),
            new Example(Code.SECOND_BLOCK, "two", "project: {name: one}\n---\nproject: {name: two}\n"),
            new Example(Code.RUNTIME_UNKNOWN, "x", "agent: {name: x}\n"),
            new Example(Code.RUNTIME_UNKNOWN, "main.py", "agent: {name: x, source: main.py}\n"),
            new Example(Code.SOURCE_NEEDED, "javascript", "agent: {name: x, runtime: javascript}\n"),
            new Example(Code.SOURCE_MISSING, "src/aa.js", "agent: {name: x, source: src/aa.js}\n"),
            new Example(
                    Code.SOURCE_NOT_BUILT, "src/aa.wasm", "agent: {name: x, source: src/aa.wasm, build: make aa}\n"),
            new Example(
                    Code.SOURCE_MISSING,
                    "no.json",
                    "model: {name: m, provider: scripted, model: scripted-small, script: no.json}\n"),
            new Example(Code.SOURCE_NOT_WASM, "src/text.wasm", "agent: {name: x, source: src/text.wasm}\n"),
            new Example(Code.SOURCE_NOT_WASM, "src/component.wasm", "agent: {name: x, source: src/component.wasm}\n"),
            new Example(Code.SOURCE_WRONG_KIND, "src/a.js", "agent: {name: x, source: src/a.js, runtime: wasm}\n"),
            new Example(
                    Code.SOURCE_WRONG_KIND,
                    "a.yaml",
                    "model: {name: m, provider: scripted, model: scripted-small, script: a.yaml}\n"),
            new Example(Code.OUTSIDE_PROJECT, "../x.js", "agent: {name: x, source: ../x.js}\n"),
            new Example(
                    Code.OUTSIDE_PROJECT,
                    "/etc",
                    "agent: {name: x, source: src/a.js, grants: {files: [{path: /etc}]}}\n"),
            new Example(Code.NEVER_STUCK, "30s", "agent: {name: x, source: src/a.js, heartbeat: 30s}\n"),
            new Example(
                    Code.NEVER_STUCK,
                    "2m",
                    "agent: {name: x, source: src/a.js, idleTimeout: 2m, limits: {timeout: 1m}}\n"),
            new Example(Code.BAD_LIMIT, "0s", "agent: {name: x, source: src/a.js, heartbeat: 0s}\n"),
            new Example(Code.WRONG_TYPE, "5", "agent: {name: x, source: src/a.js, runaway: 5}\n"),
            new Example(Code.BAD_FORM, "on", "agent: {name: x, source: src/a.js, runaway: on}\n"),
            new Example(Code.OUT_OF_RANGE, "-1", "agent: {name: x, source: src/a.js, runaway: {repeats: -1}}\n"),
            new Example(
                    Code.TOO_PRECISE,
                    "0.0000001",
                    "agent: {name: x, source: src/a.js, runaway: {maxDollarsPerMinute: 0.0000001}}\n"),
            new Example(Code.BAD_CRON, "61", "agent: {name: x, source: src/a.js, schedule: {cron: 61 * * * *}}\n"),
            new Example(Code.BAD_CRON, "MOON", "pool: {name: p, agents: [a], schedule: {cron: '0 9 * * MOON'}}\n"),
            new Example(Code.BAD_CRON, "5-1", "pool: {name: p, agents: [a], schedule: {cron: 5-1 * * * *}}\n"),
            new Example(Code.BAD_CRON, "*/0", "pool: {name: p, agents: [a], schedule: {cron: 0 */0 * * *}}\n"),
            new Example(Code.BAD_CRON, "0 9 *", "pool: {name: p, agents: [a], schedule: {cron: 0 9 *}}\n"),
            new Example(Code.BAD_CRON, "@often", "pool: {name: p, agents: [a], schedule: {cron: \"@often\"}}\n"),
            new Example(
                    Code.BAD_TIMEZONE,
                    "Europe/Berlinn",
                    "saga: {name: s, steps: [{name: x, action: a}], schedule: {cron: 0 9 * * *, timezone:"
                            + " Europe/Berlinn}}\n"),
            new Example(Code.NEVER_DUE, "0 9 30 2 *", "pool: {name: p, agents: [a], schedule: {cron: 0 9 30 2 *}}\n"),
            new Example(Code.MISSING_KEY, "schedule", "pool: {name: p, agents: [a], schedule: {missed: all}}\n"),
            new Example(
                    Code.NOT_ONE_OF,
                    "twice",
                    "pool: {name: p, agents: [a], schedule: {cron: 0 9 * * *, missed: twice}}\n"),
            new Example(Code.NOT_ONE_OF, "always", "project: {onOpen: always}\n"),
            new Example(Code.BAD_LIMIT, "0s", "project: {shutdownTimeout: 0s}\n"),
            new Example(Code.KEY_UNUSED, "hello", "agent: {name: x, source: src/a.js, prompt: hello}\n"),
            new Example(
                    Code.KEY_UNUSED,
                    "make",
                    "agent: {name: x, prompt: p, build: make}\n---\n"
                            + "model: {name: m, provider: scripted, model: scripted-small}\n"),
            new Example(Code.KEY_UNUSED, "http://x", "trust: {baseUrl: http://x}\n"),
            new Example(Code.KEY_UNUSED, "1", "pool: {name: p, agents: [a], quorum: 1}\n"),
            new Example(Code.MODEL_NEEDED, "x", "agent: {name: x, prompt: hello}\n"),
            new Example(
                    Code.GRANT_FILE_MISSING,
                    "notes",
                    "agent: {name: x, source: src/a.js, grants: {files: [{path: notes}]}}\n"),
            new Example(
                    Code.GRANT_FILE_NOT_YET,
                    "notes",
                    "agent: {name: x, source: src/a.js, grants: {files: [{path: notes, mode: rw}]}}\n"),
            new Example(Code.LOOP_UNSUPERVISED, "loop", "agent: {name: x, source: src/a.js, loop: {every: 4s}}\n"),
            new Example(Code.BAD_LIMIT, "1KB", "agent: {name: x, source: src/a.js, limits: {memory: 1KB}}\n"),
            new Example(Code.BAD_LIMIT, "63KB", "agent: {name: x, source: src/a.js, limits: {stack: 63KB}}\n"),
            new Example(Code.BAD_LIMIT, "65MB", "agent: {name: x, source: src/a.js, limits: {stack: 65MB}}\n"),
            new Example(Code.BAD_LIMIT, "0B", "agent: {name: x, source: src/a.js, limits: {output: 0B}}\n"),
            new Example(Code.BAD_LIMIT, "1GB", "agent: {name: x, source: src/a.js, limits: {log: 1GB}}\n"),
            new Example(Code.BAD_LIMIT, "0s", "agent: {name: x, source: src/a.js, limits: {cpuTime: 0s}}\n"),
            new Example(Code.BAD_LIMIT, "0s", "pool: {name: p, agents: [a], timeout: 0s}\n"),
            new Example(
                    Code.BAD_OUTPUT_SCHEMA,
                    "{type: objekt}",
                    "agent: {name: x, source: src/a.js, output: {schema: {type: objekt}}}\n"),
            new Example(
                    Code.BAD_INPUT_SCHEMA,
                    "{type: objekt}",
                    "agent: {name: x, source: src/a.js, input: {schema: {type: objekt}}}\n"),
            new Example(
                    Code.INPUT_BREAKS_SCHEMA,
                    "{n: many}",
                    "agent: {name: x, source: src/a.js, loop: {every: 1s, input: {n: many}}, "
                            + "input: {schema: {properties: {n: {type: integer}}}}}\n"),
            new Example(
                    Code.INPUT_BREAKS_SCHEMA,
                    "{every: 1s}",
                    "agent: {name: x, source: src/a.js, loop: {every: 1s}, input: {schema: {required: [n]}}}\n"),
            new Example(Code.CYCLE, "s", "supervisor: {name: s, children: [a, s]}\n"),
            new Example(
                    Code.CYCLE,
                    "s",
                    "supervisor: {name: s, children: [t]}\n---\nsupervisor: {name: t, children: [s]}\n"),
            new Example(
                    Code.TWO_SUPERVISORS,
                    "a",
                    "supervisor: {name: s, children: [a]}\n---\nsupervisor: {name: t, children: [b, a]}\n"),
            new Example(Code.CHILD_TWICE, "a", "supervisor: {name: s, children: [a, {name: a}]}\n"),
            new Example(Code.AGENTS_AND_CHILDREN, "agents", "supervisor: {name: s, agents: [a], children: [b]}\n"),
            new Example(
                    Code.SIGNIFICANT_PERMANENT,
                    "true",
                    "supervisor: {name: s, autoShutdown: any, children: [{name: a, significant: true}]}\n"),
            new Example(
                    Code.SIGNIFICANT_NEVER,
                    "true",
                    "supervisor: {name: s, children: [{name: a, restart: transient, significant: true}]}\n"),
            new Example(Code.AUTO_SHUTDOWN_UNUSED, "all", "supervisor: {name: s, agents: [a], autoShutdown: all}\n"),
            new Example(
                    Code.TWO_WINDOWS, "restartWindow", "supervisor: {name: s, withinSeconds: 3, restartWindow: 3}\n"),
            new Example(
                    Code.TEMPLATE_STRATEGY,
                    "one-for-all",
                    "supervisor: {name: s, strategy: one-for-all, children: {template: a}}\n"),
            new Example(Code.TEMPLATE_START, "5", "supervisor: {name: s, children: {template: a, start: 5, max: 4}}\n"),
            new Example(
                    Code.BACKOFF_ORDER, "9s", "supervisor: {name: s, agents: [a], backoff: {initial: 9s, max: 3s}}\n"),
            new Example(
                    Code.SIGNIFICANT_PERMANENT,
                    "true",
                    "supervisor: {name: s, autoShutdown: any, children: {template: a, significant: true}}\n"),
            new Example(
                    Code.SIGNIFICANT_NEVER,
                    "true",
                    "supervisor: {name: s, children: {template: a, restart: temporary, significant: true}}\n"),
            new Example(Code.UNKNOWN_CHILD, "nobody", "supervisor: {name: s, children: {template: nobody}}\n"),
            new Example(Code.MISSING_KEY, "children", "supervisor: {name: s, children: {max: 3}}\n"),
            new Example(Code.UNKNOWN_KEY, "size", "supervisor: {name: s, children: {template: a, size: 3}}\n"),
            new Example(Code.OUT_OF_RANGE, "2", "supervisor: {name: s, agents: [a], backoff: {jitter: 2}}\n"),
            new Example(
                    Code.TOO_PRECISE,
                    "0.0000001",
                    "supervisor: {name: s, agents: [a], maxRestartDollars: 0.0000001}\n"),
            new Example(
                    Code.DUPLICATE_STEP, "x", "saga: {name: s, steps: [{name: x, action: a}, {name: x, action: b}]}\n"),
            new Example(
                    Code.BAD_EXPRESSION,
                    "\"${input.}\"",
                    "saga: {name: s, steps: [{name: x, action: a, input: {t: \"${input.}\"}}]}\n"),
            new Example(
                    Code.BAD_EXPRESSION,
                    "\"${input\"",
                    "saga: {name: s, steps: [{name: x, action: a, input: [\"${input\"]}]}\n"),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.y.output}\"",
                    "saga: {name: s, steps: [{name: x, action: a, input: \"${steps.y.output}\"}, {name: y, action:"
                            + " a}]}\n"),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.my-x.output}\"",
                    "saga: {name: s, steps: [{name: my-x, action: a}, {name: y, action: a, input:"
                            + " \"${steps.my-x.output}\"}]}\n"),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.y.output}\"",
                    group("", "{name: x, action: a, input: \"${steps.y.output}\"}, {name: y, action: a}")),
            new Example(Code.DUPLICATE_STEP, "x", group("", "{name: x, action: a}, {name: x, action: b}")),
            new Example(
                    Code.DUPLICATE_STEP,
                    "g",
                    steps("{name: g, parallel: [{name: x, action: a}, {name: y, action: a}]}, "
                            + "{name: g, parallel: [{name: v, action: a}, {name: w, action: a}]}")),
            new Example(Code.STEP_ACTION, "x", steps("{name: x}")),
            new Example(Code.STEP_ACTION, "x", steps("{name: x, action: a, pool: p}")),
            new Example(Code.UNKNOWN_CALLED, "p", steps("{name: x, pool: p}")),
            new Example(Code.UNKNOWN_CALLED, "a", steps("{name: x, saga: a}")),
            new Example(
                    Code.GROUP_KEY, "true", group(", idempotent: true", "{name: x, action: a}, {name: y, action: a}")),
            new Example(
                    Code.GROUP_KEY,
                    "[{name: v, action: a}]",
                    group("", "{name: x, action: a}, {parallel: [{name: v, action: a}]}")),
            new Example(Code.GROUP_OF_ONE, "[{name: x, action: a}]", group("", "{name: x, action: a}")),
            new Example(
                    Code.SECOND_PIVOT,
                    "true",
                    steps("{name: x, action: a, pivot: true}, {name: y, action: a, pivot: true}")),
            new Example(
                    Code.PIVOT_IN_GROUP, "true", group("", "{name: x, action: a, pivot: true}, {name: y, action: a}")),
            new Example(
                    Code.COMPENSATION_AFTER_PIVOT, "b", steps("{name: x, action: a, pivot: true, compensation: b}")),
            new Example(
                    Code.COMPENSATION_AFTER_PIVOT,
                    "b",
                    steps("{name: x, action: a, pivot: true}, {name: y, action: a, compensation: b}")),
            new Example(
                    Code.NESTED_COMPENSATION,
                    "b",
                    steps("{name: x, saga: t, compensation: b}") + saga("t", "{name: v, action: a}")),
            new Example(
                    Code.NESTED_PIVOT,
                    "x",
                    steps("{name: x, saga: t}") + saga("t", "{name: v, action: a, pivot: true}")),
            new Example(Code.SAGA_CYCLE, "x", steps("{name: x, saga: s}")),
            new Example(Code.SAGA_CYCLE, "v", steps("{name: x, saga: t}") + saga("t", "{name: v, saga: s}")),
            new Example(
                    Code.WORKFLOW_CYCLE, "s", steps("{name: x, workflow: w}") + "---\n" + flow("{name: y, saga: s}")),
            new Example(
                    Code.SAGA_CYCLE,
                    "v",
                    saga("t", "{name: z, saga: u}") + saga("u", "{name: y, workflow: w}") + "---\n"
                            + flow("{name: y, saga: w}") + saga("w", "{name: v, saga: u}")),
            new Example(Code.UNKNOWN_CALLED, "none", steps("{name: x, workflow: none}")),
            new Example(Code.TIME_NEVER_UP, "2m", steps("{name: x, action: a, timeout: 2m, stepTimeout: 1m}")),
            new Example(Code.KEY_UNUSED, "3s", steps("{name: x, action: a, compensationTimeout: 3s}")),
            new Example(Code.KEY_UNUSED, "ask", steps("{name: x, action: a, pivot: true, onUnknown: ask}")),
            new Example(
                    Code.KEY_UNUSED,
                    "true",
                    steps("{name: x, saga: t, idempotent: true}") + saga("t", "{name: v, action: a}")),
            new Example(Code.ENV_NOT_NAMED, "\"${env.HOME}\"", steps("{name: x, action: a, input: \"${env.HOME}\"}")),
            new Example(Code.ENV_NOT_NAMED, "\"${env.HOME}\"", flow("{name: x, agent: a, when: \"${env.HOME}\"}")),
            new Example(
                    Code.ENV_NOT_NAMED,
                    "\"${[env.`A`]}\"",
                    "workflow: {name: w, env: [B], output: \"${[env.`A`]}\", steps: [{name: x, agent: a, input:"
                            + " \"${env.B}\"}]}\n"),
            new Example(
                    Code.RESERVE_UNUSED,
                    "1.5",
                    "saga: {name: s, compensationReserve: {maxDollars: 1.5}, steps: [{name: x, action: a}]}\n"),
            new Example(
                    Code.RESERVE_TOO_LARGE,
                    "1.5",
                    "saga: {name: s, compensationReserve: {maxDollars: 1.5}, steps: [{name: x, action: a}]}\n"
                            + "---\ncost: {saga: s, budget: {maxDollars: 1.25}}\n"),
            new Example(
                    Code.RESERVE_TOO_LARGE,
                    "1.5",
                    "saga: {name: s, compensationReserve: {maxDollars: 1.5}, steps: [{name: x, action: a,"
                            + " compensation: b}]}\n"
                            + "---\n"
                            + "cost: {project: true, budget: {maxDollars: 1.25}}\n"
                            + "---\n"
                            + "cost: {agent: b, budget: {maxDollars: 1.25}}\n"), // it only undoes
            new Example(Code.NOT_ONE_OF, "maybe", steps("{name: x, action: a, approval: maybe}")),
            new Example(Code.OUT_OF_RANGE, "1.5", steps("{name: x, action: a, retry: {jitter: 1.5}}")),
            new Example(Code.DUPLICATE_STEP, "x", flow("{name: x, agent: a}, {name: x, agent: b}")),
            new Example(Code.BAD_EXPRESSION, "\"${input.}\"", flow("{name: x, agent: a, when: \"${input.}\"}")),
            new Example(Code.BAD_EXPRESSION, "\"${(\"", flow("{name: x, agent: a, forEach: \"${(\"}")),
            new Example(
                    Code.BAD_EXPRESSION,
                    "\"${(}\"",
                    "workflow: {name: w, output: \"${(}\", steps: [{name: x, agent: a}]}\n"),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.y.output}\"",
                    flow("{name: x, agent: a, input: \"${steps.y.output}\"}, {name: y, agent: a}")),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.x.output}\"",
                    flow("{name: x, agent: a, needs: []}, {name: y, agent: a, when: \"${steps.x.output}\"}")),
            new Example(
                    Code.STEP_REFERENCE,
                    "\"${steps.z.output}\"",
                    "workflow: {name: w, output: \"${steps.z.output}\", steps: [{name: x, agent: a}]}\n"),
            new Example(Code.UNKNOWN_AGENT, "aa", flow("{name: x, agent: aa}")),
            new Example(Code.STEP_TARGET, "x", flow("{name: x}")),
            new Example(Code.STEP_TARGET, "x", flow("{name: x, agent: a, saga: s}")),
            new Example(Code.UNKNOWN_CALLED, "p", flow("{name: x, pool: p}")),
            new Example(Code.UNKNOWN_CALLED, "a", flow("{name: x, saga: a}")),
            new Example(Code.UNKNOWN_CALLED, "v", flow("{name: x, workflow: v}")),
            new Example(Code.UNKNOWN_NEED, "z", flow("{name: x, agent: a}, {name: y, agent: a, needs: [x, z]}")),
            new Example(Code.SELF_NEED, "x", flow("{name: x, agent: a, needs: [x]}")),
            new Example(
                    Code.STEP_CYCLE,
                    "x",
                    flow("{name: x, agent: a, needs: [y]}, {name: y, agent: a, needs: [z]},"
                            + " {name: z, agent: a, needs: [x]}")),
            new Example(Code.UNREACHABLE_STEP, "false", flow("{name: x, agent: a, when: false}")),
            new Example(Code.BAD_CONDITION, "input.ok = true", flow("{name: x, agent: a, when: input.ok = true}")),
            new Example(
                    Code.BAD_CONDITION, "\"it is ${input}\"", flow("{name: x, agent: a, when: \"it is ${input}\"}")),
            new Example(Code.BAD_FOR_EACH, "items", flow("{name: x, agent: a, forEach: items}")),
            new Example(Code.WORKFLOW_CYCLE, "w", flow("{name: x, workflow: w}")),
            new Example(
                    Code.WORKFLOW_CYCLE,
                    "w",
                    flow("{name: x, workflow: v}") + "---\nworkflow: {name: v, steps: [{name: x, workflow: w}]}\n"),
            new Example(Code.OUT_OF_RANGE, "0", flow("{name: x, agent: a, forEach: [1], concurrency: 0}")),
            new Example(Code.WRONG_COUNT, "x", flow("{name: x, agent: a}, {name: y, agent: a, needs: [x, x]}")),
            new Example(Code.KEY_UNUSED, "3", flow("{name: x, agent: a, concurrency: 3}")),
            new Example(
                    Code.KEY_UNUSED,
                    "true",
                    flow("{name: x, pool: p, idempotent: true}") + "---\npool: {name: p, agents: [a]}\n"),
            new Example(Code.BAD_LIMIT, "0s", flow("{name: x, agent: a, totalTimeout: 0s}")),
            new Example(
                    Code.BAD_OUTPUT_SCHEMA,
                    "{type: objekt}",
                    flow("{name: x, agent: a, output: {schema: {type: objekt}}}")),
            new Example(Code.UNKNOWN_TARGET, "w", "cost: {workflow: w, budget: {maxTokens: 1}}\n"),
            new Example(Code.POOL_MEMBERS, "p", "pool: {name: p}\n"),
            new Example(Code.POOL_MEMBERS, "a", "pool: {name: p, agent: a}\n"),
            new Example(Code.QUORUM_TOO_LARGE, "3", "pool: {name: p, agents: [a, b], strategy: quorum, quorum: 3}\n"),
            new Example(Code.QUORUM_NEEDED, "quorum", "pool: {name: p, agents: [a, b], strategy: quorum}\n"),
            new Example(Code.MIN_OVER_MAX, "2", "pool: {name: p, agent: a, strategy: round-robin, min: 3, max: 2}\n"),
            new Example(
                    Code.MIN_OVER_MAX,
                    "9",
                    "pool: {name: p, agent: a, strategy: round-robin, min: 1, max: 2, size: 9}\n"),
            new Example(Code.POOL_MEMBERS, "a", "pool: {name: p, agent: a, strategy: random}\n"),
            new Example(Code.POOL_MEMBERS, "3", "pool: {name: p, agents: [a, b], size: 3}\n"),
            new Example(Code.POOL_MEMBERS, "4", "pool: {name: p, agents: [a, b], strategy: random, max: 4}\n"),
            new Example(Code.KEY_UNUSED, "4", "pool: {name: p, agents: [a, b], max: 4}\n"),
            new Example(
                    Code.KEY_UNUSED,
                    "idle: 1s",
                    "pool:\n  name: p\n  agent: a\n  size: 3\n  strategy: random\n  scale:\n    idle: 1s\n"),
            new Example(
                    Code.KEY_UNUSED, "5s", "pool: {name: p, agent: a, size: 3, strategy: random, queue: {wait: 5s}}\n"),
            new Example(
                    Code.BAD_LIMIT,
                    "2m",
                    "pool: {name: p, agent: a, size: 3, strategy: random, queue: {onFull: block, wait: 2m}}\n"),
            new Example(
                    Code.NOT_ONE_OF,
                    "explode",
                    "pool: {name: p, agent: a, size: 3, strategy: random, queue: {onFull: explode}}\n"),
            new Example(Code.OUT_OF_RANGE, "0", "pool: {name: p, agent: a, strategy: round-robin, min: 0, max: 0}\n"),
            new Example(Code.EVEN_MAJORITY, "majority", "pool: {name: p, agent: a, size: 4, strategy: majority}\n"),
            new Example(
                    Code.TOLERANCE_WITHOUT_NUMBERS,
                    "0.5",
                    "agent: {name: c, source: src/a.js, output: {schema: {type: object, properties: {v: {type:"
                            + " string}}}}}\n"
                            + "---\n"
                            + "pool: {name: p, agent: c, size: 3, strategy: majority, agreeOn: v, tolerance: 0.5}\n"),
            new Example(Code.KEY_UNUSED, "v", "pool: {name: p, agents: [a], agreeOn: v}\n"),
            new Example(Code.KEY_UNUSED, "ask", "pool: {name: p, agents: [a], strategy: first, onTie: ask}\n"),
            new Example(
                    Code.UNKNOWN_AGENT,
                    "wise",
                    "pool: {name: p, agents: [a, b, a], strategy: majority, onTie: judge:wise}\n"),
            new Example(
                    Code.UNKNOWN_AGENT,
                    "wise",
                    "pool: {name: p, agents: [a, b, a], strategy: majority, onTie: \"judge:wise\"}\n"),
            new Example(
                    Code.BAD_FORM, "judge", "pool: {name: p, agents: [a, b, a], strategy: majority, onTie: judge}\n"),
            new Example(Code.COST_SCOPE, "cost", "cost: {budget: {maxTokens: 1}}\n"),
            new Example(Code.COST_SCOPE, "cost", "cost: {agent: a, project: true, budget: {maxTokens: 1}}\n"),
            new Example(
                    Code.SECOND_BUDGET,
                    "a",
                    "cost: {agent: a, budget: {maxTokens: 1}}\n---\ncost: {agent: a, budget: {maxCalls: 1}}\n"),
            new Example(
                    Code.UNPRICED_BUDGET,
                    "x",
                    "model: {name: m, provider: openai, model: house-made}\n"
                            + "---\n"
                            + "agent: {name: x, prompt: hello}\n"
                            + "---\n"
                            + "cost: {agent: x, budget: {maxDollars: 1}}\n"),
            new Example(Code.UNPRICED_MODEL, "house-made", "model: {name: m, provider: openai, model: house-made}\n"),
            new Example(Code.TOO_PRECISE, "0.1234567", "cost: {project: true, budget: {maxDollars: 0.1234567}}\n"),
            new Example(Code.NO_LIMIT, "day", "cost: {project: true, budget: {per: day}}\n"),
            new Example(
                    Code.SECRET_TWICE,
                    "key",
                    "agent: {name: x, source: src/a.js, grants: {http: [{host: h.org}],"
                            + " secrets: [{name: K, host: h.org, header: X-Key, query: key}]}}\n"),
            new Example(
                    Code.SECRET_TWICE,
                    "L",
                    "agent: {name: x, source: src/a.js, grants: {http: [{host: '*.h.org'}], secrets: [{name: K, host:"
                            + " a.h.org}, {name: L, host: A.h.org, header: authorization}]}}\n"),
            new Example(
                    Code.SECRET_READABLE,
                    "K",
                    "agent: {name: x, source: src/a.js, grants: {env: [K], http: [{host: h.org}],"
                            + " secrets: [{name: K, host: h.org}]}}\n"),
            new Example(
                    Code.SECRET_UNUSED,
                    "h.org",
                    "agent: {name: x, source: src/a.js, grants: {secrets: [{name: K, host: h.org}]}}\n"),
            new Example(Code.BAD_LIMIT, "10B", "agent: {name: x, source: src/a.js, grants: {kv: {maxBytes: 10B}}}\n"),
            new Example(
                    Code.GRANT_OF_YAML,
                    ".",
                    "agent: {name: x, source: src/a.js, grants: {files: [{path: ., mode: rw}]}}\n"),
            new Example(Code.GATE_CLOSED, "axis", "trust: {provider: axis}\n"));

    private static String steps(String steps) {
        return "saga: {name: s, steps: [" + steps + "]}\n";
    }

    private static String saga(String name, String steps) {
        return "---\nsaga: {name: " + name + ", steps: [" + steps + "]}\n";
    }

    private static String group(String keys, String members) {
        return steps("{name: g" + keys + ", parallel: [" + members + "]}");
    }

    private static String flow(String steps) {
        return "workflow: {name: w, steps: [" + steps + "]}\n";
    }

    private static String bomb() {
        StringBuilder out = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c < 'z'; c++) {
            out.append(c).append(": &").append(c).append(" [*").append((char) (c - 1));
            out.append((", *" + (char) (c - 1)).repeat(8)).append("]\n");
        }
        return out.toString();
    }

    private ProjectFolder project(String name) {
        return new ProjectFolder(temp.resolve(name))
                .withAgents("a", "b")
                .with("src/text.wasm", "no module")
                .with("src/component.wasm", new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0});
    }

    @TestFactory
    List<DynamicTest> each_slip_is_marked_where_it_is() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Example example : EXAMPLES) {
            int number = tests.size();
            tests.add(DynamicTest.dynamicTest(example.code() + " " + number, () -> {
                ProjectFolder folder = project("p" + number).with("nexus.yaml", example.yaml());
                List<Diagnostic> all = folder.analyze().diagnostics();
                List<Diagnostic> wanted = all.stream()
                        .filter(d -> d.code().equals(example.code().id()))
                        .toList();
                assertEquals(1, wanted.size(), () -> all.toString());
                assertEquals(example.marked(), shortened(folder.marked(wanted.getFirst())));
                assertEquals(
                        List.of(),
                        all.stream()
                                .filter(d -> d.isError() && !wanted.contains(d))
                                .filter(d -> !d.code().startsWith("NX35"))
                                .toList());
                assertEquals(example.code().severity(), wanted.getFirst().severity());
            }));
        }
        return tests;
    }

    private static String shortened(String text) {
        return text.startsWith("[[") ? "[" : text;
    }

    @Test
    void every_code_has_an_example() {
        Set<Code> missing = EnumSet.allOf(Code.class);
        EXAMPLES.forEach(example -> missing.remove(example.code()));
        assertEquals(
                EnumSet.of(
                        Code.FILE_TOO_LARGE,
                        Code.NOT_UTF8,
                        Code.UNREADABLE,
                        Code.NO_PROJECT,
                        Code.TOO_MANY_FILES,
                        Code.PROGRAM_REJECTED, // the engine's own, see EngineCheckTest
                        Code.OTHER_SCHEMA),
                missing,
                "those are tested with the files, or can not be reached with this schema");
    }

    @Test
    void a_project_with_errors_is_not_handed_out_and_one_with_warnings_is() {
        ProjectFolder folder = project("x").with("nexus.yaml", "pool: {name: p}\n");
        assertNull(folder.analyze().project());
        folder.with("nexus.yaml", "trust: {provider: axis}\n");
        assertTrue(
                folder.analyze().diagnostics().size() == 1 && folder.analyze().project() != null);
    }

    @Test
    void one_slip_hides_neither_the_others_nor_the_outline() {
        ProjectFolder folder = project("x").with("nexus.yaml", """
            supervisor:
              name: "team
              maxRestarts: 5
            ---
            supervisor:
              name: other
              agents: [a, b
              maxRestarts: many
            ---
            saga:
              name: last
              steps:
                - name: one
                  action: a
                - name one
                  action: b
            """);
        Analysis analysis = folder.analyze();
        assertEquals(
                List.of("NX1002", "NX1005", "NX2005", "NX1006"),
                analysis.diagnostics().stream().map(Diagnostic::code).toList());
        assertEquals(
                List.of("supervisor/", "supervisor/other", "saga/last", "step/one", "agent/a", "agent/b"),
                analysis.outline().stream().map(s -> s.kind() + "/" + s.name()).toList());
    }

    @Test
    void a_variable_is_one_in_an_expression_and_not_in_a_text() {
        String text = "env.HOME ${'env.HOME' & input.env.HOME & \\\"steps.y.output\\\"}";
        ProjectFolder folder = project("x").with("nexus.yaml", flow("{name: x, agent: a, input: \"" + text + "\"}"));
        assertEquals(List.of(), folder.analyze().diagnostics());
    }

    @Test
    void names_are_not_called_unknown_while_part_of_the_text_can_not_be_read() {
        ProjectFolder folder = project("x")
                .with("nexus.yaml", "pool: {name: p, agents: [hidden]}\n")
                .with("more.yaml", "agent: {name: hidden, source: \"src/a.js}\n");
        assertEquals(List.of("NX1002"), folder.codes());
    }

    @Test
    void what_was_probably_meant_is_offered_as_a_fix() {
        ProjectFolder folder =
                project("x").withAgents("researcher").with("nexus.yaml", "pool: {name: p, agents: [reseacher]}\n");
        Diagnostic.QuickFix fix = folder.only().fix();
        assertNotNull(fix);
        assertEquals("researcher", fix.text());
        assertEquals(folder.only().at(), fix.at());
        assertTrue(folder.only().message().contains("did you mean `researcher`?"));
    }

    @Test
    void columns_count_as_editors_do() {
        ProjectFolder folder = project("x")
                .with("nexus.yaml", "\uFEFFpool: {name: p, agents: [a, \"😀😀\", nobody], strategy: alll}\r\n");
        Diagnostic strategy = folder.analyze().diagnostics().stream()
                .filter(d -> d.code().equals("NX2006"))
                .findFirst()
                .orElseThrow();
        assertEquals("alll", folder.marked(strategy));
    }

    @Test
    void a_child_in_plain_yaml_1_1_words_stays_text() {
        ProjectFolder folder = project("x")
                .withAgents("no", "on", "yes")
                .with("nexus.yaml", "pool: {name: p, agents: [no, on, yes]}\n");
        assertEquals(
                List.of("no", "on", "yes"), folder.project().pools().get("p").members());
    }

    @Test
    void empty_files_and_documents_are_nothing_wrong() {
        ProjectFolder folder = project("x").with("nexus.yaml", "").with("b.yml", "# only a comment\n---\n---\n...\n");
        assertEquals(List.of(), folder.codes());
        assertEquals("x", folder.project().name());
    }

    @Test
    void twenty_one_slips_are_not_too_many() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append("---\npool:\n  name: \"x").append(i).append("\n  agents: [a]\n");
        }
        Analysis analysis = project("x").with("nexus.yaml", text.toString()).analyze();
        assertTrue(analysis.hasErrors());
        assertFalse(analysis.diagnostics().isEmpty());
    }

    @Test
    void a_link_in_the_project_that_leads_out_of_it_is_no_source() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret.js"), "export default 1");
        ProjectFolder folder = project("x").with("nexus.yaml", "agent: {name: x, source: src/link.js}\n");
        Files.createSymbolicLink(temp.resolve("x/src/link.js"), secret);
        assertEquals(Code.OUTSIDE_PROJECT.id(), folder.only().code());
    }
}
