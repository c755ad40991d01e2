package nexus.aiagents.app.desktop.parts;

import java.util.function.Function;
import javafx.collections.ObservableList;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// Entries of the journal as a table: time, type, subject, summary.
public final class EventTable extends TableView<JournalEntry> {
    public EventTable(ObservableList<JournalEntry> entries) {
        super(entries);
        getStyleClass().addAll("dense", "event-table", "bare-table");
        setAccessibleText("Journal entries");
        setPlaceholder(new Label("Nothing here yet."));
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        TableColumn<JournalEntry, JournalEntry> seq = column("#", 64, e -> String.valueOf(e.seq()), true);
        seq.setMaxWidth(96);
        TableColumn<JournalEntry, JournalEntry> time = column("Time", 200, e -> Words.exact(e.at()), true);
        time.setMinWidth(200);
        time.setMaxWidth(200);
        TableColumn<JournalEntry, JournalEntry> type =
                column("Type", 136, e -> e.event().getClass().getSimpleName(), false);
        type.setMaxWidth(200);
        TableColumn<JournalEntry, JournalEntry> subject =
                column("About", 132, e -> EventText.of(e.event()).subject(), false);
        subject.setMaxWidth(260);
        TableColumn<JournalEntry, JournalEntry> summary = column(
                "What happened", 320, e -> Words.brief(EventText.of(e.event()).summary(), 400), false);
        summary.setCellFactory(_ -> new SummaryCell());
        getColumns().addAll(java.util.List.of(seq, time, type, subject, summary));
    }

    private static TableColumn<JournalEntry, JournalEntry> column(
            String title, double width, Function<JournalEntry, String> text, boolean mono) {
        TableColumn<JournalEntry, JournalEntry> column = RowColumns.of(title, width);
        column.setMinWidth(Math.min(width, 56));
        column.setCellFactory(_ -> new TableCell<>() {
            {
                if (mono) {
                    getStyleClass().addAll("mono", "muted-cell");
                }
            }

            @Override
            protected void updateItem(@Nullable JournalEntry item, boolean empty) {
                super.updateItem(item, empty);
                setText(item == null || empty ? null : text.apply(item));
            }
        });
        return column;
    }

    private static final class SummaryCell extends TableCell<JournalEntry, JournalEntry> {
        private Tone tone = Tone.NEUTRAL;

        @Override
        protected void updateItem(@Nullable JournalEntry item, boolean empty) {
            super.updateItem(item, empty);
            getStyleClass().remove(tone.styleClass());
            if (item == null || empty) {
                setText(null);
                return;
            }
            EventText text = EventText.of(item.event());
            tone = text.tone();
            if (tone != Tone.NEUTRAL) {
                getStyleClass().add(tone.styleClass());
            }
            setText(Words.brief(text.summary(), 400));
        }
    }
}
