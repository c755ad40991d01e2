/// Supervision as in Erlang/OTP: a pure state machine, and what drives it.
@NullMarked
package nexus.aiagents.engine.supervise;

import org.jspecify.annotations.NullMarked;
