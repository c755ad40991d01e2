package nexus.aiagents.engine.project;

import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.*;
import org.junit.jupiter.api.io.TempDir;

class ExploreTest {
    @TempDir
    Path temp;

    @Test
    void explore() throws Exception {
        String all = Files.readString(Path.of("/tmp/explore.txt"));
        int n = 0;
        for (String one : all.split("\n====\n")) {
            ProjectFolder f = new ProjectFolder(Files.createDirectory(temp.resolve("p" + n++)))
                    .withAgents("a", "b")
                    .with("nexus.yaml", one.replace("\\t", "\t"));
            System.out.println("---------- " + one);
            Analysis an = f.analyze();
            for (Diagnostic d : an.diagnostics()) {
                String m;
                try {
                    m = f.marked(d);
                } catch (Throwable t) {
                    m = "?" + t;
                }
                System.out.println("  >> " + d.severity() + " " + d.code() + " " + (d.at().line() + 1) + ":"
                        + d.at().column() + "-" + (d.at().endLine() + 1) + ":" + d.at().endColumn() + " [" + m + "] "
                        + d.message()
                        + (d.fix() == null ? "" : "   FIX " + d.fix().title()));
            }
            System.out.println("  outline "
                    + an.outline().stream().map(s -> s.kind() + "/" + s.name()).toList());
        }
    }
}
