package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import nexus.aiagents.app.desktop.editor.merge.Merge;
import org.jspecify.annotations.Nullable;

/// What a look at the disk finds of an open file, and what follows from it. Reads, but decides nothing by
/// time: who looks may look again. Not on the JavaFX thread.
sealed interface DiskLook {
    /// Nothing to do.
    record Same() implements DiskLook {}

    /// Somebody seems to be in the middle of writing it.
    record Unsettled() implements DiskLook {}

    /// Written anew with the same text.
    record Touched(TextFile read) implements DiskLook {}

    /// Another text, and none was typed here.
    record Changed(TextFile read) implements DiskLook {}

    /// Another text, with what was typed here.
    record Merged(TextFile read, String mine, Merge merge) implements DiskLook {}

    record Gone(@Nullable String renamed) implements DiskLook {}

    record Unreadable(String why) implements DiskLook {}

    Same SAME = new Same();

    /// @param before what was read or written last
    /// @param mine  what was typed and not saved, null: nothing
    /// @param state what was found before
    /// @param sure  what looks like the middle of a write was seen before as well
    static DiskLook at(Path project, Path path, TextFile before, @Nullable String mine, DiskState state, boolean sure) {
        try {
            TextFile.Stamp now = TextFile.stamp(path);
            if (now.isGone()) {
                return new Gone(sure && !(state instanceof DiskState.Gone) ? renamed(project, before) : null);
            }
            if (now.provesSame(before.stamp())) {
                return SAME;
            }
            if (state instanceof DiskState.Conflict known
                    && now.provesSame(known.theirs().stamp())
                    && known.mine().equals(mine)) {
                return SAME;
            }
            TextFile read = TextFile.read(path);
            boolean middle = read.text().isEmpty() && !before.text().isEmpty();
            if (!sure && middle || read.stamp().size() != TextFile.stamp(path).size()) {
                return new Unsettled();
            }
            if (read.text().equals(before.text())) {
                return new Touched(read);
            }
            return mine == null
                    ? new Changed(read)
                    : new Merged(read, mine, Merge.of(before.text(), mine, read.text()));
        } catch (NoSuchFileException _) {
            return new Gone(null); // since a moment ago
        } catch (IOException e) {
            return new Unreadable(EditorProblems.reason(e));
        }
    }

    private static @Nullable String renamed(Path project, TextFile before) throws IOException {
        Object key = before.stamp().key();
        if (key == null) {
            return null;
        }
        for (String name : ProjectListing.list(project)) {
            try {
                if (key.equals(TextFile.stamp(project.resolve(name)).key())) {
                    return name;
                }
            } catch (IOException _) {
                continue; // it can not be this one
            }
        }
        return null;
    }
}
