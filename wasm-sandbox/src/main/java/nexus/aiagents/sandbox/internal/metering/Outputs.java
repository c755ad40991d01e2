package nexus.aiagents.sandbox.internal.metering;

import java.io.Reader;
import nexus.aiagents.sandbox.JsonMistakes;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// What a program may return. Read as it goes by: as a tree, three bytes of a hostile output would take a
/// hundred. Whoever reads it later makes a tree of it, so its values are counted.
public final class Outputs {
    /// Values and names, all together.
    public static final int MOST_VALUES = 1_000_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Looked at between pieces of what is read.
    @FunctionalInterface
    public interface Stop {
        /// Throws whatever ends the reading.
        void check();
    }

    private Outputs() {}

    /// @return how a program that returned `json` failed, null if it did not
    public static Outcome.@Nullable Failed problem(String json, Limits limits, Stop stop) {
        long bytes = bytes(json);
        if (bytes > limits.outputBytes()) {
            return tooLarge(bytes, limits);
        }
        try (JsonParser parser = JSON.createParser(new Pieces(json, stop))) {
            int values = 0;
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (values > 0 && depth == 0) {
                    return failed("bad-output", "the program returned more than one JSON value");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.VALUE_NUMBER_INT) {
                    parser.getNumberType(); // only now it is read to its end
                }
                if (!token.isStructEnd() && ++values > MOST_VALUES) {
                    return failed(
                            "bad-output",
                            "the program returned more than " + MOST_VALUES
                                    + " values; return fewer, or a text that holds them");
                }
            }
            return values == 0
                    ? failed("bad-output", "the program returned nothing; the least it can return is null")
                    : null;
        } catch (JacksonException e) {
            return failed("bad-output", "the program did not return JSON: " + JsonMistakes.plain(e));
        }
    }

    public static Outcome.Failed tooLarge(long bytes, Limits limits) {
        return failed(
                "output-too-large",
                "the program returned " + Long.toUnsignedString(bytes) + " bytes, the limit is "
                        + limits.outputBytes());
    }

    /// How many it has in UTF-8.
    private static long bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // Each half of a pair is two of four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    private static Outcome.Failed failed(String code, String message) {
        return new Outcome.Failed(code, message, "", Usage.NONE);
    }

    /// The text in pieces, none of which keeps anybody waiting.
    private static final class Pieces extends Reader {
        private final String text;
        private final Stop stop;
        private int at;

        Pieces(String text, Stop stop) {
            this.text = text;
            this.stop = stop;
        }

        @Override
        public int read(char[] into, int from, int most) {
            stop.check();
            if (at == text.length()) {
                return -1;
            }
            int length = Math.min(most, text.length() - at);
            text.getChars(at, at + length, into, from);
            at += length;
            return length;
        }

        @Override
        public void close() {
            // a text needs no closing
        }
    }
}
