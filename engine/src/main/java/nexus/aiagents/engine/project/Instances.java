package nexus.aiagents.engine.project;

/// Names of the instances that a supervisor makes from a template: `AGENT#N`. No name in the YAML has a
/// `#`.
public final class Instances {
    private static final char MARK = '#';

    private Instances() {}

    /// @param number from 1
    public static String name(String agent, long number) {
        return agent + MARK + number;
    }

    public static boolean isInstance(String name) {
        return name.indexOf(MARK) >= 0;
    }

    /// The agent by whose definition a child of this name runs: itself, unless it is an instance.
    public static String agentOf(String name) {
        int mark = name.indexOf(MARK);
        return mark < 0 ? name : name.substring(0, mark);
    }
}
