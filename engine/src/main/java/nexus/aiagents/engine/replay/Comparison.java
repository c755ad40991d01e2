package nexus.aiagents.engine.replay;

import java.util.List;
import java.util.Objects;
import nexus.aiagents.engine.replay.RecordedRun.End;
import org.jspecify.annotations.Nullable;

/// Holds the end of a replay against the recorded one.
final class Comparison {
    /// How deep calls can go depends on the host: on how its compiler has laid out the frames by then.
    private static final String STACK = "call stack exhausted";

    private Comparison() {}

    /// @param made        calls of the replay
    /// @param sameSandbox whether fuel is counted as it was then
    /// @param notes       what is different and no divergence is added here
    static @Nullable Divergence of(RecordedRun run, End now, int made, boolean sameSandbox, List<String> notes) {
        End then = run.end();
        if (isStack(then) && isStack(now)) {
            notes.add("how deep calls can go is up to the host, so the fuel at the end is not compared");
            return null;
        }
        if (made < run.calls().size()) {
            RecordedCall missing = run.calls().get(made);
            return new Divergence(
                    made + 1,
                    "call",
                    missing.call() + " " + missing.argumentsJson(),
                    "no further call: it ended as " + described(now));
        }
        int after = made + 1;
        if (!then.outcome().equals(now.outcome())) {
            return new Divergence(after, "outcome", described(then), described(now));
        }
        if (!Objects.equals(then.outputJson(), now.outputJson())) {
            return new Divergence(after, "output", String.valueOf(then.outputJson()), String.valueOf(now.outputJson()));
        }
        if (!then.code().equals(now.code())
                || !then.message().equals(now.message())
                || !then.place().equals(now.place())) {
            return new Divergence(after, "message", described(then), described(now));
        }
        if (!sameSandbox) {
            if (then.fuel() != now.fuel()) {
                notes.add("fuel at the end was " + then.fuel() + " and is " + now.fuel()
                        + " with this version of the sandbox");
            }
            return null;
        }
        if (then.fuel() != now.fuel()) {
            return new Divergence(after, "fuel", Long.toString(then.fuel()), Long.toString(now.fuel()));
        }
        if (then.memoryBytes() != now.memoryBytes()) {
            return new Divergence(after, "memory", Long.toString(then.memoryBytes()), Long.toString(now.memoryBytes()));
        }
        return null;
    }

    /// Whether it came to the same, wherever in the source and with whatever effort.
    static boolean isSameEnd(End then, End now) {
        return then.outcome().equals(now.outcome())
                && Objects.equals(then.outputJson(), now.outputJson())
                && then.code().equals(now.code())
                && then.message().equals(now.message());
    }

    private static boolean isStack(End end) {
        return end.outcome().equals("trapped") && end.message().equals(STACK);
    }

    static String described(End end) {
        String place = end.place().isEmpty() ? "" : " (" + end.place() + ")";
        String code = end.code().isEmpty() ? "" : " " + end.code();
        String message = end.message().isEmpty() ? "" : ": " + end.message();
        return end.outcome() + code + message + place;
    }
}
