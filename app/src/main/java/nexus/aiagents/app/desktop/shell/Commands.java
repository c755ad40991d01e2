package nexus.aiagents.app.desktop.shell;

import nexus.aiagents.engine.control.Command;

/// Commands in words.
final class Commands {
    private Commands() {}

    /// What the command wants, as it follows on "Could not …".
    static String describe(Command command) {
        return switch (command) {
            case Command.Up _ -> "start the team";
            case Command.Down _ -> "stop the team";
            case Command.Reload _ -> "apply the changes";
            case Command.StartAgent c -> "start " + c.agent();
            case Command.StopAgent c -> "stop " + c.agent();
            case Command.RestartAgent c -> "restart " + c.agent();
            case Command.StartChild c -> "start " + c.child();
            case Command.StopChild c -> "stop " + c.child();
            case Command.RestartChild c -> "restart " + c.child();
            case Command.AddChild c -> "add " + (c.child() == null ? "a child" : c.child()) + " to " + c.supervisor();
            case Command.DeleteChild c -> "delete " + c.child();
            case Command.MoveChild c -> "move " + c.child();
            case Command.CrashAgent c -> "crash " + c.agent();
            case Command.HangAgent c -> "let " + c.agent() + " hang";
            case Command.SlowAgent c -> "slow " + c.agent() + " down";
            case Command.OverspendAgent c -> "let " + c.agent() + " overspend";
            case Command.PauseAgent c -> "pause " + c.agent();
            case Command.ResumeAgent c -> "resume " + c.agent();
            case Command.AllowRunaway c -> "allow what " + c.agent() + " repeats";
            case Command.DecideTrust c -> "decide whether " + c.agent() + " may run";
            case Command.SignAgent c -> "sign " + c.agent();
            case Command.DecideGrant _ -> "decide on the grant";
            case Command.AddGrant c -> "grant " + c.kind() + " to " + c.agent();
            case Command.RemoveGrant c ->
                "take the grant " + (c.kind() + " " + c.grant()).strip() + " from " + c.agent();
            case Command.RunScheduleNow c -> "run " + c.schedule() + " now";
            case Command.PauseSchedule c -> "pause the schedule of " + c.schedule();
            case Command.ResumeSchedule c -> "resume the schedule of " + c.schedule();
            case Command.RunAgent c -> "run " + c.agent();
            case Command.RunSaga c -> "run " + c.saga();
            case Command.RunWorkflow c -> "run " + c.workflow();
            case Command.RunPool c -> "ask the pool " + c.pool();
            case Command.CancelRun c -> "cancel the run " + c.runId();
            case Command.RetryParked c -> "retry the run " + c.runId();
            case Command.SkipParked c -> "skip the step of run " + c.runId();
            case Command.DecidePool c -> "decide the run " + c.runId();
            case Command.PauseRun c -> "pause the run " + c.runId();
            case Command.ResumeRun c -> "resume the run " + c.runId();
            case Command.ApproveStep c -> "approve " + c.step() + " of run " + c.runId();
            case Command.RejectStep c -> "reject " + c.step() + " of run " + c.runId();
            case Command.RetryFrom c -> "retry the run " + c.runId() + " from " + c.step();
            case Command.ForkRun c -> "fork the run " + c.runId() + " from " + c.step();
            case Command.ScalePool c -> "scale the pool " + c.pool();
            case Command.LimitPool c -> "change min and max of the pool " + c.pool();
            case Command.DrainPool c -> "drain the pool " + c.pool();
            case Command.ResumePool c -> "resume the pool " + c.pool();
            case Command.CompactJournal _ -> "move old entries of the journal to an archive";
            case Command.BackUp _ -> "make a backup of the store";
            case Command.SetBudget c -> "change the budget " + c.budgetId();
            case Command.RemoveLimit c -> "remove " + c.limit() + " of the budget " + c.budgetId();
        };
    }
}
