package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The bytes of an entry: `CRC-32C (4) · SHA-256 (32) · time in ms (8) · event as JSON`, and of a state
/// value: `CRC-32C (4) · text`. The CRC also covers the key, so that a value in the wrong place does not
/// fit. The hash is over `hash before (32) · seq (8) · time (8) · JSON`, and anyone can compute it again.
final class EntryCodec {
    static final byte[] NO_HASH = new byte[32];
    private static final int HEADER = 4 + 32 + 8;

    private EntryCodec() {}

    /// @param json the event's UTF-8 bytes
    record Stored(long seq, long millis, byte[] hash, byte[] json) {

        boolean follows(byte[] hashBefore) {
            return Arrays.equals(hash, EntryCodec.hash(hashBefore, seq, millis, json));
        }

        JournalEntry entry() {
            return EntryCodec.entry(seq, Instant.ofEpochMilli(millis), new String(json, UTF_8), hex(hash));
        }

        JournalEntry entry(EngineEvent event) {
            return new JournalEntry(seq, Instant.ofEpochMilli(millis), event, hex(hash));
        }

        AuditLine line(byte[] hashBefore) {
            return new AuditLine(
                    seq, Instant.ofEpochMilli(millis), hex(hashBefore), hex(hash), new String(json, UTF_8));
        }
    }

    static JournalEntry entry(long seq, Instant at, String eventJson, String hash) {
        EngineEvent event;
        try {
            event = EventJson.readEvent(eventJson);
        } catch (JacksonException e) {
            event = new EngineEvent.Notice(
                    "warning",
                    "unknown-entry",
                    "entry " + seq + " was written by another version of Nexus OS and is not shown");
        }
        return new JournalEntry(seq, at, event, hash);
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    static byte[] unhex(String hash) {
        return HexFormat.of().parseHex(hash);
    }

    static byte[] hash(byte[] hashBefore, long seq, long millis, byte[] json) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(hashBefore);
            digest.update(ByteBuffer.allocate(16).putLong(seq).putLong(millis).flip());
            return digest.digest(json);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] encode(Stored entry) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + entry.json().length)
                .putInt(0)
                .put(entry.hash())
                .putLong(entry.millis())
                .put(entry.json());
        return out.putInt(0, crc(seqBytes(entry.seq()), out.array())).array();
    }

    /// @return null if the bytes are not those that were written
    static @Nullable Stored decode(long seq, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length < HEADER || in.getInt() != crc(seqBytes(seq), value)) {
            return null;
        }
        byte[] hash = new byte[32];
        in.get(hash);
        long millis = in.getLong();
        return new Stored(seq, millis, hash, Arrays.copyOfRange(value, HEADER, value.length));
    }

    /// What stands for an entry whose bytes are damaged: the history around it stays readable.
    static JournalEntry damaged(long seq) {
        return new JournalEntry(
                seq,
                Instant.EPOCH,
                new EngineEvent.Notice(
                        "error",
                        "damaged-entry",
                        "entry " + seq + " of the journal is damaged on the disk: naos backup list shows copies that"
                                + " can be put back, or go on without it"),
                "");
    }

    static byte[] encodeState(String key, String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        ByteBuffer out = ByteBuffer.allocate(4 + utf8.length).putInt(0).put(utf8);
        return out.putInt(0, crc(key.getBytes(UTF_8), out.array())).array();
    }

    /// @throws StoreException if the bytes are not those that were written
    static String decodeState(String key, byte[] value) {
        if (value.length < 4 || ByteBuffer.wrap(value).getInt() != crc(key.getBytes(UTF_8), value)) {
            throw new StoreException(
                    "store-broken",
                    "the stored value of " + key + " is damaged on the disk: naos backup list shows copies that can be"
                            + " put back");
        }
        return new String(value, 4, value.length - 4, UTF_8);
    }

    private static byte[] seqBytes(long seq) {
        return ByteBuffer.allocate(8).putLong(seq).array();
    }

    /// Over the key and all of the value behind its first four bytes.
    private static int crc(byte[] key, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 4, value.length - 4);
        return (int) crc.getValue();
    }
}
