package nexus.aiagents.engine.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the second layer of checks looks names up in, and where it puts what it finds.
final class Scope {
    private final Sources sources;
    private final Predicate<String> priced;
    private final boolean complete;
    private final Map<Kind, Map<String, Definition>> byName = new EnumMap<>(Kind.class);
    private final List<Definition> unnamed = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    /// @param complete false while parts of the text could not be read: then an unknown name proves nothing
    Scope(Sources sources, Predicate<String> priced, boolean complete) {
        this.sources = sources;
        this.priced = priced;
        this.complete = complete;
        for (Kind kind : Kind.values()) {
            byName.put(kind, new LinkedHashMap<>());
        }
    }

    void define(Definition definition) {
        Kind kind = definition.kind();
        if (kind == Kind.PROJECT || kind == Kind.TRUST) {
            define(definition, kind.key(), Code.SECOND_BLOCK, "the project's `" + kind.key() + "` block is there");
        } else if (kind == Kind.COST && !definition.name().isEmpty()) {
            define(definition, definition.name(), Code.SECOND_BUDGET, "`" + definition.name() + "` has a budget");
        } else if (definition.name().isEmpty()) {
            unnamed.add(definition);
        } else {
            define(
                    definition,
                    definition.name(),
                    Code.DUPLICATE_NAME,
                    "the " + kind.key() + " `" + definition.name() + "` is defined");
        }
    }

    private void define(Definition definition, String name, Code code, String what) {
        Definition first = of(definition.kind()).putIfAbsent(name, definition);
        if (first != null) {
            add(code.at(
                    definition.at(),
                    what + " already, in " + first.at().file() + " line "
                            + (first.at().line() + 1)
                            + (code == Code.DUPLICATE_NAME ? ": rename one of the two" : ": remove one of the two")));
        }
    }

    private Map<String, Definition> of(Kind kind) {
        return byName.getOrDefault(kind, Map.of());
    }

    Collection<Definition> all(Kind kind) {
        return of(kind).values();
    }

    /// Those without a name; the schema, or their own reader, says so.
    List<Definition> unnamed() {
        return unnamed;
    }

    @Nullable
    Definition find(Kind kind, String name) {
        return of(kind).get(name);
    }

    Collection<String> names(Kind kind) {
        return of(kind).keySet();
    }

    Sources sources() {
        return sources;
    }

    Path folder() {
        return sources.folder();
    }

    boolean hasBuiltInPrice(String model) {
        return priced.test(model);
    }

    void add(Diagnostic diagnostic) {
        diagnostics.add(diagnostic);
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /// Says so if nothing of this name is defined.
    void require(Kind kind, String name, Position at, Code code) {
        if (!complete || of(kind).containsKey(name)) {
            return;
        }
        for (Kind other : List.of(Kind.AGENT, Kind.SUPERVISOR, Kind.POOL, Kind.SAGA, Kind.WORKFLOW)) {
            if (other != kind && of(other).containsKey(name)) {
                add(code.at(at, "`" + name + "` is " + one(other) + ", but this must be " + one(kind)));
                return;
            }
        }
        unknown(code, at, "there is no " + kind.key() + " `" + name + "`", name, names(kind));
    }

    void unknown(Code code, Position at, String message, String name, Collection<String> known) {
        if (!complete) {
            return;
        }
        String near = Similar.to(name, known);
        String text = message + Similar.hint(name, known);
        add(
                near == null
                        ? code.at(at, text)
                        : code.at(at, text, new Diagnostic.QuickFix("Change to `" + near + "`", at, near)));
    }

    private static String one(Kind kind) {
        return (kind == Kind.AGENT ? "an " : "a ") + kind.key();
    }
}
