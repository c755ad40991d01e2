package nexus.aiagents.sandbox.internal.metering;

import nexus.aiagents.sandbox.HostCalls;

/// A host that only passes calls on to another process and waits: nothing that a program could tear by
/// running out of stack, so the thread of the run does it, which saves two switches of threads a call.
public interface PassedOn extends HostCalls {}
