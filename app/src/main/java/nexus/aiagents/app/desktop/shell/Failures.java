package nexus.aiagents.app.desktop.shell;

/// What is said of an exception.
final class Failures {
    private Failures() {}

    static String message(Throwable e) {
        String text = e.getMessage();
        return text == null || text.isBlank() ? e.getClass().getSimpleName() : text;
    }
}
