package nexus.aiagents.engine.project;

import nexus.aiagents.engine.project.AgentSpec.LimitSpec;

/// From the `limits` of an agent to their specification. Whole numbers are bounded by the schema; sizes and
/// time spans, which have units, here.
final class LimitReader {
    private static final long KB = 1 << 10;
    private static final long MB = 1 << 20;

    private final Body body;
    private final Scope scope;

    private LimitReader(Body body, Scope scope) {
        this.body = body;
        this.scope = scope;
    }

    static LimitSpec read(Body agent, Scope scope) {
        return agent.has("limits") ? new LimitReader(agent.body("limits"), scope).limits() : LimitSpec.DEFAULT;
    }

    private LimitSpec limits() {
        LimitSpec standard = LimitSpec.DEFAULT;
        return new LimitSpec(
                body.whole("fuel", standard.fuel()),
                size("memory", standard.memoryBytes(), 64 * KB, 2_048 * MB),
                Durations.positive(body, "timeout", standard.timeout(), scope),
                Durations.positive(body, "cpuTime", standard.cpuTime(), scope),
                (int) body.whole("tableElements", standard.tableElements()),
                (int) size("stack", standard.stackBytes(), 64 * KB, 64 * MB),
                (int) size("output", standard.outputBytes(), 1, 64 * MB),
                (int) size("log", standard.logBytes(), 0, 64 * MB),
                (int) body.whole("hostCallsPerSecond", standard.hostCallsPerSecond()),
                (int) body.whole("instances", standard.instances()));
    }

    private long size(String key, long standard, long least, long most) {
        long bytes = body.bytes(key, standard);
        if (bytes < least || bytes > most) {
            String range = (least == 0 ? "" : "at least " + words(least) + " and ") + "at most " + words(most);
            scope.add(Code.BAD_LIMIT.at(body.at(key), "`" + key + "` must be " + range));
            return standard;
        }
        return bytes;
    }

    private static String words(long bytes) {
        return bytes < KB
                ? bytes + (bytes == 1 ? " byte" : " bytes")
                : bytes < MB ? bytes / KB + "KB" : bytes < KB * MB ? bytes / MB + "MB" : bytes / (KB * MB) + "GB";
    }
}
