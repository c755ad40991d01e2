package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// What went wrong with a file, in words.
final class EditorProblems {
    private EditorProblems() {}

    static String reason(Throwable e) {
        return switch (e) {
            case TextFile.NotText _ -> String.valueOf(e.getMessage());
            case AccessDeniedException _ ->
                "You may not do that there. Get the right to, or copy the project elsewhere.";
            case NoSuchFileException _ -> "It is not there any more.";
            case IOException io when io.getMessage() != null -> io.getMessage();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
