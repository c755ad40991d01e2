package nexus.aiagents.engine.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// From the `grants` of an agent to their specification.
final class GrantReader {
    private static final long LEAST_KV = 1 << 10;
    private static final long MOST_KV = 64 << 20;

    private final Definition definition;
    private final Body body;
    private final Scope scope;

    GrantReader(Definition definition, Body body, Scope scope) {
        this.definition = definition;
        this.body = body;
        this.scope = scope;
    }

    AgentSpec.GrantSpec read() {
        if (!body.has("grants")) {
            return AgentSpec.GrantSpec.NONE;
        }
        Body grants = body.body("grants");
        List<AgentSpec.HttpGrant> http = new ArrayList<>();
        for (YamlNode item : grants.list("http")) {
            if (item instanceof YamlNode.Mapping rule) {
                Body one = new Body(rule);
                http.add(new AgentSpec.HttpGrant(one.text("host", ""), one.words("methods"), one.flag("private")));
            }
        }
        List<AgentSpec.FileGrant> files = new ArrayList<>();
        for (YamlNode item : grants.list("files")) {
            if (item instanceof YamlNode.Mapping rule) {
                files.add(file(new Body(rule)));
            }
        }
        long kvBytes = grants.body("kv").bytes("maxBytes", AgentSpec.GrantSpec.KV_BYTES);
        if (kvBytes < LEAST_KV || kvBytes > MOST_KV) {
            scope.add(Code.BAD_LIMIT.at(
                    grants.body("kv").at("maxBytes"), "`maxBytes` must be at least 1KB and at most 64MB"));
        }
        boolean keys = grants.flag("kv") || grants.node("kv") instanceof YamlNode.Mapping;
        return new AgentSpec.GrantSpec(
                grants.words("models"),
                List.copyOf(http),
                List.copyOf(files),
                grants.words("agents"),
                keys,
                grants.words("env"),
                kvBytes,
                secrets(grants, http),
                grants.word("onDenied", AgentSpec.OnDenied.DENY));
    }

    private List<AgentSpec.SecretGrant> secrets(Body grants, List<AgentSpec.HttpGrant> http) {
        List<AgentSpec.SecretGrant> secrets = new ArrayList<>();
        for (YamlNode item : grants.list("secrets")) {
            if (item instanceof YamlNode.Mapping map) {
                Body one = new Body(map);
                AgentSpec.SecretGrant secret = secret(one);
                check(secret, one, grants, http, secrets);
                secrets.add(secret);
            }
        }
        return List.copyOf(secrets);
    }

    private static AgentSpec.SecretGrant secret(Body one) {
        String header = one.text("header", "Authorization");
        String query = one.text("query");
        boolean bearer = query == null && header.equalsIgnoreCase("Authorization");
        return new AgentSpec.SecretGrant(
                one.text("name", ""),
                one.text("host", "").toLowerCase(Locale.ROOT),
                header,
                query,
                one.text("format", bearer ? "Bearer {}" : "{}"));
    }

    private void check(
            AgentSpec.SecretGrant secret,
            Body one,
            Body grants,
            List<AgentSpec.HttpGrant> http,
            List<AgentSpec.SecretGrant> before) {
        if (one.has("header") && one.has("query")) {
            scope.add(Code.SECRET_TWICE.at(
                    one.at("query"), "a secret goes into a header or into the query, not into both: remove one"));
        }
        for (AgentSpec.SecretGrant other : before) {
            boolean sameQuery = secret.query() != null && secret.query().equals(other.query());
            boolean sameHeader = secret.query() == null
                    && other.query() == null
                    && secret.header().equalsIgnoreCase(other.header());
            if (other.host().equals(secret.host()) && (sameQuery || sameHeader)) {
                scope.add(Code.SECRET_TWICE.at(
                        one.at("name"),
                        "`" + other.name() + "` goes to the same place of requests to " + secret.host()
                                + ": name another `header`, or remove one"));
            }
        }
        if (grants.words("env").contains(secret.name())) {
            scope.add(Code.SECRET_READABLE.at(
                    one.at("name"),
                    "`" + secret.name() + "` is granted under `env` too, so the program can read it: remove it there"));
        }
        String host = secret.host();
        if (!host.isEmpty()
                && http.stream().noneMatch(rule -> reaches(rule.host().toLowerCase(Locale.ROOT), host))) {
            scope.add(Code.SECRET_UNUSED.at(
                    one.at("host"),
                    "the agent may not ask " + host + ", so the secret is never sent: add it under `http`"));
        }
    }

    private static boolean reaches(String granted, String host) {
        return granted.equals(host) || (granted.startsWith("*.") && host.endsWith(granted.substring(1)));
    }

    private AgentSpec.FileGrant file(Body rule) {
        String path = rule.text("path", "");
        boolean writable = rule.text("mode", "ro").equals("rw");
        Path file = scope.sources().inside(path);
        if (file == null) {
            scope.add(Code.OUTSIDE_PROJECT.at(
                    rule.at("path"), "`" + path + "` is not inside the project: only its own files can be granted"));
        } else if (!Files.exists(file)) {
            scope.add(
                    writable
                            ? Code.GRANT_FILE_NOT_YET.at(
                                    rule.at("path"), "`" + path + "` does not exist yet: make the folder")
                            : Code.GRANT_FILE_MISSING.at(
                                    rule.at("path"), "`" + path + "` does not exist: make it, or remove the grant"));
        }
        if (writable && file != null && holdsConfiguration(file)) {
            scope.add(Code.GRANT_OF_YAML.at(
                    rule.at("path"),
                    "`" + path
                            + "` holds YAML of this project: who may write there can change what it is granted. Grant a"
                            + " folder below it"));
        }
        return new AgentSpec.FileGrant(path, writable);
    }

    private boolean holdsConfiguration(Path granted) {
        Path own = scope.sources().inside(definition.at().file());
        return own != null && own.startsWith(granted);
    }
}
