package nexus.aiagents.app.desktop.cost;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;

/// Spending in equal slices of time, by agent or model: the largest few by name, the rest together. Pure.
///
/// @param names   largest first, `others` at last
/// @param amounts micro-dollars by name and slice
public record SpendSeries(Instant from, long sliceMillis, List<String> names, List<long[]> amounts) {
    public static final String OTHERS = "others";
    private static final long[] SLICES = {
        1_000,
        2_000,
        5_000,
        10_000,
        30_000,
        60_000,
        300_000,
        600_000,
        1_800_000,
        3_600_000,
        10_800_000,
        21_600_000,
        86_400_000
    };

    public static SpendSeries of(List<SpendPoint> spend, Function<SpendPoint, String> key, int largest, int slices) {
        if (spend.isEmpty()) {
            return new SpendSeries(Instant.EPOCH, 1_000, List.of(), List.of());
        }
        List<String> names = names(spend, key, largest);
        long first = spend.getFirst().at().toEpochMilli();
        long last = spend.getLast().at().toEpochMilli();
        long slice = slice(Math.max(1, last - first), slices);
        long begin = first - Math.floorMod(first, slice);
        int count = (int) Math.min(10_000, (last - begin) / slice + 1);
        List<long[]> amounts = new ArrayList<>();
        names.forEach(_ -> amounts.add(new long[count]));
        for (SpendPoint point : spend) {
            int name = names.indexOf(key.apply(point));
            int at = (int) Math.clamp((point.at().toEpochMilli() - begin) / slice, 0L, count - 1L);
            amounts.get(name < 0 ? names.size() - 1 : name)[at] += point.microDollars();
        }
        return new SpendSeries(Instant.ofEpochMilli(begin), slice, names, amounts);
    }

    private static List<String> names(List<SpendPoint> spend, Function<SpendPoint, String> key, int largest) {
        Map<String, Long> totals = new LinkedHashMap<>();
        spend.forEach(p -> totals.merge(key.apply(p), p.microDollars(), Long::sum));
        List<String> names = new ArrayList<>(totals.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(largest)
                .map(Map.Entry::getKey)
                .toList());
        if (totals.size() > largest) {
            names.add(OTHERS);
        }
        return List.copyOf(names);
    }

    private static long slice(long span, int slices) {
        for (long slice : SLICES) {
            if (span / slice < slices) {
                return slice;
            }
        }
        long days = 86_400_000L * slices;
        return 86_400_000L * (span / days + 1);
    }
}
