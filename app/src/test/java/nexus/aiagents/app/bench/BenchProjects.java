package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Projects that the benchmarks measure on.
final class BenchProjects {
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
}
