package nexus.aiagents.engine.agent;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.Grants;
import org.jspecify.annotations.Nullable;

/// Where a granted name really leads. A name is looked up once and the connection goes to the address
/// that was checked here, so an answer that changes a moment later changes nothing. Immutable.
///
/// @param resolver looks a name up; called once for each request or hop
record Addresses(Resolver resolver) {
    /// What any tool could take for an IPv4 address: `127.1`, `0x7f000001`, `0177.0.0.1`, `2130706433`.
    private static final Pattern NUMBER_LIKE = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)\\.?");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");

    @FunctionalInterface
    interface Resolver {
        List<InetAddress> lookUp(String host) throws UnknownHostException;
    }

    static final Addresses OF_THE_SYSTEM = new Addresses(host -> List.of(InetAddress.getAllByName(host)));

    static boolean isLiteral(String host) {
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
    }

    /// Addresses to connect to, in the order in which they are tried, never empty. If one of several is
    /// not public none is taken.
    ///
    /// @param host as the URL has it, an IPv6 address in brackets
    List<InetAddress> of(Grants grants, String host, int port) throws HostCallFailed {
        String name = host.toLowerCase(Locale.ROOT);
        List<InetAddress> found = found(name);
        boolean named = grants.http().stream()
                .filter(rule -> rule.covers(name, port))
                .anyMatch(rule ->
                        rule.privateToo() || (isLiteral(name) && !rule.host().startsWith("*")));
        boolean itself = name.equals("localhost") && found.stream().allMatch(InetAddress::isLoopbackAddress);
        if (!named && !itself && found.stream().anyMatch(Addresses::isPrivate)) {
            throw new HostCallFailed(
                    "private-address",
                    host + " is an address of this machine or of a private network; grant `localhost` or the address"
                            + " itself, or say `private: true` beside `host: " + host + "`, if that is meant");
        }
        return found;
    }

    private List<InetAddress> found(String name) throws HostCallFailed {
        try {
            if (isLiteral(name)) {
                return List.of(
                        InetAddress.ofLiteral(name.startsWith("[") ? name.substring(1, name.length() - 1) : name));
            }
            if (name.startsWith("[") || NUMBER_LIKE.matcher(name).matches()) {
                throw new HostCallFailed(
                        "bad-input", "'" + name + "' is no address: write it as 192.0.2.1 or [2001:db8::1]");
            }
            List<InetAddress> found = resolver.lookUp(name);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IllegalArgumentException e) {
            throw new HostCallFailed("bad-input", "'" + name + "' is no address");
        } catch (UnknownHostException _) {
            // Said below.
        }
        throw new HostCallFailed("http-error", "there is no host '" + name + "'");
    }

    /// Anything that is not an address of one machine on the public Internet.
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? isReserved4(bytes)
                : address instanceof Inet6Address && isReserved6(bytes);
    }

    private static boolean isReserved4(byte[] b) {
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        int third = b[2] & 0xff;
        return switch (first) {
            case 0 -> true;
            case 100 -> (second & 0xc0) == 64; // carriers
            case 192 -> second == 0 && (third == 0 || third == 2);
            case 198 -> second == 18 || second == 19 || (second == 51 && third == 100);
            case 203 -> second == 0 && third == 113;
            default -> first >= 240;
        };
    }

    private static boolean isReserved6(byte[] b) {
        int first = (b[0] & 0xff) << 8 | (b[1] & 0xff);
        int second = (b[2] & 0xff) << 8 | (b[3] & 0xff);
        if ((b[0] & 0xfe) == 0xfc) { // unique local
            return true;
        }
        if (first == 0x2001 && (second < 0x200 || second == 0xdb8)) { // Teredo and other protocols, documentation
            return true;
        }
        if (first == 0x3fff && second < 0x1000) { // documentation
            return true;
        }
        InetAddress inner = switch (first) {
            case 0 -> embedded(b, 12);
            case 0x64 -> translates(b) ? embedded(b, 12) : null;
            case 0x2002 -> embedded(b, 2); // 6to4
            default -> null;
        };
        // Global unicast is 2000::/3; besides it only what translates to a public IPv4 address.
        return inner == null ? (b[0] & 0xe0) != 0x20 : first == 0 || isPrivate(inner);
    }

    /// Whether it is of 64:ff9b::/96, the translation of all IPv4. That of 64:ff9b:1::/48 is a
    /// network's own.
    private static boolean translates(byte[] b) {
        boolean prefix = b[2] == (byte) 0xff && b[3] == (byte) 0x9b;
        for (int i = 4; i < 12; i++) {
            prefix &= b[i] == 0;
        }
        return prefix;
    }

    private static @Nullable InetAddress embedded(byte[] b, int from) {
        byte[] four = {b[from], b[from + 1], b[from + 2], b[from + 3]};
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are an address
        }
    }
}
