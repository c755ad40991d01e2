package nexus.aiagents.engine.trust;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import nexus.aiagents.engine.project.TrustSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks an AXIS registry. Answers are kept for {@link #FRESH}; when it can not be reached and nothing fresh
/// is known, the gate stays closed. A check blocks for at most the time-out of one request. Thread-safe.
public final class AxisTrust implements TrustGate, AutoCloseable {
    static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final TrustSpec spec;
    private final Function<String, String> auid;
    private final Function<String, @Nullable String> env;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(TrustView view, Instant until) {}

    /// @param auid agent name → its AUID
    /// @param env  variables of the host: the bearer key is read from the one that the project names
    public AxisTrust(
            TrustSpec spec, Function<String, String> auid, Function<String, @Nullable String> env, Clock clock) {
        this.spec = spec;
        this.auid = auid;
        this.env = env;
        this.clock = clock;
    }

    @Override
    public TrustView check(String agent) {
        Known last = known.get(agent);
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.until())) {
            return last.view();
        }
        String baseUrl = spec.baseUrl();
        if (baseUrl == null) {
            return Requirements.unknown(
                    spec, "trust.provider is axis but trust.baseUrl is not set, so no agent can be verified");
        }
        TrustView answer;
        try {
            answer = lookUp(baseUrl, auid.apply(agent));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Requirements.unknown(spec, "the registry was not asked: interrupted");
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return Requirements.unknown(
                    spec, "the registry at " + baseUrl + " gave no usable answer: " + e.getMessage());
        }
        known.put(agent, new Known(answer, now.plus(FRESH)));
        return answer;
    }

    @Override
    public TrustView known(String agent) {
        Known last = known.get(agent);
        return last != null ? last.view() : Requirements.unknown(spec, "the registry was not asked yet");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private TrustView lookUp(String baseUrl, String id) throws IOException, InterruptedException {
        String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base + "/api/agents/lookup?auid=" + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                .timeout(TIMEOUT)
                .header("Accept", "application/json");
        String keyEnv = spec.keyEnv();
        String key = keyEnv == null ? null : env.apply(keyEnv);
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Requirements.unknown(spec, "the registry does not know " + id);
        }
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return read(JSON.readTree(response.body()));
    }

    private TrustView read(JsonNode body) throws IOException {
        JsonNode trust = body.path("trustScore");
        JsonNode credit = body.path("creditScore");
        if (!trust.path("tScore").isNumber() || !credit.path("cScore").isNumber()) {
            throw new IOException("no tScore or no cScore in it");
        }
        if (!body.path("status").asString("active").equalsIgnoreCase("active")) {
            return Requirements.unknown(
                    spec,
                    "the registry says its status is " + body.path("status").asString(""));
        }
        int score = outOfHundred(trust.path("tScore").asDouble());
        int credits = outOfHundred(credit.path("cScore").asDouble());
        String tierText = trust.path("trustTier").asString("");
        int tier = tierText.matches("T[1-5]") ? tierText.charAt(1) - '0' : TrustScore.tierOf(score);
        String ratingText = credit.path("creditTier").asString("");
        String rating = TrustScore.rank(ratingText) >= 0 ? ratingText : TrustScore.ratingOf(credits);
        return Requirements.judge(spec, score, tier, rating, "");
    }

    /// Registries count to 1,000, this project to 100.
    private static int outOfHundred(double value) {
        return (int) Math.round(Math.max(0, Math.min(1_000, value)) / 10);
    }
}
