package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.money.MoneyLedger;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.AgentSpec.LimitSpec;
import nexus.aiagents.engine.project.AgentSpec.LoopSpec;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.secret.FakeKeychain;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;

/// A host over a journal in memory, a real ledger, and programs that are Java.
final class AgentBench implements AutoCloseable {
    static final Position HERE = new Position("nexus.yaml", 0, 0, 0, 0);
    static final TrustView TRUSTED = new TrustView(true, 80, 4, "A", "");
    /// A dollar per token, so that figures can be read.
    static final Price DOLLAR = new Price(1_000_000_000_000L, 1_000_000_000_000L, 1_000_000_000_000L);

    final Path folder;
    final InMemoryJournal journal;
    final MoneyLedger ledger;
    final FakeModels models = new FakeModels();
    final Map<String, JavaProgram.Body> programs = new ConcurrentHashMap<>();
    final Map<String, TrustView> trust = new ConcurrentHashMap<>();
    final List<Program> prepared = new CopyOnWriteArrayList<>();
    final List<Isolation> isolations = new CopyOnWriteArrayList<>();
    final AgentHost host;
    RecordingSpec recording = RecordingSpec.DEFAULT;
    volatile Runnable afterRefusal = () -> {};

    /// What agents that are added from now on get.
    AgentSpec.LivenessSpec liveness = AgentSpec.LivenessSpec.NONE;

    /// A dollar per token would be a runaway at once.
    AgentSpec.RunawaySpec runaway = new AgentSpec.RunawaySpec(50, 0);
    final FakeKeychain keychain = new FakeKeychain();
    private final Map<String, AgentSpec> agents = new LinkedHashMap<>();
    private final List<BudgetSpec> budgets = new ArrayList<>();

    AgentBench(Path folder) {
        this(folder, new InMemoryJournal());
    }

    AgentBench(Path folder, InMemoryJournal journal) {
        this.folder = folder;
        this.journal = journal;
        this.ledger = new MoneyLedger(journal, Clock.systemUTC());
        Function<String, String> environment =
                Map.of("LANG", "C", "SECRET", "x", "API_TOKEN", "tok-12345678", "SHOP_ACCOUNT", "acct-87654321")::get;
        AgentServices services = new AgentServices(
                journal,
                new WatchedLedger(),
                models,
                model -> model.name().equals("unpriced") ? null : DOLLAR,
                this::prepare,
                (schema, output) -> output.contains("wrong") ? "it is wrong" : null,
                Clock.systemUTC(),
                new Random(1),
                environment,
                new HostSecrets(environment, keychain, Clock.systemUTC()),
                new Recordings(folder.resolve("records"), () -> recording, Clock.systemUTC()));
        this.host = new AgentHost(services, project(), gate());
    }

    /// The ledger, with a moment between a refusal and the one who is told of it.
    private final class WatchedLedger implements Ledger {
        @Override
        public Decision reserve(HoldRequest request) {
            Decision decision = ledger.reserve(request);
            if (decision instanceof Decision.Refused) {
                afterRefusal.run();
            }
            return decision;
        }

        @Override
        public void configure(List<BudgetSpec> specs) {
            ledger.configure(specs);
        }

        @Override
        public void settle(String holdId, Usage usage) {
            ledger.settle(holdId, usage);
        }

        @Override
        public void release(String holdId) {
            ledger.release(holdId);
        }

        @Override
        public boolean awaitChange(String budgetId, Duration atMost) throws InterruptedException {
            return ledger.awaitChange(budgetId, atMost);
        }

        @Override
        public int settleAbandoned() {
            return ledger.settleAbandoned();
        }

        @Override
        public boolean isHeld(String holdId) {
            return ledger.isHeld(holdId);
        }

        @Override
        public List<BudgetView> views() {
            return ledger.views();
        }
    }

    private JavaProgram prepare(Program program, Isolation isolation) throws ProgramRejected {
        prepared.add(program);
        isolations.add(isolation);
        JavaProgram.Body body = programs.get(program.name());
        if (body == null) {
            throw new ProgramRejected("syntax", "this is no program", program.name(), 3, 1);
        }
        return new JavaProgram(program.name(), body);
    }

    private TrustGate gate() {
        return agent -> trust.getOrDefault(agent, TRUSTED);
    }

    /// Adds an agent with this program.
    AgentBench agent(String name, GrantSpec grants, JavaProgram.Body body) {
        return agent(name, grants, null, Duration.ofSeconds(60), body);
    }

    AgentBench loop(String name, GrantSpec grants, JavaProgram.Body body) {
        return agent(name, grants, new LoopSpec(Duration.ofMillis(5), 0, "{}"), Duration.ofSeconds(60), body);
    }

    AgentBench agent(String name, GrantSpec grants, LoopSpec loop, Duration timeout, JavaProgram.Body body) {
        programs.put(name + ".js", body);
        try {
            Files.writeString(folder.resolve(name + ".js"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return add(new AgentSpec(
                name,
                AgentSpec.Runtime.JAVASCRIPT,
                name + ".js",
                null,
                null,
                0,
                "",
                grants,
                new LimitSpec(1_000_000, 1 << 20, timeout),
                liveness,
                runaway,
                loop,
                name.equals("checked") ? "{}" : null,
                "hash",
                HERE));
    }

    AgentBench add(AgentSpec spec) {
        agents.put(spec.name(), spec);
        host.configure(project(), gate());
        return this;
    }

    AgentBench budget(String id, long dollars, BudgetSpec.OnLimit onLimit) {
        budgets.removeIf(budget -> budget.id().equals(id));
        budgets.add(new BudgetSpec(
                id,
                BudgetSpec.Scope.AGENT,
                id.substring(id.indexOf('/') + 1),
                null,
                dollars * 1_000_000,
                null,
                BudgetSpec.Window.EVER,
                onLimit,
                List.of(),
                HERE));
        ledger.configure(budgets);
        return this;
    }

    private Project project() {
        Map<String, ModelSpec> known = new LinkedHashMap<>();
        for (String name : List.of("default", "unpriced")) {
            known.put(
                    name,
                    new ModelSpec(
                            name,
                            ModelSpec.Provider.SCRIPTED,
                            name,
                            null,
                            null,
                            null,
                            false,
                            null,
                            Duration.ofSeconds(5),
                            HERE));
        }
        return new Project(
                folder,
                "bench",
                "hash",
                Map.copyOf(agents),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                known,
                budgets,
                null);
    }

    static GrantSpec models(String... names) {
        return new GrantSpec(Set.of(names), List.of(), List.of(), Set.of(), false, Set.of());
    }

    static GrantSpec agents(String... names) {
        return new GrantSpec(Set.of(), List.of(), List.of(), Set.of(names), false, Set.of());
    }

    static GrantSpec keys() {
        return new GrantSpec(Set.of(), List.of(), List.of(), Set.of(), true, Set.of());
    }

    static GrantSpec files(boolean writable, String... paths) {
        List<AgentSpec.FileGrant> granted = new ArrayList<>();
        for (String path : paths) {
            granted.add(new AgentSpec.FileGrant(path, writable));
        }
        return new GrantSpec(Set.of(), List.of(), granted, Set.of(), false, Set.of());
    }

    static GrantSpec http(String... hosts) {
        List<AgentSpec.HttpGrant> granted = new ArrayList<>();
        for (String host : hosts) {
            granted.add(new AgentSpec.HttpGrant(host, Set.of("GET", "POST")));
        }
        return new GrantSpec(Set.of(), granted, List.of(), Set.of(), false, Set.of());
    }

    AgentCalls.Call begin(String agent, String input) {
        return begin(agent, input, null);
    }

    AgentCalls.Call begin(String agent, String input, Duration timeout) {
        return host.call(new AgentCalls.Request(agent, input, "r1", "s1", 1, "key", List.of(), timeout));
    }

    AgentCalls.Result call(String agent, String input) throws Exception {
        return end(begin(agent, input));
    }

    static AgentCalls.Result end(AgentCalls.Call call) throws Exception {
        return call.result().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    <T extends EngineEvent> List<T> events(Class<T> type) {
        return journal.read(0, Integer.MAX_VALUE).stream()
                .map(entry -> entry.event())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <T extends EngineEvent> void awaitEvent(Class<T> type) {
        await(type.getSimpleName(), () -> !events(type).isEmpty());
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
