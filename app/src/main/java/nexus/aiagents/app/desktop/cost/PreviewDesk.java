package nexus.aiagents.app.desktop.cost;

import java.util.function.Consumer;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.money.PastCalls;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// Tries limits on the calls of the past, off the JavaFX thread. While one is being tried only the newest
/// wish for another is kept. JavaFX thread.
final class PreviewDesk {
    /// What is looked through, newest first.
    private static final int ENTRIES = 20_000;
    /// After so many new ones the journal is read again.
    private static final long FRESH = 200;

    private final Workspace workspace;
    private @Nullable Question waiting;
    private boolean busy;
    private @Nullable Known known;

    private record Question(BudgetPreview.Limits limits, Consumer<BudgetPreview> answer) {}

    private record Known(EngineClient engine, long seq, PastCalls calls) {}

    private record Answer(Known known, BudgetPreview preview) {}

    PreviewDesk(Workspace workspace) {
        this.workspace = workspace;
    }

    /// @param answer not called if a newer question came before it was its turn
    void ask(BudgetPreview.Limits limits, Consumer<BudgetPreview> answer) {
        waiting = new Question(limits, answer);
        if (!busy) {
            next();
        }
    }

    private void next() {
        Question question = waiting;
        EngineClient engine = workspace.client().get();
        ProjectView view = workspace.live().get();
        waiting = null;
        if (question == null || engine == null || view == null) {
            return;
        }
        busy = true;
        long seq = view.seq();
        Known before = known;
        Known fresh = before != null && before.engine() == engine && seq - before.seq() < FRESH ? before : null;
        workspace
                .background()
                .quietly(
                        _ -> {
                            Known now = fresh == null ? read(engine, seq) : fresh;
                            return new Answer(now, BudgetPreview.of(now.calls(), question.limits()));
                        },
                        found -> {
                            known = found.known();
                            busy = false;
                            question.answer().accept(found.preview());
                            next();
                        },
                        _ -> {
                            busy = false;
                            next();
                        });
    }

    private static Known read(EngineClient engine, long seq) {
        HistoryQuery query = new HistoryQuery(0, ENTRIES, true, PastCalls.TYPES, null, null);
        return new Known(engine, seq, PastCalls.of(engine.history(query)));
    }
}
