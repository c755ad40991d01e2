package nexus.aiagents.engine.replay;

/// A program that was kept.
///
/// @param hash SHA-256 over its bytes as they are kept, hex
public record ProgramId(String name, String hash) {}
