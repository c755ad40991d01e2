package nexus.aiagents.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import nexus.aiagents.engine.model.ChatModels.Answer;
import nexus.aiagents.engine.model.ChatModels.Cancelled;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.model.ChatModels.Request;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;

/// Any endpoint that speaks OpenAI's chat completions. One attempt a call, streamed; a stream that stands
/// still for the model's time-out, that ends in the middle, or that goes beyond what was reserved is cut.
/// Thread-safe.
final class OpenAiModel implements AutoCloseable {
    private static final String DEFAULT_BASE = "https://api.openai.com/v1";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST_BODY_BYTES = 16 << 20;
    private static final int MOST_ERROR_BYTES = 64 << 10;
    /// No tokeniser spends more on a token on average, so a longer text has certainly used up its tokens.
    private static final int MOST_BYTES_A_TOKEN = 8;

    private final Function<String, @Nullable String> keys;
    private final HttpClient http;

    OpenAiModel(Function<String, @Nullable String> keys) {
        this.keys = keys;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    Answer chat(ModelSpec model, Request request) throws ModelException, InterruptedException {
        return new Call(model, request, key(model)).make();
    }

    private @Nullable String key(ModelSpec model) throws ModelException {
        String name = model.apiKeyEnv();
        if (name == null) {
            return null;
        }
        String key = keys.apply(name);
        if (key == null || key.isBlank()) {
            throw new ModelException(
                    "model-no-key",
                    "model " + model.name() + " needs a key in the environment variable " + name
                            + ": set it before the start, keep it in the keychain with `naos secret set " + name
                            + "`, or use `provider: scripted`",
                    0,
                    0);
        }
        if (!key.strip().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ModelException(
                    "model-no-key",
                    "the key " + name + " of model " + model.name() + " holds characters that no key has: set it again",
                    0,
                    0);
        }
        return key.strip();
    }

    /// One attempt; used by one thread.
    private final class Call {
        private final ModelSpec model;
        private final Request request;
        private final @Nullable String key;
        private final ChatStream answer = new ChatStream();
        private final long estimatedInput;
        private final String where;

        Call(ModelSpec model, Request request, @Nullable String key) {
            this.model = model;
            this.request = request;
            this.key = key;
            this.estimatedInput = Tokens.atMost(request.messages());
            this.where = "model " + model.name() + " (" + base() + ")";
        }

        Answer make() throws ModelException, InterruptedException {
            BodyReader body = new BodyReader();
            try (body) {
                HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send();
                response.body().subscribe(body);
                if (response.statusCode() != 200) {
                    throw refused(response, errorBody(body));
                }
                String type =
                        response.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
                if (type.contains("html")) { // a proxy that asks for a password, or a site at the same address
                    throw new ChatStream.BadAnswer("answered with a web page");
                }
                return type.contains("json") ? whole(body) : stream(body);
            } catch (InterruptedException e) {
                throw cancelled();
            } catch (TimeoutException e) {
                throw failed(
                        "model-timeout",
                        "sent nothing for " + seconds(model.timeout())
                                + ": try again, or raise `timeout` of the model");
            } catch (ChatStream.BadAnswer e) {
                throw failed("model-bad-answer", e.getMessage() + "; is `baseUrl` an OpenAI-compatible endpoint?");
            } catch (IOException e) {
                throw failed("model-truncated", "broke off in the middle of its answer: try again");
            }
        }

        private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send() throws ModelException, InterruptedException {
            CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> sent =
                    http.sendAsync(httpRequest(), BodyHandlers.ofPublisher());
            try {
                return sent.get(model.timeout().toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                sent.cancel(true);
                throw cancelled();
            } catch (TimeoutException e) {
                sent.cancel(true);
                throw failed(
                        "model-timeout",
                        "did not answer within " + seconds(model.timeout())
                                + ": try again, or raise `timeout` of the model");
            } catch (ExecutionException e) {
                throw unreachable(e.getCause() == null ? e : e.getCause());
            }
        }

        private HttpRequest httpRequest() throws ModelException {
            HttpRequest.Builder builder;
            try {
                builder = HttpRequest.newBuilder(URI.create(base() + "/chat/completions"));
            } catch (IllegalArgumentException e) {
                throw new ModelException(
                        "model-refused",
                        "`baseUrl` of model " + model.name() + " is no http or https address: " + base(),
                        0,
                        0);
            }
            if (key != null) {
                builder.header("Authorization", "Bearer " + key);
            }
            boolean secure = base().startsWith("https:");
            return builder.header("Content-Type", "application/json")
                    .header("Accept", "text/event-stream, application/json")
                    // Local servers stumble over the upgrade that HTTP/2 without TLS begins with.
                    .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                    .POST(HttpRequest.BodyPublishers.ofString(ChatBody.json(model, request, base())))
                    .build();
        }

        private Answer stream(BodyReader body)
                throws ModelException, InterruptedException, TimeoutException, IOException, ChatStream.BadAnswer {
            long mostBytes = Math.min(request.maxTokens(), MOST_BODY_BYTES) * MOST_BYTES_A_TOKEN;
            boolean cut = false;
            try {
                for (byte[] piece = body.next(model.timeout());
                        piece != null && !answer.done() && !cut;
                        piece = answer.done() ? null : body.next(model.timeout())) {
                    answer.feed(piece);
                    cut = answer.textBytes() > mostBytes;
                }
                if (!cut) {
                    answer.end();
                }
            } catch (IOException e) {
                if (answer.finish() == null) {
                    throw e;
                }
            }
            return cut ? cutAtHold() : complete();
        }

        private Answer whole(BodyReader body)
                throws ModelException, InterruptedException, TimeoutException, IOException, ChatStream.BadAnswer {
            answer.whole(readAll(body, MOST_BODY_BYTES));
            return complete();
        }

        private byte[] readAll(BodyReader body, int most)
                throws InterruptedException, TimeoutException, IOException, ChatStream.BadAnswer {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] piece = body.next(model.timeout()); piece != null; piece = body.next(model.timeout())) {
                all.write(piece, 0, piece.length);
                if (all.size() > most) {
                    throw new ChatStream.BadAnswer("answered with more than " + (most >> 10) + " kB");
                }
            }
            return all.toByteArray();
        }

        private String errorBody(BodyReader body) throws InterruptedException {
            try {
                return new String(readAll(body, MOST_ERROR_BYTES), UTF_8);
            } catch (IOException | TimeoutException | ChatStream.BadAnswer e) {
                return ""; // the status says enough
            }
        }

        private Answer complete() throws ModelException {
            if (answer.error() != null) {
                throw failed(
                        answer.textBytes() > 0 ? "model-truncated" : "model-refused",
                        "reported an error: " + answer.error());
            }
            String finish = answer.finish();
            if (finish == null && !answer.done()) {
                throw failed("model-truncated", "broke off in the middle of its answer: try again");
            }
            Long input = answer.inputTokens();
            Long output = answer.outputTokens();
            return new Answer(
                    answer.text(),
                    answer.model().isEmpty() ? model.model() : answer.model(),
                    finish == null ? "stop" : finish,
                    input == null ? estimatedInput : input,
                    input == null ? 0 : Math.min(input, answer.cachedTokens()),
                    output == null ? streamedTokens() : output,
                    input == null || output == null,
                    false);
        }

        /// The endpoint did not keep to `max_tokens`; more than was reserved is not taken from it.
        private Answer cutAtHold() {
            Long input = answer.inputTokens();
            return new Answer(
                    answer.text(),
                    answer.model().isEmpty() ? model.model() : answer.model(),
                    "length",
                    input == null ? estimatedInput : input,
                    0,
                    request.maxTokens(),
                    true,
                    false);
        }

        private long streamedTokens() {
            return Math.min(request.maxTokens(), Math.ceilDiv(answer.textBytes(), 3));
        }

        private long billedInput() {
            Long reported = answer.inputTokens();
            return reported == null ? estimatedInput : reported;
        }

        private long billedOutput() {
            Long reported = answer.outputTokens();
            return Math.max(streamedTokens(), reported == null ? 0 : reported);
        }

        private Cancelled cancelled() {
            return new Cancelled(billedInput(), billedOutput());
        }

        /// For failures after something was sent: it is charged.
        private ModelException failed(String code, @Nullable String what) {
            return new ModelException(code, clean(where + " " + what), billedInput(), billedOutput());
        }

        private ModelException unreachable(Throwable why) {
            boolean nothingSent = why instanceof ConnectException
                    || why instanceof HttpConnectTimeoutException
                    || why instanceof UnresolvedAddressException
                    || why.getCause() instanceof UnresolvedAddressException;
            String detail = why.getMessage() == null || why.getMessage().isBlank() ? "" : " (" + why.getMessage() + ")";
            String message = nothingSent
                    ? " can not be reached" + detail + ": is it running, and is `baseUrl` right?"
                    : " closed the connection before it answered" + detail + ": try again";
            return new ModelException("model-unreachable", clean(where + message), nothingSent ? 0 : billedInput(), 0);
        }

        private ModelException refused(HttpResponse<?> response, String body) {
            int status = response.statusCode();
            String said = ChatBody.errorOf(body);
            Duration retryAfter = response.headers()
                    .firstValue("retry-after")
                    .map(ChatBody::seconds)
                    .orElse(null);
            String code;
            String remedy;
            if (status == 401) {
                code = "model-no-key";
                remedy = key == null
                        ? "name the variable that holds your key with `apiKeyEnv`"
                        : "it does not take the key in " + model.apiKeyEnv();
            } else if (status == 429) {
                code = "model-rate-limited";
                remedy = retryAfter == null ? "wait, or ask for a higher limit" : "try again in " + seconds(retryAfter);
            } else if (status == 408 || status == 504) {
                code = "model-timeout";
                remedy = "try again";
            } else if (status >= 500) {
                code = "model-unreachable";
                remedy = "the fault is there, not here: try again later";
            } else if (status >= 300 && status < 400) {
                code = "model-refused";
                remedy = "it points to "
                        + response.headers().firstValue("location").orElse("another address")
                        + ": put that into `baseUrl`";
            } else {
                code = "model-refused";
                remedy = status == 404 ? "are `baseUrl` and `model` right?" : "change the request or the model";
            }
            String message =
                    where + " answered " + status + (said.isEmpty() ? "" : " \"" + said + "\"") + ": " + remedy;
            return new ModelException(code, clean(message), 0, 0, retryAfter);
        }

        /// Providers like to quote the key.
        private String clean(String message) {
            return key == null ? message : message.replace(key, "***");
        }

        private String base() {
            String base =
                    model.baseUrl() == null ? DEFAULT_BASE : model.baseUrl().strip();
            return base.replaceAll("/+$", "").replaceAll("/chat/completions$", "");
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
