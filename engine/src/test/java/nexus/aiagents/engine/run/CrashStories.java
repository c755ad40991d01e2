package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.run.RunSpecs.ask;
import static nexus.aiagents.engine.run.RunSpecs.idempotent;
import static nexus.aiagents.engine.run.RunSpecs.inPool;
import static nexus.aiagents.engine.run.RunSpecs.named;
import static nexus.aiagents.engine.run.RunSpecs.nested;
import static nexus.aiagents.engine.run.RunSpecs.pivot;
import static nexus.aiagents.engine.run.RunSpecs.pool;
import static nexus.aiagents.engine.run.RunSpecs.retry;
import static nexus.aiagents.engine.run.RunSpecs.staged;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static nexus.aiagents.engine.run.RunSpecs.undoRetry;
import static nexus.aiagents.engine.run.RunSpecs.withoutCompensation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.saga.SagaModel;

/// Sagas that are crashed at every point, and what has to be true of each afterwards.
enum CrashStories {
    /// All goes well, also beside each other.
    PARALLEL(staged(step("a"), List.of(step("b"), idempotent(step("c")), step("d")), step("e"))),
    /// A member of a group fails after its siblings are done.
    PARALLEL_FAILS(staged(step("a"), List.of(step("b"), step("c-fails")), step("d"))),
    /// Past the pivot it only goes forward; one step after it fails twice before it goes.
    PIVOT(staged(
            step("a"),
            idempotent(pivot(step("b"))),
            withoutCompensation(idempotent(retry(step("c-twice"), 5, quick()))))),
    /// A nested saga is done and then undone.
    NESTED(staged(step("a"), nested(step("b"), "child"), step("c-fails"))),
    /// A nested saga fails beside a pool.
    NESTED_FAILS(staged(step("a"), List.of(nested(step("b"), "bad-child"), inPool(step("p"), "jury")))),
    /// Compensations fail before they go.
    COMPENSATION(staged(undoRetry(step("a-undo-twice"), 5, quick()), step("b"), step("c-fails"))),
    /// A compensation fails for good: it waits for a person.
    PARKED(staged(step("a"), step("b-undo-fails"), step("c-fails"))),
    /// Nobody knows whether it happened: it waits for a person, or the whole thing is done.
    ASKED(staged(step("a"), ask(step("b")), step("c")));

    private final SagaSpec saga;

    CrashStories(SagaSpec saga) {
        this.saga = saga;
    }

    SagaSpec saga() {
        return saga;
    }

    private static Duration quick() {
        return Duration.ofMillis(1);
    }

    Pinned pinned() {
        Pinned sagas =
                RunSpecs.pinned(named("child", step("x"), step("y")), named("bad-child", step("x"), step("y-fails")));
        return new Pinned(sagas.sagas(), Map.of("jury", pool(PoolSpec.Strategy.ALL, "m", "n")));
    }

    /// What an agent does by its name, given how often it was called before.
    static boolean fails(String agent, long before) {
        boolean undo = agent.startsWith("undo-");
        boolean always =
                undo ? agent.endsWith("-undo-fails") : agent.endsWith("-fails") && !agent.endsWith("-undo-fails");
        boolean twice =
                undo ? agent.endsWith("-undo-twice") : agent.endsWith("-twice") && !agent.endsWith("-undo-twice");
        return always || twice && before < 2;
    }

    /// Reads all that the journal has and checks it with {@link SagaModel}, each run by itself.
    ///
    /// @param open what is stored of runs that have not ended
    static void check(List<EngineEvent> events, Map<String, String> open, String where) {
        Map<String, SagaModel> models = new LinkedHashMap<>();
        Set<String> parked = new HashSet<>();
        List<String> doneOnce = new ArrayList<>();
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.RunStarted started
                    && started.kind().equals("saga")) {
                SagaSpec saga = RunJson.JSON.readValue(started.definition(), SagaSpec.class);
                assertTrue(models.put(started.runId(), new SagaModel(saga, where)) == null, "begun twice: " + where);
            }
            SagaModel model = event.runId() == null ? null : models.get(event.runId());
            if (model != null) {
                model.hear(event);
            }
            switch (event) {
                case EngineEvent.RunParked e -> parked.add(e.runId());
                case EngineEvent.StepDone e -> doneOnce.add(e.runId() + " " + e.step());
                default -> {}
            }
        }
        assertEquals(new HashSet<>(doneOnce).size(), doneOnce.size(), "done twice durably: " + where);
        models.forEach((id, model) -> {
            boolean waits = parked.stream().anyMatch(p -> p.equals(id) || p.startsWith(id + "-"));
            assertTrue(model.end() != null || waits, id + " neither ended nor waits: " + where);
            if (model.end() != null && !RunIds.isNested(id)) {
                assertTrue(open.keySet().stream().noneMatch(key -> key.contains(id)), "left of " + id + ": " + where);
            }
        });
    }
}
