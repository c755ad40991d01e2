/// Programs in processes of their own: what the app does for a worker, and what runs in one.
@NullMarked
package nexus.aiagents.sandbox.internal.worker;

import org.jspecify.annotations.NullMarked;
