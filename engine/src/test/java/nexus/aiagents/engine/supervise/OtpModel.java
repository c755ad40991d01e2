package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;

/// What OTP does, told as plain steps in which everything happens at once: written from the rules and not from
/// the machine, to be compared with it.
final class OtpModel {
    final List<String> trace = new ArrayList<>();
    private final SupervisorSpec spec;
    private final Map<String, Integer> failingStarts;
    private final Set<String> up = new LinkedHashSet<>();
    private final Set<String> gone = new LinkedHashSet<>();
    private final Set<String> held = new LinkedHashSet<>();
    private List<Long> restarts = new ArrayList<>();
    boolean alive;

    OtpModel(SupervisorSpec spec, Map<String, Integer> failingStarts) {
        this.spec = spec;
        this.failingStarts = new HashMap<>(failingStarts);
    }

    void start() {
        alive = true;
        for (ChildSpec child : spec.children()) {
            if (!tryStart(child.name())) {
                stopAll(0);
                alive = false;
                trace.add("not up because of " + child.name());
                return;
            }
        }
        trace.add("up");
    }

    boolean isUp(String child) {
        return up.contains(child);
    }

    void exit(String child, ExitReason reason, long now) {
        up.remove(child);
        RestartType type = spec(child).restart();
        if (type == RestartType.TEMPORARY) {
            gone.add(child);
        } else if (type == RestartType.PERMANENT || !reason.isNormal()) {
            restart(index(child), now);
        }
    }

    void stopByPerson(String child) {
        if (up.remove(child)) {
            trace.add("stop " + child);
        }
        held.add(child);
    }

    void startByPerson(String child) {
        if (!up.contains(child)) {
            held.remove(child);
            gone.remove(child);
            if (!tryStart(child)) {
                held.add(child);
            }
        }
    }

    private void restart(int failed, long now) {
        int at = failed;
        while (true) {
            long period = spec.within().toNanos();
            restarts = new ArrayList<>(
                    restarts.stream().filter(t -> t >= now - period).toList());
            restarts.add(now);
            if (restarts.size() > spec.maxRestarts()) {
                stopAll(0);
                alive = false;
                trace.add("ended shutdown");
                return;
            }
            int from = spec.strategy() == Strategy.ONE_FOR_ALL ? 0 : at;
            int to = spec.strategy() == Strategy.ONE_FOR_ONE
                    ? at + 1
                    : spec.children().size();
            if (spec.strategy() != Strategy.ONE_FOR_ONE) {
                stopAll(from);
            }
            int broken = startAll(from, to);
            if (broken < 0) {
                return;
            }
            at = broken;
        }
    }

    private int startAll(int from, int to) {
        for (int i = from; i < to; i++) {
            String name = spec.children().get(i).name();
            if (!up.contains(name) && !gone.contains(name) && !held.contains(name) && !tryStart(name)) {
                return i;
            }
        }
        return -1;
    }

    private void stopAll(int from) {
        for (int i = spec.children().size() - 1; i >= from; i--) {
            ChildSpec child = spec.children().get(i);
            if (up.remove(child.name())) {
                trace.add("stop " + child.name());
                if (child.restart() == RestartType.TEMPORARY) {
                    gone.add(child.name());
                }
            }
        }
    }

    private boolean tryStart(String child) {
        int left = failingStarts.getOrDefault(child, 0);
        if (left > 0) {
            failingStarts.put(child, left - 1);
            trace.add("fail " + child);
            return false;
        }
        trace.add("start " + child);
        up.add(child);
        return true;
    }

    void failNext(String child, int times) {
        failingStarts.put(child, times);
    }

    private ChildSpec spec(String child) {
        return spec.children().get(index(child));
    }

    private int index(String child) {
        for (int i = 0; i < spec.children().size(); i++) {
            if (spec.children().get(i).name().equals(child)) {
                return i;
            }
        }
        throw new IllegalArgumentException(child);
    }
}
