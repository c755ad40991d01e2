package nexus.aiagents.engine.supervise;

import nexus.aiagents.engine.journal.EngineEvent.ChildHeld;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import nexus.aiagents.engine.supervise.Child.Goal;
import nexus.aiagents.engine.supervise.Child.Status;
import nexus.aiagents.engine.supervise.Child.Waiter;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// What people ask for. The last one wins; nobody is left without an answer.
final class Operators {
    private final Draft draft;

    Operators(Draft draft) {
        this.draft = draft;
    }

    void handle(SupervisorEvent.Operator e) {
        if (refusedDown(e.request())) {
            return;
        }
        Child child = draft.children.get(e.child());
        if (child == null) {
            draft.answer(e.request(), false, "unknown-name", unknown(e.child()));
            return;
        }
        switch (e.verb()) {
            case ADD -> throw new IllegalArgumentException("a child is added with its specification");
            case START -> start(child, e.request());
            case STOP -> stop(child, e.request());
            case RESTART -> {
                Child free = dontWait(child);
                await(
                        free.with(Goal.UP)
                                .byOperator(true)
                                .mustStop(free.live())
                                .deferred(null),
                        e.request(),
                        Verb.RESTART);
            }
            case DELETE -> delete(child, e.request());
        }
    }

    private boolean refusedDown(long request) {
        if (draft.isUp()) {
            return false;
        }
        draft.answer(request, false, "not-up", "supervisor " + draft.spec.name() + " is not up");
        return true;
    }

    private String unknown(String child) {
        TemplateSpec template = draft.spec.template();
        String hint = template != null && template.agent().equals(child)
                ? "; it is the template: its instances are called "
                        + template.instance(1).name() + " and so on"
                : "";
        String owner = "supervisor " + draft.spec.name();
        return hint.isEmpty()
                ? Similar.lacks(owner, "child", child, draft.names())
                : owner + " has no child '" + child + "'" + hint;
    }

    private void start(Child child, long request) {
        if (child.status() == Status.UP && !child.mustStop()) {
            draft.answer(request, false, "already", child.name() + " is up already");
            return;
        }
        await(dontWait(child).with(Goal.UP).byOperator(true).deferred(null), request, Verb.START);
    }

    private void stop(Child child, long request) {
        boolean stays = child.goal() == Goal.HELD || child.goal() == Goal.GONE;
        if (!child.live() && stays && !child.instance()) {
            draft.answer(request, false, "already", child.name() + " is stopped already");
            return;
        }
        Child superseded = draft.answerStarters(child, false, "not-up", child.name() + " was stopped before it was up");
        Goal goal = child.instance() ? Goal.DELETED : Goal.HELD;
        Child told = superseded
                .with(goal)
                .notWaiting()
                .byOperator(false)
                .mustStop(child.live())
                .deferred(null);
        if (child.live()) {
            await(told, request, Verb.STOP);
            if (goal == Goal.HELD) {
                draft.note(new ChildHeld(draft.spec.name(), child.name(), "operator"));
            }
        } else {
            draft.answer(request, true, "", child.name() + " is stopped");
            if (goal == Goal.DELETED) {
                draft.remove(told);
            } else {
                draft.hold(told, "operator");
            }
        }
    }

    private void delete(Child child, long request) {
        if (child.live()) {
            draft.answer(request, false, "running", child.name() + " is up: stop it first");
        } else if (child.goal() == Goal.UP) {
            draft.answer(request, false, "restarting", child.name() + " is about to start: stop it first");
        } else {
            draft.remove(child);
            draft.answer(request, true, "", child.name() + " is deleted");
        }
    }

    void add(SupervisorEvent.Add e) {
        if (refusedDown(e.request())) {
            return;
        }
        TemplateSpec template = draft.spec.template();
        ChildSpec asked = e.child();
        if (asked == null) {
            addInstance(template, e.request());
        } else if (template != null) {
            draft.answer(
                    e.request(),
                    false,
                    "dynamic",
                    "supervisor " + draft.spec.name() + " makes its children from the template " + template.agent()
                            + ": add one without a name");
        } else if (draft.children.get(asked.name()) != null) {
            draft.answer(e.request(), false, "already", asked.name() + " is a child already");
        } else {
            String problem = SupervisorMachine.problem(draft.spec, asked);
            if (problem != null) {
                draft.answer(e.request(), false, "bad-input", problem);
            } else {
                await(draft.add(asked, false).byOperator(true), e.request(), Verb.ADD);
            }
        }
    }

    private void addInstance(@Nullable TemplateSpec template, long request) {
        if (template == null) {
            draft.answer(
                    request,
                    false,
                    "not-dynamic",
                    "supervisor " + draft.spec.name() + " has no template: say which agent or supervisor to add");
        } else if (draft.children.size(Children.Set.INSTANCES) >= template.max()) {
            draft.answer(
                    request,
                    false,
                    "full",
                    "supervisor " + draft.spec.name() + " has its " + template.max() + " instances of "
                            + template.agent() + "; raise `max`");
        } else {
            await(draft.addInstance(template).byOperator(true), request, Verb.ADD);
        }
    }

    private void await(Child child, long request, Verb verb) {
        draft.set(child.awaitedBy(new Waiter(request, verb)));
    }

    /// A person who starts one of a group does not want to wait for those before it either.
    private Child dontWait(Child child) {
        if (draft.spec.strategy() != Strategy.ONE_FOR_ONE) {
            draft.children.all(Children.Set.BACKING_OFF).forEach(other -> draft.set(other.notWaiting()));
        }
        return child.notWaiting();
    }
}
