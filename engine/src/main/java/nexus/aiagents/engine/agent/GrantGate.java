package nexus.aiagents.engine.agent;

import java.util.function.BooleanSupplier;
import nexus.aiagents.engine.journal.EngineEvent.HostCallDenied;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;

/// Whether a call of one run is granted, and where it is not and the agent says so, the question to a
/// person.
final class GrantGate {
    private final HostParts parts;
    private final Team team;
    private final AgentSpec spec;
    private final AgentState agent;
    private final Errand errand;
    private final BooleanSupplier stopping;
    private final FileCalls files;
    private final String scope;
    /// Grows by what a person allows meanwhile.
    private Grants grants;

    /// @param stopping whether the run was asked to end by itself
    GrantGate(
            HostParts parts,
            Team team,
            AgentSpec spec,
            AgentState agent,
            Errand errand,
            BooleanSupplier stopping,
            Grants grants,
            FileCalls files) {
        this.parts = parts;
        this.team = team;
        this.spec = spec;
        this.agent = agent;
        this.errand = errand;
        this.stopping = stopping;
        this.grants = grants;
        this.files = files;
        String runId = errand.runId();
        this.scope = runId == null ? parts.asks().newScope() : runId;
    }

    Grants grants() {
        return grants;
    }

    /// @param granted    to this call: more than to others, if a person allows it once
    /// @param writesOnce the name of a grant to read that this call may write to, null: none
    record Pass(Grants granted, @Nullable String writesOnce) {}

    /// @throws Denied         if it is not granted, which is written down
    /// @throws HostCallFailed if it could not be granted, such as a URL that is none
    Pass require(HostCall call) throws Denied, HostCallFailed, InterruptedException {
        if (call instanceof HostCall.Http http) {
            HttpDesk.check(http); // no grant makes an address of it
        }
        boolean asks = spec.grants().onDenied() == AgentSpec.OnDenied.ASK;
        Grants.Denial denial = grants.check(call);
        String toWrite =
                asks && denial == null && call instanceof HostCall.Disk disk ? files.lackingToWrite(disk) : null;
        if (denial == null && toWrite == null) {
            return new Pass(grants, null); // what only the attempt shows is said there
        }
        Wanted wanted = !asks ? null : toWrite == null ? Wanted.of(call) : Wanted.toWrite(toWrite);
        Asks.Decision decision = wanted == null ? Asks.Decision.DENY : decision(wanted, call);
        Grants more =
                wanted == null ? grants : wanted.addedTo(grants, team.project().folder());
        if (!decision.allows() || more.check(call) != null) {
            throw denied(
                    call,
                    denial == null
                            ? new Grants.Denial(
                                    "writing to '" + toWrite + "' is not granted",
                                    "grants: {files: [{path: \"" + toWrite + "\", mode: rw}]}")
                            : denial);
        }
        if (decision == Asks.Decision.ONCE) {
            return new Pass(more, toWrite);
        }
        grants = more;
        if (toWrite != null) {
            files.allowWriting(toWrite);
        }
        return new Pass(more, null);
    }

    private Asks.Decision decision(Wanted wanted, HostCall call) throws HostCallFailed, InterruptedException {
        Boolean known = parts.asks().known(agent.agent, scope, wanted);
        if (known != null) {
            return known ? Asks.Decision.RUN : Asks.Decision.DENY;
        }
        errand.stopwatch().suspend();
        Asks.Decision decision;
        try {
            decision = parts.asks().ask(agent, errand.runId(), scope, wanted, HttpDesk.shown(words(call)));
        } finally {
            errand.stopwatch().resume();
        }
        if (stopping.getAsBoolean()) {
            throw HostCallFailed.ending(ExitReason.SHUTDOWN);
        }
        return decision;
    }

    private String words(HostCall call) {
        String onDisk = call instanceof HostCall.Disk disk ? files.describe(disk) : null;
        return onDisk == null ? CallWords.named(call) : onDisk;
    }

    private Denied denied(HostCall call, Grants.Denial denial) {
        Reports.send(
                parts.services().journal(),
                new HostCallDenied(spec.name(), errand.runId(), call.kind(), denial.reason(), denial.remedy()));
        return new Denied(new HostCallFailed(
                "not-granted",
                denial.remedy().isEmpty()
                        ? denial.reason()
                        : denial.reason() + "; add `" + denial.remedy() + "` to agent '" + spec.name()
                                + "' if it may do that"));
    }

    /// It is not granted, and written down.
    static final class Denied extends Exception {
        private final HostCallFailed failure;

        private Denied(HostCallFailed failure) {
            super(failure.getMessage(), null, false, false);
            this.failure = failure;
        }

        /// What the program hears.
        HostCallFailed failure() {
            return failure;
        }
    }
}
