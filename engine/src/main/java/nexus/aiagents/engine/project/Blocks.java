package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.project.LanguageService.Block;
import org.jspecify.annotations.Nullable;

/// The outline of a block: itself and its steps, groups of them with what is in them.
final class Blocks {
    private Blocks() {}

    static Block of(Definition definition) {
        boolean stepped = definition.kind() == Kind.SAGA || definition.kind() == Kind.WORKFLOW;
        return new Block(
                definition.kind().key(),
                definition.name(),
                definition.at(),
                whole(definition.key(), definition.body().at()),
                stepped ? steps(definition.body().get("steps")) : List.of());
    }

    private static List<Block> steps(@Nullable YamlNode list) {
        List<Block> found = new ArrayList<>();
        if (list instanceof YamlNode.Sequence steps) {
            for (YamlNode each : steps.items()) {
                if (each instanceof YamlNode.Mapping step && !step.entries().isEmpty()) {
                    YamlNode.Scalar given = step.get("name") instanceof YamlNode.Scalar scalar ? scalar : null;
                    Position at = given == null
                            ? step.entries().values().iterator().next().key()
                            : given.at();
                    String name = given == null ? "" : given.text();
                    found.add(new Block("step", name, at, whole(at, step.at()), steps(step.get("parallel"))));
                }
            }
        }
        return List.copyOf(found);
    }

    /// What covers both: an outline must lie within its block.
    private static Position whole(Position key, Position body) {
        boolean keyFirst = key.line() < body.line() || (key.line() == body.line() && key.column() <= body.column());
        boolean keyLast = key.endLine() > body.endLine()
                || (key.endLine() == body.endLine() && key.endColumn() > body.endColumn());
        Position first = keyFirst ? key : body;
        Position last = keyLast ? key : body;
        return new Position(key.file(), first.line(), first.column(), last.endLine(), last.endColumn());
    }
}
