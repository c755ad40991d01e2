@org.jspecify.annotations.NullMarked
package nexus.aiagents.app;
