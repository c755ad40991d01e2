package nexus.aiagents.sandbox.internal.script;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Brings stack traces back to the files as they were written. Immutable.
final class SourceMaps {
    private final Map<String, SourceMap> maps;
    private final @Nullable Pattern frames;

    /// @param maps of those files whose places differ from what runs
    SourceMaps(Map<String, SourceMap> maps) {
        this.maps = Map.copyOf(maps);
        String names = maps.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        frames = maps.isEmpty() ? null : Pattern.compile("(?<=\\(|at )(" + names + "):(\\d{1,9}):(\\d{1,9})");
    }

    /// The same text with other numbers behind the names of files.
    String original(String text) {
        if (frames == null) {
            return text;
        }
        Matcher frame = frames.matcher(text);
        return frame.replaceAll(match -> {
            SourceMap map = maps.get(match.group(1));
            if (map == null) {
                return Matcher.quoteReplacement(match.group());
            }
            SourceMap.Place place = map.original(Integer.parseInt(match.group(2)), Integer.parseInt(match.group(3)));
            return Matcher.quoteReplacement(match.group(1) + ":" + place.line() + ":" + place.column());
        });
    }
}
