package nexus.aiagents.sandbox.internal.script;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings stack traces back to the files as they were written. Immutable.
final class SourceMaps {
    /// Programs choose what is looked through, in the middle of their runs: it has to be over soon.
    private static final Pattern FRAME = Pattern.compile("(?<=\\(|at )([^():\\n]{1,300}):(\\d{1,9}):(\\d{1,9})");

    private static final int MOST = 64 << 10;

    private final Map<String, SourceMap> maps;

    /// @param maps of those files whose places differ from what runs
    SourceMaps(Map<String, SourceMap> maps) {
        this.maps = Map.copyOf(maps);
    }

    /// The same text with other numbers behind the names of files.
    String original(String text) {
        if (maps.isEmpty() || text.length() > MOST) {
            return text;
        }
        Matcher frame = FRAME.matcher(text);
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
