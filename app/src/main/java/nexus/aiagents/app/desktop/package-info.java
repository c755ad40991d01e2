/// The control center: one window on one open project.
@NullMarked
package nexus.aiagents.app.desktop;

import org.jspecify.annotations.NullMarked;
