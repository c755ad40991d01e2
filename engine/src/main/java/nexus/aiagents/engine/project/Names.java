package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.LanguageService.Named;
import nexus.aiagents.engine.project.LanguageService.RenameRefused;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.jspecify.annotations.Nullable;

/// The names of a project: where each is given, what refers to it, and how to change it everywhere.
final class Names {
    private static final List<List<String>> SHARED = List.of(List.of("agent", "supervisor"));
    private static final Pattern WORD_OF_JSONATA = Pattern.compile("[A-Za-z_]\\w*");

    private final List<FileAnalysis> files;
    private final Map<String, List<Occurrence>> byFile = new LinkedHashMap<>();

    Names(List<FileAnalysis> files) {
        this.files = files;
        files.forEach(file -> byFile.put(file.file(), file.occurrences()));
    }

    private @Nullable Occurrence at(String file, int line, int column) {
        return byFile.getOrDefault(file, List.of()).stream()
                .filter(o -> o.covers(line, column))
                .findFirst()
                .orElse(null);
    }

    @Nullable
    Named named(String file, int line, int column) {
        Occurrence here = at(file, line, column);
        if (here == null) {
            return null;
        }
        Occurrence given = given(here);
        return new Named((given == null ? here : given).kinds().getFirst(), here.name(), here.at());
    }

    @Nullable
    Position definition(String file, int line, int column) {
        Occurrence here = at(file, line, column);
        if (here == null) {
            return null;
        }
        if (here.kinds().contains("source") || here.kinds().contains("file")) {
            return new Position(here.name(), 0, 0, 0, 0);
        }
        Occurrence given = given(here);
        return given == null ? null : given.at();
    }

    /// Where the name that stands there is given; the first kind that has one wins.
    private @Nullable Occurrence given(Occurrence here) {
        if (here.definition()) {
            return here;
        }
        for (String kind : here.kinds()) {
            for (List<Occurrence> all : byFile.values()) {
                for (Occurrence other : all) {
                    if (other.definition()
                            && other.kinds().getFirst().equals(kind)
                            && other.name().equals(here.name())
                            && other.owner().equals(here.owner())) {
                        return other;
                    }
                }
            }
        }
        return null;
    }

    /// The definition first, then the rest by file and place.
    List<Position> usages(String file, int line, int column, boolean withDefinition) {
        Occurrence here = at(file, line, column);
        if (here == null) {
            return List.of();
        }
        Occurrence given = given(here);
        List<Position> found = new ArrayList<>();
        for (Occurrence each : all(here, given)) {
            if (each.definition() && withDefinition) {
                found.addFirst(each.at());
            } else if (!each.definition()) {
                found.add(each.at());
            }
        }
        return List.copyOf(found);
    }

    /// The definition and all that refers to it; of a name that is given nowhere, all that refer to the
    /// same.
    private List<Occurrence> all(Occurrence here, @Nullable Occurrence given) {
        List<Occurrence> all = new ArrayList<>();
        for (List<Occurrence> occurrences : byFile.values()) {
            for (Occurrence other : occurrences) {
                boolean same = given == null
                        ? other.name().equals(here.name())
                                && other.owner().equals(here.owner())
                                && other.kinds().equals(here.kinds())
                        : other.equals(given) || (!other.definition() && given.equals(given(other)));
                if (same) {
                    all.add(other);
                }
            }
        }
        return all;
    }

    List<TextEdit> rename(String file, int line, int column, String newName) throws RenameRefused {
        Occurrence here = at(file, line, column);
        Occurrence given = here == null ? null : given(here);
        if (here == null || given == null) {
            throw new RenameRefused("there is no name here that the project gives: put the caret on the name of an"
                    + " agent, supervisor, saga, workflow, pool, model or step");
        }
        check(given, newName);
        if (newName.equals(given.name())) {
            return List.of();
        }
        return all(here, given).stream()
                .map(each -> new TextEdit(each.at(), inPlaceOf(each, newName)))
                .toList();
    }

    private void check(Occurrence given, String newName) throws RenameRefused {
        String kind = given.kinds().getFirst();
        var rule = Objects.requireNonNull(NexusSchema.get().at(List.of("agent", "name")));
        if (!Pattern.compile(rule.path("pattern").asString()).matcher(newName).find()) {
            throw new RenameRefused("a name " + rule.path("x-says").asString() + ": `" + newName + "` does not");
        }
        for (FileAnalysis each : files) {
            if (each.broken()) {
                throw new RenameRefused("`" + each.file() + "` can not be read to its end, so names in it might be"
                        + " missed: mend it first");
            }
        }
        List<String> kinds =
                SHARED.stream().filter(s -> s.contains(kind)).findFirst().orElse(List.of(kind));
        for (List<Occurrence> all : byFile.values()) {
            for (Occurrence other : all) {
                if (other.definition()
                        && !other.equals(given)
                        && other.name().equals(newName)
                        && other.owner().equals(given.owner())
                        && kinds.contains(other.kinds().getFirst())) {
                    throw new RenameRefused(
                            "there is " + (other.kinds().getFirst().equals("agent") ? "an " : "a ")
                                    + other.kinds().getFirst() + " `" + newName + "` already, in "
                                    + other.at().file() + " line "
                                    + (other.at().line() + 1));
                }
            }
        }
    }

    /// In JSONata a name that is no plain word stands in backticks.
    private static String inPlaceOf(Occurrence each, String newName) {
        boolean ticked =
                each.at().endColumn() - each.at().column() == each.name().length() + 2;
        return each.inExpression()
                        && (ticked || !WORD_OF_JSONATA.matcher(newName).matches())
                ? "`" + newName + "`"
                : newName;
    }
}
