package nexus.aiagents.app.desktop.tree;

import java.util.List;
import java.util.Objects;
import nexus.aiagents.engine.supervise.Consequence;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// What happens if a node dies, in words. Asked anew only when the supervisors are others, and where that
/// takes its time, as among ten thousand children, not more often than every other second. JavaFX thread.
final class IfItDies {
    private static final long LONG_NANOS = 4_000_000;
    private static final long PAUSE_NANOS = 2_000_000_000;

    private long notBefore = System.nanoTime();
    private @Nullable String id;
    private List<SupervisorView> of = List.of();
    private String words = "";

    /// Empty where there is nothing to say.
    String of(@Nullable ProjectView view, TreeNode node) {
        if (view == null || node.kind() == TreeNode.Kind.GROUP) {
            return "";
        }
        long now = System.nanoTime();
        boolean other = !node.id().equals(id);
        if (other || (now - notBefore >= 0 && !Objects.equals(of, view.supervisors()))) {
            id = node.id();
            of = view.supervisors();
            words = words(view, node);
            long took = System.nanoTime() - now;
            notBefore = took > LONG_NANOS ? now + PAUSE_NANOS : now;
        }
        return words;
    }

    static String words(ProjectView view, TreeNode node) {
        List<String> sentences = Consequence.of(view, node.name()).sentences();
        if (!sentences.isEmpty()) {
            return String.join(" ", sentences);
        }
        return node.supervisor() == null
                ? "Nothing restarts it: who called it hears of it."
                : "Nothing is above it: the tree is down until you start the team.";
    }
}
