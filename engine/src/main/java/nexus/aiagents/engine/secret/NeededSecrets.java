package nexus.aiagents.engine.secret;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;

/// Which keys a project needs. Pure.
public final class NeededSecrets {
    private NeededSecrets() {}

    /// @return the names of variables, each with who needs it: `model default`, `crawler for
    ///     api.example.org`
    public static Map<String, List<String>> of(Project project) {
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (ModelSpec model : project.models().values()) {
            add(users, model.apiKeyEnv(), "model " + model.name());
        }
        for (AgentSpec agent : project.agents().values()) {
            for (AgentSpec.SecretGrant secret : agent.grants().secrets()) {
                add(users, secret.name(), agent.name() + " for " + secret.host());
            }
        }
        add(users, project.trust() == null ? null : project.trust().keyEnv(), "the trust registry");
        return users;
    }

    private static void add(Map<String, List<String>> users, @Nullable String name, String by) {
        if (name != null) {
            List<String> all = users.computeIfAbsent(name, _ -> new ArrayList<>());
            if (!all.contains(by)) {
                all.add(by);
            }
        }
    }
}
