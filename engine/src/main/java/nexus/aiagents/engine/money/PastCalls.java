package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// The calls of models that the journal tells of, in the order in which they were admitted. Pure.
///
/// @param moments holds that were placed and that ended, in that order
/// @param last    when the last of the entries was written; null: there were none
public record PastCalls(List<Moment> moments, @Nullable Instant last) {
    /// What {@link #of} has to be given; other entries do no harm.
    public static final Set<String> TYPES =
            Set.of("HoldPlaced", "HoldSettled", "HoldReleased", "RunStarted", "StepStarted", "CompensationStarted");

    /// A hold was placed, or the one of this call ended.
    record Moment(Call call, boolean placed) {}

    /// @param runId      null: a round of an agent's own loop
    /// @param run        what the run is of, null: not known
    /// @param step       of the run, null: not known
    /// @param stepNumber which of the steps that had begun it was, from 1; 0: not known
    /// @param heldMicroDollars the worst case, `usedMicroDollars` what was billed; the same while it is
    ///     under way
    record Call(
            long seq,
            Instant at,
            String agent,
            @Nullable String runId,
            @Nullable String run,
            @Nullable String step,
            int stepNumber,
            List<String> budgets,
            long heldMicroDollars,
            long heldTokens,
            long usedMicroDollars,
            long usedTokens,
            boolean made) {}

    public static PastCalls of(List<JournalEntry> entries) {
        Reader reader = new Reader();
        entries.forEach(reader::read);
        return reader.calls(entries.isEmpty() ? null : entries.getLast().at());
    }

    private static final class Reader {
        private static final class Draft {
            final JournalEntry entry;
            final EngineEvent.HoldPlaced placed;

            @Nullable
            String run;

            @Nullable
            String step;

            int stepNumber;
            long micro;
            long tokens;
            boolean made = true;

            Draft(JournalEntry entry, EngineEvent.HoldPlaced placed) {
                this.entry = entry;
                this.placed = placed;
                micro = placed.microDollars();
                tokens = placed.tokens();
            }

            Call call() {
                return new Call(
                        entry.seq(),
                        entry.at(),
                        placed.agent(),
                        placed.runId(),
                        run,
                        step,
                        stepNumber,
                        placed.budgets(),
                        placed.microDollars(),
                        placed.tokens(),
                        micro,
                        tokens,
                        made);
            }
        }

        private record Step(String name, int number) {}

        private final Map<String, Draft> open = new HashMap<>();
        private final List<Draft> drafts = new ArrayList<>();
        private final List<Boolean> placed = new ArrayList<>();
        private final Map<String, String> runs = new HashMap<>();
        private final Map<String, Set<String>> steps = new HashMap<>();
        /// Which step of a run an agent works on, by both their names.
        private final Map<List<String>, Step> working = new HashMap<>();

        void read(JournalEntry entry) {
            switch (entry.event()) {
                case EngineEvent.RunStarted e -> runs.put(e.runId(), e.name());
                case EngineEvent.StepStarted e -> began(e.runId(), e.step(), e.agent());
                case EngineEvent.CompensationStarted e -> began(e.runId(), e.step(), e.agent());
                case EngineEvent.HoldPlaced e when !e.model().equals(Ledger.CHAOS) -> place(new Draft(entry, e));
                case EngineEvent.HoldSettled e -> end(e.holdId(), e.microDollars(), e.inputTokens() + e.outputTokens());
                case EngineEvent.HoldReleased e -> {
                    Draft draft = open.get(e.holdId());
                    if (draft != null) {
                        draft.made = false;
                    }
                    end(e.holdId(), 0, 0);
                }
                default -> {}
            }
        }

        private void began(String run, String step, String agent) {
            Set<String> known = steps.computeIfAbsent(run, _ -> new LinkedHashSet<>());
            known.add(step);
            working.put(List.of(run, agent), new Step(step, List.copyOf(known).indexOf(step) + 1));
        }

        private void place(Draft draft) {
            String run = draft.placed.runId();
            if (run != null) {
                draft.run = runs.get(run);
                Step step = step(run, draft.placed);
                if (step != null) {
                    draft.step = step.name();
                    draft.stepNumber = step.number();
                }
            }
            open.put(draft.placed.holdId(), draft);
            drafts.add(draft);
            placed.add(true);
        }

        /// Calls of old did not say it: then it is what the agent began last.
        private @Nullable Step step(String run, EngineEvent.HoldPlaced call) {
            String said = call.step();
            int at = said == null
                    ? -1
                    : List.copyOf(steps.getOrDefault(run, Set.of())).indexOf(said);
            return said == null || at < 0 ? working.get(List.of(run, call.agent())) : new Step(said, at + 1);
        }

        private void end(String hold, long micro, long tokens) {
            Draft draft = open.remove(hold);
            if (draft != null) {
                draft.micro = micro;
                draft.tokens = tokens;
                drafts.add(draft);
                placed.add(false);
            }
        }

        PastCalls calls(@Nullable Instant last) {
            Map<Draft, Call> calls = new HashMap<>();
            List<Moment> moments = new ArrayList<>(drafts.size());
            for (int i = 0; i < drafts.size(); i++) {
                moments.add(new Moment(calls.computeIfAbsent(drafts.get(i), Draft::call), placed.get(i)));
            }
            return new PastCalls(List.copyOf(moments), last);
        }
    }
}
