/// The frame around every screen: navigation, actions, notifications, theme, what is open.
@NullMarked
package nexus.aiagents.app.desktop.shell;

import org.jspecify.annotations.NullMarked;
