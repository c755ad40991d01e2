package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.supervise.SupervisionTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the host keeps of the instances that a supervisor makes and deletes.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InstancesForgottenTest {
    private static final int MANY = 1_000;

    @TempDir
    Path folder;

    private AgentBench bench;
    private SupervisionTree tree;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve("w.js"), "export default () => 1;");
        Files.writeString(folder.resolve("nexus.yaml"), """
                project: {name: p}
                ---
                agent: {name: w, source: w.js}
                ---
                supervisor: {name: pool, children: {template: w, start: 3, max: 1000}}
                """);
        var analysis = new LanguageService().analyze(folder, Map.of());
        Project project = analysis.project();
        assertEquals(List.of(), analysis.diagnostics());
        bench = new AgentBench(folder);
        bench.agent("w", GrantSpec.NONE, _ -> "1");
        tree = new SupervisionTree(project, bench.host, bench.journal, Clock.systemUTC());
        done(tree.start());
    }

    @AfterEach
    void close() {
        tree.close();
        bench.close();
    }

    private static CommandResult done(CompletionStage<CommandResult> answer) throws Exception {
        return answer.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void nothing_is_kept_of_a_thousand_instances_that_came_and_went() throws Exception {
        int before = bench.host.kept();
        for (int i = 0; i < MANY; i++) {
            String name = assertInstanceOf(CommandResult.ChildAdded.class, done(tree.addInstance("pool")))
                    .child();
            if (i % 100 == 0) {
                bench.host.controls().pause(name);
            }
            assertInstanceOf(CommandResult.Done.class, done(tree.stopChild("pool", name)));
        }
        assertEquals(before, bench.host.kept());
        assertEquals(MANY, bench.journal.events(EngineEvent.ChildDeleted.class).size());
        assertEquals(Map.of(), bench.journal.states("pause/"), "a pause of one that is no more is no more");
    }

    @Test
    void instances_end_with_their_supervisor_and_are_made_anew_with_it() throws Exception {
        assertEquals(4, bench.host.kept(), "three, and what they are made from");
        done(tree.stop());
        assertEquals(1, bench.host.kept());
        done(tree.start());
        assertEquals(4, bench.host.kept());
    }
}
