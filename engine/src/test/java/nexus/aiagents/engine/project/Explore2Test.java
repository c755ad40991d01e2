package nexus.aiagents.engine.project;

import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.*;
import org.junit.jupiter.api.io.TempDir;

class Explore2Test {
    @TempDir
    Path temp;

    @Test
    void perf() throws Exception {
        for (boolean one : new boolean[] {true, false}) {
            Path dir = Files.createDirectory(temp.resolve("d" + one));
            StringBuilder all = new StringBuilder("project: {name: big}\n");
            all.append("---\nmodel: {name: default, provider: scripted, model: scripted-small}\n");
            Files.createDirectories(dir.resolve("src"));
            Map<String, String> files = new LinkedHashMap<>();
            int lines = 2;
            for (int i = 0; i < 160; i++) {
                String n = "agent-" + i;
                Files.writeString(dir.resolve("src/" + n + ".js"), "export default () => 1\n".repeat(30));
                String t = """
---
agent:
  name: %s
  description: Does the thing number %s   # a comment
  runtime: javascript
  source: src/%s.js
  model: default
  grants:
    models: [default]
    kv: true
    http: [{host: example.org, methods: [GET]}]
  limits: {fuel: 1000000000, memory: 64MB, timeout: 30s}
---
supervisor:
  name: team-%s
  children:
    - name: %s
      restart: transient
      shutdown: 5s
---
cost:
  agent: %s
  budget: {maxTokens: 100000, maxDollars: 5.00, per: day}
  onLimit: pause
---
saga:
  name: saga-%s
  steps:
    - name: first
      action: %s
      input: {topic: "${input.topic}"}
""".formatted(n, i, n, i, n, n, i, n);
                lines += t.split("\n").length;
                if (one) all.append(t);
                else files.put("f" + i + ".yaml", t);
            }
            Files.writeString(dir.resolve("nexus.yaml"), all.toString());
            for (var e : files.entrySet()) Files.writeString(dir.resolve(e.getKey()), e.getValue());
            LanguageService s = new LanguageService();
            List<Double> cold = new ArrayList<>(), warm = new ArrayList<>();
            String text = Files.readString(dir.resolve("nexus.yaml"));
            for (int r = 0; r < 60; r++) {
                long t0 = System.nanoTime();
                Analysis a = s.analyze(dir, Map.of("nexus.yaml", text + "# " + r + "\n"));
                long t1 = System.nanoTime();
                if (a.project() == null)
                    System.out.println(a.diagnostics()
                            .subList(0, Math.min(3, a.diagnostics().size())));
                cold.add((t1 - t0) / 1e6);
                t0 = System.nanoTime();
                s.analyze(dir, Map.of("nexus.yaml", text + "# " + r + "\n"));
                warm.add((System.nanoTime() - t0) / 1e6);
            }
            System.out.println(lines + " lines, one file: " + one + " first " + cold.get(0));
            var c2 = new ArrayList<>(cold.subList(20, 60));
            Collections.sort(c2);
            var w2 = new ArrayList<>(warm.subList(20, 60));
            Collections.sort(w2);
            System.out.println("edit median " + c2.get(20) + " p95 " + c2.get(38) + "; unchanged median " + w2.get(20));
            long t0 = System.nanoTime();
            FileAnalysis.of("x", text);
            long t1 = System.nanoTime();
            YamlText yt = YamlText.read("x", text);
            long t2 = System.nanoTime();
            for (YamlNode d : yt.documents()) new SchemaCheck("x", (YamlNode.Mapping) d, false).check();
            long t3 = System.nanoTime();
            System.out.println("file " + (t1 - t0) / 1e6 + " yaml " + (t2 - t1) / 1e6 + " schema " + (t3 - t2) / 1e6);
        }
    }
}
