package nexus.aiagents.engine.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.project.WorkflowSpec.OnError;
import nexus.aiagents.engine.project.WorkflowSpec.OnUnknown;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Target;
import org.jspecify.annotations.Nullable;

/// Workflows for tests, written short.
public final class Flows {
    private static final Position HERE = new Position("flows.yaml", 0, 0, 0, 1);

    private Flows() {}

    /// A step that calls the agent `do-NAME`.
    public static Step step(String name, String... needs) {
        return new Step(name, needs);
    }

    public static final class Step {
        final String name;
        final List<String> needs;
        private Target target;

        @Nullable
        String when;

        @Nullable
        String forEach;

        int concurrency = 10;
        private @Nullable String input;
        private RetrySpec retry = RetrySpec.ONCE;
        private @Nullable Duration timeout;
        private @Nullable Duration total;
        private boolean idempotent;
        private OnUnknown onUnknown = OnUnknown.FAIL;
        private OnError onError = OnError.STOP;
        private boolean approval;
        private @Nullable String schema;

        private Step(String name, String... needs) {
            this.name = name;
            this.needs = List.of(needs);
            this.target = new Target(Called.AGENT, "do-" + name);
        }

        public Step calls(Called kind, String other) {
            target = new Target(kind, other);
            return this;
        }

        public Step when(String condition) {
            when = "\"${" + condition + "}\"";
            return this;
        }

        public Step forEach(String items, int places) {
            forEach = items;
            concurrency = places;
            return this;
        }

        public Step input(String json) {
            input = json;
            return this;
        }

        public Step retry(int attempts, Duration delay) {
            retry = new RetrySpec(attempts, delay, 2, Duration.ofMinutes(1), 0, Set.of());
            return this;
        }

        public Step timeout(Duration attempt) {
            timeout = attempt;
            return this;
        }

        public Step totalTimeout(Duration whole) {
            total = whole;
            return this;
        }

        public Step idempotent() {
            idempotent = true;
            return this;
        }

        public Step ask() {
            onUnknown = OnUnknown.ASK;
            return this;
        }

        public Step skipOnError() {
            onError = OnError.SKIP;
            return this;
        }

        public Step approval() {
            approval = true;
            return this;
        }

        public Step schema(String json) {
            schema = json;
            return this;
        }

        private StepSpec spec(List<String> all) {
            return new StepSpec(
                    name,
                    target,
                    all,
                    when,
                    forEach,
                    concurrency,
                    input,
                    retry,
                    timeout,
                    total,
                    idempotent,
                    onUnknown,
                    onError,
                    approval,
                    schema,
                    HERE);
        }
    }

    /// Each step needs what it says.
    public static WorkflowSpec graph(Step... steps) {
        List<StepSpec> specs = new ArrayList<>();
        for (Step step : steps) {
            specs.add(step.spec(step.needs));
        }
        return new WorkflowSpec("flow", specs, false, null, null, Set.of(), "hash", HERE);
    }

    /// Each step needs the one before it.
    public static WorkflowSpec chain(Step... steps) {
        List<StepSpec> specs = new ArrayList<>();
        String before = null;
        for (Step step : steps) {
            specs.add(step.spec(before == null ? List.of() : List.of(before)));
            before = step.name;
        }
        return new WorkflowSpec("flow", specs, true, null, null, Set.of(), "hash", HERE);
    }

    public static WorkflowSpec timeout(WorkflowSpec flow, Duration timeout) {
        return new WorkflowSpec(
                flow.name(), flow.steps(), flow.chain(), timeout, flow.output(), Set.of(), flow.hash(), HERE);
    }

    public static WorkflowSpec output(WorkflowSpec flow, String template) {
        return new WorkflowSpec(
                flow.name(), flow.steps(), flow.chain(), flow.timeout(), template, Set.of(), flow.hash(), HERE);
    }

    public static WorkflowSpec named(String name, WorkflowSpec flow) {
        return new WorkflowSpec(
                name, flow.steps(), flow.chain(), flow.timeout(), flow.output(), Set.of(), flow.hash(), HERE);
    }

    static WorkflowRun run(WorkflowSpec flow) {
        return new WorkflowRun("r-1", flow, "{}", Pinned.NONE, List.of(), FlowDriver.START);
    }
}
