package nexus.aiagents.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a program may do to the world. Starts with nothing: only `log`, `emit`, `now` and `random` need no
/// grant.
///
/// @param models model names, `*` for every model of the project
/// @param http rules for requests
/// @param files folders of the host that the program sees under a guest path
/// @param agents names of agents it may call, `*` for all
/// @param kv whether it has durable keys of its own
/// @param env variables it can read, by name
public record Grants(
        Set<String> models,
        List<HttpRule> http,
        List<Mount> files,
        Set<String> agents,
        boolean kv,
        Map<String, String> env) {

    public static final Grants NONE = new Grants(Set.of(), List.of(), List.of(), Set.of(), false, Map.of());

    public Grants {
        models = Set.copyOf(models);
        http = List.copyOf(http);
        files = List.copyOf(files);
        agents = Set.copyOf(agents);
        env = Map.copyOf(env);
    }

    /// `host` is a name or `*.name`, an optional `:port` behind it (default 443 and 80); `methods` empty
    /// means GET and HEAD.
    ///
    /// @param privateToo also where the host turns out to be an address of this machine or of a private
    ///     network
    public record HttpRule(String host, Set<String> methods, boolean privateToo) {
        public HttpRule {
            methods = Set.copyOf(methods);
        }

        public HttpRule(String host, Set<String> methods) {
            this(host, methods, false);
        }

        /// @param name in lower case, an IPv6 address in brackets
        public boolean covers(String name, int port) {
            return GrantRules.covers(host, name, port);
        }
    }

    public record Mount(String guest, Path host, boolean writable) {}

    /// Why a call is not granted, and the line of YAML that would grant it.
    public record Denial(String reason, String remedy) {}

    /// @return null if the call is granted
    public @Nullable Denial check(HostCall call) {
        return GrantRules.check(this, call);
    }

    /// What of all that is granted covers the call, as `KIND NAME`: `http *.example.org`, `models *`,
    /// `files notes`, `kv`. Null if nothing does, or if the call needs no grant.
    public @Nullable String covering(HostCall call) {
        return GrantRules.covering(this, call);
    }
}
