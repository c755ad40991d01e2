package nexus.aiagents.engine.replay;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.sandbox.HostCall;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Replaces what is secret by a text of the same length, always by the same: a program that gets the
/// substitute makes its calls with the substitute, which are then equal to those in the record. For one
/// thread.
///
/// What is secret: the values that are named to it, in whatever of the usual spellings they turn up, and
/// the values of headers and query parameters that carry credentials by their name.
final class Redactor {
    /// Shorter ones can not be told from other text.
    static final int SHORTEST = 4;

    private static final Pattern SECRET_NAME = Pattern.compile(
            "authori[sz]ation|(^|[-_])(auth|pass|sig)($|[-_])|cookie|token|secret|passw|passphrase|credential|private"
                    + "|signature|api[-_]?key|access[-_]?key|(^|[-_])key$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern QUERY = Pattern.compile("([?&#])([^=&#]+)=([^&#]*)");
    private static final Pattern USER = Pattern.compile("(?<=://)[^/@?#]+(?=@)");
    private static final String FILL = "*";

    private final Map<String, String> substitutes = new LinkedHashMap<>();
    private final Map<String, String> nameOf = new LinkedHashMap<>();
    private final Set<String> used = new TreeSet<>();

    /// @param secrets values by name
    Redactor(Map<String, String> secrets) {
        Map<String, String> spellings = new LinkedHashMap<>();
        secrets.forEach((name, value) -> {
            if (value.length() >= SHORTEST) {
                for (String spelling : spellings(value)) {
                    spellings.putIfAbsent(spelling, name);
                }
            }
        });
        // The longest first: one secret may be part of another.
        spellings.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .forEach(spelling -> {
                    substitutes.put(spelling, substitute(spelling));
                    nameOf.put(spelling, String.valueOf(spellings.get(spelling)));
                });
    }

    /// Whether a variable or a header of this name is likely to hold a secret.
    static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    private static List<String> spellings(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        List<String> spellings = new ArrayList<>(List.of(value));
        String quoted = EventJson.mapper().writeValueAsString(value);
        String once = quoted.substring(1, quoted.length() - 1);
        spellings.add(once);
        String twice = EventJson.mapper().writeValueAsString(once); // JSON that travels as a text inside JSON
        spellings.add(twice.substring(1, twice.length() - 1));
        spellings.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        spellings.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        spellings.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        spellings.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        return spellings;
    }

    /// As many bytes of UTF-8, none of them special in JSON or a URL.
    private static String substitute(String value) {
        return FILL.repeat(value.getBytes(StandardCharsets.UTF_8).length);
    }

    String text(String text) {
        String result = text;
        for (Map.Entry<String, String> secret : substitutes.entrySet()) {
            if (result.contains(secret.getKey())) {
                result = result.replace(secret.getKey(), secret.getValue());
                used.add(String.valueOf(nameOf.get(secret.getKey())));
            }
        }
        return result;
    }

    /// The same for bytes in Base64, where a secret may begin at any place. Text that is none stays as
    /// it is.
    private String base64(String encoded) {
        if (substitutes.isEmpty()) {
            return encoded;
        }
        String bytes;
        try {
            bytes = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            return encoded;
        }
        String hidden = bytes; // one character for each byte
        for (Map.Entry<String, String> secret : substitutes.entrySet()) {
            String spelled = new String(secret.getKey().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            if (hidden.contains(spelled)) {
                hidden = hidden.replace(spelled, secret.getValue());
                used.add(String.valueOf(nameOf.get(secret.getKey())));
            }
        }
        return hidden.equals(bytes)
                ? encoded
                : Base64.getEncoder().encodeToString(hidden.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The same for JSON, which stays JSON.
    String json(String json) {
        String result = text(json);
        if (result.equals(json) || isJson(result)) {
            return result;
        }
        return hidden(Texts.read(json)).toString(); // a secret that is a number, or looks like a word of JSON
    }

    private static boolean isJson(String text) {
        try {
            EventJson.mapper().readTree(text);
            return true;
        } catch (JacksonException _) {
            return false;
        }
    }

    private JsonNode hidden(JsonNode node) {
        var make = EventJson.mapper().getNodeFactory();
        if (node.isObject()) {
            ObjectNode copy = make.objectNode();
            node.properties().forEach(field -> copy.set(text(field.getKey()), hidden(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = make.arrayNode();
            node.forEach(item -> copy.add(hidden(item)));
            return copy;
        }
        String plain = node.isString() ? node.stringValue() : node.toString();
        String hidden = text(plain);
        return node.isString() || !hidden.equals(plain) ? make.stringNode(hidden) : node;
    }

    Map<String, String> env(Map<String, String> env) {
        Map<String, String> result = new LinkedHashMap<>();
        env.forEach((name, value) -> result.put(name, text(value)));
        return result;
    }

    /// Arguments of a call.
    String arguments(ObjectNode arguments) {
        ObjectNode copy = arguments.deepCopy();
        if (copy.path("headers") instanceof ObjectNode headers) {
            hide(headers);
        }
        hideBytes(copy, "body", copy.path("sendsBytes").asBoolean(false));
        hideBytes(copy, "text", copy.path("bytes").asBoolean(false));
        hideBytes(copy, "base64", true);
        JsonNode url = copy.path("url");
        if (url.isString()) {
            copy.put("url", query(url.stringValue()));
        }
        return json(copy.toString());
    }

    private void hideBytes(ObjectNode in, String field, boolean areBytes) {
        JsonNode value = in.path(field);
        if (areBytes && value.isString()) {
            in.put(field, base64(value.stringValue()));
        }
    }

    /// An answer; headers and bytes that it brings are looked at too.
    String answer(HostCall call, String answerJson) {
        boolean bytes = Texts.answersBytes(call);
        if (!(call instanceof HostCall.Http || bytes) || !answerJson.startsWith("{\"ok\":")) {
            return json(answerJson);
        }
        JsonNode answer = Texts.read(answerJson);
        JsonNode ok = answer.path("ok");
        String before = answer.toString();
        if (bytes && ok.isString()) {
            ((ObjectNode) answer).put("ok", base64(ok.stringValue()));
        }
        if (call instanceof HostCall.Http && ok instanceof ObjectNode received) {
            hideBytes(received, "body", bytes);
            if (received.path("headers") instanceof ObjectNode headers) {
                hide(headers);
            }
        }
        String after = answer.toString();
        return json(after.equals(before) ? answerJson : after);
    }

    private void hide(ObjectNode headers) {
        for (String name : List.copyOf(headers.propertyNames())) {
            JsonNode value = headers.path(name);
            if (isSecretName(name) && value.isString() && !value.stringValue().isEmpty()) {
                headers.put(name, substitute(value.stringValue()));
                used.add("header " + name.toLowerCase(Locale.ROOT));
            }
        }
    }

    private String query(String url) {
        Matcher matcher = QUERY.matcher(url);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(2);
            String value = matcher.group(3);
            if (isSecretName(name) && !value.isEmpty()) {
                used.add("parameter " + name);
                value = substitute(value);
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(matcher.group(1) + name + "=" + value));
        }
        matcher.appendTail(result);
        Matcher user = USER.matcher(result);
        if (user.find()) {
            used.add("user of a URL");
            result.replace(user.start(), user.end(), substitute(user.group()));
        }
        return result.toString();
    }

    /// Names of what was replaced so far.
    List<String> used() {
        return List.copyOf(used);
    }
}
