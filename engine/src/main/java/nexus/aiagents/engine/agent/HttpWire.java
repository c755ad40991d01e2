package nexus.aiagents.engine.agent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 exchange over a connection of its own, with exactly the addresses it is given: it looks no
/// name up. The host name serves the `Host` header and TLS alone: the name that is asked for and the
/// one the certificate has to be for. Thread-safe.
///
/// @param tls      makes TLS of a connection; asked for when first needed
/// @param maxBytes of an answer's body, both as it comes and unpacked
record HttpWire(Connector connector, Supplier<SSLSocketFactory> tls, long maxBytes) {
    private static final int CONNECT_MILLIS = 10_000;

    @FunctionalInterface
    interface Connector {
        Socket connect(InetAddress address, int port, int timeoutMillis) throws IOException;
    }

    static HttpWire overTheNetwork(long maxBytes) {
        Connector direct = (address, port, millis) -> {
            Socket socket = new Socket(java.net.Proxy.NO_PROXY);
            try {
                socket.connect(new InetSocketAddress(address, port), millis);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        };
        return new HttpWire(direct, () -> (SSLSocketFactory) SSLSocketFactory.getDefault(), maxBytes);
    }

    /// @param host    without brackets
    /// @param target  path and query, in ASCII
    /// @param headers in the order in which they are sent, `Host` and those of the body excepted
    record Request(
            String method,
            boolean secure,
            String host,
            int port,
            String target,
            List<Map.Entry<String, String>> headers,
            byte @Nullable [] body) {}

    /// @param headers names in lower case
    record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    static final class TooLarge extends IOException {
        TooLarge(String message) {
            super(message);
        }
    }

    /// The connection under way, so that it can be cut.
    private static final class Line {
        private @Nullable Socket socket;
        private boolean cut;

        synchronized void is(Socket now) throws IOException {
            socket = now;
            if (cut) {
                now.close();
            }
        }

        synchronized void cut() {
            cut = true;
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException _) {
                // It is given up in any case.
            }
        }
    }

    /// @throws TimeoutException if it is not over by then, whatever it waits for
    /// @throws TooLarge         if the answer is larger than allowed
    Answer exchange(Request request, List<InetAddress> addresses, long deadlineNanos)
            throws IOException, TimeoutException, InterruptedException {
        Line line = new Line();
        FutureTask<Answer> task = new FutureTask<>(() -> exchange(request, addresses, line));
        Thread worker = Thread.ofVirtual().name("http").start(task);
        try {
            return task.get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause());
        } finally {
            line.cut();
            worker.interrupt();
        }
    }

    private Answer exchange(Request request, List<InetAddress> addresses, Line line) throws IOException {
        Socket plain = connect(request, addresses, line);
        try (Socket socket = request.secure() ? secured(plain, request) : plain) {
            OutputStream out = socket.getOutputStream();
            out.write(head(request));
            if (request.body() != null) {
                out.write(request.body());
            }
            out.flush();
            HttpReader in = new HttpReader(socket.getInputStream(), maxBytes);
            HttpReader.Head head = in.head();
            byte[] body = request.method().equals("HEAD") ? new byte[0] : in.body(head);
            return new Answer(head.status(), head.headers(), unpacked(head, body));
        }
    }

    private Socket connect(Request request, List<InetAddress> addresses, Line line) throws IOException {
        IOException first = null;
        for (InetAddress address : addresses) {
            try {
                Socket socket = connector.connect(address, request.port(), CONNECT_MILLIS);
                line.is(socket);
                return socket;
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address") : first;
    }

    private Socket secured(Socket plain, Request request) throws IOException {
        SSLSocket socket = (SSLSocket) tls.get().createSocket(plain, request.host(), request.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        boolean literal = request.host().indexOf(':') >= 0 || Addresses.isLiteral(request.host());
        if (!literal) {
            parameters.setServerNames(List.of(new SNIHostName(request.host())));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] head(Request request) {
        boolean usual = request.port() == (request.secure() ? 443 : 80);
        String host = request.host().indexOf(':') >= 0 ? "[" + request.host() + "]" : request.host();
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        line(head, "Host", usual ? host : host + ":" + request.port());
        request.headers().forEach(header -> line(head, header.getKey(), header.getValue()));
        line(head, "Accept-Encoding", "gzip");
        line(head, "Connection", "close");
        byte[] body = request.body();
        if (body != null) {
            line(head, "Content-Length", Integer.toString(body.length));
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /// A small answer can unpack to a huge one.
    private byte[] unpacked(HttpReader.Head head, byte[] body) throws IOException {
        String encoding = head.first("content-encoding").toLowerCase(Locale.ROOT);
        if (body.length == 0 || encoding.isEmpty() || encoding.equals("identity")) {
            return body;
        }
        try (InputStream in = switch (encoding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body));
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(body));
            default -> throw new IOException("it answers in the encoding '" + encoding + "', which was not asked for");
        }) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] block = new byte[16_384];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                if (out.size() + n > maxBytes) {
                    throw new TooLarge("it unpacks to more than " + maxBytes + " bytes");
                }
                out.write(block, 0, n);
            }
            return out.toByteArray();
        }
    }
}
