package nexus.aiagents.engine.project;

import org.jspecify.annotations.Nullable;

/// Changes a budget in YAML text and keeps every other byte: comments, order, quoting, line ends.
public final class BudgetEdit {
    private BudgetEdit() {}

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
            @Nullable String onLimit) {
        throw new IllegalArgumentException(budgetId + text.length() + maxMicroDollars + maxTokens + onLimit);
    }
}
