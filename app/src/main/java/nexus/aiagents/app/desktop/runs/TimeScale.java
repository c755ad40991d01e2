package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Time along a line. Long stretches in which nothing happened, as while a run waits for a person, take
/// little room. Pure.
public final class TimeScale {
    static final double GAP = 36;
    private static final double LONG_GAP = 0.5;
    private static final long[] STEPS = {
        1,
        2,
        5,
        10,
        20,
        50,
        100,
        200,
        500,
        1_000,
        2_000,
        5_000,
        10_000,
        30_000,
        60_000,
        120_000,
        300_000,
        600_000,
        1_800_000,
        3_600_000,
        7_200_000,
        21_600_000,
        86_400_000
    };

    /// Something happened from `start` to `end`.
    public record Busy(Instant start, Instant end) {}

    /// A mark on the axis.
    ///
    /// @param gap the line is cut here, `millis` were left out; else that many have passed since the begin
    public record Tick(double x, long millis, boolean gap) {}

    private record Part(long from, long to, double x, double width, boolean gap) {}

    /// From when to when something happened without a long gap.
    private final List<long[]> stretches;
    private final List<Part> parts = new ArrayList<>();
    private final long origin;

    /// @param left  where the line begins
    /// @param width how long it is
    public TimeScale(List<Busy> busy, double left, double width) {
        this(left, width, stretches(merged(busy)));
    }

    private TimeScale(double left, double width, List<long[]> stretches) {
        this.stretches = stretches;
        origin = stretches.isEmpty() ? 0 : stretches.getFirst()[0];
        long shown = Math.max(1, stretches.stream().mapToLong(s -> s[1] - s[0]).sum());
        double room = Math.max(1, width - GAP * Math.max(0, stretches.size() - 1));
        double x = left;
        for (int i = 0; i < stretches.size(); i++) {
            long[] span = stretches.get(i);
            if (i > 0) {
                parts.add(new Part(stretches.get(i - 1)[1], span[0], x, GAP, true));
                x += GAP;
            }
            double w = room * (span[1] - span[0]) / shown;
            parts.add(new Part(span[0], span[1], x, w, false));
            x += w;
        }
    }

    /// The same time on a line that begins elsewhere or is longer.
    TimeScale with(double left, double width) {
        return new TimeScale(left, width, stretches);
    }

    private static List<long[]> stretches(List<long[]> spans) {
        long work = Math.max(1, spans.stream().mapToLong(s -> s[1] - s[0]).sum());
        List<long[]> cut = new ArrayList<>();
        for (long[] span : spans) {
            boolean far = cut.isEmpty() || span[0] - cut.getLast()[1] > Math.max(1_000, work * LONG_GAP);
            if (far) {
                cut.add(span.clone());
            } else {
                cut.getLast()[1] = span[1];
            }
        }
        return cut;
    }

    private static List<long[]> merged(List<Busy> busy) {
        List<long[]> spans = new ArrayList<>();
        busy.stream().sorted(Comparator.comparing(Busy::start)).forEach(b -> {
            long start = b.start().toEpochMilli();
            long end = Math.max(start, b.end().toEpochMilli());
            if (!spans.isEmpty() && start <= spans.getLast()[1]) {
                spans.getLast()[1] = Math.max(spans.getLast()[1], end);
            } else {
                spans.add(new long[] {start, end});
            }
        });
        return spans;
    }

    public double x(Instant at) {
        long millis = at.toEpochMilli();
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (millis <= parts.get(middle).to()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low == parts.size()) {
            return parts.isEmpty() ? 0 : parts.getLast().x() + parts.getLast().width();
        }
        Part part = parts.get(low);
        long length = Math.max(1, part.to() - part.from());
        return part.x() + part.width() * Math.clamp((millis - part.from()) / (double) length, 0, 1);
    }

    /// Round times at least `apart` from each other, and every cut.
    public List<Tick> ticks(double apart) {
        return ticks(apart, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /// Only those from one place of the line to another.
    public List<Tick> ticks(double apart, double from, double to) {
        List<Tick> ticks = new ArrayList<>();
        double perMilli = parts.stream()
                .filter(p -> !p.gap() && p.to() > p.from())
                .mapToDouble(p -> p.width() / (p.to() - p.from()))
                .findFirst()
                .orElse(1);
        long step = STEPS[STEPS.length - 1];
        for (long candidate : STEPS) {
            if (candidate * perMilli >= apart) {
                step = candidate;
                break;
            }
        }
        for (Part part : parts) {
            if (part.x() > to || part.x() + part.width() < from) {
                continue;
            }
            if (part.gap()) {
                ticks.add(new Tick(part.x() + part.width() / 2, part.to() - part.from(), true));
                continue;
            }
            long length = part.to() - part.from();
            long seen = part.from() + (long) Math.clamp((from - part.x()) / perMilli, 0, length);
            long last = part.from() + (long) Math.clamp((to - part.x()) / perMilli, 0, length);
            long first = (seen - origin + step - 1) / step * step;
            for (long t = first; t <= last - origin; t += step) {
                ticks.add(new Tick(part.x() + (t + origin - part.from()) * perMilli, t, false));
            }
        }
        return ticks;
    }
}
