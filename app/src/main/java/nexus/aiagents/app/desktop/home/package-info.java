/// Where a person begins: the demo, recent projects, templates.
@NullMarked
package nexus.aiagents.app.desktop.home;

import org.jspecify.annotations.NullMarked;
