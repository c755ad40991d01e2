/// Prices, holds, settlements and limits: money is reserved before it can be spent.
@NullMarked
package nexus.aiagents.engine.money;

import org.jspecify.annotations.NullMarked;
