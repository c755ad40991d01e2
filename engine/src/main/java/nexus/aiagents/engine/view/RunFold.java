package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.view.RunView.State;
import nexus.aiagents.engine.view.RunView.StepState;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the events say about one run so far. Confined to {@link ViewFold}.
final class RunFold {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DECISION = "decision";
    private static final String WORK = "work";
    private static final String JUDGE = "judge:";

    private EngineEvent.RunStarted start;
    private Instant startedAt;
    private Map<String, StepFold> steps = new LinkedHashMap<>();
    private VotesFold votes = new VotesFold();
    /// Null while it is under way.
    private @Nullable State ended;

    private boolean paused;
    private boolean rollingBack;
    private @Nullable Instant endedAt;
    private @Nullable String outputJson;
    private @Nullable String failedStep;
    private @Nullable ExitReason error;
    private long microDollars;
    private long tokens;
    private boolean resumed;
    private int undone;

    RunFold(EngineEvent.RunStarted start, Instant startedAt) {
        this.start = start;
        this.startedAt = startedAt;
        planned(start.definition());
    }

    String kind() {
        return start.kind();
    }

    String name() {
        return start.name();
    }

    /// A job that nobody has begun.
    boolean waitsForWorker() {
        return kind().equals("job") && !isFinal() && step(WORK).attempts == 0;
    }

    /// To be filled from a snapshot.
    @SuppressWarnings("NullAway.Init")
    private RunFold() {}

    boolean isFinal() {
        return ended != null;
    }

    /// The run that this one is a step of.
    @Nullable
    String parent() {
        return start.parentRunId();
    }

    /// Which of its steps.
    @Nullable
    String parentStep() {
        return start.parentStep();
    }

    /// Events of other things change nothing.
    void apply(Instant at, EngineEvent event) {
        switch (event) {
            case EngineEvent.RunResumed _ -> resumed = true;
            case EngineEvent.RunPaused _ -> paused = true;
            case EngineEvent.RunUnpaused _ -> paused = false;
            case EngineEvent.RunReopened e -> reopened(e);
            case EngineEvent.RunParked e -> step(e.step()).parked = e.why();
            case EngineEvent.RunEnded e -> ended(at, e);
            case EngineEvent.StepStarted e -> stepStarted(at, e);
            case EngineEvent.StepDone e -> step(e.step()).done(at, e.outputJson());
            case EngineEvent.StepFailed e -> stepFailed(at, e);
            case EngineEvent.StepUnknown e -> step(e.step()).unknown(at, e.why());
            case EngineEvent.StepSkipped e -> step(e.step()).skipped(at, e.why());
            case EngineEvent.ApprovalAsked e -> step(e.step()).asked(e.inputJson());
            case EngineEvent.StepApproved e -> step(e.step()).state = StepState.PENDING;
            case EngineEvent.StepRejected e -> step(e.step()).state = StepState.PENDING;
            case EngineEvent.CompensationStarted e -> {
                StepFold step = step(e.step());
                if (step.undoOrder == 0) {
                    step.undoOrder = ++undone;
                    step.undoStartedAt = at;
                }
                step.undoStarted(e.attempt());
                rollsBack();
            }
            case EngineEvent.CompensationDone e -> step(e.step()).undoDone(at);
            case EngineEvent.CompensationFailed e -> step(e.step()).undoFailed(at, e.reason(), e.retryAtEpochMillis());
            case EngineEvent.CompensationSkipped e -> {
                step(e.step()).undoSkipped(at);
                rollsBack();
            }
            case EngineEvent.PoolVoted e -> votes.voted(e);
            case EngineEvent.PoolMemberFailed e -> votes.failed(e);
            case EngineEvent.PoolTied e -> tied(at, e);
            case EngineEvent.PoolDecided e -> decided(at, e);
            case EngineEvent.PoolJobStarted e -> jobStarted(at, e);
            case EngineEvent.PoolJobFailed e -> step(WORK).failed(at, e.reason(), e.retryAtEpochMillis());
            case EngineEvent.PoolJobUnknown e -> {
                step(WORK).unknown(at, e.why());
                resumed = true;
            }
            default -> {}
        }
    }

    private State state() {
        if (ended != null) {
            return ended;
        }
        if (paused) {
            return State.PAUSED;
        }
        if (stepsAndItems().anyMatch(step -> step.parked != null)) {
            return State.PARKED;
        }
        if (rollingBack) {
            return State.COMPENSATING;
        }
        boolean waiting = steps.values().stream().anyMatch(step -> step.state == StepState.WAITING);
        return waiting ? State.WAITING : State.RUNNING;
    }

    private void reopened(EngineEvent.RunReopened e) {
        if (start.kind().equals("workflow")) {
            begunAnew(e.step());
        }
        ended = null;
        endedAt = null;
        outputJson = null;
        failedStep = null;
        error = null;
        paused = false;
        undone = 0;
        for (StepFold step : steps.values()) {
            step.parked = null;
            step.undoState = null;
            step.undoOrder = 0;
            step.state = step.startedAt == null && step.outputJson == null ? StepState.PENDING : step.state;
        }
    }

    /// The step and all that use its output are to be done again.
    private void begunAnew(String from) {
        Set<String> anew = new HashSet<>(Set.of(from));
        for (boolean more = true; more; ) {
            more = false;
            for (StepFold step : steps.values()) {
                more |= step.needs.stream().anyMatch(anew::contains) && anew.add(step.name);
            }
        }
        for (StepFold step : steps.values()) {
            boolean failed = step.state != StepState.DONE && step.state != StepState.SKIPPED;
            if (anew.contains(step.name) || failed) {
                step.items = step.name.equals(from) || failed ? step.items : null;
                step.state = StepState.PENDING;
                step.outputJson = null;
                step.startedAt = null;
                step.endedAt = null;
                step.error = null;
                step.skipped = null;
            }
        }
    }

    /// @param name of the step, null: not known; of one of its items, `STEP[3]`, it counts for the step
    void spent(@Nullable String name, long moreTokens, long moreMicroDollars) {
        tokens += moreTokens;
        microDollars += moreMicroDollars;
        String of = name != null && name.endsWith("]") ? name.substring(0, name.lastIndexOf('[')) : name;
        StepFold step =
                of == null ? (steps.size() == 1 ? steps.values().iterator().next() : null) : steps.get(of);
        if (step != null) {
            step.microDollars += moreMicroDollars;
            step.tokens += moreTokens;
        }
    }

    private void stepStarted(Instant at, EngineEvent.StepStarted e) {
        StepFold step = step(e.step());
        itemsKnown(step, e.inputJson());
        step.skipped = null;
        step.agent = e.agent();
        step.compensation = e.compensation();
        step.state = StepState.RUNNING;
        step.attempts = e.attempt();
        step.inputJson = e.inputJson();
        step.retryAt = null;
        step.endedAt = null;
        step.parked = null;
        step.undoState = null;
        if (step.startedAt == null) {
            step.startedAt = at;
        }
        rollingBack = false;
    }

    private void stepFailed(Instant at, EngineEvent.StepFailed e) {
        StepFold step = step(e.step());
        step.failed(at, e.reason(), e.retryAtEpochMillis());
        if (step.retryAt == null && failedStep == null) {
            failedStep = e.step();
            error = e.reason();
        }
    }

    /// What waited for a person waits no more.
    private void rollsBack() {
        rollingBack = true;
        for (StepFold step : steps.values()) {
            boolean asked = step.state == StepState.WAITING;
            step.state = asked ? StepState.PENDING : step.state;
            step.parked = step.undoState == StepState.COMPENSATION_FAILED ? step.parked : null;
        }
    }

    private void jobStarted(Instant at, EngineEvent.PoolJobStarted e) {
        StepFold step = step(WORK);
        step.agent = e.agent();
        step.state = StepState.RUNNING;
        step.attempts = e.attempt();
        step.inputJson = start.inputJson();
        step.retryAt = null;
        step.endedAt = null;
        if (step.startedAt == null) {
            step.startedAt = at;
        }
    }

    private void jobEnded(Instant at, EngineEvent.RunEnded e) {
        StepFold step = step(WORK);
        if (e.state().equals("done")) {
            step.state = StepState.DONE;
            step.outputJson = e.outputJson();
            step.error = null;
        } else if (step.attempts == 0) {
            step.state = StepState.SKIPPED;
        } else if (step.state == StepState.RUNNING || step.state == StepState.PENDING) {
            step.state = StepState.FAILED;
            step.error = e.reason();
        }
        step.endedAt = at;
    }

    /// To pick one of the answers becomes a step of its own.
    private void tied(Instant at, EngineEvent.PoolTied e) {
        StepFold step = step(DECISION);
        step.agent = e.who().startsWith(JUDGE) ? e.who().substring(JUDGE.length()) : e.who();
        step.state = StepState.RUNNING;
        step.attempts = 1;
        step.startedAt = at;
        votes.tied(e.candidates());
    }

    private void decided(Instant at, EngineEvent.PoolDecided e) {
        votes.decided(e);
        StepFold step = steps.get(DECISION);
        if (step != null) {
            step.state = StepState.DONE;
            step.parked = null;
            step.outputJson = e.outputJson();
            step.endedAt = at;
        }
    }

    private void ended(Instant at, EngineEvent.RunEnded e) {
        endedAt = at;
        outputJson = e.outputJson();
        failedStep = e.failedStep() != null ? e.failedStep() : failedStep;
        error = e.reason() != null ? e.reason() : error;
        ended = switch (e.state()) {
            case "done" -> State.DONE;
            case "cancelled" -> State.CANCELLED;
            default -> State.FAILED;
        };
        if (start.kind().equals("job")) {
            jobEnded(at, e);
        }
        votes.ended();
        paused = false;
        rollingBack = false;
        for (StepFold step : stepsAndItems().toList()) {
            step.parked = null;
            if (step.state == StepState.WAITING || step.state == StepState.PENDING && step.startedAt == null) {
                step.state = StepState.SKIPPED;
            }
            if (step.name.equals(DECISION)
                    && step.state == StepState.RUNNING
                    && start.kind().equals("pool")) {
                step.state = ended == State.CANCELLED ? StepState.SKIPPED : StepState.FAILED;
                step.error = e.reason();
                step.endedAt = at;
            }
        }
    }

    /// Whether what the run spent is known of each of its steps: entries of old do not say it.
    private boolean allSpentInSteps() {
        long inSteps =
                steps.values().stream().mapToLong(step -> step.microDollars).sum();
        long tokensInSteps =
                steps.values().stream().mapToLong(step -> step.tokens).sum();
        return inSteps == microDollars && tokensInSteps == tokens;
    }

    RunView view() {
        State state = state();
        boolean allSpent = allSpentInSteps();
        ExitReason why = state == State.DONE ? null : error;
        return new RunView(
                start.runId(),
                start.kind(),
                start.name(),
                state,
                startedAt,
                endedAt,
                start.inputJson(),
                outputJson,
                state == State.DONE ? null : failedStep,
                why == null ? null : why.code(),
                why == null ? null : why.message(),
                microDollars,
                tokens,
                resumed,
                steps.values().stream().map(step -> step.view(allSpent)).toList(),
                votes.view(),
                start.parentRunId(),
                start.parentStep(),
                start.forkedFrom());
    }

    /// Steps and members that are still to come are shown as pending; the definition the run is pinned to
    /// names them.
    private void planned(String definition) {
        JsonNode json;
        try {
            json = JSON.readTree(definition);
        } catch (JacksonException e) {
            return;
        }
        for (JsonNode node : json.path("steps")) {
            StepFold step = step(node.path("name").asString(""));
            JsonNode target = node.path("target");
            step.agent = target.isObject()
                    ? target.path("name").asString("")
                    : node.path("action").asString("");
            List<String> needs = new ArrayList<>();
            node.path("needs").forEach(need -> needs.add(need.asString("")));
            step.needs = List.copyOf(needs);
            step.each = node.path("forEach").isString();
            JsonNode compensation = node.path("compensation");
            step.compensation = compensation.isString() ? compensation.asString() : null;
            JsonNode group = node.path("group");
            step.group = group.isString() ? group.asString() : null;
            step.pivot = node.path("pivot").asBoolean(false);
        }
        int index = 0;
        for (JsonNode member : json.path("members")) {
            votes.expected(index, member.asString(""));
            index++;
        }
    }

    /// A step, or an item of one: `translate[3]`.
    private StepFold step(String name) {
        int bracket = name.endsWith("]") ? name.lastIndexOf('[') : -1;
        if (bracket < 0) {
            return steps.computeIfAbsent(name, StepFold::new);
        }
        StepFold step = steps.computeIfAbsent(name.substring(0, bracket), key -> new StepFold(key));
        if (step.items == null) {
            step.items = new ItemsFold();
        }
        return step.items.at(Integer.parseInt(name.substring(bracket + 1, name.length() - 1)));
    }

    private Stream<StepFold> stepsAndItems() {
        return steps.values().stream()
                .flatMap(step -> step.items == null
                        ? Stream.of(step)
                        : Stream.concat(Stream.of(step), step.items.items.stream()));
    }

    /// A step with `forEach` begins: its input is the list of items.
    private void itemsKnown(StepFold step, String listJson) {
        if (!step.each) {
            return;
        }
        int size = 0;
        try {
            size = JSON.readTree(listJson).size();
        } catch (JacksonException e) {
            return;
        }
        if (step.items == null || !listJson.equals(step.inputJson)) {
            step.items = new ItemsFold();
        }
        if (size > 0) {
            step.items.at(size - 1);
        }
    }
}
