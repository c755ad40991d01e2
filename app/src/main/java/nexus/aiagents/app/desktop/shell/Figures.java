package nexus.aiagents.app.desktop.shell;

import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.ProjectView;

/// The few numbers the top bar shows. Pure.
///
/// @param total    supervised agents
/// @param up       of them, those at work or ready for it
/// @param troubled paused, stuck, failed or backing off, called or supervised
/// @param scripted all models that answer are the built-in one
record Figures(int total, int up, int troubled, long microDollars, boolean scripted) {

    static Figures of(ProjectView view) {
        int total = 0;
        int up = 0;
        int troubled = 0;
        long spent = 0;
        boolean scripted = false;
        for (AgentView agent : view.agents()) {
            spent += agent.microDollars();
            scripted |= agent.scripted();
            if (isTroubled(agent.state())) {
                troubled++;
            }
            if (agent.supervisor() != null) {
                total++;
                up += isUp(agent.state()) ? 1 : 0;
            }
        }
        boolean real = view.spend().stream().anyMatch(p -> !p.scripted());
        return new Figures(total, up, troubled, spent, scripted && !real);
    }

    private static boolean isUp(State state) {
        return state == State.RUNNING || state == State.IDLE;
    }

    private static boolean isTroubled(State state) {
        return state == State.PAUSED || state == State.STUCK || state == State.FAILED || state == State.BACKING_OFF;
    }
}
