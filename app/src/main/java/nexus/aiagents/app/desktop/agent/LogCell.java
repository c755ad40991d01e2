package nexus.aiagents.app.desktop.agent;

import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.beans.value.WeakChangeListener;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.text.Font;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// One line of a log: its time, its level, its text. It is drawn: where thousands of lines a second
/// come in, all cells say something else in every frame, and labels would be styled and measured each time.
final class LogCell extends ListCell<JournalEntry> {
    private static final double PADDING = 16;
    private static final double GAP = 12;
    private static final double LEVEL_WIDTH = 44;
    private static final double FONT = 12;
    private static final int LONGEST = 2_000;

    private final CanvasText fonts;
    private final ObservableValue<Palette> palette;
    private final Drawing line = new Drawing(this::paint);
    private final ChangeListener<Palette> recolour = (_, _, _) -> line.redraw();
    private String time = "";
    private String level = "";
    private String said = "";
    private Tone tone = Tone.NEUTRAL;

    /// @param fonts shared by the cells of one list
    LogCell(ListView<JournalEntry> list, CanvasText fonts, ObservableValue<Palette> palette) {
        this.fonts = fonts;
        this.palette = palette;
        getStyleClass().add("log-cell");
        line.prefWidthProperty().bind(list.widthProperty().subtract(2 * PADDING + 16));
        line.prefHeightProperty().bind(list.fixedCellSizeProperty());
        palette.addListener(new WeakChangeListener<>(recolour));
    }

    @Override
    protected void updateItem(@Nullable JournalEntry entry, boolean empty) {
        super.updateItem(entry, empty);
        if (entry == null || empty) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        EventText words = EventText.of(entry.event());
        time = Words.exact(entry.at()).substring(11);
        level = LogPane.word(entry.event());
        said = Words.brief(words.summary(), LONGEST);
        tone = words.tone();
        setAccessibleText(time + " " + level + " " + said);
        line.redraw();
        if (getGraphic() != line) {
            setGraphic(line);
        }
    }

    private void paint(GraphicsContext g, double width, double height) {
        Palette p = palette.getValue();
        Font font = fonts.mono(FONT);
        double middle = height / 2;
        g.setFont(font);
        g.setTextBaseline(VPos.CENTER);
        g.setFill(p.muted());
        g.fillText(time, 0, middle);
        double x = fonts.width("00:00:00.000", font) + GAP;
        g.setFill(tone == Tone.NEUTRAL ? p.muted() : tone.in(p));
        g.fillText(level, x, middle);
        x += LEVEL_WIDTH + GAP;
        g.setFill(tone == Tone.NEUTRAL ? p.text() : tone.in(p));
        int room = (int) Math.max(0, (width - x) / fonts.width("0", font));
        g.fillText(said.length() <= room ? said : said.substring(0, Math.max(0, room - 1)) + "…", x, middle);
    }
}
