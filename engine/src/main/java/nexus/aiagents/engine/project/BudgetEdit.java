package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Changes a budget in YAML text and keeps every other byte: comments, order, quoting, line ends.
public final class BudgetEdit {
    private static final List<String> LIMITS = List.of("maxTokens", "maxDollars", "maxCalls");
    private static final List<String> BUDGET_ORDER = List.of("maxTokens", "maxDollars", "maxCalls", "per");
    private static final List<String> COST_ORDER =
            List.of("agent", "pool", "saga", "workflow", "supervisor", "project", "budget", "onLimit", "alertAt");

    private final String text;
    private final YamlText yaml;
    private final List<Change> changes = new ArrayList<>();

    private record Change(int from, int to, String text) {}

    private BudgetEdit(String text) {
        this.text = text;
        this.yaml = YamlText.read("", text);
    }

    /// @param text            the file that holds the budget
    /// @param budgetId        `agent/research-bot`
    /// @param maxMicroDollars written as dollars with two to six decimals; null leaves it
    /// @return the new text
    /// @throws IllegalArgumentException if the text has no such budget or is broken, with what to do
    public static String apply(
            String text,
            String budgetId,
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            @Nullable String onLimit) {
        if (isBelowZero(maxMicroDollars) || isBelowZero(maxTokens) || isBelowZero(maxCalls)) {
            throw new IllegalArgumentException("a limit can not be below zero");
        }
        if (onLimit != null && !onLimits().contains(onLimit)) {
            throw new IllegalArgumentException(
                    "`" + onLimit + "` is unknown: onLimit is one of " + String.join(", ", onLimits()));
        }
        return new BudgetEdit(text).edit(budgetId, maxMicroDollars, maxTokens, maxCalls, onLimit);
    }

    private static boolean isBelowZero(@Nullable Long limit) {
        return limit != null && limit < 0;
    }

    /// Takes one of several limits away, with the comment behind it.
    ///
    /// @param limit `maxDollars`, `maxTokens` or `maxCalls`
    /// @return the new text
    /// @throws IllegalArgumentException if it is not there, or is the only one, with what to do
    public static String removeLimit(String text, String budgetId, String limit) {
        if (!LIMITS.contains(limit)) {
            throw new IllegalArgumentException("`" + limit + "` is no limit: there are " + String.join(", ", LIMITS));
        }
        return new BudgetEdit(text).remove(budgetId, limit);
    }

    private String remove(String budgetId, String limit) {
        YamlNode.Mapping budget = budgetOf(find(budgetId), budgetId);
        YamlNode.Entry entry = budget.entries().get(limit);
        if (entry == null) {
            throw new IllegalArgumentException("`" + budgetId + "` has no `" + limit + "` to remove");
        }
        if (LIMITS.stream().filter(budget.entries()::containsKey).count() == 1) {
            throw new IllegalArgumentException("`" + limit + "` is the only limit of `" + budgetId
                    + "`: set another one first, or remove its cost block");
        }
        int from;
        int to = valueEnd(entry);
        if (budget.flow()) {
            from = start(entry.key());
            int next = to;
            while (Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (text.charAt(next) == ',') {
                to = skipSpaces(next + 1);
            } else {
                from = text.lastIndexOf(',', from);
            }
            if (from < start(budget.at())) { // a comment stands where the comma was looked for
                throw new IllegalArgumentException(
                        "the limits of `" + budgetId + "` are written in a way that only a person can change");
            }
        } else {
            Lines lines = yaml.lines();
            int lastLine = lines.lineAt(Math.max(start(entry.key()), to - 1));
            from = lines.start(entry.key().line());
            to = lastLine + 1 < lines.count() ? lines.start(lastLine + 1) : text.length();
        }
        return text.substring(0, from) + text.substring(to);
    }

    private YamlNode.Mapping budgetOf(YamlNode.Mapping cost, String budgetId) {
        YamlNode.Entry entry = cost.entries().get("budget");
        if (entry == null || !(entry.value() instanceof YamlNode.Mapping budget) || !standsBehind(entry)) {
            throw new IllegalArgumentException(
                    "`" + budgetId + "` has no `budget:` of its own to change: write its limits out below `budget:`");
        }
        return budget;
    }

    private static List<String> onLimits() {
        return List.of(BudgetSpec.OnLimit.values()).stream().map(Body::word).toList();
    }

    private String edit(
            String budgetId,
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            @Nullable String onLimit) {
        YamlNode.Mapping cost = find(budgetId);
        if (maxMicroDollars != null || maxTokens != null || maxCalls != null) {
            YamlNode.Mapping budget = budgetOf(cost, budgetId);
            if (maxTokens != null) {
                set(budget, "maxTokens", Long.toString(maxTokens), BUDGET_ORDER);
            }
            if (maxMicroDollars != null) {
                set(budget, "maxDollars", dollars(maxMicroDollars), BUDGET_ORDER);
            }
            if (maxCalls != null) {
                set(budget, "maxCalls", Long.toString(maxCalls), BUDGET_ORDER);
            }
        }
        if (onLimit != null) {
            set(cost, "onLimit", onLimit, COST_ORDER);
        }
        StringBuilder out = new StringBuilder(text);
        // From the end on, so that offsets stay right; of two at one place the later goes in first.
        List<Change> backwards = new ArrayList<>(changes.reversed());
        backwards.sort(Comparator.comparingInt(Change::from).reversed());
        backwards.forEach(change -> out.replace(change.from(), change.to(), change.text()));
        return out.toString();
    }

    private YamlNode.Mapping find(String budgetId) {
        if (yaml.broken()) {
            Diagnostic first = yaml.diagnostics().getFirst();
            throw new IllegalArgumentException("line " + (first.at().line() + 1) + ": " + first.message()
                    + ". The budget can be changed when that is mended");
        }
        List<String> ids = new ArrayList<>();
        for (YamlNode document : yaml.documents()) {
            if (document instanceof YamlNode.Mapping map && map.get(Kind.COST.key()) instanceof YamlNode.Mapping cost) {
                String id = BudgetTarget.id(cost);
                if (id.equals(budgetId)) {
                    return cost;
                }
                ids.add(id);
            }
        }
        throw new IllegalArgumentException(
                "there is no budget `" + budgetId + "` in this file" + Similar.hint(budgetId, ids));
    }

    private static String dollars(long micro) {
        BigDecimal dollars = BigDecimal.valueOf(micro, 6).stripTrailingZeros();
        return dollars.setScale(Math.max(2, dollars.scale())).toPlainString();
    }

    private void set(YamlNode.Mapping map, String key, String value, List<String> order) {
        YamlNode.Entry entry = map.entries().get(key);
        if (entry == null) {
            insert(map, key + ": " + value, key, order);
        } else if (!(entry.value() instanceof YamlNode.Scalar scalar)) {
            throw new IllegalArgumentException(
                    "`" + key + "` is not a single value: write `" + key + ": " + value + "`");
        } else if (!same(scalar, value)) {
            int from = valueStart(entry);
            int to = valueEnd(entry);
            changes.add(new Change(from, to, from == to && text.charAt(from - 1) == ':' ? " " + value : value));
        }
    }

    /// An equal value keeps the way it was written.
    private static boolean same(YamlNode.Scalar scalar, String value) {
        return scalar.value().isNumber()
                ? Character.isDigit(value.charAt(0))
                        && scalar.value().decimalValue().compareTo(new BigDecimal(value)) == 0
                : scalar.value().isString() && scalar.text().equals(value);
    }

    private void insert(YamlNode.Mapping map, String line, String key, List<String> order) {
        YamlNode.Entry before = null;
        for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
            if (order.indexOf(entry.getKey()) < order.indexOf(key)
                    && (before == null || start(entry.getValue().key()) > start(before.key()))) {
                before = entry.getValue();
            }
        }
        if (map.flow()) {
            insertFlow(map, line, before);
        } else {
            insertBlock(map, line, before);
        }
    }

    private void insertFlow(YamlNode.Mapping map, String line, YamlNode.@Nullable Entry before) {
        if (before != null) {
            int at = valueEnd(before);
            changes.add(new Change(at, at, ", " + line));
        } else {
            int at = text.indexOf('{', start(map.at())) + 1;
            changes.add(new Change(at, at, map.entries().isEmpty() ? line : line + ", "));
        }
    }

    private void insertBlock(YamlNode.Mapping map, String line, YamlNode.@Nullable Entry before) {
        Lines lines = yaml.lines();
        YamlNode.Entry first = map.entries().values().iterator().next();
        String indent = " ".repeat(first.key().column());
        String end = lineBreak(first.key().line());
        if (before == null) {
            int at = start(first.key());
            changes.add(new Change(at, at, line + end + indent));
            return;
        }
        int lastLine = lines.lineAt(Math.max(start(before.key()), valueEnd(before) - 1));
        int at = lines.start(lastLine + 1);
        boolean open = lastLine + 1 >= lines.count();
        changes.add(new Change(at, at, open ? end + indent + line : indent + line + end));
    }

    private String lineBreak(int near) {
        Lines lines = yaml.lines();
        String here = text.substring(lines.end(near), lines.start(near + 1));
        if (!here.isEmpty()) {
            return here;
        }
        return lines.count() > 1 ? text.substring(lines.end(0), lines.start(1)) : "\n";
    }

    private int start(Position at) {
        return yaml.lines().offset(at.line(), at.column());
    }

    private int end(Position at) {
        return yaml.lines().offset(at.endLine(), at.endColumn());
    }

    /// The first place behind the key's colon.
    private int afterColon(YamlNode.Entry entry) {
        return text.indexOf(':', end(entry.key())) + 1;
    }

    /// Whether the value itself stands there, and not an alias for one that stands elsewhere.
    private boolean standsBehind(YamlNode.Entry entry) {
        return start(entry.value().at()) >= afterColon(entry) && !isAlias(entry);
    }

    private boolean isAlias(YamlNode.Entry entry) {
        int at = skipSpaces(afterColon(entry));
        return at < text.length() && text.charAt(at) == '*';
    }

    private int valueStart(YamlNode.Entry entry) {
        int at = skipSpaces(afterColon(entry));
        if (isAlias(entry)) {
            return at;
        }
        if (end(entry.value().at()) <= start(entry.value().at())) {
            return afterColon(entry);
        }
        at = start(entry.value().at());
        // An anchor stays for those that repeat it; a tag would make text of the number and goes.
        while (text.charAt(at) == '&') {
            at = skipSpaces(tokenEnd(at));
        }
        return at;
    }

    private int valueEnd(YamlNode.Entry entry) {
        if (isAlias(entry)) {
            return tokenEnd(skipSpaces(afterColon(entry)));
        }
        int end = end(entry.value().at());
        if (end <= start(entry.value().at())) {
            return afterColon(entry);
        }
        if (entry.value() instanceof YamlNode.Mapping map
                && !map.flow()
                && !map.entries().isEmpty()) {
            return map.entries().values().stream()
                    .mapToInt(this::valueEnd)
                    .max()
                    .orElse(end);
        }
        return end;
    }

    private int skipSpaces(int at) {
        int to = at;
        while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t')) {
            to++;
        }
        return to;
    }

    private int tokenEnd(int at) {
        int to = at;
        while (to < text.length() && " \t\r\n,]}".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return to;
    }
}
