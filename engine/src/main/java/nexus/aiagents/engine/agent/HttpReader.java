package nexus.aiagents.engine.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one HTTP/1.1 answer from a server that is not to be trusted: every part has a bound, and what is
/// not clear is refused. Used by one thread.
final class HttpReader {
    private static final int MAX_HEAD_BYTES = 65_536;
    private static final int MAX_INTERIM = 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})[ \\t]*(;.*)?");

    private final InputStream in;
    private final long maxBytes;
    private int headBytes;

    /// @param headers names in lower case
    record Head(int status, Map<String, List<String>> headers) {
        /// Empty if there is none.
        String first(String name) {
            List<String> values = headers.get(name);
            return values == null ? "" : values.getFirst();
        }
    }

    HttpReader(InputStream in, long maxBytes) {
        this.in = new BufferedInputStream(in, 16_384);
        this.maxBytes = maxBytes;
    }

    Head head() throws IOException {
        for (int i = 0; i < MAX_INTERIM; i++) {
            Head head = oneHead();
            if (head.status() >= 200) {
                return head;
            }
        }
        throw new IOException("it does not come to an answer");
    }

    private Head oneHead() throws IOException {
        Matcher status = STATUS.matcher(line());
        if (!status.matches()) {
            throw new IOException("it does not answer in HTTP/1.1");
        }
        return new Head(Integer.parseInt(status.group(1)), headers());
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (!TOKEN.matcher(name).matches()) {
                throw new IOException("it answers with a broken header");
            }
            headers.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("it ended in the middle of its answer");
            }
            if (++headBytes > MAX_HEAD_BYTES) {
                throw new HttpWire.TooLarge("its headers are larger than " + MAX_HEAD_BYTES + " bytes");
            }
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (c == 0) {
                throw new IOException("it answers with a broken header");
            }
            line.append((char) c);
        }
    }

    byte[] body(Head head) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return new byte[0];
        }
        List<String> codings = head.headers().getOrDefault("transfer-encoding", List.of());
        if (!codings.isEmpty()) {
            if (!String.join(",", codings).strip().equalsIgnoreCase("chunked")) {
                throw new IOException("it answers in the transfer encoding '" + String.join(",", codings) + "'");
            }
            return chunks();
        }
        List<String> lengths = head.headers().getOrDefault("content-length", List.of());
        if (lengths.isEmpty()) {
            return upTo(maxBytes + 1);
        }
        if (new HashSet<>(lengths).size() != 1 || !lengths.getFirst().matches("\\d{1,18}")) {
            throw new IOException("it is not clear how long its answer is");
        }
        long length = Long.parseLong(lengths.getFirst());
        requireFits(length);
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw new EOFException("it ended in the middle of its answer");
        }
        return body;
    }

    private byte[] upTo(long bytes) throws IOException {
        byte[] body = in.readNBytes((int) bytes);
        requireFits(body.length);
        return body;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            headBytes = 0;
            Matcher chunk = CHUNK.matcher(line());
            if (!chunk.matches()) {
                throw new IOException("it answers in broken chunks");
            }
            long size = Long.parseLong(chunk.group(1), 16);
            if (size == 0) {
                headers(); // the trailer; nothing in it is of use
                return out.toByteArray();
            }
            requireFits(out.size() + size);
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length < size || !line().isEmpty()) {
                throw new EOFException("it ended in the middle of its answer");
            }
            out.write(bytes, 0, bytes.length);
        }
    }

    private void requireFits(long bytes) throws IOException {
        if (bytes > maxBytes) {
            throw new HttpWire.TooLarge("it answers more than " + maxBytes + " bytes");
        }
    }

    /// What may stand in a header as it is: no control character but a tab, so no second header either.
    static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
