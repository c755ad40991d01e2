package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SupervisorSpec;

/// Projects that the benchmarks measure on.
public final class BenchProjects {
    private BenchProjects() {}

    /// Writes a project of about so many lines and returns its text.
    static String lines(Path folder, int wanted) throws IOException {
        Files.writeString(folder.resolve("a.js"), "export default input => input;\n");
        StringBuilder text = new StringBuilder("project:\n  name: large\n");
        int agents = 0;
        for (int lines = 2; lines < wanted - 20; lines += 11) {
            agents++;
            text.append("""
                    ---
                    agent:
                      name: agent-%1$d
                      description: number %1$d
                      runtime: javascript
                      source: a.js # shared
                      limits:
                        fuel: 100000%1$d
                        memory: 64MB
                      grants:
                        kv: true
                    """.formatted(agents));
        }
        text.append("---\nsupervisor:\n  name: team\n  strategy: one-for-one\n  agents: [agent-1, agent-2]\n");
        Files.writeString(folder.resolve("nexus.yaml"), text.toString());
        return text.toString();
    }

    /// About as many lines in one document: agents in the map form, which share their grants by an alias.
    static String aliases(Path folder, int wanted, int aliases) throws IOException {
        Files.writeString(folder.resolve("a.js"), "export default input => input;\n");
        StringBuilder text = new StringBuilder("agents:\n");
        int each = wanted / aliases;
        for (int i = 0; i <= aliases; i++) {
            text.append("""
                      agent-%1$d:
                        description: number %1$d
                        runtime: javascript
                        source: a.js # shared
                        limits:
                          fuel: 100000%1$d
                          memory: 64MB
                          timeout: 30s
                        grants: %2$s
                    """.formatted(i, i == 0 ? "&shared {kv: true}" : "*shared"));
            text.append("    # a comment\n".repeat(each - 9));
        }
        Files.writeString(folder.resolve("nexus.yaml"), text.toString());
        return text.toString();
    }

    /// One supervised worker that may crash for ever, and a saga of four steps.
    static Path team() throws IOException {
        Path folder = Files.createTempDirectory("nexus-bench");
        Files.writeString(folder.resolve("worker.js"), "export default input => ({ ok: true });\n");
        Files.writeString(folder.resolve("nexus.yaml"), """
                project: {name: bench}
                ---
                agent: {name: worker, source: worker.js}
                ---
                supervisor: {name: team, agents: [worker], maxRestarts: 1000000, withinSeconds: 1}
                ---
                saga:
                  name: four
                  steps:
                    - {name: one, action: worker, compensation: worker}
                    - {name: two, action: worker, compensation: worker}
                    - {name: three, action: worker, compensation: worker}
                    - {name: four, action: worker, compensation: worker}
                """);
        return folder;
    }

    /// Many agents with one program, in teams under one supervisor at the top; each may crash as often
    /// as it likes.
    static void fleet(Path folder, int agents, int perTeam) throws IOException {
        Files.writeString(folder.resolve("idle.js"), "export default input => ({ ok: true });\n");
        int teams = (agents + perTeam - 1) / perTeam;
        StringBuilder top = new StringBuilder("project: {name: fleet}\n---\nsupervisor:\n  name: fleet\n  agents:\n");
        for (int team = 0; team < teams; team++) {
            top.append("    - team-").append(team).append('\n');
        }
        Files.writeString(folder.resolve("nexus.yaml"), top);
        for (int team = 0; team < teams; team++) {
            StringBuilder text = new StringBuilder("agents:\n");
            int first = team * perTeam;
            int last = Math.min(agents, first + perTeam);
            for (int i = first; i < last; i++) {
                text.append("  a").append(i).append(": {source: idle.js}\n");
            }
            text.append("---\nsupervisor:\n  name: team-").append(team);
            text.append("\n  maxRestarts: 1000000\n  withinSeconds: 1\n  agents:\n");
            for (int i = first; i < last; i++) {
                text.append("    - a").append(i).append('\n');
            }
            Files.writeString(folder.resolve("team-" + team + ".yaml"), text);
        }
    }

    /// Two sagas of four steps, one of a WebAssembly and one of a JavaScript agent.
    static Path sagas() throws IOException {
        Path folder = Files.createTempDirectory("nexus-bench");
        Files.writeString(folder.resolve("worker.js"), "export default input => ({ ok: true });\n");
        Files.write(folder.resolve("worker.wasm"), Base64.getDecoder().decode(ANSWERS_OK));
        StringBuilder text = new StringBuilder("project: {name: bench}\n");
        for (String kind : List.of("wasm", "javascript")) {
            String file = kind.equals("wasm") ? "worker.wasm" : "worker.js";
            text.append("---\nagent: {name: ")
                    .append(kind)
                    .append("-worker, source: ")
                    .append(file)
                    .append("}\n");
            text.append("---\nsaga:\n  name: ").append(kind).append("\n  steps:\n");
            for (String step : List.of("one", "two", "three", "four")) {
                text.append("    - {name: ")
                        .append(step)
                        .append(", action: ")
                        .append(kind)
                        .append("-worker}\n");
            }
        }
        Files.writeString(folder.resolve("nexus.yaml"), text);
        return folder;
    }

    /// Loops of which two crash now and then, a saga that can fail, a pool that votes, and a budget.
    static Path busy() throws IOException {
        Path folder = Files.createTempDirectory("nexus-bench");
        Files.writeString(folder.resolve("worker.js"), """
                export default async function (input, nexus) {
                  if (input.input && input.input.failAt === input.step) {
                    throw new Error("asked to fail");
                  }
                  await nexus.kv.put("last", input);
                  await nexus.log("info", "done");
                  return { ok: true };
                }
                """);
        Files.writeString(folder.resolve("steady.js"), """
                export default async function (input, nexus) {
                  const count = ((await nexus.kv.get("count")) ?? 0) + 1;
                  await nexus.kv.put("count", count);
                  await nexus.model({ prompt: "number " + (count % 5), maxTokens: 5 });
                  return { count };
                }
                """);
        Files.writeString(folder.resolve("crasher.js"), """
                export default async function (input, nexus) {
                  if (Math.random() < 0.2) {
                    throw new Error("crashed by chance");
                  }
                  return { ok: true };
                }
                """);
        Files.writeString(folder.resolve("voter.js"), "export default input => ({ odd: input.number % 2 === 1 });\n");
        Files.writeString(folder.resolve("nexus.yaml"), """
                project: {name: busy}
                ---
                model: {name: default, provider: scripted, price: {input: 3, output: 15}}
                ---
                agents:
                  worker: {source: worker.js, grants: {kv: true}}
                  voter-1: {source: voter.js}
                  voter-2: {source: voter.js}
                  voter-3: {source: voter.js}
                  steady: {source: steady.js, grants: {kv: true, models: [default]}, loop: {every: 200ms}}
                  crasher-1: {source: crasher.js, loop: {every: 100ms}}
                  crasher-2: {source: crasher.js, loop: {every: 150ms}}
                ---
                supervisor:
                  name: top
                  agents: [loops, worker, voter-1, voter-2, voter-3]
                ---
                supervisor:
                  name: loops
                  strategy: rest-for-one
                  maxRestarts: 1000000
                  withinSeconds: 1
                  agents: [crasher-1, crasher-2, steady]
                ---
                saga:
                  name: four
                  steps:
                    - {name: one, action: worker, compensation: worker}
                    - {name: two, action: worker, compensation: worker}
                    - {name: three, action: worker, compensation: worker}
                    - {name: four, action: worker, compensation: worker}
                ---
                pool: {name: ask, strategy: majority, agents: [voter-1, voter-2, voter-3]}
                ---
                cost: {agent: steady, budget: {maxDollars: 1000}, onLimit: alert}
                """);
        return folder;
    }

    /// A WASI command that writes `{"ok":true}` and ends:
    /// ```
    /// (module
    ///   (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    ///   (memory (export "memory") 1 1)
    ///   (data (i32.const 0) "\20\00\00\00\0b\00\00\00") (data (i32.const 32) "{\22ok\22:true}")
    ///   (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))
    /// ```
    private static final String ANSWERS_OK = ""
            + "AGFzbQEAAAABDAJgBH9/f38Bf2AAAAIjARZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxCGZkX3dyaXRlAAADAgEBBQQB"
            + "AQEBBxMCBm1lbW9yeQIABl9zdGFydAABCg8BDQBBAUEAQQFBEBAAGgsLHgIAQQALCCAAAAALAAAAAEEgCwt7Im9r"
            + "Ijp0cnVlfQ==";

    /// So many agents, `a0`, `a1` and on, under one supervisor.
    public static SupervisorSpec supervisor(int children) throws IOException {
        return Objects.requireNonNull(read(children).supervisors().get("team-0"));
    }

    private static Project read(int agents) throws IOException {
        Path folder = Files.createTempDirectory("nexus-bench");
        fleet(folder, agents, agents);
        Project project = Objects.requireNonNull(
                new LanguageService().analyze(folder, Map.of()).project());
        Team.delete(folder);
        return project;
    }

    /// A saga of four steps, each with a compensation.
    public static SagaSpec saga() throws IOException {
        Path folder = team();
        Project project = Objects.requireNonNull(
                new LanguageService().analyze(folder, Map.of()).project());
        Team.delete(folder);
        return Objects.requireNonNull(project.sagas().get("four"));
    }
}
