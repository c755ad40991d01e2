package nexus.aiagents.engine.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import org.jspecify.annotations.Nullable;

/// What may happen in a run, as it stands in `docs/reference/workflows.md`, told from the journal's
/// entries alone. It shares nothing with the machine but the definition.
final class FlowModel {
    private final Map<String, StepSpec> steps = new LinkedHashMap<>();
    /// By slot: `done` or `skipped`.
    private final Map<String, String> over = new HashMap<>();
    private final Map<String, String> outputs = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();
    /// Cut off, and nobody has said that it may run again.
    private final Set<String> maybe = new HashSet<>();
    /// Attempts that surely failed since the slot was begun anew.
    private final Map<String, Integer> failures = new HashMap<>();
    /// The key of each list of items: a new list has a new one.
    private final Map<String, String> lists = new HashMap<>();
    private boolean stopped;
    private boolean paused;
    private boolean ended;

    FlowModel(WorkflowSpec flow) {
        flow.steps().forEach(step -> steps.put(step.name(), step));
    }

    private static String stepOf(String slot) {
        return slot.contains("[") ? slot.substring(0, slot.indexOf('[')) : slot;
    }

    private StepSpec spec(String slot) {
        StepSpec spec = steps.get(stepOf(slot));
        assertNotNull(spec, slot);
        return spec;
    }

    private boolean isNested(String slot) {
        return spec(slot).target().kind() != Called.AGENT;
    }

    private boolean isWhole(String slot) {
        return spec(slot).forEach() != null && !slot.contains("[");
    }

    // ---- what the world did

    void crashed(FlowDriver run) {
        run.underWay.keySet().stream().filter(slot -> !isNested(slot)).forEach(slot -> {
            underWay.remove(slot);
            maybe.add(slot);
        });
    }

    void answered(String slot, @Nullable ExitReason badly) {
        underWay.remove(slot);
        if (badly != null && badly.kind() == ExitReason.Kind.TIMEOUT && !isNested(slot)) {
            maybe.add(slot);
        }
    }

    /// A person says that the first of those that ask may run again, and its tries begin anew: the
    /// journal does not say so.
    void personRetries(FlowDriver run) {
        asking(run).stream().findFirst().ifPresent(slot -> {
            maybe.remove(slot);
            failures.remove(slot);
        });
    }

    private static List<String> asking(FlowDriver run) {
        List<String> slots = new ArrayList<>();
        for (int i = 0; i < run.state.steps().size(); i++) {
            WorkflowState.Step step = run.state.steps().get(i);
            String name = run.run.workflow().steps().get(i).name();
            if (step.status() == WorkflowState.Status.ASKING) {
                slots.add(name);
            }
            WorkflowState.Fan fan = step.fan();
            boolean running = step.status() == WorkflowState.Status.RUNNING;
            for (int k = 0; fan != null && running && k < fan.items().size(); k++) {
                if (fan.tasks().get(k).status() == WorkflowState.Status.ASKING) {
                    slots.add(name + "[" + k + "]");
                }
            }
        }
        return slots;
    }

    // ---- what the journal says

    void saw(EngineEvent event) {
        switch (event) {
            case StepStarted e -> started(e);
            case EngineEvent.StepDone e -> done(e);
            case EngineEvent.StepFailed e -> {
                underWay.remove(e.step());
                failures.merge(e.step(), 1, Integer::sum);
                stopped |= e.retryAtEpochMillis() == 0 && !e.step().contains("[") && !tolerates(e.step());
            }
            case EngineEvent.StepUnknown e -> {
                underWay.remove(e.step());
                assertTrue(maybe.contains(e.step()), e.step() + " was not cut off");
            }
            case EngineEvent.StepSkipped e -> over.put(e.step(), "skipped");
            case EngineEvent.RunPaused _ -> paused = true;
            case EngineEvent.RunUnpaused _ -> paused = false;
            case EngineEvent.RunReopened e -> reopened(e.step());
            case EngineEvent.RunEnded e -> {
                assertFalse(ended, "it ends twice");
                assertEquals(Set.of(), underWay, "under way at the end");
                ended = true;
                if (e.state().equals("done")) {
                    steps.keySet().forEach(step -> assertTrue(over.containsKey(step), step + " is not over"));
                    assertNull(e.reason());
                }
            }
            default -> {}
        }
    }

    private boolean tolerates(String slot) {
        return spec(slot).onError() == WorkflowSpec.OnError.SKIP;
    }

    private void started(StepStarted e) {
        String slot = e.step();
        StepSpec spec = spec(slot);
        assertFalse(ended, slot + " begins after the end");
        assertFalse(paused, slot + " begins while paused");
        assertFalse(stopped, slot + " begins after a failure");
        spec.needs().forEach(need -> assertTrue(over.containsKey(need), slot + " begins before " + need));
        assertFalse(over.containsKey(slot), slot + " is over and begins again");
        if (isWhole(slot)) {
            String before = lists.put(slot, e.idempotencyKey());
            if (before != null && !before.equals(e.idempotencyKey())) {
                forgetItems(slot);
            }
            return;
        }
        assertTrue(underWay.add(slot), slot + " is under way twice");
        assertTrue(spec.idempotent() || !maybe.contains(slot), slot + " may have been done and is repeated");
        int allowed = Math.max(1, spec.retry().attempts());
        assertTrue(failures.getOrDefault(slot, 0) < allowed, slot + " is tried too often");
        if (slot.contains("[")) {
            long places = underWay.stream()
                    .filter(other -> other.startsWith(spec.name() + "["))
                    .count();
            assertTrue(places <= spec.concurrency(), places + " items of " + spec.name() + " at once");
        }
    }

    private void forgetItems(String step) {
        over.keySet().removeIf(slot -> slot.startsWith(step + "["));
        maybe.removeIf(slot -> slot.startsWith(step + "["));
        failures.keySet().removeIf(slot -> slot.startsWith(step + "["));
    }

    private void done(EngineEvent.StepDone e) {
        underWay.remove(e.step());
        maybe.remove(e.step());
        assertNull(over.put(e.step(), "done"), e.step() + " is done twice");
        outputs.put(e.step(), e.outputJson());
        if (isWhole(e.step())) {
            List<String> all = new ArrayList<>();
            for (int k = 0; over.containsKey(e.step() + "[" + k + "]"); k++) {
                String slot = e.step() + "[" + k + "]";
                all.add("done".equals(over.get(slot)) ? outputs.get(slot) : "null");
            }
            assertEquals("[" + String.join(",", all) + "]", e.outputJson());
        }
    }

    /// Of a step that failed the items that are done stay so.
    private void reopened(String from) {
        ended = false;
        stopped = false;
        Set<String> anew = new HashSet<>();
        collect(from, anew);
        boolean wasOver = over.containsKey(from);
        for (String step : anew) {
            boolean whole = !step.equals(from) || wasOver;
            over.keySet().removeIf(slot -> stepOf(slot).equals(step) && (whole || !slot.contains("[")));
            maybe.removeIf(slot -> stepOf(slot).equals(step));
        }
        failures.clear();
    }

    private void collect(String step, Set<String> into) {
        if (into.add(step)) {
            steps.values().stream()
                    .filter(other -> other.needs().contains(step))
                    .forEach(other -> collect(other.name(), into));
        }
    }

    // ---- and the machine beside it

    void checkNow(FlowDriver run) {
        assertEquals(underWay, run.underWay.keySet(), "under way");
    }

    void checkEnd(FlowDriver run) {
        assertTrue(ended);
        assertEquals(Long.MAX_VALUE, run.machine.nextTick(run.state));
        for (int i = 0; i < run.state.steps().size(); i++) {
            String name = run.run.workflow().steps().get(i).name();
            assertEquals(
                    over.containsKey(name), run.state.steps().get(i).status().isOver(), name);
        }
    }
}
