package nexus.aiagents.sandbox.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCall.Level;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.WorkerListener;
import nexus.aiagents.sandbox.WorkerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the app makes of a worker that has fallen into wrong hands: whatever it sends, it can do no more
/// than a run within its limits, and the first thing that no worker sends is its end.
class WorkerProtocolTest {
    static final Usage SOME = new Usage(5, 65_536, 1, 0);

    final FakeProcess process = new FakeProcess();
    final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);
    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    final BlockingQueue<HostCall> asked = new LinkedBlockingQueue<>();
    HostCalls host = call -> {
        asked.add(call);
        return HostAnswer.NOTHING;
    };
    Worker worker;
    RemoteRun run;

    @BeforeEach
    void start() throws Exception {
        worker = Worker.listening(process, (_, _, why, _) -> () -> ends.add(why));
        process.says(new FromWorker.Ready(Workplace.PROTOCOL));
        worker.awaitReady();
        begin(Limits.DEFAULT);
    }

    void begin(Limits limits) throws Exception {
        WorkerPool nowhere = new WorkerPool(WorkerOptions.DEFAULT, WorkerListener.NONE);
        Program program = new Program.Script("agent", "main.js", Map.of("main.js", ""));
        run = new RemoteRun(7, "agent", new Invocation("{}", limits, call -> host.call(call)), timer);
        worker.start(run, new RemoteProgram(nowhere, 1, program, null));
        nowhere.close();
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    Outcome outcome() throws Exception {
        return run.outcome().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    void assertBroken(String words) throws Exception {
        Outcome.WorkerDied died = assertInstanceOf(Outcome.WorkerDied.class, outcome());
        assertTrue(died.message().contains("it broke the protocol: " + words), died.message());
        String why = ends.poll(30, TimeUnit.SECONDS);
        assertTrue(why.contains(words), why);
        assertTrue(process.killed, "a process that can not be trusted is not left alone");
    }

    @Test
    void what_a_worker_may_say_is_done() throws Exception {
        process.says(new FromWorker.Alive());
        process.says(new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Now()));
        assertEquals(new HostCall.Now(), asked.poll(30, TimeUnit.SECONDS));
        process.says(new FromWorker.Ended(7, new Outcome.Returned("1", SOME)));

        Outcome.Returned returned = assertInstanceOf(Outcome.Returned.class, outcome());
        assertEquals(5, returned.usage().fuel());
        assertEquals(1, returned.usage().hostCalls(), "the app has counted it itself");
    }

    /// The app looks once a second.
    @Test
    void a_worker_that_says_nothing_for_thirty_seconds_hangs() throws Exception {
        for (int second = 0; second < 29; second++) {
            worker.beat();
        }
        process.says(new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Now()));
        assertEquals(new HostCall.Now(), asked.poll(30, TimeUnit.SECONDS), "so it was heard of");
        for (int second = 0; second < 30; second++) {
            worker.beat();
            assertTrue(ends.isEmpty(), "after " + second + " seconds");
        }

        worker.beat();

        assertEquals("it said nothing for 30 seconds", ends.poll(30, TimeUnit.SECONDS));
        assertInstanceOf(Outcome.WorkerDied.class, outcome());
        assertTrue(process.killed);
    }

    @Test
    void an_output_is_looked_at_before_it_is_believed_and_told_once() throws Exception {
        process.says(new FromWorker.Ended(7, new Outcome.Returned("[1,", SOME)));

        assertBroken("an output that no run can return");
    }

    @Test
    void bytes_that_are_no_frame_end_it() throws Exception {
        process.out.write(ByteBuffer.allocate(8).putInt(3).put((byte) 99).array());
        assertBroken("kind 99");
    }

    @Test
    void a_frame_that_would_be_too_large_ends_it_before_it_is_read() throws Exception {
        process.out.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
        assertBroken("a frame of 2147483647 bytes");
    }

    /// Read, headers of that size would take a dozen times as much of the app's memory.
    @Test
    void a_host_call_larger_than_any_ends_it_before_anything_is_made_of_it() throws Exception {
        Map<String, String> headers = new HashMap<>();
        String value = "x".repeat(Frames.MAX_CALL / 4);
        for (int i = 0; i < 5; i++) {
            headers.put("h" + i, value);
        }
        process.says(new FromWorker.Called(
                7, 1, Outcome.Usage.NONE, new HostCall.Http("GET", "https://a.org/", headers, null)));
        assertBroken("a frame of ");
        assertTrue(asked.isEmpty());
    }

    @Test
    void a_negative_length_ends_it() throws Exception {
        process.out.write(ByteBuffer.allocate(4).putInt(-1).array());
        assertBroken("a frame of 4294967295 bytes");
    }

    @Test
    void a_pipe_that_is_closed_ends_it() throws Exception {
        process.out.close();
        assertInstanceOf(Outcome.WorkerDied.class, outcome());
    }

    @Test
    void a_worker_can_only_call_for_the_runs_that_it_hosts() throws Exception {
        process.says(new FromWorker.Called(8, 1, Outcome.Usage.NONE, new HostCall.Now()));
        assertBroken("a run that it does not host");
        assertTrue(asked.isEmpty());
    }

    @Test
    void a_run_waits_for_one_call_before_it_makes_the_next() throws Exception {
        host = _ -> {
            Thread.sleep(60_000);
            return HostAnswer.NOTHING;
        };
        process.says(new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Now()));
        process.says(new FromWorker.Called(7, 2, Outcome.Usage.NONE, new HostCall.Now()));
        assertBroken("a host call of a run that waits for another one");
    }

    @Test
    void a_run_that_the_host_has_ended_calls_no_more() throws Exception {
        host = call -> {
            asked.add(call);
            return new HostAnswer.Error("budget", "used up", true);
        };
        process.says(new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Now()));
        assertInstanceOf(ToWorker.Answer.class, process.heard(ToWorker.Answer.class));
        process.says(new FromWorker.Called(7, 2, Outcome.Usage.NONE, new HostCall.Now()));
        assertBroken("a host call of a run that is over");
        assertEquals(1, asked.size());
    }

    @Test
    void more_calls_than_a_run_may_make_are_not_made() throws Exception {
        begin(Limits.DEFAULT.withHostCallsPerSecond(3));
        try {
            for (int i = 1; i <= 100 && ends.isEmpty(); i++) {
                process.says(new FromWorker.Called(7, i, Outcome.Usage.NONE, new HostCall.Now()));
                process.heard(ToWorker.Answer.class);
            }
        } catch (IOException _) {
            // Nobody listens to it any more, which is what is looked at below.
        }
        assertBroken("more host calls than a run may make");
        assertTrue(asked.size() < 20, asked::toString);
    }

    @Test
    void more_log_than_a_run_may_write_is_not_written() throws Exception {
        process.says(
                new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Log(Level.INFO, "x".repeat(2 << 20))));
        assertBroken("more log lines than a run may write");
        assertTrue(asked.isEmpty());
    }

    @Test
    void a_worker_can_not_claim_an_end_that_only_the_app_can_know() throws Exception {
        process.says(new FromWorker.Ended(7, new Outcome.TimedOut(SOME)));
        assertBroken("an end that only the app can know");
    }

    @Test
    void nor_that_somebody_stopped_it() throws Exception {
        process.says(new FromWorker.Ended(7, new Outcome.Cancelled(SOME)));
        assertBroken("the end of a run that nobody stopped");
    }

    @Test
    void an_output_that_is_no_json_or_too_large_is_none() throws Exception {
        process.says(new FromWorker.Ended(7, new Outcome.Returned("{", SOME)));
        assertBroken("an output that no run can return");
    }

    @Test
    void a_run_ends_once() throws Exception {
        process.says(new FromWorker.Ended(7, new Outcome.Returned("1", SOME)));
        assertInstanceOf(Outcome.Returned.class, outcome());
        process.says(new FromWorker.Ended(7, new Outcome.Returned("2", SOME)));
        String why = ends.poll(30, TimeUnit.SECONDS);
        // Either word is right: its outcome is known a moment before it is forgotten.
        assertTrue(why.contains("a run that it does not host") || why.contains("two ends of one run"), why);
    }

    @Test
    void what_it_says_that_it_used_is_kept_within_what_it_can_have_used() throws Exception {
        process.says(
                new FromWorker.Ended(7, new Outcome.Returned("1", new Usage(-1, Long.MAX_VALUE, Long.MAX_VALUE, -5))));
        Usage usage = outcome().usage();
        assertEquals(0, usage.fuel());
        assertEquals(Limits.DEFAULT.memoryBytes(), usage.memoryBytes());
        assertTrue(usage.millis() < 60_000);
        assertEquals(0, usage.hostCalls());
    }

    @Test
    void an_answer_to_nothing_ends_it() throws Exception {
        process.says(new FromWorker.Done(1, null));
        assertBroken("an answer to nothing");
    }

    @Test
    void a_run_that_was_stopped_makes_no_call_and_ends_as_stopped_whatever_the_worker_says() throws Exception {
        run.cancel();
        process.says(new FromWorker.Called(7, 1, Outcome.Usage.NONE, new HostCall.Now()));
        process.says(new FromWorker.Ended(7, new Outcome.Cancelled(SOME)));
        assertInstanceOf(Outcome.Cancelled.class, outcome());
        assertTrue(asked.isEmpty());
    }

    /// Speaks for a worker.
    static final class FakeProcess extends Process {
        final Wire<FromWorker> wire = new Wire<>(FromWorker.class);
        final Wire<ToWorker> heard = new Wire<>(ToWorker.class);
        final PipedOutputStream out = new PipedOutputStream();
        final PipedInputStream stdout;
        final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
        final OutputStream stdin = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("frames are written as a whole");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                frames.add(Arrays.copyOfRange(bytes, offset + 4, offset + length));
            }
        };
        volatile boolean killed;

        FakeProcess() {
            try {
                stdout = new PipedInputStream(out, 8 << 20);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void says(FromWorker message) throws IOException {
            byte[] frame = wire.write(message);
            out.write(ByteBuffer.allocate(4 + frame.length)
                    .putInt(frame.length)
                    .put(frame)
                    .array());
            out.flush();
        }

        ToWorker heard(Class<? extends ToWorker> kind) throws Exception {
            while (!killed) {
                byte[] frame = frames.poll(20, TimeUnit.MILLISECONDS);
                if (frame != null && kind.isInstance(heard.read(frame))) {
                    return heard.read(frame);
                }
            }
            return null;
        }

        @Override
        public OutputStream getOutputStream() {
            return stdin;
        }

        @Override
        public InputStream getInputStream() {
            return stdout;
        }

        @Override
        public InputStream getErrorStream() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) {
            return true;
        }

        @Override
        public int exitValue() {
            return 1;
        }

        @Override
        public void destroy() {
            killed = true;
        }

        @Override
        public long pid() {
            return 1;
        }
    }
}
