package nexus.aiagents.app.desktop.cost;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Palette;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.DateAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.fx.ChartViewer;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StackedXYBarRenderer;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.time.SimpleTimePeriod;
import org.jfree.data.time.TimeTableXYDataset;

/// Spending over time as stacked bars, in the colours of the theme.
final class SpendChart extends Region {
    private final Font font;
    private final DateAxis time = new DateAxis();
    private final NumberAxis dollars = new NumberAxis();
    private final StackedXYBarRenderer bars = new StackedXYBarRenderer(0.15);
    private final XYPlot plot;
    private final JFreeChart chart;
    private final ChartViewer viewer;
    private SpendSeries shown = new SpendSeries(java.time.Instant.EPOCH, 1, List.of(), List.of());

    SpendChart(Palette palette) {
        font = font();
        plot = new XYPlot(new TimeTableXYDataset(), time, dollars, bars);
        chart = new JFreeChart(null, font, plot, false);
        viewer = new ChartViewer(chart, false);
        viewer.getCanvas().setTooltipEnabled(false);
        bars.setBarPainter(new StandardXYBarPainter());
        bars.setShadowVisible(false);
        bars.setDrawBarOutline(false);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setInsets(new RectangleInsets(4, 0, 0, 8));
        chart.setPadding(new RectangleInsets(0, 0, 0, 0));
        time.setTickLabelFont(font);
        time.setAxisLineVisible(false);
        time.setTickMarksVisible(false);
        // The drawing layer forgets a font that is set twice in a row, so the axes' fonts differ by nothing
        // visible.
        dollars.setTickLabelFont(font.deriveFont(11.01f));
        dollars.setAxisLineVisible(false);
        dollars.setTickMarksVisible(false);
        dollars.setTickLabelInsets(new RectangleInsets(10, 4, 10, 8));
        setId("spend-chart");
        setMinHeight(200);
        setPrefHeight(240);
        getChildren().add(viewer);
        theme(palette);
    }

    /// The window's own font; where it can not be had for charts, the logical one.
    private static Font font() {
        try (InputStream in = Objects.requireNonNull(
                SpendChart.class.getResourceAsStream("/nexus/aiagents/app/desktop/fonts/Inter-Regular.ttf"))) {
            return Font.createFont(Font.TRUETYPE_FONT, in).deriveFont(11f);
        } catch (IOException | FontFormatException _) {
            return new Font(Font.SANS_SERIF, Font.PLAIN, 11);
        }
    }

    void theme(Palette palette) {
        chart.setBackgroundPaint(awt(palette.surface()));
        plot.setBackgroundPaint(awt(palette.surface()));
        plot.setRangeGridlinePaint(awt(palette.border()));
        time.setTickLabelPaint(awt(palette.muted()));
        dollars.setTickLabelPaint(awt(palette.muted()));
        List<Color> colors = ChartColors.of(palette);
        for (int i = 0; i < colors.size(); i++) {
            bars.setSeriesPaint(i, awt(colors.get(i)));
        }
    }

    private static java.awt.Color awt(Color color) {
        return new java.awt.Color(
                (float) color.getRed(), (float) color.getGreen(), (float) color.getBlue(), (float) color.getOpacity());
    }

    void show(SpendSeries series) {
        if (same(series, shown)) {
            return;
        }
        shown = series;
        TimeTableXYDataset data = new TimeTableXYDataset();
        long from = series.from().toEpochMilli();
        for (int s = 0; s < series.names().size(); s++) {
            long[] amounts = series.amounts().get(s);
            for (int i = 0; i < amounts.length; i++) {
                long start = from + i * series.sliceMillis();
                data.add(
                        new SimpleTimePeriod(new Date(start), new Date(start + series.sliceMillis())),
                        amounts[i] / 1e6,
                        series.names().get(s),
                        false);
            }
        }
        plot.setDataset(data);
        dollars.setNumberFormatOverride(format(highest(series)));
        setAccessibleText(spoken(series));
    }

    private static long highest(SpendSeries series) {
        long highest = 0;
        int slices = series.amounts().isEmpty() ? 0 : series.amounts().getFirst().length;
        for (int i = 0; i < slices; i++) {
            long sum = 0;
            for (long[] amounts : series.amounts()) {
                sum += amounts[i];
            }
            highest = Math.max(highest, sum);
        }
        return highest;
    }

    /// As many digits as tell the lines of the grid apart.
    private static DecimalFormat format(long highest) {
        int digits = highest >= 10_000_000 ? 0 : highest >= 100_000 ? 2 : highest >= 1_000 ? 4 : 6;
        String pattern = digits == 0 ? "$#,##0" : "$0." + "0".repeat(digits);
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }

    private static boolean same(SpendSeries a, SpendSeries b) {
        if (!a.from().equals(b.from())
                || a.sliceMillis() != b.sliceMillis()
                || !a.names().equals(b.names())) {
            return false;
        }
        for (int i = 0; i < a.amounts().size(); i++) {
            if (!java.util.Arrays.equals(a.amounts().get(i), b.amounts().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static String spoken(SpendSeries series) {
        StringBuilder text = new StringBuilder("Spending over time");
        for (int i = 0; i < series.names().size(); i++) {
            long sum = java.util.Arrays.stream(series.amounts().get(i)).sum();
            text.append(", ").append(series.names().get(i)).append(' ').append(Money.format(sum));
        }
        return text.toString();
    }

    @Override
    protected void layoutChildren() {
        viewer.resizeRelocate(0, 0, getWidth(), getHeight());
    }
}
