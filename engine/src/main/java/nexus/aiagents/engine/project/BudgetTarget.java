package nexus.aiagents.engine.project;

import org.jspecify.annotations.Nullable;

/// What a `cost` block is for.
final class BudgetTarget {
    private BudgetTarget() {}

    /// The value that names the target, null if there is none.
    static @Nullable YamlNode node(YamlNode.Mapping cost) {
        BudgetSpec.Scope scope = scope(cost);
        return scope == null ? null : cost.get(key(scope));
    }

    /// The first scope that the block names, null if it names none.
    static BudgetSpec.@Nullable Scope scope(YamlNode.Mapping cost) {
        for (BudgetSpec.Scope scope : BudgetSpec.Scope.values()) {
            if (cost.entries().containsKey(key(scope))) {
                return scope;
            }
        }
        return null;
    }

    static String key(BudgetSpec.Scope scope) {
        return Body.word(scope);
    }

    /// @return `agent/NAME` … or `project`, empty if it names no target
    static String id(YamlNode.Mapping cost) {
        BudgetSpec.Scope scope = scope(cost);
        YamlNode node = node(cost);
        if (scope == null || !(node instanceof YamlNode.Scalar scalar)) {
            return "";
        }
        return scope == BudgetSpec.Scope.PROJECT ? key(scope) : key(scope) + "/" + scalar.text();
    }
}
