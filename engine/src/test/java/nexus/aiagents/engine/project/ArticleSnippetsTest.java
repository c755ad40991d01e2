package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArticleSnippetsTest {
    @TempDir
    Path temp;

    private static String resource(String name) throws IOException {
        try (InputStream in = ArticleSnippetsTest.class.getResourceAsStream(name)) {
            assertNotNull(in, name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void the_supervisor_loads_as_it_stands() throws IOException {
        Project project = new ProjectFolder(temp)
                .withAgents("researcher", "writer", "reviewer")
                .with("nexus.yaml", resource("article-supervisor.yaml"))
                .project();
        SupervisorSpec team = project.supervisors().get("research-team");
        assertEquals(SupervisorSpec.Strategy.ONE_FOR_ONE, team.strategy());
        assertEquals(5, team.maxRestarts());
        assertEquals(Duration.ofSeconds(60), team.within());
        assertEquals(
                List.of("researcher", "writer", "reviewer"),
                team.children().stream().map(SupervisorSpec.ChildSpec::name).toList());
        assertEquals(List.of(team), project.roots());
    }

    @Test
    void the_saga_loads_as_it_stands() throws IOException {
        Project project = new ProjectFolder(temp)
                .withAgents("research-agent", "writing-agent", "review-agent", "publish-agent")
                .withAgents("delete-research-notes", "delete-draft", "revert-review", "unpublish")
                .with("nexus.yaml", resource("article-saga.yaml"))
                .project();
        SagaSpec saga = project.sagas().get("publish-article");
        assertEquals(
                List.of("research", "draft", "review", "publish"),
                saga.steps().stream().map(SagaSpec.StepSpec::name).toList());
        assertEquals("unpublish", saga.steps().getLast().compensation());
        assertEquals(SagaSpec.RetrySpec.ONCE, saga.steps().getFirst().retry());
    }

    @Test
    void the_cost_loads_as_it_stands() throws IOException {
        Project project = new ProjectFolder(temp)
                .withAgents("research-bot")
                .with("nexus.yaml", resource("article-cost.yaml"))
                .project();
        BudgetSpec budget = project.budgets().getFirst();
        assertEquals("agent/research-bot", budget.id());
        assertEquals(100_000L, budget.maxTokens());
        assertEquals(5_000_000L, budget.maxMicroDollars());
        assertEquals(BudgetSpec.OnLimit.PAUSE, budget.onLimit());
        assertEquals(BudgetSpec.Window.EVER, budget.window());
        assertEquals(List.of(50, 80, 95), budget.alertAt());
    }

    @Test
    void the_pool_loads_as_it_stands() throws IOException {
        Project project = new ProjectFolder(temp)
                .withAgents("researcher-1", "researcher-2", "researcher-3")
                .with("nexus.yaml", resource("article-pool.yaml"))
                .project();
        PoolSpec pool = project.pools().get("research-pool");
        assertEquals(PoolSpec.Strategy.MAJORITY, pool.strategy());
        assertEquals(List.of("researcher-1", "researcher-2", "researcher-3"), pool.members());
    }

    @Test
    void the_trust_block_loads_as_it_stands_and_warns_that_the_gate_is_closed() throws IOException {
        ProjectFolder folder = new ProjectFolder(temp).with("nexus.yaml", resource("article-trust.yaml"));
        TrustSpec trust = folder.project().trust();
        assertNotNull(trust);
        assertEquals(TrustSpec.Provider.AXIS, trust.provider());
        assertEquals(3, trust.minTier());
        assertEquals("BBB", trust.minRating());
        assertEquals(TrustSpec.OnUntrusted.REJECT, trust.onUntrusted());
        assertEquals(Code.GATE_CLOSED.id(), folder.only().code());
        assertEquals("axis", folder.marked(folder.only()));
    }

    @Test
    void all_of_them_load_from_one_file_of_several_documents() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("supervisor", "saga", "cost", "pool", "trust")) {
            all.append("---\n").append(resource("article-" + name + ".yaml"));
        }
        Project project = new ProjectFolder(temp)
                .withAgents("researcher", "writer", "reviewer", "research-bot")
                .withAgents("research-agent", "writing-agent", "review-agent", "publish-agent")
                .withAgents("delete-research-notes", "delete-draft", "revert-review", "unpublish")
                .withAgents("researcher-1", "researcher-2", "researcher-3")
                .with("nexus.yaml", all.toString())
                .project();
        assertEquals(15, project.agents().size());
        assertEquals(1, project.sagas().size());
    }

    @Test
    void the_map_form_loads_into_the_same_model() throws IOException {
        Project project = new ProjectFolder(temp)
                .with("src/a.js", "export default () => 1;")
                .with("nexus.yaml", resource("map-form.yaml"))
                .project();
        SupervisorSpec team = project.supervisors().get("research-team");
        assertEquals(
                List.of("researcher", "inner"),
                team.children().stream().map(SupervisorSpec.ChildSpec::name).toList());
        assertEquals(Duration.ofSeconds(90), team.within());
        assertEquals(
                SupervisorSpec.ChildKind.SUPERVISOR, team.children().getLast().kind());
        assertEquals(
                List.of("researcher", "writer"), List.copyOf(project.agents().keySet()));
        assertEquals("default", project.models().get("default").name());
        assertEquals(3, project.pools().get("three").members().size());
        assertEquals("write", project.sagas().get("publish").steps().getFirst().name());
    }
}
