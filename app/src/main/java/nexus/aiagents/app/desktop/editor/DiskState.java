package nexus.aiagents.app.desktop.editor;

import nexus.aiagents.app.desktop.editor.merge.Merge;
import org.jspecify.annotations.Nullable;

/// How an open file stands to what is on the disk.
sealed interface DiskState {
    /// What is on the disk is what was read or written here.
    record InStep() implements DiskState {}

    /// Another program changed what was changed here too.
    ///
    /// @param theirs what is on the disk
    /// @param mine   what was in the editor when the two were compared
    record Conflict(TextFile theirs, String mine, Merge merge) implements DiskState {}

    /// It was deleted or has another name.
    ///
    /// @param renamed its name in the project now, null: nobody knows
    record Gone(@Nullable String renamed) implements DiskState {}

    /// @param why a sentence
    record Unreadable(String why) implements DiskState {}

    InStep IN_STEP = new InStep();
}
