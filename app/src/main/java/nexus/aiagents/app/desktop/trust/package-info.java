/// Who may run, and why.
@NullMarked
package nexus.aiagents.app.desktop.trust;

import org.jspecify.annotations.NullMarked;
