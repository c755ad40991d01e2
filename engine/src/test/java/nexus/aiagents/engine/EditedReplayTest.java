package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayFailed;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.ReplayedCall.Source;
import nexus.aiagents.engine.replay.Replayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an edit of a program would have made of a run that was recorded: it is told what was told then.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EditedReplayTest {
    private static final String SOURCE = """
            import { limit } from "./limit.js";
            export default async (input, nexus) => {
              const price = (await nexus.kv.get("price")) ?? 12;
              const at = Date.now();
              if (price > limit) throw Object.assign(new Error("too dear: " + price), { code: "too-dear" });
              return { price, at };
            }
            """;

    @TempDir
    Path folder;

    @Test
    void it_is_told_what_was_told_then_and_forks_where_it_asks_for_something_else() throws Exception {
        TestProject project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: t}\n");
        project.write("agents/limit.js", "export const limit = 10;\n");
        project.agent("a", SOURCE, "grants: {kv: true}");
        RecordingFile file;
        try (Engine engine = project.open()) {
            String run = project.runAgent(engine, "a", "1").id();
            file = engine.recording(
                    engine.recordings(Recording.Query.ofRun(run)).getFirst().id());
        }
        try (Replayer replayer = Replayer.open()) {
            assertEquals(
                    Result.SAME, replay(replayer, file, Map.of("a.js", SOURCE)).result(), "nothing was edited");

            ReplayReport comment = replay(replayer, file, Map.of("a.js", "// a comment\n" + SOURCE));
            assertTrue(comment.edited());
            assertEquals(Result.SAME, comment.result(), comment.toString());

            project.write("agents/limit.js", "export const limit = 20;\n");
            ReplayReport mended = replay(replayer, file, Engine.scriptFiles(folder, "agents/a.js"));
            assertEquals(Result.FORKED, mended.result(), mended.toString());
            assertEquals("returned", mended.replayed().outcome());
            assertTrue(mended.replayed().outputJson().startsWith("{\"price\":12,"), mended.toString());
            assertEquals(3, mended.forkedAt(), "the calls are the same, the end is another");
            assertEquals(
                    List.of(Source.RECORDED, Source.RECORDED),
                    mended.calls().stream().map(call -> call.source()).toList());

            String other = SOURCE.replace("const at", "console.log(price); const at");
            ReplayReport logs = replay(replayer, file, Map.of("a.js", other));
            assertEquals(Result.FORKED, logs.result(), logs.toString());
            assertEquals(2, logs.forkedAt());
            assertEquals(
                    List.of(Source.RECORDED, Source.STOOD_IN, Source.RECORDED),
                    logs.calls().stream().map(call -> call.source()).toList(),
                    "what the record has is still found after the fork");

            ReplayReport open = replay(replayer, file, Map.of("a.js", SOURCE.replace("\"price\"", "\"cost\"")));
            assertEquals(Result.NOT_RECORDED, open.result(), open.toString());
            assertEquals(1, open.calls().size());

            ReplayFailed broken =
                    assertThrows(ReplayFailed.class, () -> replay(replayer, file, Map.of("a.js", "export default (")));
            assertEquals("syntax-error", broken.code());
        }
    }

    private static ReplayReport replay(Replayer replayer, RecordingFile file, Map<String, String> files)
            throws Exception {
        return replayer.replay(file, new ReplayRequest(0, Map.of(), files), _ -> true);
    }
}
