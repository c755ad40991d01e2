package nexus.aiagents.engine.supervise;

import java.time.Duration;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.supervise.SupervisorEvent.TimerKind;

/// What a supervisor wants done, in this order. `Note` and `BackOff` are journalled before anything else.
sealed interface SupervisorEffect {

    record Note(EngineEvent event) implements SupervisorEffect {}

    record BackOff(String child, Duration pause) implements SupervisorEffect {}

    record StartChild(String child, int generation) implements SupervisorEffect {}

    record AskChild(String child, int generation) implements SupervisorEffect {}

    record KillChild(String child, int generation) implements SupervisorEffect {}

    /// It did not even end when killed: forget it.
    record AbandonChild(String child, int generation) implements SupervisorEffect {}

    /// It is no child any more and is down.
    record ForgetChild(String child) implements SupervisorEffect {}

    record StartTimer(String child, int generation, TimerKind kind, long atNanos) implements SupervisorEffect {}

    /// For an operator: `done` or why not.
    record Answer(long request, boolean done, String code, String message) implements SupervisorEffect {}

    /// For an operator: the child that was added is up.
    record Added(long request, String child) implements SupervisorEffect {}

    /// To the parent, or to who started the tree: it and all its children are up.
    record Up() implements SupervisorEffect {}

    /// Its first start failed; all is down again.
    record NotUp(String child, ExitReason reason) implements SupervisorEffect {}

    /// It had been up and all is down.
    ///
    /// @param gaveUp       it gave up: nobody asked it to end
    /// @param microDollars what all that ran below it had spent
    record Ended(ExitReason reason, boolean gaveUp, long microDollars) implements SupervisorEffect {}
}
