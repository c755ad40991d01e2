package nexus.aiagents.sandbox.internal.metering;

/// The compiler of WebAssembly is not the one that this code leans on: no module can be run, whoever
/// made it.
public final class CompilerChanged extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /// @param what was looked for in vain
    public CompilerChanged(String what) {
        super("the compiler of WebAssembly has changed: " + what);
    }
}
