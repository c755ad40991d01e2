/// Budgets and what was spent.
@NullMarked
package nexus.aiagents.app.desktop.cost;

import org.jspecify.annotations.NullMarked;
