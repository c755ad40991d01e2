package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A sum over all named values. Every value has a checksum of its own, but a page of the database that
/// rotted can also make a value vanish, or bring an old one back: then the sum no longer fits. Written
/// in the transaction that changes the values.
///
/// @param count of values
/// @param sum   of a number made of each name and value
record StateSum(long count, long sum) {
    static final String KEY = "sum";

    static StateSum of(Map<String, byte[]> values) {
        long sum = 0;
        for (Map.Entry<String, byte[]> value : values.entrySet()) {
            sum += number(value.getKey(), value.getValue());
        }
        return new StateSum(values.size(), sum);
    }

    /// As it was last written, null if it never was or is damaged.
    static @Nullable StateSum read(Storage storage) {
        byte[] stored = storage.value(KEY);
        if (stored == null || stored.length != 20) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        StateSum sum = new StateSum(in.getLong(), in.getLong());
        return in.getInt() == crc(KEY, stored, 16) ? sum : null;
    }

    /// After these changes.
    StateSum after(List<Map<String, byte @Nullable []>> changes, Storage storage, String prefix) {
        Map<String, byte @Nullable []> now = new HashMap<>();
        long newCount = count;
        long newSum = sum;
        for (Map<String, byte @Nullable []> batch : changes) {
            for (Map.Entry<String, byte @Nullable []> change : batch.entrySet()) {
                String name = change.getKey();
                if (!name.startsWith(prefix)) {
                    continue;
                }
                byte[] old = now.containsKey(name) ? now.get(name) : storage.value(name);
                byte[] fresh = change.getValue();
                newCount += (fresh == null ? 0 : 1) - (old == null ? 0 : 1);
                newSum += (fresh == null ? 0 : number(name, fresh)) - (old == null ? 0 : number(name, old));
                now.put(name, fresh);
            }
        }
        return new StateSum(newCount, newSum);
    }

    byte[] encoded() {
        ByteBuffer out = ByteBuffer.allocate(20).putLong(count).putLong(sum);
        return out.putInt(crc(KEY, out.array(), 16)).array();
    }

    private static long number(String name, byte[] value) {
        long mixed = ((long) crc(name, value, value.length) << 32) ^ (31L * name.hashCode() + value.length);
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private static int crc(String name, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(UTF_8));
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
