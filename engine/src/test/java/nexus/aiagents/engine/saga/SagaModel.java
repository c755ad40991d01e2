package nexus.aiagents.engine.saga;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;

/// What a saga promises, said another time and in other words: it reads the journal of a run, keeps a
/// stack of the effects that are or may be there, and fails at the first entry that breaks a promise.
public final class SagaModel {
    private final SagaSpec saga;
    private final String where;
    /// Effects that are or may be there, the latest last.
    private final List<String> stack = new ArrayList<>();
    /// Those that were left where they are on the way back.
    private final Set<String> behind = new HashSet<>();
    private final Map<String, Integer> order = new HashMap<>();
    private int ends;
    private final Set<String> outputs = new HashSet<>();
    private final Set<String> running = new HashSet<>();
    private final Set<String> through = new LinkedHashSet<>();
    /// Steps that are undone to be begun anew; null: all there is is undone.
    private Set<String> anew;
    private String undoing;
    private boolean rollingBack;
    private boolean pastPivot;
    /// Of having been the first to fail.
    private final Set<String> suspects = new HashSet<>();
    private boolean certain;
    private EngineEvent.RunEnded end;

    public SagaModel(SagaSpec saga, String where) {
        this.saga = saga;
        this.where = where;
    }

    public EngineEvent.RunEnded end() {
        return end;
    }

    /// Effects that are still there.
    public List<String> left() {
        return List.copyOf(stack);
    }

    public void hear(EngineEvent event) {
        switch (event) {
            case EngineEvent.StepStarted e -> started(e);
            case EngineEvent.StepDone e -> {
                assertTrue(running.remove(e.step()), () -> e + " was not begun: " + where);
                effect(e.step());
                through.add(e.step());
                outputs.add(e.step());
                pastPivot |= spec(e.step()).pivot();
            }
            case EngineEvent.StepUnknown e -> {
                assertTrue(running.remove(e.step()), () -> e + " was not begun: " + where);
                effect(e.step());
                suspect(e.step());
            }
            case EngineEvent.ApprovalAsked _ -> forwardAgain();
            case EngineEvent.StepFailed e -> {
                forwardAgain();
                boolean begun = running.remove(e.step());
                if (begun && spec(e.step()).kind() == ActionKind.POOL) {
                    effect(e.step());
                }
                if (e.retryAtEpochMillis() == 0) {
                    suspect(e.step());
                    certain = true;
                }
            }
            case EngineEvent.StepSkipped e -> {
                stack.remove(e.step());
                through.add(e.step());
                pastPivot |= spec(e.step()).pivot();
            }
            case EngineEvent.CompensationStarted e -> undoes(e.step());
            case EngineEvent.CompensationDone e -> undone(e.step());
            case EngineEvent.CompensationFailed e -> {
                assertEquals(e.step(), undoing, where);
                undoing = null;
            }
            case EngineEvent.CompensationSkipped e -> {
                rollingBack = true;
                if (e.why().equals("none-declared")) {
                    assertNull(spec(e.step()).compensation(), where);
                    assertEquals(next(), e.step(), () -> "not in reverse: " + where);
                }
                boolean byHand = e.why().equals("resolved-by-person") || e.why().equals("retried-by-person");
                if (stack.remove(e.step()) && !byHand) {
                    behind.add(e.step());
                }
                if (outputs.contains(e.step()) && !byHand) {
                    through.add(e.step());
                }
            }
            case EngineEvent.RunReopened e -> reopened(e.step());
            case EngineEvent.RunEnded e -> ended(e);
            default -> {}
        }
    }

    /// A person cancelled it: whatever it was to begin anew, all is undone now.
    void cancelled() {
        anew = null;
    }

    private void started(EngineEvent.StepStarted e) {
        forwardAgain();
        assertNull(undoing, () -> "forward and backward at once: " + where);
        assertNull(end, () -> "after the end: " + where);
        assertFalse(through.contains(e.step()), () -> e.step() + " is done twice: " + where);
        assertTrue(running.add(e.step()), () -> e.step() + " is begun twice: " + where);
        assertFalse(rollingBack, () -> "forward while it rolls back: " + where);
        for (List<Integer> stage : saga.stages()) {
            List<String> names =
                    stage.stream().map(i -> saga.steps().get(i).name()).toList();
            if (names.contains(e.step())) {
                assertTrue(names.containsAll(running), () -> "two stages at once: " + where);
                return;
            }
            assertTrue(through.containsAll(names), () -> e.step() + " came before " + names + ": " + where);
        }
    }

    /// What was to be begun anew is undone, and so it goes forward.
    private void forwardAgain() {
        if (anew != null) {
            through.removeAll(anew);
            outputs.removeAll(anew);
            anew = null;
            rollingBack = false;
        }
    }

    private void effect(String step) {
        behind.remove(step);
        stack.remove(step);
        stack.add(step);
        order.put(step, ++ends);
    }

    /// What has to be undone next.
    private String next() {
        return stack.stream()
                .filter(step -> anew == null || anew.contains(step))
                .reduce((_, b) -> b)
                .orElse("nothing");
    }

    private void undoes(String step) {
        assertEquals(Set.of(), running, () -> "undone while an action is under way: " + where);
        assertNull(undoing == null || undoing.equals(step) ? null : undoing, () -> "two at once: " + where);
        assertFalse(pastPivot && anew == null, () -> "undone after the pivot: " + where);
        assertEquals(next(), step, () -> "not in reverse: " + where);
        rollingBack = true;
        undoing = step;
        through.remove(step);
    }

    private void undone(String step) {
        assertEquals(step, undoing, where);
        undoing = null;
        stack.remove(step);
    }

    private void reopened(String from) {
        anew = new HashSet<>();
        boolean later = false;
        for (List<Integer> stage : saga.stages()) {
            List<String> names =
                    stage.stream().map(i -> saga.steps().get(i).name()).toList();
            for (String name : names) {
                boolean sibling = names.contains(from) && !through.contains(name);
                if (later || name.equals(from) || sibling) {
                    anew.add(name);
                }
            }
            later |= names.contains(from);
        }
        behind.stream().filter(step -> !anew.contains(step)).forEach(stack::add);
        stack.sort(Comparator.comparing(order::get));
        behind.clear();
        if (pastPivot) {
            stack.removeAll(anew);
        }
        undoing = null;
        end = null;
        suspects.clear();
        certain = false;
    }

    private void ended(EngineEvent.RunEnded e) {
        assertNull(end, () -> "it ended twice: " + where);
        assertEquals(Set.of(), running, where);
        assertNull(undoing, where);
        end = e;
        if (e.state().equals("done")) {
            assertEquals(saga.steps().size(), through.size(), () -> "not all is done: " + through + " " + where);
        } else {
            assertEquals(List.of(), stack, () -> "not all is undone: " + where);
            assertFalse(pastPivot, () -> "it failed after the pivot: " + where);
        }
        boolean outOfTime = e.reason() != null && e.reason().message().startsWith("the saga took longer");
        if (e.state().equals("failed") && !outOfTime) {
            assertTrue(suspects.contains(e.failedStep()), () -> "the first error is not the first: " + where);
        }
    }

    private void suspect(String step) {
        if (!certain) {
            suspects.add(step);
        }
    }

    private StepSpec spec(String step) {
        return saga.steps().stream()
                .filter(s -> s.name().equals(step))
                .findFirst()
                .orElseThrow();
    }
}
