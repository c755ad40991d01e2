package nexus.aiagents.sandbox.internal.wasm;

/// `poll_oneoff`: waits for the earliest clock; streams are always ready.
final class WasiPoll {
    private static final int INVAL = 28;
    private static final int MAX_SUBSCRIPTIONS = 64;
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;
    private static final int CLOCK = 0;

    private WasiPoll() {}

    static long poll(Wasi.World world, GuestMemory memory, long[] a) {
        int count = (int) a[2];
        if (count <= 0 || count > MAX_SUBSCRIPTIONS) {
            return INVAL;
        }
        long[] waits = new long[count];
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            waits[i] = waitNanos(world, memory, (int) a[0] + i * SUBSCRIPTION_BYTES);
            shortest = Math.min(shortest, waits[i]);
        }
        if (shortest > 0) {
            world.sleep(shortest);
        }
        int events = 0;
        for (int i = 0; i < count; i++) {
            if (waits[i] <= shortest) {
                putEvent(memory, (int) a[0] + i * SUBSCRIPTION_BYTES, (int) a[1] + events++ * EVENT_BYTES);
            }
        }
        memory.writeInt((int) a[3], events);
        return 0;
    }

    private static long waitNanos(Wasi.World world, GuestMemory memory, int subscription) {
        int tag = memory.readInt(subscription + 8) & 0xff;
        if (tag != CLOCK) {
            return 0;
        }
        long timeout = memory.readLong(subscription + 24);
        boolean absolute = (memory.readInt(subscription + 40) & 1) != 0;
        long nanos = absolute ? timeout - world.nowNanos() : timeout;
        return nanos < 0 && !absolute ? Long.MAX_VALUE : Math.max(nanos, 0);
    }

    private static void putEvent(GuestMemory memory, int subscription, int event) {
        memory.write(event, new byte[EVENT_BYTES]);
        memory.writeLong(event, memory.readLong(subscription));
        memory.writeInt(event + 8, (memory.readInt(subscription + 8) & 0xff) << 16);
    }
}
