package nexus.aiagents.engine.money;

import java.math.BigInteger;

/// What tokens cost, in integers of micro-dollars; every figure is rounded up.
public final class Prices {
    private Prices() {}

    /// Micro-dollars per million tokens.
    public record Price(long inputPerMillion, long outputPerMillion, long cachedInputPerMillion) {
        public static final Price FREE = new Price(0, 0, 0);

        /// @return micro-dollars, rounded up
        public long of(long inputTokens, long cachedInputTokens, long outputTokens) {
            BigInteger total = times(inputTokens - cachedInputTokens, inputPerMillion)
                    .add(times(cachedInputTokens, cachedInputPerMillion))
                    .add(times(outputTokens, outputPerMillion));
            BigInteger[] parts = total.divideAndRemainder(BigInteger.valueOf(1_000_000));
            return parts[0].add(parts[1].signum() > 0 ? BigInteger.ONE : BigInteger.ZERO)
                    .longValueExact();
        }

        private static BigInteger times(long tokens, long price) {
            return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
        }
    }
}
