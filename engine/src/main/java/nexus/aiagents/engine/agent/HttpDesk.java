package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import tools.jackson.databind.node.ObjectNode;

/// Requests of agents to hosts they were granted. Addresses of this machine and of private networks are
/// refused unless the grant names `localhost` or that very address; redirects are followed only to what
/// is granted too. Thread-safe.
final class HttpDesk implements AutoCloseable {
    static final long MAX_BYTES = 5 << 20;
    private static final int MAX_REDIRECTS = 5;
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

    private final HttpClient client;
    private final Duration timeout;

    HttpDesk(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    String send(Grants grants, HostCall.Http call) throws HostCallFailed, InterruptedException {
        HostCall.Http now = call;
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int hop = 0; ; hop++) {
            HttpResponse<byte[]> response = once(grants, now, deadline);
            String next = response.headers().firstValue("location").orElse(null);
            boolean moved =
                    response.statusCode() >= 301 && response.statusCode() <= 308 && response.statusCode() != 304;
            boolean safe = now.method().equalsIgnoreCase("GET") || now.method().equalsIgnoreCase("HEAD");
            if (!moved || !safe || next == null || hop == MAX_REDIRECTS) {
                return answer(response);
            }
            HostCall.Http redirected = redirected(now, next);
            if (grants.check(redirected) != null) {
                return answer(response);
            }
            now = redirected;
        }
    }

    private static HostCall.Http redirected(HostCall.Http from, String location) throws HostCallFailed {
        try {
            URI base = URI.create(from.url());
            URI target = base.resolve(location);
            boolean sameHost = String.valueOf(base.getAuthority()).equals(target.getAuthority());
            // What was meant for one host, a key for instance, is not carried to another.
            return new HostCall.Http(from.method(), target.toString(), sameHost ? from.headers() : Map.of(), null);
        } catch (IllegalArgumentException e) {
            throw new HostCallFailed("http-error", "the host redirects to '" + location + "', which is no URL");
        }
    }

    private HttpResponse<byte[]> once(Grants grants, HostCall.Http call, long deadline)
            throws HostCallFailed, InterruptedException {
        HttpRequest request = request(call);
        requirePublic(grants, request.uri());
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            return pending.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooLate(call);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof HttpTimeoutException) { // the client keeps the same time and may be first to say so
                throw tooLate(call);
            }
            boolean large = cause instanceof IOException
                    && String.valueOf(cause.getMessage()).contains("capacity");
            throw large
                    ? new HostCallFailed("too-large", call.url() + " answers more than " + MAX_BYTES + " bytes")
                    : new HostCallFailed("http-error", call.url() + " could not be reached: " + describe(cause));
        } finally {
            pending.cancel(true);
        }
    }

    private HostCallFailed tooLate(HostCall.Http call) {
        return new HostCallFailed("http-timeout", call.url() + " did not answer within " + timeout.toSeconds() + " s");
    }

    private HttpRequest request(HostCall.Http call) throws HostCallFailed {
        try {
            String body = call.body();
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(call.url()))
                    .timeout(timeout)
                    .method(
                            call.method().toUpperCase(Locale.ROOT),
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            call.headers().forEach(builder::header);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new HostCallFailed("bad-input", "this request can not be sent: " + e.getMessage());
        }
    }

    /// The name is looked up here and again by the client a moment later; the JVM keeps the answer
    /// meanwhile, so a name that changes its address in between is still checked.
    private static void requirePublic(Grants grants, URI uri) throws HostCallFailed {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if ((host.equals("localhost") || ADDRESS.matcher(host).matches()) && isNamed(grants, host)) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (isPrivate(address)) {
                    throw new HostCallFailed(
                            "private-address",
                            host + " is an address of this machine or of a private network; "
                                    + "grant `localhost` or the address itself if that is meant");
                }
            }
        } catch (UnknownHostException e) {
            throw new HostCallFailed("http-error", "there is no host '" + host + "'");
        }
    }

    private static boolean isNamed(Grants grants, String host) {
        return grants.http().stream()
                .map(rule -> rule.host().toLowerCase(Locale.ROOT))
                .anyMatch(rule -> rule.equals(host) || rule.startsWith(host + ":"));
    }

    static boolean isPrivate(InetAddress address) {
        byte[] b = address.getAddress();
        boolean uniqueLocal = address instanceof Inet6Address && (b[0] & 0xfe) == 0xfc;
        boolean carrier = b.length == 4 && (b[0] & 0xff) == 100 && (b[1] & 0xc0) == 64;
        boolean zero = b.length == 4 && (b[0] == 0 || (b[0] & 0xff) >= 240);
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || uniqueLocal
                || carrier
                || zero;
    }

    private static String answer(HttpResponse<byte[]> response) {
        ObjectNode headers = Json.object();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        ObjectNode answer = Json.object();
        answer.put("status", response.statusCode());
        answer.set("headers", headers);
        answer.put("body", new String(response.body(), charsetOf(response)));
        return Json.write(answer);
    }

    private static Charset charsetOf(HttpResponse<byte[]> response) {
        Matcher named =
                CHARSET.matcher(response.headers().firstValue("content-type").orElse(""));
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
