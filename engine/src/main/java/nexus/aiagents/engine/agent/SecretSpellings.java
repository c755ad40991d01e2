package nexus.aiagents.engine.agent;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// How a server that repeats what it was sent may spell a value: as the encoders in use write JSON,
/// URLs and Base64.
final class SecretSpellings {
    /// What JavaScript leaves as it is in a part of a URL, and Java does not.
    private static final String BARE_IN_URLS = "!'()~";

    /// What some write as `\\u002B` in JSON that may stand in a page.
    private static final String CAREFUL_IN_JSON = "+&<>'`=";

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");

    private SecretSpellings() {}

    static Set<String> of(String value) {
        Set<String> all = new LinkedHashSet<>();
        all.add(value);
        String inUrls = URLEncoder.encode(value, StandardCharsets.UTF_8);
        for (String url : List.of(inUrls, bare(inUrls))) {
            for (String spaced : List.of(url, url.replace("+", "%20"))) {
                all.add(spaced);
                all.add(lowerEscapes(spaced));
            }
        }
        String json = inJson(value);
        all.add(json);
        all.add(inJson(json)); // a text in a text
        all.add(json.replace("/", "\\/"));
        all.add(careful(json, "%04X"));
        all.add(careful(json, "%04x"));
        base64(all, value.getBytes(StandardCharsets.UTF_8));
        return all;
    }

    private static String inJson(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String careful(String json, String hex) {
        StringBuilder text = new StringBuilder();
        json.chars().forEach(c -> {
            if (CAREFUL_IN_JSON.indexOf(c) >= 0 || c > 126) {
                text.append("\\u").append(String.format(hex, c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }

    private static String bare(String inUrls) {
        String bare = inUrls;
        for (char c : BARE_IN_URLS.toCharArray()) {
            bare = bare.replace(String.format("%%%02X", (int) c), String.valueOf(c));
        }
        return bare;
    }

    private static String lowerEscapes(String inUrls) {
        return ESCAPE.matcher(inUrls).replaceAll(match -> match.group().toLowerCase(Locale.ROOT));
    }

    /// Of something longer that has the value in its middle only the digits that are the value's alone
    /// are known. They are others for each of three places that it can begin at.
    private static void base64(Set<String> all, byte[] bytes) {
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            all.add(encoder.withoutPadding().encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                byte[] shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                byte[] digits = encoder.withoutPadding().encode(shifted);
                int from = before == 0 ? 0 : before + 1;
                int to = digits.length - (shifted.length % 3 == 0 ? 0 : 1);
                all.add(new String(Arrays.copyOfRange(digits, from, to), StandardCharsets.ISO_8859_1));
            }
        }
    }
}
