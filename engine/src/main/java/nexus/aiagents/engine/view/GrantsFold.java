package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.view.AgentView.DenialView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import nexus.aiagents.engine.view.AgentView.GrantsView;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one agent made of its grants. Confined to {@link ViewFold}.
final class GrantsFold {
    private static final int DENIALS_KEPT = 50;

    private record Use(long count, long lastEpochMillis) {}

    private record Denial(String kind, String what, String remedy, long count, long lastEpochMillis) {}

    /// By grant, as {@link EngineEvent.HostCallMade#grants} names it.
    private LinkedHashMap<String, Use> uses = new LinkedHashMap<>();

    /// By what was wanted, the latest last.
    private LinkedHashMap<String, Denial> denials = new LinkedHashMap<>();

    void used(Instant at, List<String> grants) {
        for (String grant : grants) {
            Use before = uses.get(grant);
            uses.put(grant, new Use(before == null ? 1 : before.count() + 1, at.toEpochMilli()));
        }
    }

    void denied(Instant at, EngineEvent.HostCallDenied e) {
        add(new Denial(e.kind(), e.reason(), e.remedy(), 1, at.toEpochMilli()));
    }

    private void add(Denial denial) {
        String key = denial.kind() + " " + denial.what();
        Denial before = denials.remove(key);
        long count = denial.count() + (before == null ? 0 : before.count());
        denials.put(key, new Denial(denial.kind(), denial.what(), denial.remedy(), count, denial.lastEpochMillis()));
        if (denials.size() > DENIALS_KEPT) {
            denials.remove(denials.keySet().iterator().next());
        }
    }

    /// An instance is no more; what it did was done.
    void takeOver(GrantsFold gone) {
        gone.uses.forEach((grant, use) -> uses.merge(
                grant,
                use,
                (a, b) -> new Use(a.count() + b.count(), Math.max(a.lastEpochMillis(), b.lastEpochMillis()))));
        gone.denials.values().forEach(this::add);
    }

    GrantsView view(AgentSpec spec) {
        List<GrantView> declared = declared(spec).stream()
                .map(grant -> {
                    Use use = uses.get((grant.kind() + " " + grant.name()).strip());
                    return use == null
                            ? grant
                            : new GrantView(
                                    grant.kind(),
                                    grant.name(),
                                    grant.detail(),
                                    grant.itemJson(),
                                    use.count(),
                                    Instant.ofEpochMilli(use.lastEpochMillis()));
                })
                .toList();
        List<DenialView> refused = new ArrayList<>();
        denials.values()
                .forEach(d -> refused.add(new DenialView(
                        d.kind(), d.what(), d.remedy(), d.count(), Instant.ofEpochMilli(d.lastEpochMillis()))));
        refused.sort(Comparator.comparing(DenialView::last).reversed());
        return new GrantsView(asks(spec), declared, refused);
    }

    private static boolean asks(AgentSpec spec) {
        return spec.grants().onDenied() == AgentSpec.OnDenied.ASK;
    }

    /// Of an agent that made no call yet.
    static GrantsView unused(AgentSpec spec) {
        List<GrantView> declared = declared(spec);
        return declared.isEmpty() && !asks(spec) ? GrantsView.NONE : new GrantsView(asks(spec), declared, List.of());
    }

    private static List<GrantView> declared(AgentSpec spec) {
        AgentSpec.GrantSpec grants = spec.grants();
        List<GrantView> all = new ArrayList<>();
        new TreeSet<>(grants.models()).forEach(name -> all.add(named("models", name)));
        grants.http().forEach(rule -> all.add(http(rule)));
        grants.secrets().forEach(secret -> all.add(secret(secret)));
        grants.files().forEach(file -> all.add(file(file)));
        new TreeSet<>(grants.agents()).forEach(name -> all.add(named("agents", name)));
        if (grants.kv()) {
            all.add(keys(grants.kvBytes()));
        }
        new TreeSet<>(grants.env()).forEach(name -> all.add(named("env", name)));
        return all;
    }

    private static GrantView named(String kind, String name) {
        return grant(kind, name, "", JsonNodeFactory.instance.stringNode(name).toString());
    }

    private static GrantView grant(String kind, String name, String detail, String itemJson) {
        return new GrantView(kind, name, detail, itemJson, 0, null);
    }

    private static GrantView http(AgentSpec.HttpGrant rule) {
        ObjectNode item = object("host", rule.host());
        if (!rule.methods().isEmpty()) {
            rule.methods().forEach(item.putArray("methods")::add);
        }
        if (rule.privateToo()) {
            item.put("private", true);
        }
        String methods = rule.methods().isEmpty() ? "GET, HEAD" : String.join(", ", rule.methods());
        return grant("http", rule.host(), methods + (rule.privateToo() ? ", private" : ""), item.toString());
    }

    private static GrantView secret(AgentSpec.SecretGrant secret) {
        ObjectNode item = object("name", secret.name());
        item.put("host", secret.host());
        String query = secret.query();
        if (query == null) {
            item.put("header", secret.header());
        } else {
            item.put("query", query);
        }
        item.put("format", secret.format());
        String place = query == null ? secret.header() : "?" + query + "=";
        return grant("secrets", secret.name(), "to " + secret.host() + ", " + place, item.toString());
    }

    private static GrantView file(AgentSpec.FileGrant file) {
        ObjectNode item = object("path", file.path());
        item.put("mode", file.writable() ? "rw" : "ro");
        return grant("files", file.path(), file.writable() ? "read and write" : "read", item.toString());
    }

    private static GrantView keys(long bytes) {
        boolean usual = bytes == AgentSpec.GrantSpec.KV_BYTES;
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.put("maxBytes", bytes);
        String size = bytes >= 1 << 20 ? (bytes >> 20) + " MB" : (bytes >> 10) + " KB";
        return grant("kv", "", "up to " + size, usual ? "true" : item.toString());
    }

    private static ObjectNode object(String key, String value) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.put(key, value);
        return item;
    }
}
