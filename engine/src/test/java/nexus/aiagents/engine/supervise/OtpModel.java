package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import org.jspecify.annotations.Nullable;

/// What OTP does, told as plain steps in which everything happens at once: written from the rules and
/// not from the machine, to be compared with it. Supervisors nest and may have a template.
final class OtpModel {

    private enum Want {
        UP,
        /// A transient one that ended normally.
        FINISHED,
        HELD,
        GONE
    }

    private static final class Member {
        final ChildSpec spec;
        boolean up;
        Want want = Want.UP;

        Member(ChildSpec spec) {
            this.spec = spec;
        }
    }

    private static final class Sup {
        final SupervisorSpec spec;
        final @Nullable String parent;
        List<Member> members = new ArrayList<>();
        List<Long> restarts = new ArrayList<>();
        boolean alive;
        long instances;

        Sup(SupervisorSpec spec, @Nullable String parent) {
            this.spec = spec;
            this.parent = parent;
            spec.children().forEach(child -> members.add(new Member(child)));
        }

        @Nullable
        Member member(String name) {
            return members.stream()
                    .filter(m -> m.spec.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    final List<String> trace = new ArrayList<>();
    private final Map<String, Integer> failingStarts = new HashMap<>();
    private final Map<String, Sup> sups = new LinkedHashMap<>();
    private final Sup root;
    private long now;

    /// The first is the root.
    OtpModel(Specs... supervisors) {
        Map<String, String> parents = new HashMap<>();
        for (Specs s : supervisors) {
            s.spec().everyChild().forEach(child -> parents.put(child.name(), s.name()));
        }
        for (Specs s : supervisors) {
            sups.put(s.name(), new Sup(s.spec(), parents.get(s.name())));
        }
        root = sups.get(supervisors[0].name());
    }

    void start() {
        String failed = start(root);
        trace.add(failed == null ? "up" : "not up because of " + failed);
    }

    boolean isAlive() {
        return root.alive;
    }

    boolean isAlive(String supervisor) {
        return sups.get(supervisor).alive;
    }

    boolean isUp(String supervisor, String child) {
        Member member = sups.get(supervisor).member(child);
        return member != null && member.up;
    }

    /// Names of the children that are not gone.
    List<String> which(String supervisor) {
        return sups.get(supervisor).members.stream()
                .filter(m -> m.want != Want.GONE)
                .map(m -> m.spec.name())
                .toList();
    }

    void failNext(String child, int times) {
        failingStarts.put(child, times);
    }

    // ---- what happens to it

    void exit(String supervisor, String child, ExitReason reason, long at) {
        now = at;
        Sup sup = sups.get(supervisor);
        Member member = sup.member(child);
        member.up = false;
        ended(sup, member, reason);
    }

    private void ended(Sup sup, Member member, ExitReason reason) {
        RestartType type = member.spec.restart();
        if (type == RestartType.TEMPORARY) {
            over(sup, member, Want.GONE);
        } else if (type == RestartType.TRANSIENT && reason.isNormal()) {
            over(sup, member, Want.FINISHED);
        } else {
            restart(sup, member);
            return;
        }
        if (member.spec.significant()) {
            boolean left = sup.members.stream()
                    .anyMatch(m -> m != member && m.spec.significant() && (m.up || m.want == Want.UP));
            switch (sup.spec.autoShutdown()) {
                case NEVER -> {}
                case ANY -> end(sup);
                case ALL -> {
                    if (!left) {
                        end(sup);
                    }
                }
            }
        }
    }

    private void over(Sup sup, Member member, Want want) {
        member.want = want;
        if (sup.spec.template() != null) {
            sup.members.remove(member);
        }
    }

    /// It gives up, or shuts itself down.
    private void end(Sup sup) {
        down(sup);
        if (sup.parent == null) {
            trace.add("ended shutdown");
            return;
        }
        Sup parent = sups.get(sup.parent);
        Member itself = parent.member(sup.spec.name());
        itself.up = false;
        ended(parent, itself, ExitReason.SHUTDOWN);
    }

    private void restart(Sup sup, Member failed) {
        Member at = failed;
        while (true) {
            long period = sup.spec.within().toNanos();
            sup.restarts = new ArrayList<>(
                    sup.restarts.stream().filter(t -> t >= now - period).toList());
            sup.restarts.add(now);
            if (sup.restarts.size() > sup.spec.maxRestarts()) {
                end(sup);
                return;
            }
            int index = sup.members.indexOf(at);
            Strategy strategy = sup.spec.strategy();
            int from = strategy == Strategy.ONE_FOR_ALL ? 0 : index;
            int to = strategy == Strategy.ONE_FOR_ONE ? index + 1 : sup.members.size();
            if (strategy != Strategy.ONE_FOR_ONE) {
                stopAll(sup, from, true);
            }
            Member broken = startAll(sup, from, to);
            if (broken == null) {
                return;
            }
            at = broken;
        }
    }

    private @Nullable Member startAll(Sup sup, int from, int to) {
        for (int i = from; i < to; i++) {
            Member member = sup.members.get(i);
            boolean wanted = member.want == Want.UP || member.want == Want.FINISHED;
            if (!member.up && wanted) {
                member.want = Want.UP;
                if (tryStart(member) != null) {
                    return member;
                }
            }
        }
        return null;
    }

    private void stopAll(Sup sup, int from, boolean group) {
        for (int i = sup.members.size() - 1; i >= from; i--) {
            Member member = sup.members.get(i);
            if (member.up) {
                stop(member);
                if (group && member.spec.restart() == RestartType.TEMPORARY) {
                    member.want = Want.GONE;
                }
            }
        }
    }

    private void stop(Member member) {
        member.up = false;
        if (member.spec.kind() == ChildKind.SUPERVISOR) {
            down(sups.get(member.spec.name()));
        } else {
            trace.add("stop " + member.spec.name());
        }
    }

    private void down(Sup sup) {
        stopAll(sup, 0, false);
        sup.alive = false;
        if (sup.spec.template() != null) {
            sup.members.clear();
        }
    }

    /// @return the child that kept it from starting, null if it is up
    private @Nullable String start(Sup sup) {
        sup.alive = true;
        sup.restarts.clear();
        sup.members.forEach(m -> m.want = m.want == Want.HELD ? Want.HELD : Want.UP);
        if (sup.spec.template() != null) {
            for (int i = 0; i < sup.spec.template().start(); i++) {
                sup.members.add(new Member(sup.spec.template().instance(++sup.instances)));
            }
        }
        for (Member member : List.copyOf(sup.members)) {
            if (member.want == Want.UP && tryStart(member) != null) {
                down(sup);
                return member.spec.name();
            }
        }
        return null;
    }

    /// @return the child that failed, null if it is up
    private @Nullable String tryStart(Member member) {
        String name = member.spec.name();
        if (member.spec.kind() == ChildKind.SUPERVISOR) {
            String failed = start(sups.get(name));
            member.up = failed == null;
            return failed;
        }
        int left = failingStarts.getOrDefault(name, 0);
        if (left > 0) {
            failingStarts.put(name, left - 1);
            trace.add("fail " + name);
            return name;
        }
        trace.add("start " + name);
        member.up = true;
        return null;
    }

    // ---- people

    void stopByPerson(String supervisor, String child) {
        Sup sup = sups.get(supervisor);
        Member member = sup.member(child);
        if (!sup.alive || member == null || (!member.up && member.want == Want.GONE)) {
            return;
        }
        if (member.up) {
            stop(member);
        }
        if (sup.spec.template() != null) {
            sup.members.remove(member);
        } else {
            member.want = Want.HELD;
        }
    }

    void startByPerson(String supervisor, String child) {
        Sup sup = sups.get(supervisor);
        Member member = sup.member(child);
        if (sup.alive && member != null && !member.up) {
            member.want = tryStart(member) == null ? Want.UP : Want.HELD;
        }
    }

    void restartByPerson(String supervisor, String child) {
        Sup sup = sups.get(supervisor);
        Member member = sup.member(child);
        if (!sup.alive || member == null) {
            return;
        }
        if (member.up) {
            stop(member);
        }
        member.want = tryStart(member) == null ? Want.UP : Want.HELD;
    }

    void deleteByPerson(String supervisor, String child) {
        Sup sup = sups.get(supervisor);
        Member member = sup.member(child);
        if (sup.alive && member != null && !member.up && member.want != Want.UP) {
            sup.members.remove(member);
        }
    }

    /// @param spec null: another instance
    void addByPerson(String supervisor, @Nullable ChildSpec spec) {
        Sup sup = sups.get(supervisor);
        boolean dynamic = sup.spec.template() != null;
        if (!sup.alive || dynamic != (spec == null)) {
            return;
        }
        if (spec == null && sup.members.size() >= sup.spec.template().max()) {
            return;
        }
        if (spec != null && sup.member(spec.name()) != null) {
            return;
        }
        Member member = new Member(spec == null ? sup.spec.template().instance(++sup.instances) : spec);
        sup.members.add(member);
        if (tryStart(member) != null) {
            sup.members.remove(member);
        }
    }
}
