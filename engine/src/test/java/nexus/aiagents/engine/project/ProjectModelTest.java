package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the blocks become, and the hashes that pin them.
class ProjectModelTest {
    @TempDir
    Path temp;

    private ProjectFolder folder;

    @BeforeEach
    void project() {
        folder = new ProjectFolder(temp.resolve("x")).withAgents("a", "b").with("notes/x.txt", "");
    }

    @Test
    void an_agent_with_everything_said() {
        AgentSpec agent = folder.with("nexus.yaml", """
                        model: {name: default, provider: scripted, model: scripted-small}
                        ---
                        agent:
                          name: full
                          description: Does it all
                          source: src/a.js
                          model: default
                          maxTokens: 500
                          grants:
                            models: [default]
                            kv: true
                            http: [{host: "*.example.org:8443", methods: [GET, POST]}, {host: localhost}]
                            files: [{path: notes, mode: rw}, {path: notes/x.txt}]
                            agents: ["*"]
                            env: [LANG]
                          limits:
                            {fuel: 1000, memory: 1.5MB, timeout: 1500, cpuTime: 2s, stack: 1MB, tableElements: 10,
                             output: 2MB, log: 0B, hostCallsPerSecond: 7, instances: 3}
                          loop: {every: 0.5s, input: {topic: otters, n: [1, 2.50, null]}}
                          output: {schema: {type: object, required: [text]}}
                        ---
                        supervisor: {name: s, agents: [full]}
                        """).project().agents().get("full");
        assertEquals(AgentSpec.Runtime.JAVASCRIPT, agent.runtime());
        assertEquals(500, agent.maxTokens());
        AgentSpec.GrantSpec grants = agent.grants();
        assertEquals(
                new AgentSpec.HttpGrant("*.example.org:8443", Set.of("GET", "POST")),
                grants.http().getFirst());
        assertEquals(Set.of(), grants.http().getLast().methods());
        assertEquals(
                List.of(new AgentSpec.FileGrant("notes", true), new AgentSpec.FileGrant("notes/x.txt", false)),
                grants.files());
        assertEquals(Set.of("*"), grants.agents());
        assertEquals(Set.of("LANG"), grants.env());
        assertTrue(grants.kv());
        assertEquals(
                new AgentSpec.LimitSpec(
                        1000, 3 << 19, Duration.ofMillis(1500), Duration.ofSeconds(2), 10, 1 << 20, 2 << 20, 0, 7, 3),
                agent.limits());
        assertEquals(
                new AgentSpec.LoopSpec(Duration.ofMillis(500), 0, "{\"topic\":\"otters\",\"n\":[1,2.50,null]}"),
                agent.loop());
        assertEquals("{\"type\":\"object\",\"required\":[\"text\"]}", agent.outputSchema());
        assertEquals(new Position("nexus.yaml", 3, 8, 3, 12), agent.at());
    }

    @Test
    void the_runtime_is_told_from_what_is_there() {
        Project project = folder.with("src/m.wasm", ProjectFolder.EMPTY_MODULE)
                .with("src/n.MJS", "export default 1")
                .with("nexus.yaml", """
                        agents:
                          m: {source: src/m.wasm}
                          n: {source: src/n.MJS}
                          p: {prompt: You write.}
                        models:
                          only: {provider: openai, model: gpt-4o-mini, apiKeyEnv: KEY, price: {input: 0.15, output: 0.6}}
                        """)
                .project();
        assertEquals(AgentSpec.Runtime.WASM, project.agents().get("m").runtime());
        assertEquals(AgentSpec.Runtime.JAVASCRIPT, project.agents().get("n").runtime());
        AgentSpec model = project.agents().get("p");
        assertEquals(AgentSpec.Runtime.MODEL, model.runtime());
        assertEquals("You write.", model.prompt());
        assertNull(model.model());
        ModelSpec only = project.models().get("only");
        assertEquals("https://api.openai.com/v1", only.baseUrl());
        assertEquals("KEY", only.apiKeyEnv());
        assertEquals(new ModelSpec.PriceSpec(150_000, 600_000, 150_000), only.price());
        assertEquals(Duration.ofSeconds(60), only.timeout());
    }

    @Test
    void children_have_their_own_ways_to_stop() {
        SupervisorSpec team = folder.with("nexus.yaml", """
                        supervisor:
                          name: top
                          strategy: rest-for-one
                          children:
                            - a
                            - {name: b, restart: transient, shutdown: brutal-kill, significant: true}
                            - inner
                          withinSeconds: 1.5
                          autoShutdown: any
                          backoff: {initial: 200ms}
                        ---
                        supervisor: {name: inner, children: [{name: c, shutdown: 250}, {name: d, shutdown: infinity}]}
                        """)
                .withAgents("c", "d")
                .project()
                .supervisors()
                .get("top");
        assertEquals(Duration.ofMillis(1500), team.within());
        assertEquals(SupervisorSpec.AutoShutdown.ANY, team.autoShutdown());
        ChildSpec a = team.children().get(0);
        assertEquals(
                new ChildSpec("a", SupervisorSpec.ChildKind.AGENT, RestartType.PERMANENT, Duration.ofSeconds(5), false),
                a);
        assertEquals(Duration.ZERO, team.children().get(1).shutdown());
        assertNull(team.children().get(2).shutdown());
        assertEquals(
                new SupervisorSpec.BackoffSpec(
                        Duration.ofMillis(200), 2, Duration.ofSeconds(30), Duration.ofSeconds(60), 0),
                team.backoff());
        List<ChildSpec> inner = folder.project().supervisors().get("inner").children();
        assertEquals(Duration.ofMillis(250), inner.getFirst().shutdown());
        assertNull(inner.getLast().shutdown());
        assertEquals(
                List.of("top"),
                folder.project().roots().stream().map(SupervisorSpec::name).toList());
    }

    @Test
    void a_step_with_everything_said() {
        SagaSpec saga = folder.with("nexus.yaml", """
                        saga:
                          name: s
                          timeout: 10m
                          steps:
                            - name: one
                              action: a
                              compensation: b
                              input: {topic: "${input.topic}", plain: "${{x}"}
                              retry: {attempts: 3, delay: 10ms, factor: 3, max: 1s, notOn: [bad-input]}
                              compensationRetry: {attempts: 2}
                              timeout: 30s
                              idempotent: true
                              onUnknown: ask
                            - {name: my-two, action: b, input: "${steps.one.output & steps.`one`.output}"}
                        """).project().sagas().get("s");
        SagaSpec.StepSpec one = saga.steps().getFirst();
        assertEquals("{\"topic\":\"${input.topic}\",\"plain\":\"${{x}\"}", one.input());
        assertEquals(
                new SagaSpec.RetrySpec(3, Duration.ofMillis(10), 3, Duration.ofSeconds(1), 0, Set.of("bad-input")),
                one.retry());
        assertEquals(2, one.compensationRetry().attempts());
        assertEquals(SagaSpec.OnUnknown.ASK, one.onUnknown());
        assertTrue(one.idempotent());
        assertEquals(Duration.ofMinutes(10), saga.timeout());
        assertEquals(3, saga.steps().getLast().compensationRetry().attempts());
        assertNull(folder.with("nexus.yaml", "saga: {name: s, steps: [{name: x, action: a}]}")
                .project()
                .sagas()
                .get("s")
                .steps()
                .getFirst()
                .input());
    }

    @Test
    void pools_and_budgets_of_every_kind() {
        Project project = folder.with("nexus.yaml", """
                        pool: {name: q, agent: a, size: 3, strategy: quorum, quorum: 2, agreeOn: verdict, tolerance: 0.5, onTie: first, timeout: 30s}
                        ---
                        cost: {pool: q, budget: {maxDollars: 0.000001, per: week}, onLimit: throttle, alertAt: [90, 10, 90]}
                        ---
                        cost: {project: true, budget: {maxCalls: 0}}
                        """).project();
        assertEquals(
                new PoolSpec(
                        "q",
                        List.of("a", "a", "a"),
                        PoolSpec.Strategy.QUORUM,
                        2,
                        "verdict",
                        0.5,
                        PoolSpec.OnTie.FIRST,
                        null,
                        Duration.ofSeconds(30),
                        null,
                        new Position("nexus.yaml", 0, 13, 0, 14)),
                project.pools().get("q"));
        BudgetSpec budget = project.budgets().getFirst();
        assertEquals("pool/q", budget.id());
        assertEquals(1L, budget.maxMicroDollars());
        assertEquals(BudgetSpec.Window.WEEK, budget.window());
        assertEquals(List.of(10, 90), budget.alertAt());
        assertEquals("project", project.budgets().getLast().id());
        assertEquals(0L, project.budgets().getLast().maxCalls());
    }

    @Test
    void a_hash_depends_on_what_is_said_and_not_on_how() {
        folder.with(
                "nexus.yaml", "saga: {name: s, timeout: 1m, steps: [{name: x, action: a, retry: {factor: 2.0}}]}\n");
        Project flow = folder.project();
        folder.with("nexus.yaml", """
                # The same.
                saga:
                  steps:
                    - action: "a"
                      name: x   # first
                      retry:
                        factor: 2
                  name: s
                  timeout: 1m
                """);
        Project block = folder.project();
        assertEquals(flow.sagas().get("s").hash(), block.sagas().get("s").hash());
        assertEquals(flow.hash(), block.hash());
        folder.with("nexus.yaml", "sagas: {s: {timeout: 1m, steps: [{name: x, action: a, retry: {factor: 2}}]}}\n");
        assertEquals(flow.hash(), folder.project().hash());
        folder.with(
                "nexus.yaml", "saga: {name: s, timeout: 2m, steps: [{name: x, action: a, retry: {factor: 2.0}}]}\n");
        assertNotEquals(
                flow.sagas().get("s").hash(), folder.project().sagas().get("s").hash());
        assertNotEquals(flow.hash(), folder.project().hash());
    }

    @Test
    void a_changed_byte_of_a_program_or_of_what_it_imports_changes_the_agent_s_hash() {
        folder.with("nexus.yaml", "agent: {name: x, source: src/main.js}\n")
                .with("src/main.js", "import { f } from './lib/f.js'\nexport default () => f()\n")
                .with("src/lib/f.js", "export { f } from \"../g.mjs\"\n")
                .with("src/g.mjs", "export const f = () => 1\n");
        AgentSpec first = folder.project().agents().get("x");
        assertEquals(first.hash(), folder.project().agents().get("x").hash());
        folder.with("src/g.mjs", "export const f = () => 2\n");
        AgentSpec second = folder.project().agents().get("x");
        assertNotEquals(first.hash(), second.hash());
        folder.with("src/main.js", "import { f } from './lib/f.js'\nexport default () => f( )\n");
        assertNotEquals(second.hash(), folder.project().agents().get("x").hash());
    }

    @Test
    void typescript_belongs_to_the_hash_by_whatever_name_it_is_imported() {
        folder.with("nexus.yaml", "agent: {name: x, source: src/main.ts}\n");
        for (String imported : List.of("./lib.ts", "./lib.js", "./lib")) {
            folder.with("src/main.ts", "import { f } from '" + imported + "'\nexport default () => f()\n")
                    .with("src/lib.ts", "export const f = (): number => 1\n");
            String before = folder.project().agents().get("x").hash();
            folder.with("src/lib.ts", "export const f = (): number => 2\n");
            assertNotEquals(before, folder.project().agents().get("x").hash(), imported);
        }
    }

    @Test
    void a_queue_has_its_bounds_its_limit_and_its_defaults() {
        Project project = folder.with("nexus.yaml", """
                        pool: {name: auto, agent: a, strategy: least-busy, min: 2, max: 8, queue: {limit: 5, onFull: block}, scale: {idle: 1m}}
                        ---
                        pool: {name: hand, agent: a, strategy: random, size: 3, retry: {attempts: 2}}
                        ---
                        pool: {name: named, agents: [a, b], strategy: round-robin}
                        """).project();
        PoolSpec.QueueSpec auto = project.pools().get("auto").queue();
        assertEquals(
                new PoolSpec.QueueSpec(
                        2,
                        2,
                        8,
                        true,
                        5,
                        PoolSpec.OnFull.BLOCK,
                        Duration.ofSeconds(30),
                        SagaSpec.RetrySpec.ONCE,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5)),
                auto);
        PoolSpec.QueueSpec hand = project.pools().get("hand").queue();
        assertEquals(List.of(0, 3, 1_000), List.of(hand.min(), hand.start(), hand.max()));
        assertEquals(2, hand.retry().attempts());
        assertEquals(1_000, hand.limit());
        PoolSpec.QueueSpec named = project.pools().get("named").queue();
        assertEquals(List.of(2, 2, 2), List.of(named.min(), named.start(), named.max()));
    }
}
