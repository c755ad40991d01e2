package nexus.aiagents.engine.agent;

import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.replay.ProgramId;
import nexus.aiagents.engine.replay.Recorder;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Outcome;
import org.jspecify.annotations.Nullable;

/// What is taken down of one call, for a replay. For the thread of the call.
final class CallRecord {
    private final AgentServices services;
    private final AgentSpec spec;
    private final Errand errand;
    private final String id;
    private @Nullable Recorder recorder;

    /// @param id of the call
    CallRecord(AgentServices services, AgentSpec spec, Errand errand, String id) {
        this.services = services;
        this.spec = spec;
        this.errand = errand;
        this.id = id;
    }

    /// @param program null: what can not be kept is not recorded
    /// @return who the program is to call
    HostCalls watching(HostDesk desk, @Nullable ProgramId program, Isolation isolation) {
        if (program == null) {
            return desk;
        }
        Recorder.Subject subject = new Recorder.Subject(
                id,
                spec.name(),
                errand.runId(),
                errand.step(),
                errand.attempt(),
                services.clock().instant(),
                isolation);
        recorder = services.recordings()
                .recorder(
                        spec.record(),
                        desk,
                        subject,
                        program,
                        secrets(desk),
                        services.journal().lastSeq());
        return recorder == null ? desk : recorder;
    }

    /// What must not be in a record: keys that the host puts into requests, and what is secret among the
    /// variables that the program gets.
    private Map<String, String> secrets(HostDesk desk) {
        Map<String, String> secrets =
                new TreeMap<>(Recordings.secretsIn(desk.grants().env()));
        for (AgentSpec.SecretGrant grant : spec.grants().secrets()) {
            String value = services.secrets().value(grant.name());
            if (value != null) {
                secrets.put(grant.name(), value.strip());
            }
        }
        return secrets;
    }

    void starts(Invocation invocation) {
        if (recorder != null) {
            recorder.starts(invocation);
        }
    }

    /// @return the hash of the record, null if there is none
    @Nullable
    String finish(Outcome outcome, ExitReason reason) {
        return recorder == null ? null : services.recordings().finish(recorder, spec.record(), outcome, reason);
    }
}
