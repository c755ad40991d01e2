package nexus.aiagents.app.desktop.editor.form;

import org.fxmisc.richtext.CodeArea;

/// An open file as the form needs it.
///
/// @param name    relative to the project folder, with `/`
/// @param isYaml  only YAML has a form
public record FormSource(String name, CodeArea area, OneHistory history, boolean isYaml) {}
