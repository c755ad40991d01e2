package nexus.aiagents.app.desktop.parts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/// Text on a canvas: fonts by size, widths measured once, what does not fit ends in an ellipsis. JavaFX
/// thread.
public final class CanvasText {
    private static final int KEPT = 8_000;
    private static final int LEAST_OF_MESSAGE = 14;

    private record Key(String text, Font font, int width) {}

    private final Map<Double, Font> regular = new HashMap<>();
    private final Map<Double, Font> strong = new HashMap<>();
    private final Map<Double, Font> mono = new HashMap<>();
    private final Map<Key, String> fitted = new HashMap<>();
    private final Map<Key, Double> widths = new HashMap<>();
    private final Text ruler = new Text();

    public Font regular(double size) {
        return regular.computeIfAbsent(rounded(size), s -> Font.font("Inter", s));
    }

    public Font strong(double size) {
        return strong.computeIfAbsent(rounded(size), s -> new Font("Inter SemiBold", s));
    }

    public Font mono(double size) {
        return mono.computeIfAbsent(rounded(size), s -> Font.font("JetBrains Mono", s));
    }

    private static double rounded(double size) {
        return Math.round(size * 2) / 2.0;
    }

    public double width(String text, Font font) {
        if (widths.size() > KEPT) {
            widths.clear();
        }
        return widths.computeIfAbsent(new Key(text, font, 0), k -> measure(k.text(), k.font()));
    }

    private double measure(String text, Font font) {
        ruler.setFont(font);
        ruler.setText(text);
        return ruler.getLayoutBounds().getWidth();
    }

    /// As much of it as fits.
    public String fit(String text, Font font, double width) {
        if (fitted.size() > KEPT) {
            fitted.clear();
        }
        Key key = new Key(text, font, (int) width);
        String known = fitted.get(key);
        if (known == null) {
            known = cut(text, font, width);
            fitted.put(key, known);
        }
        return known;
    }

    /// The first that fits whole, else as much of the last as fits.
    ///
    /// @param said the same thing, longest first
    public String fit(List<String> said, Font font, double width) {
        for (String words : said) {
            if (width(words, font) <= width) {
                return words;
            }
        }
        return fit(said.getLast(), font, width);
    }

    /// Facts with a message behind them. Where too little of the message could be read, it is left out.
    public String fit(String facts, String message, Font font, double width) {
        String all = fit(facts + message, font, width);
        boolean enough = all.length() >= facts.length() + Math.min(LEAST_OF_MESSAGE, message.length());
        return enough ? all : fit(facts, font, width);
    }

    /// A name that is too long for one line, parted behind a `-`, `_`, `.` or space where both parts
    /// fit and are most alike; one line that is cut where it can not be parted.
    public List<String> twoLines(String name, Font font, double width) {
        int best = 0;
        for (int i = 1; i < name.length(); i++) {
            boolean parts = "-_. ".indexOf(name.charAt(i - 1)) >= 0;
            boolean moreAlike = Math.abs(name.length() - 2 * i) < Math.abs(name.length() - 2 * best);
            if (parts
                    && moreAlike
                    && width(name.substring(0, i), font) <= width
                    && width(name.substring(i), font) <= width) {
                best = i;
            }
        }
        return best == 0 ? List.of(fit(name, font, width)) : List.of(name.substring(0, best), name.substring(best));
    }

    private String cut(String text, Font font, double width) {
        if (measure(text, font) <= width) {
            return text;
        }
        int low = 0;
        int high = text.length();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (measure(text.substring(0, middle).stripTrailing() + "…", font) <= width) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low == 0 ? "" : text.substring(0, low).stripTrailing() + "…";
    }

    /// A {@link Mark}'s shape, `size` wide, with its upper left corner at the place, in the current fill.
    public static void shape(GraphicsContext g, Mark.Shape shape, double x, double y, double size) {
        g.save();
        g.translate(x, y);
        g.scale(size / 12, size / 12);
        g.beginPath();
        g.appendSVGPath(shape.path());
        g.fill();
        g.restore();
    }
}
