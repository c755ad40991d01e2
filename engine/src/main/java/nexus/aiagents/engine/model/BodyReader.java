package nexus.aiagents.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads an HTTP body on the caller's thread: piece by piece, so that a server that sends fast fills no
/// memory, with a limit on how long a piece may take to come, and ended by an interrupt.
final class BodyReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private sealed interface Item {
        record Bytes(List<ByteBuffer> buffers) implements Item {}

        record Failed(Throwable why) implements Item {}

        record End() implements Item {}
    }

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    /// @return the next bytes, null at the end
    /// @throws TimeoutException if nothing came for so long
    byte @Nullable [] next(Duration idle) throws IOException, TimeoutException, InterruptedException {
        Item item = items.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
        return switch (item) {
            case null -> throw new TimeoutException();
            case Item.End _ -> null;
            case Item.Failed failed -> throw new IOException(failed.why());
            case Item.Bytes bytes -> {
                requestOne();
                yield join(bytes.buffers());
            }
        };
    }

    /// Tells the server that no more is wanted.
    @Override
    public void close() {
        closed = true;
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (closed) {
            subscription.cancel();
        } else {
            requestOne();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        items.add(new Item.Bytes(buffers));
    }

    @Override
    public void onError(Throwable why) {
        items.add(new Item.Failed(why));
    }

    @Override
    public void onComplete() {
        items.add(new Item.End());
    }

    private void requestOne() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    private static byte[] join(List<ByteBuffer> buffers) {
        ByteBuffer all = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(b -> all.put(b.duplicate()));
        return all.array();
    }
}
