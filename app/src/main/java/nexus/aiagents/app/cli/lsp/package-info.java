/// The Language Server Protocol over stdin and stdout: what the desktop's editor knows, for every other
/// one.
@NullMarked
package nexus.aiagents.app.cli.lsp;

import org.jspecify.annotations.NullMarked;
