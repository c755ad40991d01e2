package nexus.aiagents.sandbox.internal.wasm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.wasi.GuestMemory;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.TrapException;

/// The memory beside linear memory through which an Extism plug-in and its host pass blocks of bytes.
/// Addresses are never used twice. What it holds counts against the memory limit of the run.
final class PluginMemory {
    private static final int OVERHEAD = 96;

    private final Execution execution;
    private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();
    private long next = 16;
    private Map.@Nullable Entry<Long, ByteBuffer> latest;

    PluginMemory(Execution execution) {
        this.execution = execution;
    }

    /// @return 0 if there is no room
    long allocate(long length) {
        if (length <= 0 || length > Integer.MAX_VALUE - 16 || !execution.hold(length + OVERHEAD)) {
            return 0;
        }
        return add(new byte[(int) length]);
    }

    private long add(byte[] bytes) {
        long address = next;
        blocks.put(address, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        next += (bytes.length + 31L) & ~15L;
        return address;
    }

    /// A block that the host makes; no room ends the run. Nothing is address 0.
    long put(byte[] bytes) {
        if (bytes.length == 0) {
            return 0;
        }
        if (!execution.hold(bytes.length + OVERHEAD)) {
            throw execution.outOfMemory();
        }
        return add(bytes.clone());
    }

    void free(long address) {
        ByteBuffer block = blocks.remove(address);
        if (block != null) {
            latest = null;
            execution.hold(-(block.capacity() + OVERHEAD));
        }
    }

    /// @return 0 for what is not the beginning of a block
    long length(long address) {
        ByteBuffer block = blocks.get(address);
        return block == null ? 0 : block.capacity();
    }

    byte load(long address) {
        return block(address, 1).get(offset(address));
    }

    long loadLong(long address) {
        return block(address, 8).getLong(offset(address));
    }

    void store(long address, byte value) {
        block(address, 1).put(offset(address), value);
    }

    void storeLong(long address, long value) {
        block(address, 8).putLong(offset(address), value);
    }

    byte[] bytes(long address, long length) {
        if (length == 0) {
            return new byte[0];
        }
        ByteBuffer block = block(address, length);
        byte[] bytes = new byte[(int) length];
        block.get(offset(address), bytes);
        return bytes;
    }

    /// The block that begins at `address` as text; empty for address 0.
    String text(long address) {
        return new String(argument(address), StandardCharsets.UTF_8);
    }

    /// The block that begins at `address`; empty for address 0.
    byte[] argument(long address) {
        long length = length(address);
        if (length > GuestMemory.MAX_ARGUMENT) {
            throw new TrapException("an argument of a host call is larger than " + GuestMemory.MAX_ARGUMENT + " bytes");
        }
        return bytes(address, length);
    }

    private ByteBuffer block(long address, long length) {
        Map.Entry<Long, ByteBuffer> entry = latest;
        if (entry == null
                || address < entry.getKey()
                || address - entry.getKey() >= entry.getValue().capacity()) {
            entry = blocks.floorEntry(address);
            latest = entry;
        }
        if (entry == null || length < 0 || length > entry.getValue().capacity() - (address - entry.getKey())) {
            throw new TrapException("out of bounds access to plug-in memory at " + address);
        }
        return entry.getValue();
    }

    private int offset(long address) {
        Map.Entry<Long, ByteBuffer> entry = latest;
        return entry == null ? 0 : (int) (address - entry.getKey());
    }
}
