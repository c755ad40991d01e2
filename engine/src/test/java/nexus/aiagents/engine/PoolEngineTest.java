package nexus.aiagents.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Decisions of pools whose members really run.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolEngineTest {
    @TempDir
    Path folder;

    private TestProject project;
    private Stuck server;
    private HttpServer fast;
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch atTheGate = new CountDownLatch(10);

    /// A model that begins to answer and never ends; it notices when its caller hangs up.
    private static final class Stuck implements AutoCloseable {
        private final ServerSocket socket;
        private final CountDownLatch asked;
        private final CountDownLatch hungUp;

        Stuck(int calls) throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            asked = new CountDownLatch(calls);
            hungUp = new CountDownLatch(calls);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> answer(client));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void answer(Socket client) {
            try (client) {
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                int length = 0;
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    if (line.toLowerCase().startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                for (int i = 0; i < length; i++) {
                    in.read();
                }
                client.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"choices\":"
                                        + "[{\"delta\":{\"role\":\"assistant\",\"content\":\"well \"}}]}\n\n")
                                .getBytes(UTF_8));
                client.getOutputStream().flush();
                asked.countDown();
                if (in.read() < 0) {
                    hungUp.countDown();
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void begin() throws Exception {
        project = new TestProject(folder);
        server = new Stuck(2);
        fast = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        project.write("nexus.yaml", "project: {name: test}\n---\ncost: {project: true, budget: {maxDollars: 5}}\n");
        project.write(
                "model.yaml",
                "model: {name: slow, provider: openai, model: m, baseUrl: \"http://127.0.0.1:"
                        + server.socket.getLocalPort() + "/v1\", price: {input: 3, output: 15}}\n");
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        fast.stop(0);
    }

    private RunView asked(Engine engine, String pool) throws Exception {
        return project.finished(engine, started(engine, pool));
    }

    private String started(Engine engine, String pool) throws Exception {
        return assertInstanceOf(CommandResult.RunStarted.class, project.submit(engine, new Command.RunPool(pool, "{}")))
                .runId();
    }

    /// One loser waits for a model, one is a prompt alone, one computes without end.
    private void losers() throws Exception {
        project.agent("asks", """
                export default async function (input, nexus) {
                  return await nexus.model({model: "slow", prompt: "hello", maxTokens: 100});
                }
                """, "grants: {models: [slow]}");
        project.write("prompt.yaml", "agent: {name: prompt, model: slow, prompt: hello}\n");
        project.agent("spins", "export default () => { while (true) {} };", "limits: {fuel: 9000000000000}");
    }

    /// A member that answers when the test says so.
    private void gate() throws IOException {
        fast.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                atTheGate.countDown();
                go.await();
                byte[] answer = ("data: {\"choices\":[{\"delta\":{\"content\":\"42\"},\"finish_reason\":\"stop\"}]}\n\n"
                                + "data: [DONE]\n\n")
                        .getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        fast.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        fast.start();
        project.write(
                "quick.yaml",
                "agent: {name: quick, model: fast, prompt: hello}\n---\nmodel: {name: fast, provider: openai, model: m, baseUrl: \"http://127.0.0.1:"
                        + fast.getAddress().getPort() + "/v1\", free: true}\n");
    }

    @Test
    void once_decided_the_losers_calls_stop_their_streams_are_cut_and_no_hold_is_left() throws Exception {
        losers();
        gate();
        project.write("pool.yaml", "pool: {name: race, agents: [asks, prompt, spins, quick], strategy: first}\n");
        try (Engine engine = project.open()) {
            String run = started(engine, "race");
            assertTrue(server.asked.await(60, TimeUnit.SECONDS), "both losers talk to the model");
            assertTrue(held(engine) > 0, "and have set money aside");
            go.countDown();
            RunView ended = project.finished(engine, run);
            Instant decided = ended.endedAt();
            assertEquals("{\"text\":\"42\"}", ended.outputJson());
            assertEquals(
                    List.of("cancelled", "cancelled", "cancelled", "agreed"),
                    ended.votes().stream().map(RunView.VoteView::verdict).toList());
            assertTrue(server.hungUp.await(30, TimeUnit.SECONDS), "both connections were closed");
            project.await("the end of every call", () -> ends(engine).size() == 4);
            project.await("no hold", () -> held(engine) == 0);
            assertEquals(
                    engine.history(HistoryQuery.last(50, "HoldPlaced")).size(),
                    engine.history(HistoryQuery.last(50, "HoldSettled", "HoldReleased"))
                            .size());
            assertTrue(spent(engine) > 0, "what was streamed is billed");
            assertTrue(spent(engine) < 2 * 15 * 100, "and not the worst case");
            ends(engine)
                    .forEach(at -> assertTrue(
                            Duration.between(decided, at).compareTo(Duration.ofSeconds(2)) < 0, "stopped at once"));
        }
    }

    private List<Instant> ends(Engine engine) {
        return engine.history(HistoryQuery.last(50, "CallEnded")).stream()
                .map(e -> e.at())
                .toList();
    }

    private static BudgetView budget(Engine engine) {
        return engine.view().budgets().getFirst();
    }

    private static long held(Engine engine) {
        return budget(engine).heldMicroDollars();
    }

    private static long spent(Engine engine) {
        return budget(engine).spentMicroDollars();
    }

    @Test
    void a_pool_that_can_not_agree_any_more_stops_who_is_left_at_once() throws Exception {
        losers();
        project.agent("no", "export default () => { throw new Error('no'); };", "");
        project.write("pool.yaml", "pool: {name: p, agents: [no, spins, no], strategy: majority}\n");
        try (Engine engine = project.open()) {
            RunView run = asked(engine, "p");
            assertEquals("no-agreement", run.errorCode());
            assertEquals("cancelled", run.votes().get(1).verdict());
            project.await("the end of every call", () -> ends(engine).size() == 3);
        }
    }

    private void split(String onTie) throws Exception {
        project.agent("yes", "export default () => ({verdict: \"yes\", why: 1});", "");
        project.agent("nay", "export default () => ({verdict: \"no\", why: 2});", "");
        project.write(
                "pool.yaml",
                "pool: {name: p, agents: [yes, nay], strategy: majority, agreeOn: verdict, onTie: \"" + onTie
                        + "\"}\n");
    }

    @Test
    void a_judge_breaks_the_tie_and_is_shown_as_a_step() throws Exception {
        split("judge:wise");
        project.agent("wise", """
                export default (input) => ({
                  choice: input.candidates.find(c => c.answer.verdict === "no").choice, reason: "it says so"});
                """, "");
        try (Engine engine = project.open()) {
            RunView run = asked(engine, "p");
            assertEquals("{\"verdict\":\"no\",\"why\":2}", run.outputJson());
            RunView.StepView step = run.steps().getFirst();
            assertEquals("decision", step.name());
            assertEquals("wise", step.agent());
            assertEquals(RunView.StepState.DONE, step.state());
            assertEquals(
                    List.of("dissent", "agreed"),
                    run.votes().stream().map(RunView.VoteView::verdict).toList());
        }
    }

    @Test
    void a_tie_waits_for_a_person_also_after_a_restart() throws Exception {
        split("ask");
        String run;
        try (Engine engine = project.open()) {
            run = started(engine, "p");
            project.await("the question", () -> project.run(engine, run).state() == RunView.State.PARKED);
            assertEquals(
                    "not-parked",
                    assertInstanceOf(
                                    CommandResult.Refused.class,
                                    project.submit(engine, new Command.SkipParked(run, null, false)))
                            .code());
        }
        try (Engine engine = project.open()) {
            RunView waiting = project.run(engine, run);
            assertEquals(RunView.State.PARKED, waiting.state());
            int no = waiting.votes().get(1).choice();
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.DecidePool(run, no)));
            assertEquals(
                    "{\"verdict\":\"no\",\"why\":2}",
                    project.finished(engine, run).outputJson());
            EngineEvent.PoolDecided decided =
                    (EngineEvent.PoolDecided) engine.history(HistoryQuery.last(1, "PoolDecided"))
                            .getFirst()
                            .event();
            assertEquals("person", decided.by());
        }
    }

    @Test
    void all_workers_of_a_queue_may_run_the_same_agent_at_once_and_the_view_shows_who_does_what() throws Exception {
        gate();
        project.write(
                "pool.yaml", "pool: {name: q, agent: quick, strategy: round-robin, size: 10, queue: {limit: 2}}\n");
        try (Engine engine = project.open()) {
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                jobs.add(started(engine, "q"));
            }
            assertEquals(
                    "queue-full",
                    assertInstanceOf(
                                    CommandResult.Refused.class, project.submit(engine, new Command.RunPool("q", "{}")))
                            .code());
            assertTrue(atTheGate.await(60, TimeUnit.SECONDS), "ten at once");
            QueueView queue = queue(engine);
            assertEquals(2, queue.depth());
            assertEquals(1, queue.refused());
            assertEquals(10, queue.crew().stream().filter(w -> w.job() != null).count());
            assertEquals("open", queue.state());
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.ScalePool("q", 3)));
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.DrainPool("q")));
            go.countDown();
            jobs.forEach(job -> assertEquals(
                    RunView.State.DONE, project.finished(engine, job).state()));
            project.await("drained", () -> queue(engine).state().equals("drained"));
            assertEquals(12, queue(engine).done());
            assertEquals(3, queue(engine).crew().size());
        }
        try (Engine engine = project.open()) {
            assertEquals("drained", queue(engine).state());
            assertEquals(3, queue(engine).workers());
            assertTrue(queue(engine).byHand());
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.ResumePool("q")));
            assertEquals(RunView.State.DONE, asked(engine, "q").state());
        }
    }

    private static QueueView queue(Engine engine) {
        return engine.view().pools().getFirst().queue();
    }

    private String refusal(Engine engine, Command command) throws Exception {
        return assertInstanceOf(CommandResult.Refused.class, project.submit(engine, command))
                .code();
    }

    @Test
    void min_and_max_are_changed_in_the_yaml_and_workers_follow() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        String all = "pool: {name: all, agents: [echo], strategy: all}\n---\n"
                + "pool: {name: both, agents: [echo, echo], strategy: random}\n---\n"
                + "# as many as it needs\npool:\n  name: q\n  agent: echo\n  strategy: random\n"
                + "  min: 1   # at night\n  max:  9 # by day\n";
        project.write("pool.yaml", all);
        try (Engine engine = project.open()) {
            assertEquals(1, worked(engine).workers());
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.LimitPool("q", 4, null)));
            project.await("four workers", () -> worked(engine).workers() == 4);
            assertEquals(all.replace("min: 1", "min: 4"), Files.readString(folder.resolve("pool.yaml")));
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.LimitPool("q", 1, 2)));
            project.await("two workers", () -> worked(engine).workers() == 2);
            assertEquals(1, worked(engine).min());
            assertEquals(2, worked(engine).max());
            String now = all.replace("max:  9", "max:  2");
            assertEquals(now, Files.readString(folder.resolve("pool.yaml")));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("q", 3, null)));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("q", -1, null)));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("q", 0, 0)));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("q", null, 1_001)));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("q", null, null)));
            assertEquals("bad-input", refusal(engine, new Command.LimitPool("both", 1, 3)));
            assertEquals("not-a-queue", refusal(engine, new Command.LimitPool("all", 1, 3)));
            assertEquals("unknown-name", refusal(engine, new Command.LimitPool("none", 1, 3)));
            assertEquals(now, Files.readString(folder.resolve("pool.yaml")));
            assertEquals(RunView.State.DONE, asked(engine, "q").state());
        }
    }

    private static QueueView worked(Engine engine) {
        return engine.view().pools().stream()
                .filter(pool -> pool.name().equals("q"))
                .findFirst()
                .orElseThrow()
                .queue();
    }

    @Test
    void a_queue_follows_the_yaml_when_that_is_applied() throws Exception {
        project.agent("echo", "export default (input) => input;", "");
        String pool = "pool: {name: q, agent: echo, strategy: random, min: %d, max: 9}\n";
        project.write("pool.yaml", pool.formatted(1));
        try (Engine engine = project.open()) {
            assertEquals(1, queue(engine).workers());
            project.write(
                    "pool.yaml", pool.formatted(4) + "---\n" + pool.formatted(2).replace("q,", "more,"));
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Reload()));
            project.await("four workers", () -> queue(engine).workers() == 4);
            assertEquals(RunView.State.DONE, asked(engine, "more").state());
        }
    }
}
