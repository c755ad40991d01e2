package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the values of a block that the schema has already found sound.
record Body(YamlNode.Mapping map) {
    static final Body EMPTY = new Body(new YamlNode.Mapping(new Position("", 0, 0, 0, 0), true, java.util.Map.of()));
    private static final BigDecimal LONGEST_MILLIS =
            BigDecimal.valueOf(Duration.ofDays(36_500).toMillis());

    boolean has(String key) {
        return map.entries().containsKey(key);
    }

    @Nullable
    YamlNode node(String key) {
        return map.get(key);
    }

    /// The place of a value, of its key if it is not one line, of the block if it is missing.
    Position at(String key) {
        YamlNode.Entry entry = map.entries().get(key);
        if (entry == null) {
            return map.at();
        }
        Position at = entry.value().at();
        return at.line() == at.endLine() && at.endColumn() > at.column() ? at : entry.key();
    }

    @Nullable
    String text(String key) {
        YamlNode node = map.get(key);
        return node == null ? null : node.string();
    }

    String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    @Nullable
    BigDecimal number(String key) {
        YamlNode node = map.get(key);
        return node == null ? null : node.number();
    }

    @Nullable
    Long whole(String key) {
        BigDecimal number = number(key);
        return number == null ? null : number.longValue();
    }

    long whole(String key, long otherwise) {
        BigDecimal number = number(key);
        return number == null ? otherwise : number.longValue();
    }

    double real(String key, double otherwise) {
        BigDecimal number = number(key);
        return number == null ? otherwise : number.doubleValue();
    }

    boolean flag(String key) {
        return map.get(key) instanceof YamlNode.Scalar scalar && scalar.value().asBoolean(false);
    }

    <E extends Enum<E>> E word(String key, E otherwise) {
        String text = text(key);
        return text == null
                ? otherwise
                : Enum.valueOf(
                        otherwise.getDeclaringClass(),
                        text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Body body(String key) {
        return map.get(key) instanceof YamlNode.Mapping inner ? new Body(inner) : EMPTY;
    }

    List<YamlNode> list(String key) {
        return map.get(key) instanceof YamlNode.Sequence list ? list.items() : List.of();
    }

    Set<String> words(String key) {
        Set<String> words = new LinkedHashSet<>();
        for (YamlNode item : list(key)) {
            String text = item.string();
            if (text != null) {
                words.add(text);
            }
        }
        return words.isEmpty() ? Set.of() : words;
    }

    @Nullable
    Duration duration(String key) {
        YamlNode node = map.get(key);
        return node == null ? null : duration(node);
    }

    Duration duration(String key, Duration otherwise) {
        Duration duration = duration(key);
        return duration == null ? otherwise : duration;
    }

    static @Nullable Duration duration(YamlNode node) {
        BigDecimal millis = node.number();
        String text = node.string();
        if (millis == null && text != null && !text.isEmpty() && Character.isDigit(text.charAt(0))) {
            int unit = 0;
            while (unit < text.length() && !Character.isLetter(text.charAt(unit))) {
                unit++;
            }
            millis = new BigDecimal(text.substring(0, unit)).multiply(BigDecimal.valueOf(millis(text.substring(unit))));
        }
        return millis == null
                ? null
                : Duration.ofNanos(millis.min(LONGEST_MILLIS).movePointRight(6).longValue());
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1;
        };
    }

    /// Bytes of a size such as `64MB`.
    long bytes(String key, long otherwise) {
        YamlNode node = map.get(key);
        BigDecimal bytes = node == null ? null : node.number();
        String text = node == null ? null : node.string();
        if (bytes == null && text != null) {
            int unit = 0;
            while (unit < text.length() && (Character.isDigit(text.charAt(unit)) || text.charAt(unit) == '.')) {
                unit++;
            }
            int shift = "BKMG".indexOf(text.substring(unit).strip().charAt(0)) * 10;
            bytes = new BigDecimal(text.substring(0, unit)).multiply(BigDecimal.valueOf(1L << shift));
        }
        return bytes == null
                ? otherwise
                : bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
