package nexus.aiagents.engine.project;

import java.util.List;

/// From a `trust` block to its specification.
final class TrustReader {
    private TrustReader() {}

    static TrustSpec read(Definition definition, Scope scope) {
        Body body = new Body(definition.body());
        TrustSpec.Provider provider = body.word("provider", TrustSpec.Provider.LOCAL);
        if (provider == TrustSpec.Provider.AXIS && !body.has("baseUrl")) {
            scope.add(Code.GATE_CLOSED.at(
                    definition.at(),
                    "no registry is named, so no agent can be verified and the gate stays closed: add `baseUrl:`, or"
                            + " use `provider: local`"));
        }
        if (provider == TrustSpec.Provider.LOCAL) {
            for (String key : List.of("baseUrl", "apiKeyEnv")) {
                if (body.has(key)) {
                    scope.add(Code.KEY_UNUSED.at(
                            body.at(key), "`" + key + "` is only used by `provider: axis`: remove it"));
                }
            }
        }
        Body requirements = body.body("requirements");
        return new TrustSpec(
                provider,
                Integer.parseInt(requirements.text("minTrustTier", "T0").substring(1)),
                requirements.text("minCreditRating"),
                body.body("enforcement").word("onUntrusted", TrustSpec.OnUntrusted.REJECT),
                Integer.parseInt(
                        body.body("enforcement").text("isolateBelow", "T0").substring(1)),
                body.text("baseUrl"),
                body.text("apiKeyEnv"),
                body.flag("requireSignature"),
                body.words("signers"),
                definition.at());
    }
}
