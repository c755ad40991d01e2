/// Runs one untrusted program and lets it do only what it was granted.
///
/// Knows nothing else of this project. The types here are the whole API; `internal` packages are nobody's
/// business.
@NullMarked
package nexus.aiagents.sandbox;

import org.jspecify.annotations.NullMarked;
