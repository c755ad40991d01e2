package nexus.aiagents.engine.agent;

/// What every desk shares.
record HostParts(AgentServices services, ModelDesk models, HttpDesk http, Nested nested) {

    @FunctionalInterface
    interface Nested {
        /// Calls another agent on behalf of `caller` and waits; an interrupt cancels the call.
        AgentCalls.Result callAndWait(String agent, String inputJson, Errand caller) throws InterruptedException;
    }
}
