package nexus.aiagents.engine.agent;

/// What every desk shares.
record HostParts(AgentServices services, ModelDesk models, HttpDesk http, Asks asks, Nested nested) {

    @FunctionalInterface
    interface Nested {
        /// Calls another agent and waits; an interrupt cancels the call.
        AgentCalls.Result callAndWait(String agent, String inputJson, Errand errand) throws InterruptedException;
    }
}
