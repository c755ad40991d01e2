package nexus.aiagents.engine;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.trust.LocalTrust;
import nexus.aiagents.engine.view.FoldJson;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// All that is folded from the journal from its first entry on, and can be remembered so that the next
/// opening need not begin there. Fed by one thread.
final class Folds {
    /// Raise it when a fold makes something else of the same entries; other fields are noticed by
    /// themselves.
    private static final int LOGIC = 1;

    /// What was remembered under another version is folded anew.
    static final String VERSION = LOGIC + "-" + FoldJson.shape(ViewFold.class, LocalTrust.class, Memory.class);

    /// @param leftOpen see {@link #leftOpen()}
    private record Memory(@Nullable String views, @Nullable String trust, boolean leftOpen) {}

    private final ViewFold views;
    private final TrustDesk trust;
    private volatile boolean leftOpen;

    Folds(ViewFold views, TrustDesk trust) {
        this.views = views;
        this.trust = trust;
    }

    void apply(JournalEntry entry) {
        views.apply(entry);
        trust.apply(entry);
        switch (entry.event()) {
            case EngineEvent.ProjectOpened _ -> leftOpen = true;
            case EngineEvent.ProjectClosed _ -> leftOpen = false;
            default -> {}
        }
    }

    /// Whether the process that had the project open last ended without closing it.
    boolean leftOpen() {
        return leftOpen;
    }

    ProjectView view() {
        return views.view();
    }

    /// @return writes what is known now, whenever it is asked to and without holding up whoever feeds
    Supplier<byte[]> remember() {
        Supplier<byte[]> ofViews = views.remember();
        Supplier<byte[]> ofTrust = trust.remember();
        boolean open = leftOpen;
        return () -> FoldJson.write(new Memory(text(ofViews.get()), text(ofTrust.get()), open));
    }

    /// @return false if it is of another shape; then what was recalled of it is of no use
    boolean recall(byte[] remembered) {
        try {
            Memory memory = FoldJson.read(remembered, Memory.class);
            if (memory.views() == null || memory.trust() == null) {
                return false;
            }
            views.recall(memory.views().getBytes(StandardCharsets.UTF_8));
            trust.recall(memory.trust().getBytes(StandardCharsets.UTF_8));
            leftOpen = memory.leftOpen();
            return true;
        } catch (JacksonException _) {
            return false;
        }
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
