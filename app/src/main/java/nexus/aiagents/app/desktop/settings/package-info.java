/// Theme, folders, models and versions.
@NullMarked
package nexus.aiagents.app.desktop.settings;

import org.jspecify.annotations.NullMarked;
