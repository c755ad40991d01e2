/// The journal: filter, follow, verify, export.
@NullMarked
package nexus.aiagents.app.desktop.audit;

import org.jspecify.annotations.NullMarked;
