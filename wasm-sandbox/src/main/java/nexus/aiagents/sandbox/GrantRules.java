package nexus.aiagents.sandbox;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides whether a grant covers a call. Pure: paths and addresses are resolved where the call is carried
/// out.
final class GrantRules {
    private GrantRules() {}

    static Grants.@Nullable Denial check(Grants grants, HostCall call) {
        return switch (call) {
            case HostCall.Log _, HostCall.Emit _, HostCall.Now _, HostCall.Random _ -> null;
            case HostCall.Model m -> named(grants.models(), m.model(), "model", "models");
            case HostCall.CallAgent a -> named(grants.agents(), a.agent(), "agent", "agents");
            case HostCall.KvGet _, HostCall.KvPut _, HostCall.KvDelete _, HostCall.KvList _ ->
                grants.kv() ? null : new Grants.Denial("durable keys are not granted", "grants: {kv: true}");
            case HostCall.Http h -> http(grants, h);
            case HostCall.FileRead f -> file(grants, f.path(), false);
            case HostCall.FileList f -> file(grants, f.path(), false);
            case HostCall.FileWrite f -> file(grants, f.path(), true);
            case HostCall.FileDelete f -> file(grants, f.path(), true);
            case HostCall.Disk.Mounts _ -> null;
            case HostCall.Disk _ -> // which folder a handle stands for is known where the call is carried out
                grants.files().isEmpty()
                        ? new Grants.Denial("files are not granted", "grants: {files: [{path: …, mode: ro}]}")
                        : null;
        };
    }

    static @Nullable String covering(Grants grants, HostCall call) {
        return switch (call) {
            case HostCall.Log _, HostCall.Emit _, HostCall.Now _, HostCall.Random _ -> null;
            case HostCall.Model m -> coveringName(grants.models(), m.model(), "models");
            case HostCall.CallAgent a -> coveringName(grants.agents(), a.agent(), "agents");
            case HostCall.KvGet _, HostCall.KvPut _, HostCall.KvDelete _, HostCall.KvList _ ->
                grants.kv() ? "kv" : null;
            case HostCall.Http h -> {
                Wanted wanted = Wanted.of(h);
                Grants.HttpRule rule = wanted == null ? null : rule(grants, wanted);
                yield rule == null ? null : "http " + rule.host();
            }
            case HostCall.FileRead f -> coveringMount(grants, f.path(), false);
            case HostCall.FileList f -> coveringMount(grants, f.path(), false);
            case HostCall.FileWrite f -> coveringMount(grants, f.path(), true);
            case HostCall.FileDelete f -> coveringMount(grants, f.path(), true);
            case HostCall.Disk _ -> null; // which folder a handle stands for is known where it is carried out
        };
    }

    private static @Nullable String coveringName(Set<String> granted, @Nullable String name, String key) {
        if (name != null && granted.contains(name)) {
            return key + " " + name;
        }
        return granted.contains("*") ? key + " *" : null;
    }

    private static @Nullable String coveringMount(Grants grants, String path, boolean write) {
        Grants.Mount mount = mount(grants, path, write);
        return mount == null ? null : "files " + mount.guest();
    }

    private static Grants.@Nullable Denial named(Set<String> granted, @Nullable String name, String what, String key) {
        if (granted.contains("*") || (name == null ? !granted.isEmpty() : granted.contains(name))) {
            return null;
        }
        String wanted = name == null ? "*" : name;
        return new Grants.Denial(
                what + " '" + plain(wanted) + "' is not granted", "grants: {" + key + ": [" + quoted(wanted) + "]}");
    }

    /// A name that the program chose, in one line of a message.
    private static String plain(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    /// A name that the program chose, in YAML that a person may paste: it must not grant more than itself.
    private static String quoted(String name) {
        return '"' + plain(name).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// Where a request goes and how, as far as grants care.
    private record Wanted(String method, String host, int port) {
        /// @return null if the text is no such URL
        static @Nullable Wanted of(HostCall.Http call) {
            URI uri;
            try {
                uri = URI.create(call.url());
            } catch (IllegalArgumentException _) {
                return null;
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            String host = uri.getHost();
            if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
                return null;
            }
            int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
            return new Wanted(call.method().toUpperCase(Locale.ROOT), host.toLowerCase(Locale.ROOT), port);
        }
    }

    private static Grants.@Nullable Denial http(Grants grants, HostCall.Http call) {
        Wanted wanted = Wanted.of(call);
        if (wanted == null) {
            String bare = call.url().split("\\?", 2)[0]; // keys travel behind it
            String shown = bare.length() > 200 ? bare.substring(0, 200) + " …" : bare;
            return new Grants.Denial("'" + shown + "' is not an http or https URL", "use https://host/path");
        }
        if (rule(grants, wanted) != null) {
            return null;
        }
        int port = wanted.port();
        return new Grants.Denial(
                wanted.method() + " " + wanted.host() + ":" + port + " is not granted",
                "grants: {http: [{host: \"" + wanted.host() + (port == 443 || port == 80 ? "" : ":" + port)
                        + "\", methods: [" + wanted.method() + "]}]}");
    }

    private static Grants.@Nullable HttpRule rule(Grants grants, Wanted wanted) {
        for (Grants.HttpRule rule : grants.http()) {
            if (rule.covers(wanted.host(), wanted.port())
                    && (rule.methods().isEmpty() ? Set.of("GET", "HEAD") : rule.methods()).contains(wanted.method())) {
                return rule;
            }
        }
        return null;
    }

    static boolean covers(String granted, String host, int port) {
        String pattern = granted.toLowerCase(Locale.ROOT);
        int colon = pattern.lastIndexOf(':');
        boolean portFits = port == 443 || port == 80;
        if (colon > 0 && !pattern.endsWith("]")) {
            portFits = pattern.substring(colon + 1).equals(Integer.toString(port));
            pattern = pattern.substring(0, colon);
        }
        boolean hostFits = pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern);
        return portFits && hostFits;
    }

    private static Grants.@Nullable Denial file(Grants grants, String path, boolean write) {
        if (mount(grants, path, write) != null) {
            return null;
        }
        String what = (write ? "writing '" : "reading '") + plain(path) + "' is not granted";
        boolean leadsOut = path.isEmpty()
                || path.startsWith("/")
                || Arrays.asList(path.split("/")).contains("..");
        return leadsOut
                ? new Grants.Denial(what + ": only a path inside the project can be, without '..'", "")
                : new Grants.Denial(
                        what, "grants: {files: [{path: " + quoted(path) + ", mode: " + (write ? "rw" : "ro") + "}]}");
    }

    /// Without what makes no difference: `./`, `//` and a slash at the end. `..` stays, for what it
    /// leads to is found out where the call is carried out.
    private static String bare(String path) {
        String names = Arrays.stream(path.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .collect(Collectors.joining("/"));
        return path.startsWith("/") ? "/" + names : names;
    }

    private static Grants.@Nullable Mount mount(Grants grants, String path, boolean write) {
        String wanted = bare(path);
        for (Grants.Mount mount : grants.files()) {
            String guest = bare(mount.guest().replace('\\', '/'));
            boolean inside = wanted.equals(guest)
                    || wanted.startsWith(guest.endsWith("/") ? guest : guest + "/")
                    || guest.isEmpty() && !wanted.startsWith("/");
            if (inside && (!write || mount.writable())) {
                return mount;
            }
        }
        return null;
    }
}
