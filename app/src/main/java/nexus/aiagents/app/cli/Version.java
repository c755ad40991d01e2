package nexus.aiagents.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/// What this is, from the manifest of its jar.
public final class Version implements IVersionProvider {
    public static String text() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return "naos " + (version == null ? "(development)" : version) + ", Java " + Runtime.version();
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
