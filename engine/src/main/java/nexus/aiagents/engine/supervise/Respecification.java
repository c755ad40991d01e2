package nexus.aiagents.engine.supervise;

import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import nexus.aiagents.engine.supervise.Child.Goal;

/// A supervisor goes on by another definition: what runs and is still a child runs on as it is, and the
/// next decision about it follows the new words.
final class Respecification {
    private final Draft draft;
    private final Set<String> held;

    /// @param held names of new children that stay down until a person starts them
    Respecification(Draft draft, Set<String> held) {
        this.draft = draft;
        this.held = held;
    }

    void apply(SupervisorSpec next) {
        SupervisorMachine.check(next);
        Children before = draft.children;
        draft.spec = next;
        draft.children = Children.NONE;
        for (ChildSpec spec : next.children()) {
            Child known = before.get(spec.name());
            long place = draft.children.nextPlace();
            if (known != null && !known.instance()) {
                Goal goal = known.goal() == Goal.DELETED ? Goal.UP : known.goal();
                draft.children = draft.children.with(known.with(spec).at(place).with(goal));
            } else {
                addNew(spec);
            }
        }
        TemplateSpec template = next.template();
        for (Child old : before) {
            if (draft.children.get(old.name()) != null) {
                continue;
            }
            Child kept = old.at(draft.children.nextPlace());
            draft.children = draft.children.with(kept);
            if (template != null && old.instance() && isInstanceOf(template, old)) {
                draft.children = draft.children.with(kept.with(renamed(template, old.name())));
            } else {
                leave(kept);
            }
        }
    }

    /// It is started as if a person had asked for it: if that fails it is held and the others go on.
    private void addNew(ChildSpec spec) {
        Child child = Child.of(spec, draft.children.nextPlace(), false);
        if (draft.isUp()) {
            draft.note(new EngineEvent.ChildAdded(
                    draft.spec.name(), spec.name(), Draft.word(spec.kind()), Draft.word(spec.restart()), false));
            child = child.byOperator(true);
        }
        draft.children = draft.children.with(child);
        if (held.contains(spec.name())) {
            draft.hold(child, "operator");
        }
    }

    private void leave(Child child) {
        Child told = draft.answerStarters(child, false, "not-up", child.name() + " is no child any more");
        if (told.live()) {
            draft.set(told.with(Goal.DELETED).notWaiting().byOperator(false).mustStop(true));
        } else {
            draft.remove(told);
        }
    }

    private static boolean isInstanceOf(TemplateSpec template, Child child) {
        return Instances.agentOf(child.name()).equals(template.agent());
    }

    private static ChildSpec renamed(TemplateSpec template, String name) {
        ChildSpec spec = template.child();
        return new ChildSpec(name, spec.kind(), spec.restart(), spec.shutdown(), spec.significant());
    }
}
