package nexus.aiagents.engine.replay;

import org.jspecify.annotations.Nullable;

/// One call to the host as a replay saw it.
///
/// @param argumentsJson what the program asked for this time, with secrets replaced as in the record
/// @param answerJson    what it is told, null: nothing any more
/// @param source        where that comes from
/// @param fuel          ticks counted until then, this time
/// @param atMillis      when it was made the first time, since the run began; -1 if it was not
public record ReplayedCall(
        int number,
        String call,
        String argumentsJson,
        @Nullable String answerJson,
        Source source,
        long fuel,
        long memoryBytes,
        long atMillis) {

    public enum Source {
        /// The record.
        RECORDED,
        /// A person gave another one.
        CHANGED,
        /// The record has none, and what was asked needs none: a log line, the time of the last look at the
        /// clock.
        STOOD_IN,
        /// Nowhere: this is where the replay ends.
        NONE
    }

    public String target() {
        return new RecordedCall(number, call, argumentsJson, answerJson, fuel, memoryBytes, atMillis).target();
    }
}
