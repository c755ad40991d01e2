package nexus.aiagents.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.money.PastBudgets;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.FoldCopy;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;

/// The project as the views showed it after any entry of the journal: folded again from the first entry
/// that is still in the store, or from a moment that was looked at before. What there is to see is taken
/// from the project as it is now; what is no longer in it is not shown. Thread-safe; may take as long as
/// reading the journal does.
final class PastViews {
    private static final int PAGE = 512;
    private static final int MOMENTS_KEPT = 32;
    private static final TrustView UNKNOWN = new TrustView(true, 0, 0, "", "");

    private final AuditLog journal;
    private final Supplier<Project> project;
    private final TreeMap<Long, Moment> kept = new TreeMap<>();
    private @Nullable Project foldedWith;

    PastViews(AuditLog journal, Supplier<Project> project) {
        this.journal = journal;
        this.project = project;
    }

    /// @param seq an entry; one that is not there yet, or not any more, means the nearest that is
    synchronized ProjectView at(long seq) {
        Project now = project.get();
        if (now != foldedWith) {
            kept.clear();
            foldedWith = now;
        }
        long first = journal.compactedUpTo();
        long wanted = Math.clamp(seq, first, Math.max(first, journal.lastSeq()));
        kept.headMap(first).clear();
        Map.Entry<Long, Moment> nearest = kept.floorEntry(wanted);
        Moment moment =
                nearest == null ? new Moment(now, first) : nearest.getValue().copy(now);
        long every = Math.max(PAGE, (journal.lastSeq() - first) / MOMENTS_KEPT + 1);
        while (moment.seq < wanted) {
            List<JournalEntry> page = journal.read(moment.seq, (int) Math.min(PAGE, wanted - moment.seq));
            if (page.isEmpty()) {
                break;
            }
            page.forEach(moment::apply);
            Long before = kept.floorKey(moment.seq);
            if (moment.seq - (before == null ? first : before) >= every && kept.size() < 2 * MOMENTS_KEPT) {
                kept.put(moment.seq, moment.copy(now));
            }
        }
        return moment.view();
    }

    /// All that is folded, as of one entry.
    private static final class Moment extends Clock {
        private final ViewFold views;
        private final Map<String, TrustView> trust = new HashMap<>();
        private PastBudgets budgets = new PastBudgets();
        private long seq;
        private Instant at = Instant.EPOCH;

        Moment(Project project, long seq) {
            this.seq = seq;
            this.views = new ViewFold(
                    project,
                    () -> budgets.views(project.budgets(), at),
                    agent -> trust.getOrDefault(agent, UNKNOWN),
                    this);
        }

        void apply(JournalEntry entry) {
            seq = entry.seq();
            at = entry.at();
            views.apply(entry);
            budgets.apply(at, entry.event());
            if (entry.event() instanceof EngineEvent.TrustChecked e) {
                trust.put(e.agent(), new TrustView(e.allowed(), e.score(), e.tier(), e.rating(), e.why()));
            }
        }

        Moment copy(Project project) {
            Moment copy = new Moment(project, seq);
            views.copyTo(copy.views);
            copy.budgets = FoldCopy.copy(budgets, new PastBudgets());
            copy.trust.putAll(trust);
            copy.at = at;
            return copy;
        }

        ProjectView view() {
            return views.view();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return at;
        }
    }
}
