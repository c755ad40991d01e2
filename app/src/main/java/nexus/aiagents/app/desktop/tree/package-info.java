/// The supervision tree as a picture and as a list with one selection.
@NullMarked
package nexus.aiagents.app.desktop.tree;

import org.jspecify.annotations.NullMarked;
