package nexus.aiagents.sandbox;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A host that records what it is asked and answers from simple state.
final class FakeHost implements HostCalls {
    final List<HostCall> calls = new CopyOnWriteArrayList<>();
    final Map<String, String> keys = new TreeMap<>();
    final CountDownLatch blocked = new CountDownLatch(1);
    final CompletableFuture<HostAnswer> release = new CompletableFuture<>();

    @Override
    public HostAnswer call(HostCall call) throws InterruptedException {
        calls.add(call);
        return switch (call) {
            case HostCall.Now _ -> new HostAnswer.Ok("1234567890123");
            case HostCall.Random r ->
                new HostAnswer.Ok(List.of(7, 8, 9, 10, 11, 12, 13, 14, 7, 8, 9, 10, 11, 12, 13, 14)
                        .subList(0, Math.min(r.bytes(), 16))
                        .toString());
            case HostCall.KvGet get -> new HostAnswer.Ok(keys.getOrDefault(get.key(), "null"));
            case HostCall.KvPut put -> {
                keys.put(put.key(), put.valueJson());
                yield HostAnswer.NOTHING;
            }
            case HostCall.FileRead f when f.bytes() -> new HostAnswer.Ok("\"aGk=\"");
            case HostCall.Model m when m.requestJson().contains("block") -> block();
            case HostCall.Model _ -> new HostAnswer.Ok("{\"text\":\"hello\"}");
            case HostCall.Http _ -> new HostAnswer.Error("not-granted", "GET example.org is not granted");
            case HostCall.CallAgent a
            when a.agent().equals("fatal") -> new HostAnswer.Error("budget", "the budget is used up", true);
            case HostCall.CallAgent a when a.agent().equals("broken") -> throw new IllegalStateException("a bug");
            case HostCall.CallAgent a -> new HostAnswer.Ok(a.inputJson());
            default -> HostAnswer.NOTHING;
        };
    }

    private HostAnswer block() throws InterruptedException {
        blocked.countDown();
        try {
            return release.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> logged() {
        return calls.stream()
                .filter(HostCall.Log.class::isInstance)
                .map(call -> ((HostCall.Log) call).message())
                .toList();
    }

    static Outcome await(Run run) {
        try {
            return run.outcome().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
