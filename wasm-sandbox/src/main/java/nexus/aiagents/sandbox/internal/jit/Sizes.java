package nexus.aiagents.sandbox.internal.jit;

/// How large the methods get that a large one is split into. What the code computes does not depend on it.
///
/// @param most bytes of bytecode beyond which a method is split
/// @param region bytes of the blocks that become one method
/// @param driver bytes of the blocks that everything passes through
/// @param block bytes of code without a jump from which on it may be cut
/// @param wide places that one switch leads to, beyond which they are looked up in a table: as jumps they
///     would take more room than a method that the JVM compiles has
public record Sizes(int most, int region, int driver, int block, int wide) {
    /// The JVM compiles no method of more than 8,000 bytes.
    public static final Sizes OF_THE_JVM = new Sizes(MethodSplitter.HUGE, 7_000, 5_500, 1_500, 400);
}
