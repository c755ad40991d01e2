package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The single writer of one run: a virtual thread that takes one event after the other, decides, makes the
/// transition durable, and only then carries out what follows from it.
///
/// @param <E> the events of the run's machine
abstract class RunWorker<E> {
    private static final Logger LOG = LoggerFactory.getLogger(RunWorker.class);
    /// Wakes up at least this often, in case the wall clock was set.
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private static final long CLOSE_MILLIS = 2_500;
    /// How often it looks, while closing, whether a call has begun to wait for somebody.
    private static final long CLOSING_LOOK_MILLIS = 50;
    private static final long RETRY_STORE_MILLIS = 1_000;
    static final ExitReason CLOSING = ExitReason.of(ExitReason.Kind.SHUTDOWN, "the project is being closed");

    /// Bound while a run is begun that something else has to be durable with.
    static final ScopedValue<Alongside> ALONGSIDE = ScopedValue.newInstance();

    /// @param events to journal together with the new state
    /// @param state  what changed of the stored state; what is null is deleted
    /// @param over   the run is over
    /// @param after  what to do once that is durable
    /// @param refused for a person whose wish can not be granted; then nothing changed
    record Turn(
            List<EngineEvent> events,
            Map<String, @Nullable String> state,
            boolean over,
            List<Runnable> after,
            CommandResult.@Nullable Refused refused) {}

    private sealed interface Message<E> {
        record Event<E>(E event) implements Message<E> {}

        record Ask<E>(E event, CompletableFuture<CommandResult> answer, CommandResult done) implements Message<E> {}

        record CallEnded<E>(Object key, Function<AgentCalls.Result, E> event, AgentCalls.Result result)
                implements Message<E> {}

        record Close<E>(Duration grace) implements Message<E> {}
    }

    final String runId;
    final RunContext context;
    private final LinkedBlockingQueue<Message<E>> queue = new LinkedBlockingQueue<>();
    private final Deque<E> first = new ArrayDeque<>();
    private final Map<Object, AgentCalls.Call> calls = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final @Nullable Alongside alongside;
    private @Nullable String definition;
    private boolean over;
    private volatile boolean closing;
    private boolean cancelled;
    /// While closing: when the calls under way are cancelled, and after that when it waits for them no
    /// longer.
    private long closeBy;

    /// @param definition to be stored with the first transition, null if it is there already
    RunWorker(String runId, RunContext context, @Nullable String definition) {
        this.runId = runId;
        this.context = context;
        this.definition = definition;
        this.alongside = ALONGSIDE.isBound() ? ALONGSIDE.get() : null;
    }

    /// Decides on the worker's own state, and takes the new one over at once.
    abstract Turn decide(E event, long now);

    /// Milliseconds since 1970, `Long.MAX_VALUE` if never.
    abstract long nextTick();

    abstract E tick();

    abstract E suspend();

    /// What a call that was ended by closing means: nothing, where the next process finds out by itself.
    @Nullable
    E interrupted() {
        return null;
    }

    /// What this kind of run makes of a wish, null if it can not grant any such.
    abstract @Nullable E event(Wish wish);

    /// Why a wish can not be granted by any run of this kind.
    CommandResult.Refused canNot(Wish wish) {
        return new CommandResult.Refused(
                "unsupported",
                "run " + runId + " is of a kind that can not be asked to "
                        + wish.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    /// Whether its state is kept after its end while the run that it is part of goes on.
    boolean isKeptWhenNested() {
        return false;
    }

    final void start() {
        Thread.ofVirtual().name(runId).start(this::run);
    }

    final void post(E event) {
        queue.add(new Message.Event<>(event));
    }

    /// Answers `done` once the decision is durable, or why it can not be.
    final CompletableFuture<CommandResult> ask(E event, CommandResult done) {
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        queue.add(new Message.Ask<>(event, answer, done));
        if (ended.isDone()) {
            refuseRest();
        }
        return answer;
    }

    final CompletableFuture<CommandResult> ask(Wish wish, CommandResult done) {
        E event = event(wish);
        return event == null ? CompletableFuture.completedFuture(canNot(wish)) : ask(event, done);
    }

    final void close(Duration grace) {
        queue.add(new Message.Close<>(grace));
    }

    /// Whether it was told to leave things as they are and end.
    final boolean isClosing() {
        return closing;
    }

    final boolean hasEnded() {
        return ended.isDone();
    }

    final void awaitEnd() {
        ended.join();
    }

    /// Calls an agent; the outcome comes back as an event.
    final void call(Object key, AgentCalls.Request request, Function<AgentCalls.Result, E> event) {
        call(key, context.calls().call(request), event);
    }

    /// The same for a call that has begun already, or is a run of its own.
    final void call(Object key, AgentCalls.Call call, Function<AgentCalls.Result, E> event) {
        calls.put(key, call);
        call.result()
                .whenComplete((result, failure) -> queue.add(new Message.CallEnded<>(
                        key,
                        event,
                        failure == null
                                ? result
                                : new AgentCalls.Result.Ended(
                                        ExitReason.error("call-failed", String.valueOf(failure))))));
    }

    final void cancelCall(Object key, ExitReason reason) {
        AgentCalls.Call call = calls.get(key);
        if (call != null) {
            call.cancel(reason);
        }
    }

    /// Handled before anything else that waits.
    final void next(E event) {
        first.add(event);
    }

    private void run() {
        try {
            while (!over) {
                step();
            }
        } catch (InterruptedException _) {
            LOG.warn("run {} was interrupted; it goes on when the project is opened again", runId);
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("run {} can not go on; it is tried again when the project is opened again", runId, e);
        } finally {
            calls.values().forEach(call -> call.cancel(CLOSING));
            context.over().accept(runId);
            ended.complete(null);
            refuseRest();
        }
    }

    private void step() throws InterruptedException {
        E event = first.poll();
        if (event != null) {
            handle(event, null, null);
            return;
        }
        if (closing && calls.isEmpty()) {
            over = true;
            return;
        }
        long due = closing ? closeBy : nextTick();
        long now = context.clock().millis();
        if (due <= now) {
            timeIsUp();
            return;
        }
        if (closing) {
            leaveWhatStandsStill();
        }
        long longest = closing ? CLOSING_LOOK_MILLIS : LONGEST_WAIT_MILLIS;
        Message<E> message =
                due == Long.MAX_VALUE ? queue.take() : queue.poll(Math.min(due - now, longest), TimeUnit.MILLISECONDS);
        if (message != null) {
            receive(message);
        }
    }

    /// Nobody will do what it waits for while the project is closed: to wait for it helps nobody.
    private void leaveWhatStandsStill() {
        calls.values().stream().filter(AgentCalls.Call::waitsForSomebody).forEach(call -> call.cancel(CLOSING));
    }

    private void timeIsUp() throws InterruptedException {
        if (closing && !cancelled) {
            cancelled = true;
            closeBy = context.clock().millis() + CLOSE_MILLIS;
            calls.values().forEach(call -> call.cancel(CLOSING));
        } else if (closing) {
            LOG.warn("run {}: a call did not end when it was cancelled", runId);
            over = true;
        } else {
            handle(tick(), null, null);
        }
    }

    private void receive(Message<E> message) throws InterruptedException {
        switch (message) {
            case Message.Event<E> m -> handle(m.event(), null, null);
            case Message.Ask<E> m -> {
                if (closing) {
                    answer(m.answer(), new CommandResult.Refused("not-up", "the project is being closed"));
                } else {
                    handle(m.event(), m.answer(), m.done());
                }
            }
            case Message.CallEnded<E> m -> {
                calls.remove(m.key());
                // What was cut short by closing is not known to have failed: the next process decides
                // on it.
                E event = isCutShort(m.result()) ? interrupted() : m.event().apply(m.result());
                if (event != null) {
                    handle(event, null, null);
                }
            }
            case Message.Close<E>(Duration grace) -> {
                closing = true;
                closeBy = context.clock().millis() + grace.toMillis();
                decide(suspend(), context.clock().millis());
            }
        }
    }

    /// A run within this one may have been told of the closing before this one is.
    private boolean isCutShort(AgentCalls.Result result) {
        return result instanceof AgentCalls.Result.Ended(ExitReason reason)
                && (reason.equals(CLOSING) || closing && (cancelled || reason.kind() == ExitReason.Kind.SHUTDOWN));
    }

    /// How many decisions may become durable in one transaction. More than one is for workers that are
    /// told a lot and never end by themselves.
    int together() {
        return 1;
    }

    /// Decides on what waits too, as far as it asks for nothing but decisions, and carries all of it
    /// out in order once it is durable together.
    private void handleTogether(E event) throws InterruptedException {
        List<EngineEvent> events = new ArrayList<>();
        Map<String, @Nullable String> state = new HashMap<>();
        List<Runnable> after = new ArrayList<>();
        E next = event;
        for (int decided = 1; next != null; decided++) {
            Turn turn = decide(next, context.clock().millis());
            if (turn.refused() == null) {
                events.addAll(turn.events());
                state.putAll(turn.state());
                after.addAll(turn.after());
            }
            next = decided < together() ? waiting() : null;
        }
        carryOut(new Turn(events, state, false, after, null), null, null);
    }

    private @Nullable E waiting() {
        return switch (queue.peek()) {
            case Message.Event<E> m -> {
                queue.remove();
                yield m.event();
            }
            case Message.CallEnded<E> m
            when !isCutShort(m.result()) -> {
                queue.remove();
                calls.remove(m.key());
                yield m.event().apply(m.result());
            }
            case null, default -> null;
        };
    }

    private void handle(E event, @Nullable CompletableFuture<CommandResult> who, @Nullable CommandResult done)
            throws InterruptedException {
        if (who == null && together() > 1) {
            handleTogether(event);
        } else {
            carryOut(decide(event, context.clock().millis()), who, done);
        }
    }

    private void carryOut(Turn turn, @Nullable CompletableFuture<CommandResult> who, @Nullable CommandResult done)
            throws InterruptedException {
        CommandResult result = turn.refused() == null ? done : turn.refused();
        if (turn.refused() == null) {
            StoreException refused = commit(turn);
            if (refused != null) {
                LOG.error("run {} can not be stored and stops here: {}", runId, refused.getMessage());
                result = new CommandResult.Refused(refused.code(), String.valueOf(refused.getMessage()));
                over = true;
            }
        }
        if (turn.refused() != null && definition != null) {
            over = true; // nothing of it is stored, and so there is nothing to go on with
        }
        if (who != null && result != null) {
            answer(who, result);
        }
        if (!over && turn.refused() == null) {
            over = turn.over();
            turn.after().forEach(Runnable::run);
        }
    }

    private @Nullable StoreException commit(Turn turn) throws InterruptedException {
        Map<String, @Nullable String> state = new HashMap<>(turn.state());
        if (turn.over()) {
            leave(turn, state);
        } else if (definition != null) {
            state.put(StoredRun.DEFINITION + runId, definition);
        }
        List<EngineEvent> events = new ArrayList<>(turn.events());
        boolean began = definition == null;
        if (!began && alongside != null) {
            Journal.Batch more = alongside.of(runId);
            events.addAll(more.events());
            state.putAll(more.state());
        }
        while (true) {
            try {
                context.journal().commitAndWait(new Journal.Batch(events, state));
                definition = null;
                return null;
            } catch (StoreException e) {
                // A full disk may have room again; what already happened must not be forgotten meanwhile.
                if (!began || closing || !"store-full".equals(e.code()) || closeAsked(e)) {
                    return e;
                }
            }
        }
    }

    private void leave(Turn turn, Map<String, @Nullable String> state) {
        boolean nested = RunIds.isNested(runId);
        if (!nested || !isKeptWhenNested()) {
            state.put(StoredRun.STATE + runId, null);
            state.put(StoredRun.DEFINITION + runId, null);
        } else if (definition != null) {
            state.put(StoredRun.DEFINITION + runId, definition);
        }
        if (nested) {
            turn.events().stream()
                    .filter(EngineEvent.RunEnded.class::isInstance)
                    .map(EngineEvent.RunEnded.class::cast)
                    .map(end -> new StoredRun.Result(end.state(), end.outputJson(), end.reason()))
                    .forEach(result -> state.put(StoredRun.RESULT + runId, RunJson.write(result)));
            return;
        }
        for (String kind : List.of(StoredRun.STATE, StoredRun.DEFINITION, StoredRun.STEP, StoredRun.RESULT)) {
            context.journal().states(kind + runId + "-").keySet().forEach(key -> state.put(key, null));
        }
    }

    private boolean closeAsked(StoreException e) throws InterruptedException {
        LOG.warn("run {} waits for the store: {}", runId, e.getMessage());
        TimeUnit.MILLISECONDS.sleep(RETRY_STORE_MILLIS);
        return queue.stream().anyMatch(m -> m instanceof Message.Close<E>);
    }

    private void refuseRest() {
        for (Message<E> message = queue.poll(); message != null; message = queue.poll()) {
            if (message instanceof Message.Ask<E> ask) {
                answer(ask.answer(), new CommandResult.Refused("unknown-name", "run " + runId + " is over"));
            }
        }
    }

    /// On a thread of its own: what hangs on the answer may take its time, the run may not.
    private static void answer(CompletableFuture<CommandResult> who, CommandResult result) {
        Thread.startVirtualThread(() -> who.complete(result));
    }
}
