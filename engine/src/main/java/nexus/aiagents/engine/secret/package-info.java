/// Where keys are kept: the environment, and the keychain of the operating system.
@NullMarked
package nexus.aiagents.engine.secret;

import org.jspecify.annotations.NullMarked;
