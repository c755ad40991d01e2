package nexus.aiagents.sandbox.internal.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Where the code of a transpiled file came from: a source map of version 3 with one source. Immutable.
final class SourceMap {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// Both from 1.
    record Place(int line, int column) {}

    /// By line of the code: where which column began.
    private final List<TreeMap<Integer, Place>> lines;

    private SourceMap(List<TreeMap<Integer, Place>> lines) {
        this.lines = lines;
    }

    static SourceMap parse(String json) {
        String mappings = JsonMapper.shared().readTree(json).path("mappings").asString("");
        List<TreeMap<Integer, Place>> lines = new ArrayList<>();
        int[] at = new int[4]; // column of the code, source, line, column
        for (String line : mappings.split(";", -1)) {
            TreeMap<Integer, Place> places = new TreeMap<>();
            at[0] = 0;
            for (String segment : line.split(",")) {
                List<Integer> numbers = numbers(segment);
                for (int i = 0; i < Math.min(4, numbers.size()); i++) {
                    at[i] += numbers.get(i);
                }
                if (numbers.size() >= 4) {
                    places.put(at[0], new Place(at[2] + 1, at[3] + 1));
                }
            }
            lines.add(places);
        }
        return new SourceMap(lines);
    }

    private static List<Integer> numbers(String segment) {
        List<Integer> numbers = new ArrayList<>();
        int value = 0;
        int shift = 0;
        for (char letter : segment.toCharArray()) {
            int digit = DIGITS.indexOf(letter);
            value |= (digit & 31) << shift;
            shift += 5;
            if ((digit & 32) == 0) {
                numbers.add((value & 1) == 0 ? value >> 1 : -(value >> 1));
                value = 0;
                shift = 0;
            }
        }
        return numbers;
    }

    /// @param line from 1
    /// @param column from 1; 0 if it is not known
    Place original(int line, int column) {
        for (int i = Math.min(line, lines.size()) - 1; i >= 0; i--) {
            TreeMap<Integer, Place> places = lines.get(i);
            Map.Entry<Integer, Place> entry = i == line - 1 && column > 0
                    ? places.floorEntry(column - 1)
                    : i == line - 1 ? places.firstEntry() : places.lastEntry();
            if (entry != null) {
                return entry.getValue();
            }
        }
        return new Place(line, column);
    }
}
