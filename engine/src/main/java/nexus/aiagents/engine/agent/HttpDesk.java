package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.AgentSpec.SecretGrant;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Requests of agents to hosts they were granted. Addresses of this machine and of private networks are
/// refused unless the grant names them; redirects are followed only to what is granted too, each hop
/// checked anew. Granted secrets are put in here, into what goes over the wire and nowhere else.
/// Thread-safe.
final class HttpDesk {
    static final long MAX_BYTES = 5 << 20;
    /// Those that can be granted.
    static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /// Of a URL: name and password, which are told to nobody.
    private static final Pattern USER = Pattern.compile("(?<=//)[^/?#]+(?=@)");

    /// Names that are looked up at a time. Each takes a thread of the system's until its server answers.
    static final int MAX_LOOKUPS = 16;

    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_URL = 8_192;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_CHARS = 32_768;
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);
    /// They say where a message ends, or to whom it goes: the host's own business.
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "upgrade",
            "expect",
            "te",
            "trailer",
            "proxy-authorization",
            "proxy-connection",
            "http2-settings");

    private final Addresses addresses;
    private final HttpWire wire;
    private final Duration timeout;
    private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);

    HttpDesk(Duration timeout) {
        this(timeout, Addresses.OF_THE_SYSTEM, HttpWire.overTheNetwork(MAX_BYTES));
    }

    HttpDesk(Duration timeout, Addresses addresses, HttpWire wire) {
        this.timeout = timeout;
        this.addresses = addresses;
        this.wire = wire;
    }

    /// What one agent's requests may carry.
    ///
    /// @param granted the agent's own
    record Keys(List<SecretGrant> granted, Secrets secrets) {

        /// Those for this host. A key is for the name that its grant says, not for what it redirects to.
        List<SecretGrant> of(URI uri) {
            return granted.stream()
                    .filter(secret -> new Grants.HttpRule(secret.host(), Set.of()).covers(hostOf(uri), portOf(uri)))
                    .toList();
        }
    }

    /// @return `{"status", "headers", "body"}`
    String send(Grants grants, Keys keys, HostCall.Http call) throws HostCallFailed, InterruptedException {
        HostCall.Http now = call;
        Keys carried = keys;
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int hop = 0; ; hop++) {
            URI uri = uri(now.url());
            HttpWire.Answer answer = once(grants, carried, now, uri, deadline);
            List<String> location = answer.headers().get("location");
            boolean moved = answer.status() >= 301 && answer.status() <= 308 && answer.status() != 304;
            boolean safe = now.method().equalsIgnoreCase("GET") || now.method().equalsIgnoreCase("HEAD");
            if (!moved || !safe || location == null || hop == MAX_REDIRECTS) {
                return json(answer, keys.secrets(), call.wantsBytes());
            }
            String to = keys.secrets().redact(location.getFirst());
            if (!to.equals(location.getFirst())) {
                return json(answer, keys.secrets(), call.wantsBytes()); // a key in it would go along
            }
            URI target = target(uri, to);
            // What was meant for one host, a key for instance, is not carried to another.
            boolean same = isSameOrigin(uri, target);
            Map<String, String> headers = same ? now.headers() : Map.of();
            HostCall.Http redirected =
                    new HostCall.Http(now.method(), target.toString(), headers, null, false, now.wantsBytes());
            if (grants.check(redirected) != null) {
                return json(answer, keys.secrets(), call.wantsBytes());
            }
            carried = same ? carried : new Keys(List.of(), keys.secrets());
            now = redirected;
        }
    }

    private static URI target(URI from, String location) throws HostCallFailed {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HostCallFailed("http-error", "the host redirects to '" + shown(location) + "', which is no URL");
        }
    }

    private static boolean isSameOrigin(URI one, URI other) {
        return other.getHost() != null
                && other.getScheme() != null
                && one.getScheme().equalsIgnoreCase(other.getScheme())
                && hostOf(one).equals(hostOf(other))
                && portOf(one) == portOf(other);
    }

    static String hostOf(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    static int portOf(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /// @throws HostCallFailed `bad-input` if it is none that could be made, whatever is granted
    static void check(HostCall.Http call) throws HostCallFailed {
        var _ = uri(call.url());
        if (!METHODS.contains(call.method().toUpperCase(Locale.ROOT))) {
            throw new HostCallFailed(
                    "bad-input",
                    "there are no requests '" + shown(call.method()) + "': a method is "
                            + String.join(", ", new TreeSet<>(METHODS)));
        }
    }

    /// @throws HostCallFailed `bad-input` if it is none that could be asked, whatever is granted
    static URI uri(String url) throws HostCallFailed {
        String unfit;
        try {
            URI uri = URI.create(url.length() <= MAX_URL ? URI.create(url).toASCIIString() : "");
            unfit = url.length() > MAX_URL ? "it has more than " + MAX_URL + " characters" : unfit(uri);
            if (unfit == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            int at = e.getCause() instanceof URISyntaxException syntax ? syntax.getIndex() : -1;
            unfit = at < 0 || at >= url.length()
                    ? "it is no URL"
                    : "character " + (at + 1) + " can not stand there; a space is %20, encodeURIComponent() does that";
        }
        throw new HostCallFailed(
                "bad-input",
                "'" + shown(url) + "' can not be asked: "
                        + (url.startsWith("[object") ? "the URL comes first, then {method, headers, body}" : unfit));
    }

    private static @Nullable String unfit(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
            return "it does not begin with https:// or http://";
        }
        if (uri.getRawUserInfo() != null
                || uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            return "no user and no password stand in a URL; a key is sent by `grants: {secrets: …}`, or in a header";
        }
        if (uri.getHost() == null) {
            return "it has no host, or one that can not be the name or address of a host";
        }
        return uri.getPort() == 0 || uri.getPort() > 65_535 ? "a port is from 1 to 65535" : null;
    }

    private HttpWire.Answer once(Grants grants, Keys keys, HostCall.Http call, URI uri, long deadline)
            throws HostCallFailed, InterruptedException {
        String host = hostOf(uri);
        HttpWire.Request request = request(keys, call, uri);
        try {
            return wire.exchange(request, addressesInTime(grants, host, portOf(uri), deadline), deadline);
        } catch (TimeoutException e) {
            throw new HostCallFailed(
                    "http-timeout", shown(call.url()) + " did not answer within " + timeout.toSeconds() + " s");
        } catch (HttpWire.TooLarge e) {
            throw new HostCallFailed("too-large", shown(call.url()) + ": " + e.getMessage());
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new HostCallFailed(
                    "http-error",
                    shown(call.url()) + " could not be reached: "
                            + keys.secrets().redact(why));
        }
    }

    /// A name server that does not answer can be neither interrupted nor told to hurry: it is left behind,
    /// on a thread of its own, since a virtual one would keep its carrier from all others.
    private List<InetAddress> addressesInTime(Grants grants, String host, int port, long deadline)
            throws HostCallFailed, InterruptedException, TimeoutException {
        if (!lookups.tryAcquire(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        FutureTask<List<InetAddress>> lookUp = new FutureTask<>(() -> {
            try {
                return addresses.of(grants, host, port);
            } finally {
                lookups.release();
            }
        });
        Thread.ofPlatform().daemon().name("lookup").start(lookUp);
        try {
            return lookUp.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HostCallFailed failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    int lookupsUnderWay() {
        return MAX_LOOKUPS - lookups.availablePermits();
    }

    private static HttpWire.Request request(Keys keys, HostCall.Http call, URI uri) throws HostCallFailed {
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int chars = 0;
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            check(header.getKey(), header.getValue());
            chars += header.getKey().length() + header.getValue().length();
            if (headers.put(header.getKey(), header.getValue()) != null) {
                throw new HostCallFailed("bad-input", "the header '" + shown(header.getKey()) + "' is there twice");
            }
        }
        if (headers.size() > MAX_HEADERS || chars > MAX_HEADER_CHARS) {
            throw new HostCallFailed(
                    "too-large",
                    "a request has at most " + MAX_HEADERS + " headers of " + MAX_HEADER_CHARS
                            + " characters together");
        }
        String body = call.body();
        byte[] bytes = body == null ? null : bytes(call, body);
        if (bytes != null && bytes.length > MAX_BYTES) {
            throw new HostCallFailed("too-large", "the body of a request has at most " + MAX_BYTES + " bytes");
        }
        headers.remove("Accept-Encoding"); // an answer is unpacked here
        headers.putIfAbsent("User-Agent", "nexus-os");
        StringBuilder target = new StringBuilder(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            target.append('?').append(uri.getRawQuery());
        }
        for (SecretGrant secret : keys.of(uri)) {
            put(secret, keys.secrets(), uri, headers, target);
        }
        String host = hostOf(uri);
        return new HttpWire.Request(
                call.method().toUpperCase(Locale.ROOT),
                isSecure(uri),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                portOf(uri),
                target.toString(),
                new ArrayList<>(headers.entrySet()),
                bytes);
    }

    private static byte[] bytes(HostCall.Http call, String body) throws HostCallFailed {
        return call.sendsBytes()
                ? HostCallFailed.base64("the body of a request", body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    private static void check(String name, String value) throws HostCallFailed {
        if (!HttpReader.TOKEN.matcher(name).matches() || !HttpReader.isFieldValue(value)) {
            throw new HostCallFailed(
                    "bad-input",
                    "the header '" + shown(name) + "' can not be sent: its name is of letters, digits and `-`,"
                            + " its value one line of Latin-1 text");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new HostCallFailed("bad-input", "the header '" + name + "' is set by the host: leave it out");
        }
    }

    private static void put(
            SecretGrant secret, Secrets secrets, URI uri, Map<String, String> headers, StringBuilder target)
            throws HostCallFailed {
        if (!isSecure(uri) && !hostOf(uri).equals("localhost") && !hostOf(uri).matches("127\\..*|\\[::1]")) {
            throw new HostCallFailed(
                    "secret-insecure",
                    "the secret " + secret.name() + " goes to " + hostOf(uri) + " over https alone: use https://");
        }
        String value = secret.format().replace("{}", secrets.value(secret.name()));
        String query = secret.query();
        if (query == null) {
            headers.put(secret.header(), value);
        } else {
            target.append(target.indexOf("?") < 0 ? '?' : '&')
                    .append(URLEncoder.encode(query, StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    /// What follows the `?`, and who asks, is not said again: keys travel there.
    static String shown(String text) {
        int query = text.indexOf('?');
        String bare = query < 0 ? text : text.substring(0, query);
        String known = USER.matcher(bare).replaceAll("…");
        return (known.length() > 200 ? known.substring(0, 200) + " …" : known).replaceAll("\\p{Cntrl}", " ");
    }

    private static String json(HttpWire.Answer answer, Secrets secrets, boolean asBytes) {
        ObjectNode headers = Json.object();
        answer.headers()
                .forEach(
                        (name, values) -> headers.put(clean(secrets, name), clean(secrets, String.join(", ", values))));
        headers.remove("content-encoding"); // it was unpacked
        ObjectNode json = Json.object();
        json.put("status", answer.status());
        json.set("headers", headers);
        byte[] body = secrets.redact(answer.body()); // first: another charset makes other characters of a value
        json.put(
                "body",
                asBytes
                        ? Base64.getEncoder().encodeToString(body)
                        : secrets.redact(new String(body, charsetOf(answer))));
        return Json.write(json);
    }

    /// Bytes of a header are read as Latin-1, whatever they were meant to be.
    private static String clean(Secrets secrets, String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return new String(secrets.redact(bytes), StandardCharsets.ISO_8859_1);
    }

    private static Charset charsetOf(HttpWire.Answer answer) {
        List<String> type = answer.headers().getOrDefault("content-type", List.of(""));
        Matcher named = CHARSET.matcher(type.getFirst());
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
