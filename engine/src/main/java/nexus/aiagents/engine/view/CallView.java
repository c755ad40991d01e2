package nexus.aiagents.engine.view;

import java.time.Instant;
import nexus.aiagents.engine.view.AgentView.ExitView;
import org.jspecify.annotations.Nullable;

/// One run of an agent's program: a call, or a round of its own loop.
///
/// @param id         `c…`; also that of its record
/// @param runId      the run it is part of, null: a round of its loop
/// @param endedAt    null while it is under way, and where the app ended before it did
/// @param exit       how it ended, null while it is under way
/// @param outputJson null if it did not return
/// @param fuel       ticks
/// @param memoryBytes what it held at its end
/// @param hostCalls  how often it asked its host for something
/// @param recorded   whether it can be replayed, unless its record is too old by now
public record CallView(
        String id,
        String agent,
        @Nullable String runId,
        @Nullable String step,
        boolean loop,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable ExitView exit,
        String inputJson,
        @Nullable String outputJson,
        long fuel,
        long memoryBytes,
        long millis,
        long hostCalls,
        boolean recorded) {

    public boolean isUnderWay() {
        return exit == null;
    }
}
