package nexus.aiagents.engine.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// The local score of one agent: the share of good points among all points, of its behaviour and of how it
/// handles money. Points fade with a half-life of a day, and every agent begins with {@link #PRIOR} points
/// of which three quarters are good, so that one mishap does not condemn it. `docs/reference/trust.md` has
/// the formula and the points. Immutable and pure.
///
/// @param good       points of calls that returned, as of `asOf`
/// @param bad        points of crashes, time-outs and denied calls
/// @param paid       points of calls that were paid for within the budget
/// @param overreach  points of budgets run into and runaway loops
/// @param asOf       when the sums were last brought up to date
record TrustScore(double good, double bad, double paid, double overreach, Instant asOf) {
    static final double PRIOR = 10;
    static final double PRIOR_SHARE = 0.75;
    static final Duration HALF_LIFE = Duration.ofDays(1);

    private static final int[] TIERS = {40, 60, 75, 90};
    private static final Map<Integer, String> RATINGS =
            Map.of(95, "AAA", 90, "AA", 80, "A", 70, "BBB", 60, "BB", 50, "B", 40, "CCC", 30, "CC", 20, "C", 0, "D");
    private static final String[] RATING_ORDER = {"D", "C", "CC", "CCC", "B", "BB", "BBB", "A", "AA", "AAA"};

    static TrustScore fresh(Instant at) {
        return new TrustScore(0, 0, 0, 0, at);
    }

    TrustScore with(Instant at, TrustPoint.Kind kind, double points) {
        TrustScore now = fadedTo(at);
        return switch (kind) {
            case GOOD -> now.plus(points, 0, 0, 0);
            case BAD -> now.plus(0, points, 0, 0);
            case PAID -> now.plus(0, 0, points, 0);
            case OVERREACH -> now.plus(0, 0, 0, points);
        };
    }

    TrustScore fadedTo(Instant at) {
        if (!at.isAfter(asOf)) {
            return this;
        }
        double f = Math.pow(0.5, Duration.between(asOf, at).toMillis() / (double) HALF_LIFE.toMillis());
        return new TrustScore(good * f, bad * f, paid * f, overreach * f, at);
    }

    /// 0-100.
    int score(Instant at) {
        TrustScore now = fadedTo(at);
        return share(now.good, now.bad);
    }

    /// 1-5.
    int tier(Instant at) {
        return tierOf(score(at));
    }

    String rating(Instant at) {
        TrustScore now = fadedTo(at);
        return ratingOf(share(now.paid, now.overreach));
    }

    private TrustScore plus(double moreGood, double moreBad, double morePaid, double moreOverreach) {
        return new TrustScore(good + moreGood, bad + moreBad, paid + morePaid, overreach + moreOverreach, asOf);
    }

    private static int share(double good, double bad) {
        return (int) Math.round(100 * (good + PRIOR * PRIOR_SHARE) / (good + bad + PRIOR));
    }

    static int tierOf(int score) {
        int tier = 1;
        for (int threshold : TIERS) {
            if (score >= threshold) {
                tier++;
            }
        }
        return tier;
    }

    static String ratingOf(int credit) {
        return RATINGS.entrySet().stream()
                .filter(e -> credit >= e.getKey())
                .max(Map.Entry.comparingByKey())
                .orElseThrow()
                .getValue();
    }

    /// @return 0 for `D` to 9 for `AAA`, -1 for what is no rating
    static int rank(String rating) {
        for (int i = 0; i < RATING_ORDER.length; i++) {
            if (RATING_ORDER[i].equals(rating)) {
                return i;
            }
        }
        return -1;
    }
}
