package nexus.aiagents.engine.replay;

/// Where a replay first did something else than the run that was recorded.
///
/// @param number   of the call to the host, or of the one after the last where the ends differ
/// @param what     `call` (another call, or none), `arguments`, `fuel`, `outcome`, `output`, `message`,
///     `memory`
/// @param expected what the record has
/// @param actual   what happened this time
public record Divergence(int number, String what, String expected, String actual) {}
