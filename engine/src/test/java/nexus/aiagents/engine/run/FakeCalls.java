package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.journal.ExitReason;

/// Agents that answer what the test says, at once or when the test lets them.
class FakeCalls implements AgentCalls {
    private final Map<String, Function<Request, Result>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();

    /// What an agent answers; one that nothing is said of answers `{"did":"STEP"}`.
    FakeCalls on(String agent, Function<Request, Result> answer) {
        answers.put(agent, answer);
        return this;
    }

    FakeCalls fails(String agent, String code) {
        return on(agent, _ -> new Result.Ended(ExitReason.error(code, code + " happened")));
    }

    FakeCalls returns(String agent, String json) {
        return on(agent, _ -> new Result.Returned(json));
    }

    /// Its calls end only when the test says so, or when they are cancelled.
    FakeCalls waits(String agent) {
        return on(agent, _ -> null);
    }

    @Override
    public Call call(Request request) {
        Pending call = new Pending(request);
        synchronized (this) {
            requests.add(request);
            pending.add(call);
            notifyAll();
        }
        Function<Request, Result> answer =
                answers.getOrDefault(request.agent(), r -> new Result.Returned("{\"did\":\"" + r.step() + "\"}"));
        Result result = answer.apply(request);
        if (result != null) {
            call.result.complete(result);
        }
        return call;
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> agents() {
        return requests.stream().map(Request::agent).toList();
    }

    /// Waits for the n-th call of an agent, from 1.
    synchronized Pending await(String agent, int n) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            List<Pending> calls = pending.stream()
                    .filter(p -> p.request.agent().equals(agent))
                    .toList();
            if (calls.size() >= n) {
                return calls.get(n - 1);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("only " + requests);
            }
            wait(left);
        }
    }

    static final class Pending implements Call {
        final Request request;
        final CompletableFuture<Result> result = new CompletableFuture<>();
        final CompletableFuture<ExitReason> cancelled = new CompletableFuture<>();
        volatile boolean waitsForSomebody;

        Pending(Request request) {
            this.request = request;
        }

        @Override
        public CompletionStage<Result> result() {
            return result;
        }

        @Override
        public boolean waitsForSomebody() {
            return waitsForSomebody;
        }

        @Override
        public void cancel(ExitReason reason) {
            cancelled.complete(reason);
            result.complete(new Result.Ended(reason));
        }
    }
}
