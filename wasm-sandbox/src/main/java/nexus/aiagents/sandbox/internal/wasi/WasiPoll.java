package nexus.aiagents.sandbox.internal.wasi;

/// `poll_oneoff`: waits for the earliest clock. Streams and files never keep anybody waiting.
record WasiPoll(Wasi wasi, GuestMemory memory) {
    private static final int MAX_SUBSCRIPTIONS = 64;
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;
    private static final int CLOCK = 0;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int ABSOLUTE = 1;

    /// @param delay nanoseconds until it happens
    /// @param error number that it reports
    /// @param bytes that can be read
    private record Event(long delay, int error, long bytes) {}

    void poll(long[] a) throws Errno.Failed {
        int count = (int) a[2];
        if (count <= 0 || count > MAX_SUBSCRIPTIONS) {
            throw new Errno.Failed(Errno.INVAL);
        }
        int subscriptions = (int) a[0];
        memory.require(subscriptions, count * SUBSCRIPTION_BYTES);
        memory.require((int) a[1], count * EVENT_BYTES);
        memory.require((int) a[3], 4);
        Event[] events = new Event[count];
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            events[i] = event(subscriptions + i * SUBSCRIPTION_BYTES);
            shortest = Math.min(shortest, events[i].delay());
        }
        if (shortest > 0) {
            wasi.world().sleep(shortest);
        }
        // Read before anything is written: the two may lie in one place.
        byte[] asked = memory.read(subscriptions, count * SUBSCRIPTION_BYTES);
        int happened = 0;
        for (int i = 0; i < count; i++) {
            if (events[i].delay() <= shortest) {
                put(asked, i * SUBSCRIPTION_BYTES, (int) a[1] + happened++ * EVENT_BYTES, events[i]);
            }
        }
        memory.writeInt((int) a[3], happened);
    }

    private Event event(int subscription) throws Errno.Failed {
        int tag = memory.readInt(subscription + 8) & 0xff;
        if (tag == CLOCK) {
            return clock(subscription);
        }
        if (tag != READ && tag != WRITE) {
            throw new Errno.Failed(Errno.INVAL);
        }
        try {
            Descriptor descriptor = wasi.descriptors().get(memory.readInt(subscription + 16));
            descriptor.require(tag == READ ? Rights.FD_READ : Rights.FD_WRITE);
            return new Event(
                    0, Errno.OK, descriptor instanceof Descriptor.Stream && tag == READ ? wasi.stdinLeft() : 1);
        } catch (Errno.Failed e) {
            return new Event(0, e.number(), 0);
        }
    }

    private Event clock(int subscription) {
        long timeout = memory.readLong(subscription + 24);
        boolean absolute = (memory.readInt(subscription + 40) & ABSOLUTE) != 0;
        try {
            long now = absolute ? wasi.time(Integer.toUnsignedLong(memory.readInt(subscription + 16))) : 0;
            // Times are unsigned: a negative one is as good as never.
            return new Event(timeout < 0 ? Long.MAX_VALUE : Math.max(0, timeout - now), Errno.OK, 0);
        } catch (Errno.Failed e) {
            return new Event(0, e.number(), 0);
        }
    }

    private void put(byte[] asked, int subscription, int event, Event happened) {
        byte[] bytes = new byte[EVENT_BYTES];
        System.arraycopy(asked, subscription, bytes, 0, 8);
        bytes[8] = (byte) happened.error();
        bytes[10] = asked[subscription + 8];
        for (int i = 0; i < 8; i++) {
            bytes[16 + i] = (byte) (happened.bytes() >>> (8 * i));
        }
        memory.write(event, bytes);
    }
}
