package nexus.aiagents.engine.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The second layer of checks: what the blocks of all files mean together.
final class ProjectReader {
    private static final long LEAST_RECORD = 4 << 10;
    private static final long MOST_RECORD = 64 << 20;
    private static final long LEAST_WORKER = 128L << 20;
    private static final long MOST_WORKER = 64L << 30;

    private final Scope scope;
    private final Expressions expressions;
    private final Map<String, AgentSpec> agents = new LinkedHashMap<>();
    private final Map<String, SupervisorSpec> supervisors = new LinkedHashMap<>();
    private final Map<String, SagaSpec> sagas = new LinkedHashMap<>();
    private final Map<String, PoolSpec> pools = new LinkedHashMap<>();
    private final Map<String, WorkflowSpec> workflows = new LinkedHashMap<>();
    private final Map<String, ModelSpec> models = new LinkedHashMap<>();
    private final Map<String, ScheduleSpec> schedules = new LinkedHashMap<>();
    private final List<BudgetSpec> budgets = new ArrayList<>();

    ProjectReader(Scope scope, Expressions expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Project read() {
        sharedNames();
        for (Kind kind : Kind.values()) {
            for (Definition definition : scope.all(kind)) {
                if (definition.sound()) {
                    nameFits(definition);
                    read(definition);
                    schedule(definition);
                }
            }
        }
        scope.unnamed().stream().filter(d -> d.kind() == Kind.COST && d.sound()).forEach(this::read);
        new Trees(supervisors, scope).check();
        loops();
        new CallCircles(sagas, workflows, scope).check();
        new NestedPivots(sagas, scope).check();
        new Pricing(agents, supervisors, sagas, pools, workflows, models, scope).check(budgets);
        return project();
    }

    private void read(Definition definition) {
        String name = definition.name();
        switch (definition.kind()) {
            case MODEL -> models.put(name, ModelReader.read(definition, scope));
            case AGENT -> {
                AgentSpec agent = new AgentReader(definition, scope).read();
                if (agent != null) {
                    agents.put(name, agent);
                }
            }
            case SUPERVISOR -> supervisors.put(name, new SupervisorReader(definition, scope).read());
            case SAGA -> sagas.put(name, new SagaReader(definition, scope, expressions).read());
            case POOL -> pools.put(name, new PoolReader(definition, scope).read());
            case WORKFLOW -> workflows.put(name, new WorkflowReader(definition, scope, expressions).read());
            case COST -> {
                BudgetSpec budget = new CostReader(definition, scope).read();
                if (budget != null) {
                    budgets.add(budget);
                }
            }
            case TRUST, PROJECT -> {}
        }
    }

    private void schedule(Definition definition) {
        ScheduleSpec schedule = ScheduleReader.read(definition, scope);
        if (schedule != null) {
            schedules.put(schedule.id(), schedule);
        }
    }

    /// Supervisors name agents and supervisors alike, so the two share their names.
    private void sharedNames() {
        for (Definition supervisor : scope.all(Kind.SUPERVISOR)) {
            Definition agent = scope.find(Kind.AGENT, supervisor.name());
            if (agent != null) {
                scope.add(Code.DUPLICATE_NAME.at(
                        supervisor.at(),
                        "`" + supervisor.name() + "` is an agent already, in "
                                + agent.at().file() + " line " + (agent.at().line() + 1)
                                + ": a supervisor needs a name of its own"));
            }
        }
    }

    /// In the map form the key is the name; one that stands in the block too must say the same.
    private void nameFits(Definition definition) {
        YamlNode name = definition.body().get("name");
        if (name instanceof YamlNode.Scalar scalar
                && definition.kind() != Kind.COST
                && definition.kind() != Kind.TRUST
                && !scalar.text().equals(definition.name())) {
            scope.add(Code.NAME_DIFFERS.at(
                    scalar.at(), "its key already names it `" + definition.name() + "`: remove this line"));
        }
    }

    private void loops() {
        if (scope.all(Kind.SUPERVISOR).stream().anyMatch(supervisor -> !supervisor.sound())) {
            return;
        }
        Set<String> supervised = new HashSet<>();
        supervisors.values().forEach(s -> s.everyChild().forEach(child -> supervised.add(child.name())));
        for (AgentSpec agent : agents.values()) {
            if (agent.loop() == null || supervised.contains(agent.name())) {
                continue;
            }
            Definition definition = scope.find(Kind.AGENT, agent.name());
            if (definition != null) {
                YamlNode.Entry loop = definition.body().entries().get("loop");
                scope.add(Code.LOOP_UNSUPERVISED.at(
                        loop == null ? agent.at() : loop.key(),
                        "`" + agent.name() + "` is under no supervisor, so its loop never runs: add it to one"));
            }
        }
    }

    private Project project() {
        Path folder = scope.folder();
        Definition project = scope.find(Kind.PROJECT, Kind.PROJECT.key());
        Definition trust = scope.find(Kind.TRUST, Kind.TRUST.key());
        Path last = folder.toAbsolutePath().normalize().getFileName();
        String name = project == null || project.name().isEmpty() ? String.valueOf(last) : project.name();
        TrustSpec trusted = trust(trust);
        SandboxSpec sandbox = sandbox(project);
        fitIntoWorkers(sandbox, trusted);
        return new Project(
                folder,
                name,
                hash(name),
                Collections.unmodifiableMap(agents),
                Collections.unmodifiableMap(supervisors),
                Collections.unmodifiableMap(sagas),
                Collections.unmodifiableMap(pools),
                Collections.unmodifiableMap(workflows),
                Collections.unmodifiableMap(models),
                new Reserves(sagas, workflows, supervisors, scope).keptIn(budgets),
                trusted,
                Collections.unmodifiableMap(schedules),
                lifecycle(project),
                journal(project),
                recording(project),
                sandbox);
    }

    private LifecycleSpec lifecycle(@Nullable Definition project) {
        LifecycleSpec standard = LifecycleSpec.DEFAULT;
        if (project == null || !project.sound()) {
            return standard;
        }
        Body body = new Body(project.body());
        return new LifecycleSpec(
                body.word("onOpen", standard.onOpen()),
                Durations.positive(body, "shutdownTimeout", standard.shutdownTimeout(), scope));
    }

    private static JournalSpec journal(@Nullable Definition project) {
        if (project == null || !project.sound()) {
            return JournalSpec.ALL;
        }
        Body journal = new Body(project.body()).body("journal");
        return new JournalSpec(journal.duration("keep"), journal.whole("maxEntries"));
    }

    private RecordingSpec recording(@Nullable Definition project) {
        RecordingSpec standard = RecordingSpec.DEFAULT;
        if (project == null || !project.sound()) {
            return standard;
        }
        Body recording = new Body(project.body()).body("recording");
        long run = recording.bytes("maxRunSize", standard.maxRunBytes());
        if (run < LEAST_RECORD || run > MOST_RECORD) {
            scope.add(Code.BAD_LIMIT.at(
                    recording.at("maxRunSize"), "`maxRunSize` must be at least 4KB and at most 64MB"));
        }
        return new RecordingSpec(
                recording.word("record", standard.policy()),
                Durations.positive(recording, "keep", standard.keep(), scope),
                (int) recording.whole("maxRuns", standard.maxRuns()),
                recording.bytes("maxSize", standard.maxBytes()),
                run);
    }

    private SandboxSpec sandbox(@Nullable Definition project) {
        SandboxSpec standard = SandboxSpec.DEFAULT;
        if (project == null || !project.sound()) {
            return standard;
        }
        Body sandbox = new Body(project.body()).body("sandbox");
        long heap = sandbox.bytes("workerMemory", standard.workerBytes());
        if (heap < LEAST_WORKER || heap > MOST_WORKER) {
            scope.add(Code.BAD_LIMIT.at(
                    sandbox.at("workerMemory"), "`workerMemory` must be at least 128MB and at most 64GB"));
        }
        return new SandboxSpec(
                sandbox.word("isolation", standard.isolation()),
                (int) sandbox.whole("workers", standard.workers()),
                (int) sandbox.whole("runsPerWorker", standard.runsPerWorker()),
                heap,
                Durations.positive(sandbox, "workerIdle", standard.workerIdle(), scope));
    }

    private void fitIntoWorkers(SandboxSpec sandbox, @Nullable TrustSpec trust) {
        long room = sandbox.roomForPrograms();
        boolean any = trust != null && trust.isolateBelow() > 1;
        for (AgentSpec agent : agents.values()) {
            SandboxSpec.Isolation isolation = agent.isolation() == null ? sandbox.isolation() : agent.isolation();
            Definition definition = scope.find(Kind.AGENT, agent.name());
            if (definition == null
                    || agent.limits().memoryBytes() <= room
                    || (isolation == SandboxSpec.Isolation.THREAD && !any)) {
                continue;
            }
            scope.add(Code.BAD_LIMIT.at(
                    new Body(definition.body()).body("limits").at("memory"),
                    "a worker process has room for " + (room >> 20) + " MB of programs, half of its heap: make `memory`"
                            + " smaller, or raise `project: {sandbox: {workerMemory: …}}`"));
        }
    }

    private @Nullable TrustSpec trust(@Nullable Definition trust) {
        return trust == null || !trust.sound() ? null : TrustReader.read(trust, scope);
    }

    private String hash(String name) {
        List<String> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            scope.all(kind).forEach(definition -> parts.add(definition.hash()));
        }
        agents.values().forEach(agent -> parts.add(agent.hash()));
        Collections.sort(parts);
        return Hashes.of(name + "\n" + String.join("\n", parts));
    }
}
