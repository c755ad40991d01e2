package nexus.aiagents.engine.control;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import tools.jackson.databind.json.JsonMapper;

/// How snapshots, entries and commands look on the wire: records as they are, nothing derived.
final class ControlJson {
    private ControlJson() {}

    static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultVisibility(v -> v.withIsGetterVisibility(Visibility.NONE))
            .build();
}
