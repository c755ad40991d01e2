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
    /// Where the table is narrower, its times stand without their day.
    private static final double ROOM_FOR_DAYS = 640;

    private static final double DAY_AND_TIME = 200;
    private static final double TIME = 112;

    public EventTable(ObservableList<JournalEntry> entries) {
        super(entries);
        getStyleClass().addAll("dense", "event-table", "bare-table");
        setAccessibleText("Journal entries");
        setPlaceholder(new Label("Nothing here yet."));
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        TableColumn<JournalEntry, JournalEntry> seq = column("#", 64, e -> String.valueOf(e.seq()), true);
        seq.setMaxWidth(96);
        TableColumn<JournalEntry, JournalEntry> time = column("Time", DAY_AND_TIME, this::time, true);
        TableColumn<JournalEntry, JournalEntry> type = RowColumns.givesWay(
                column("Type", 136, e -> e.event().getClass().getSimpleName(), false));
        type.setMinWidth(120);
        type.setMaxWidth(200);
        TableColumn<JournalEntry, JournalEntry> subject = RowColumns.givesWay(
                column("About", 132, e -> EventText.of(e.event()).subject(), false));
        subject.setMinWidth(96);
        subject.setMaxWidth(260);
        TableColumn<JournalEntry, JournalEntry> summary = RowColumns.givesWay(column(
                "What happened", 320, e -> Words.brief(EventText.of(e.event()).summary(), 400), false));
        widthProperty().subscribe(width -> {
            double needed = hasDays(width.doubleValue()) ? DAY_AND_TIME : TIME;
            if (time.getMaxWidth() != needed) {
                time.setMinWidth(Math.min(needed, time.getMinWidth()));
                time.setMaxWidth(needed);
                time.setMinWidth(needed);
                refresh();
            }
        });
        summary.setCellFactory(_ -> new SummaryCell());
        getColumns().addAll(java.util.List.of(seq, time, type, subject, summary));
    }

    private static boolean hasDays(double width) {
        return width == 0 || width >= ROOM_FOR_DAYS;
    }

    private String time(JournalEntry entry) {
        String exact = Words.exact(entry.at());
        return hasDays(getWidth()) ? exact : exact.substring(exact.indexOf(' ') + 1);
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
