package nexus.aiagents.engine.run;

import org.jspecify.annotations.Nullable;

/// What a person, or the run that another is part of, can ask of a run under way. Each kind of run says
/// what it makes of it.
sealed interface Wish {

    record Cancel() implements Wish {}

    record Pause() implements Wish {}

    record Resume() implements Wish {}

    record Approve(String step, @Nullable String comment) implements Wish {}

    record Reject(String step, @Nullable String comment) implements Wish {}

    record RetryParked(@Nullable String step, @Nullable String inputJson) implements Wish {}

    record SkipParked(@Nullable String step, boolean resolved) implements Wish {}

    record RetryFrom(String step, @Nullable String inputJson) implements Wish {}
}
