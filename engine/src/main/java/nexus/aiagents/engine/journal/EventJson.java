package nexus.aiagents.engine.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON of events, commands and views: in the journal, over the control connection, on the command
/// line. Times and durations are ISO-8601 text, null fields are written, fields keep the order of the
/// record, a sealed type carries the record's simple name in `type`, and fields that are not known are
/// passed over.
public final class EventJson {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // A record is its components: `isNormal()` and the like are questions, not data.
            .changeDefaultVisibility(v -> v.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .build();

    private EventJson() {}

    /// Immutable and shared.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String write(EngineEvent event) {
        return MAPPER.writerFor(EngineEvent.class).writeValueAsString(event);
    }

    /// @throws tools.jackson.core.JacksonException if it is none, or of a type that this version does not
    ///     know
    public static EngineEvent readEvent(String json) {
        return MAPPER.readValue(json, EngineEvent.class);
    }
}
