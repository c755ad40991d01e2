package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import tools.jackson.databind.JsonNode;

/// Composes the documents of one text. Written over the parser's events, because the places of keys, double
/// keys and the cost of aliases have to be known, and none of them may stop the reading.
final class YamlReader {
    /// Values that aliases may add: far beyond what a person writes, far below what would hurt.
    private static final long ALIAS_LIMIT = 20_000;

    private static final int DEPTH_LIMIT = 100;
    private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);
    private static final Set<String> CORE_TAGS =
            Set.of("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str");

    private final String file;
    private final Lines lines;
    private final Parser parser;
    private final List<YamlNode> documents = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    private long aliased;
    private long count;

    private record Anchored(YamlNode node, long size) {}

    /// Reading can not go on with this document.
    static final class Stop extends RuntimeException {
        private final Diagnostic diagnostic;

        Stop(Diagnostic diagnostic) {
            super(diagnostic.message(), null, false, false);
            this.diagnostic = diagnostic;
        }

        Diagnostic diagnostic() {
            return diagnostic;
        }
    }

    YamlReader(String file, String text, Lines lines) {
        this.file = file;
        this.lines = lines;
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setUseMarks(true)
                .build();
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    }

    /// Reads everything up to the first error that the parser can not go on from.
    ///
    /// @throws Stop for an error of ours, else the parser's own exceptions
    void read() {
        while (parser.hasNext()) {
            Event event = parser.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                aliased = 0;
                YamlNode root = node(parser.next(), 0);
                documents.add(root);
            }
        }
    }

    List<YamlNode> documents() {
        return documents;
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    private YamlNode node(Event event, int depth) {
        if (depth > DEPTH_LIMIT) {
            throw new Stop(Code.TOO_DEEP.at(
                    at(event), "this is nested more than " + DEPTH_LIMIT + " levels deep: write it flatter"));
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        NodeEvent start = (NodeEvent) event;
        Optional<Anchor> anchor = start.getAnchor();
        anchor.ifPresent(open::add);
        long before = count++;
        YamlNode node = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case MappingStartEvent mapping -> mapping(mapping, depth);
            case CollectionStartEvent sequence -> sequence(sequence, depth);
            default -> throw new IllegalStateException("unexpected " + event);
        };
        long size = count - before;
        anchor.ifPresent(name -> {
            open.remove(name);
            anchors.put(name, new Anchored(node, size));
        });
        return node;
    }

    private YamlNode alias(AliasEvent alias) {
        Anchor name = alias.getAlias();
        Anchored target = anchors.get(name);
        if (target == null) {
            boolean inside = open.contains(name);
            diagnostics.add(Code.UNKNOWN_ALIAS.at(
                    at(alias),
                    inside
                            ? "`*" + name + "` stands inside of what it repeats: write the values out"
                            : "`*" + name + "` repeats nothing: put `&" + name
                                    + "` before an earlier value, or quote the text if it is meant to begin with `*`"));
            return new YamlNode.Scalar(at(alias), "", true, YamlNode.JSON.nullNode());
        }
        count += target.size();
        aliased += target.size();
        if (aliased > ALIAS_LIMIT) {
            throw new Stop(Code.ALIAS_BOMB.at(
                    at(alias),
                    "aliases make this document stand for more than " + ALIAS_LIMIT
                            + " values, so it is not read: write the values out"));
        }
        return target.node();
    }

    private YamlNode scalar(ScalarEvent event) {
        Position at = at(event);
        String text = event.getValue();
        boolean plain = event.isPlain();
        tagged(event.getTag(), at);
        if (event.getTag().isPresent() || !event.getImplicit().canOmitTagInPlainScalar()) {
            return new YamlNode.Scalar(at, text, plain, YamlNode.JSON.stringNode(text));
        }
        return new YamlNode.Scalar(at, text, plain, value(text, at));
    }

    private void tagged(Optional<String> tag, Position at) {
        if (tag.isPresent() && !CORE_TAGS.contains(tag.get())) {
            diagnostics.add(Code.TAG.at(
                    at,
                    "the tag `" + tag.get().replace("tag:yaml.org,2002:", "!!")
                            + "` has no meaning here: leave it out"));
        }
    }

    private JsonNode value(String text, Position at) {
        Tag tag = RESOLVER.resolve(text, true);
        if (tag == Tag.NULL) {
            return YamlNode.JSON.nullNode();
        }
        if (tag == Tag.BOOL) {
            return YamlNode.JSON.booleanNode(text.equalsIgnoreCase("true"));
        }
        boolean finite = !text.endsWith("f") && !text.endsWith("F") && !text.endsWith("n") && !text.endsWith("N");
        if (tag == Tag.INT || (tag == Tag.FLOAT && finite)) {
            JsonNode number = number(text, tag == Tag.INT);
            if (number == null) {
                diagnostics.add(Code.NUMBER_TOO_LARGE.at(
                        at,
                        "this number has more digits than can be counted with: put quotes around it to make it text"));
                return YamlNode.JSON.numberNode(1);
            }
            return number;
        }
        return YamlNode.JSON.stringNode(text);
    }

    /// @return null for what does not fit into 64 bits and 18 decimals
    private static @Nullable JsonNode number(String text, boolean whole) {
        if (text.length() > 64) {
            return null;
        }
        try {
            if (whole) {
                BigInteger number = text.startsWith("0x")
                        ? new BigInteger(text.substring(2), 16)
                        : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
                return number.bitLength() < 64 ? YamlNode.JSON.numberNode(number.longValue()) : null;
            }
            BigDecimal number = new BigDecimal(text);
            boolean fits = number.scale() <= 18 && number.precision() - number.scale() <= 18;
            return fits ? YamlNode.JSON.numberNode(number) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private YamlNode sequence(CollectionStartEvent start, int depth) {
        tagged(start.getTag(), at(start));
        List<YamlNode> items = new ArrayList<>();
        List<Position> places = new ArrayList<>();
        Event event = parser.next();
        Position last = at(start);
        while (event.getEventId() != Event.ID.SequenceEnd) {
            YamlNode item = node(event, depth + 1);
            Position place = place(event, item);
            items.add(item);
            places.add(place);
            last = ends(last, place);
            event = parser.next();
        }
        return new YamlNode.Sequence(span(start, event, last), start.isFlow(), items, places);
    }

    private YamlNode mapping(MappingStartEvent start, int depth) {
        tagged(start.getTag(), at(start));
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        Event event = parser.next();
        Position last = at(start);
        while (event.getEventId() != Event.ID.MappingEnd) {
            YamlNode key = node(event, depth + 1);
            Event next = parser.next();
            YamlNode value = node(next, depth + 1);
            Position place = place(next, value);
            last = ends(last, place);
            String name = key(key);
            if (name != null) {
                put(entries, name, new YamlNode.Entry(key.at(), value, place), depth, start.isFlow());
            }
            event = parser.next();
        }
        return new YamlNode.Mapping(span(start, event, last), start.isFlow(), entries);
    }

    private @Nullable String key(YamlNode key) {
        if (!(key instanceof YamlNode.Scalar scalar)) {
            diagnostics.add(Code.KEY_NOT_TEXT.at(
                    firstLine(key.at()),
                    "a map or a list can not be a key: put quotes around the text if it begins with { or ["));
            return null;
        }
        if (scalar.plain() && scalar.text().equals("<<")) {
            diagnostics.add(Code.MERGE_KEY.at(key.at(), "`<<` is not part of YAML 1.2: write the keys out"));
            return null;
        }
        return scalar.text();
    }

    private void put(Map<String, YamlNode.Entry> entries, String key, YamlNode.Entry entry, int depth, boolean flow) {
        YamlNode.Entry first = entries.putIfAbsent(key, entry);
        if (first == null) {
            return;
        }
        String where = "`" + key + "` is already there in line " + (first.key().line() + 1) + ": ";
        Position at = entry.key();
        if (depth == 0 && !flow && at.column() == 0) {
            Position before = new Position(file, at.line(), 0, at.line(), 0);
            diagnostics.add(Code.DUPLICATE_KEY.at(
                    at,
                    where + "put a line with `---` before it to begin a new document",
                    new Diagnostic.QuickFix("Begin a new document here", before, "---\n")));
        } else {
            diagnostics.add(Code.DUPLICATE_KEY.at(at, where + "remove one of the two"));
        }
    }

    private Position place(Event event, YamlNode node) {
        return event instanceof AliasEvent ? at(event) : node.at();
    }

    private Position at(Event event) {
        Mark start = event.getStartMark().orElseThrow();
        Mark end = event.getEndMark().orElse(start);
        return new Position(
                file,
                start.getLine(),
                lines.column(start.getLine(), start.getColumn()),
                end.getLine(),
                lines.column(end.getLine(), end.getColumn()));
    }

    private Position span(CollectionStartEvent start, Event end, Position last) {
        Position from = at(start);
        Position to = start.isFlow() ? at(end) : last;
        return new Position(file, from.line(), from.column(), to.endLine(), to.endColumn());
    }

    private static Position ends(Position last, Position next) {
        boolean later = next.endLine() > last.endLine()
                || (next.endLine() == last.endLine() && next.endColumn() > last.endColumn());
        return later ? next : last;
    }

    private Position firstLine(Position at) {
        return at.line() == at.endLine()
                ? at
                : new Position(
                        file,
                        at.line(),
                        at.column(),
                        at.line(),
                        lines.line(at.line()).length());
    }
}
