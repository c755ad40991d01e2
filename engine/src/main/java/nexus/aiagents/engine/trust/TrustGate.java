package nexus.aiagents.engine.trust;

import nexus.aiagents.engine.view.AgentView.TrustView;

/// Asked before every start and call of an agent. Thread-safe.
public interface TrustGate {

    /// What is known of the agent and whether it may run; `allowed` is also true where the project only
    /// warns.
    TrustView check(String agent);

    /// What was known at the last check; never blocks. For the views.
    default TrustView known(String agent) {
        return check(agent);
    }
}
