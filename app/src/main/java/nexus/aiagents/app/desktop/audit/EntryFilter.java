package nexus.aiagents.app.desktop.audit;

import java.util.Locale;
import java.util.Set;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;

/// Which entries are shown, and so which are exported.
///
/// @param type of the event, empty: every one
/// @param text that its subject or summary has, in any case of letters; empty: any
record EntryFilter(String type, String text) {
    EntryFilter {
        text = text.strip().toLowerCase(Locale.ROOT);
    }

    boolean isEmpty() {
        return type.isEmpty() && text.isEmpty();
    }

    boolean fits(JournalEntry entry) {
        if (!type.isEmpty() && !type.equals(entry.event().getClass().getSimpleName())) {
            return false;
        }
        if (text.isEmpty()) {
            return true;
        }
        EventText words = EventText.of(entry.event());
        return (words.subject() + " " + words.summary())
                .toLowerCase(Locale.ROOT)
                .contains(text);
    }

    /// Asks the journal for what it can tell apart by itself; {@link #fits} leaves out the rest.
    HistoryQuery query() {
        return new HistoryQuery(0, 1, false, type.isEmpty() ? Set.of() : Set.of(type), null, null);
    }

    /// `of type RunEnded with “publish”`, empty where nothing is left out.
    String words() {
        String ofType = type.isEmpty() ? "" : "of type " + type;
        String with = text.isEmpty() ? "" : "with “" + text + "”";
        return (ofType + " " + with).strip();
    }
}
