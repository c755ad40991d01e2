package nexus.aiagents.sandbox;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
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

    private static Grants.@Nullable Denial named(Set<String> granted, @Nullable String name, String what, String key) {
        if (granted.contains("*") || (name == null ? !granted.isEmpty() : granted.contains(name))) {
            return null;
        }
        String wanted = name == null ? "*" : name;
        return new Grants.Denial(
                what + " '" + wanted + "' is not granted", "grants: {" + key + ": [\"" + wanted + "\"]}");
    }

    private static Grants.@Nullable Denial http(Grants grants, HostCall.Http call) {
        URI uri;
        try {
            uri = URI.create(call.url());
        } catch (IllegalArgumentException e) {
            return new Grants.Denial("'" + call.url() + "' is not a URL", "use https://host/path");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
            return new Grants.Denial("'" + call.url() + "' is not an http or https URL", "use https://host/path");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        String method = call.method().toUpperCase(Locale.ROOT);
        for (Grants.HttpRule rule : grants.http()) {
            if (covers(rule, host.toLowerCase(Locale.ROOT), port)
                    && (rule.methods().isEmpty() ? Set.of("GET", "HEAD") : rule.methods()).contains(method)) {
                return null;
            }
        }
        return new Grants.Denial(
                method + " " + host + ":" + port + " is not granted",
                "grants: {http: [{host: \"" + host + (port == 443 || port == 80 ? "" : ":" + port) + "\", methods: ["
                        + method + "]}]}");
    }

    private static boolean covers(Grants.HttpRule rule, String host, int port) {
        String pattern = rule.host().toLowerCase(Locale.ROOT);
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
        for (Grants.Mount mount : grants.files()) {
            boolean inside = path.equals(mount.guest())
                    || path.startsWith(mount.guest().endsWith("/") ? mount.guest() : mount.guest() + "/");
            if (inside && (!write || mount.writable())) {
                return null;
            }
        }
        return new Grants.Denial(
                (write ? "writing '" : "reading '") + path + "' is not granted",
                "grants: {files: [{path: \"" + path + "\", mode: " + (write ? "rw" : "ro") + "}]}");
    }
}
