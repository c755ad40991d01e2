/// Counts and bounds what a run uses, and stops it.
@NullMarked
package nexus.aiagents.sandbox.internal.metering;

import org.jspecify.annotations.NullMarked;
