package nexus.aiagents.engine.supervise;

import static nexus.aiagents.engine.supervise.Specs.CRASH;
import static nexus.aiagents.engine.supervise.Specs.child;
import static nexus.aiagents.engine.supervise.Specs.dynamic;
import static nexus.aiagents.engine.supervise.Specs.nested;
import static nexus.aiagents.engine.supervise.Specs.permanent;
import static nexus.aiagents.engine.supervise.Specs.shutdown;
import static nexus.aiagents.engine.supervise.Specs.significant;
import static nexus.aiagents.engine.supervise.Specs.supervisor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorGaveUp;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cases of the test suite of OTP's `supervisor` that have a meaning here, under the names they
/// have there. `docs/reference/otp-conformance.md` says for every case whether it is the same,
/// different or not applicable.
class OtpConformanceTest {
    private static final ChildSpec A = permanent("a");
    private static final ChildSpec B = permanent("b");
    private static final ChildSpec C = permanent("c");
    private static final ChildSpec T = child("t", RestartType.TRANSIENT);
    private static final ChildSpec X = child("x", RestartType.TEMPORARY);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private static Simulation running(ChildSpec... children) {
        return Simulation.started(supervisor(Strategy.ONE_FOR_ONE, children).intensity(2, HOUR));
    }

    /// Children that are not gone, as OTP's `which_children` lists them.
    private static List<String> which(Simulation s) {
        List<String> names = new ArrayList<>();
        for (Child child : s.state.children()) {
            if (child.phase() != Child.Phase.GONE) {
                names.add(child.name());
            }
        }
        return names;
    }

    /// As OTP's `count_children`: specs, active, supervisors, workers.
    private static List<Integer> count(Simulation s) {
        int specs = 0;
        int active = 0;
        int supervisors = 0;
        for (Child child : s.state.children()) {
            if (child.phase() != Child.Phase.GONE) {
                specs++;
                active += child.live() ? 1 : 0;
                supervisors += child.spec().kind() == SupervisorSpec.ChildKind.SUPERVISOR ? 1 : 0;
            }
        }
        return List.of(specs, active, supervisors, specs - supervisors);
    }

    private SupervisorSpec read(String yaml) throws Exception {
        var analysis = analyze(yaml);
        assertFalse(analysis.hasErrors(), () -> analysis.diagnostics().toString());
        return analysis.project().supervisors().get("s");
    }

    private nexus.aiagents.engine.project.Analysis analyze(String yaml) throws Exception {
        Files.writeString(folder.resolve("a.js"), "export default () => 1;");
        Files.writeString(
                folder.resolve("nexus.yaml"),
                "agent: {name: a, source: a.js}\n---\nagent: {name: b, source: a.js}\n---\n" + yaml);
        return new LanguageService().analyze(folder, Map.of());
    }

    private void refused(String code, String yaml) throws Exception {
        var analysis = analyze(yaml);
        assertTrue(
                analysis.diagnostics().stream()
                        .anyMatch(d -> d.isError() && d.code().equals(code)),
                () -> yaml + ": " + analysis.diagnostics());
    }

    // ---- start

    @Test
    void sup_start_normal() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ONE).intensity(2, HOUR));
        s.tell(new SupervisorEvent.Start());
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("up", "ended shutdown"), s.take());
    }

    @Test
    void sup_start_child_returns_error() {
        Simulation s = running();
        s.failingStarts.put("a", 1);
        long request = s.add(A);
        assertEquals("start-failed", s.answers.get(request).code());
        assertEquals(List.of(), which(s));
    }

    @Test
    void sup_start_restart_child_returns_error() {
        Simulation s = running(A);
        s.operator(Verb.STOP, "a");
        s.failingStarts.put("a", 1);
        long request = s.operator(Verb.START, "a");
        assertEquals("start-failed", s.answers.get(request).code());
        assertEquals(List.of("a"), which(s));
        assertEquals(List.of(1, 0, 0, 1), count(s));
    }

    @Test
    void sup_start_child_returns_error_simple() {
        Simulation s = Simulation.started(dynamic(A));
        s.failingStarts.put("a#1", 1);
        long request = s.add();
        assertEquals("start-failed", s.answers.get(request).code());
        assertEquals(List.of(), which(s));
    }

    @Test
    void sup_start_map() throws Exception {
        SupervisorSpec spec = read("""
                supervisor: {name: s, children: [a, {name: b, shutdown: brutal-kill}, inner]}
                ---
                supervisor: {name: inner}
                """);
        assertEquals(
                List.of(permanent("a"), shutdown(permanent("b"), Duration.ZERO), nested("inner")), spec.children());
    }

    @Test
    void sup_start_map_simple() throws Exception {
        SupervisorSpec spec = read("supervisor: {name: s, children: {template: a}}");
        assertEquals(permanent("a"), spec.template().child());
        Simulation s = new Simulation(dynamic(spec.template().child()));
        s.tell(new SupervisorEvent.Start());
        assertEquals(List.of("up"), s.take());
    }

    @Test
    void sup_start_map_faulty_specs() throws Exception {
        refused("NX2004", "supervisor: {name: s, children: [{restart: transient}]}");
        refused("NX2003", "supervisor: {name: s, children: [{name: a, sillyFlag: true}]}");
        refused("NX2005", "supervisor: {name: s, children: [[a]]}");
    }

    @Test
    void sup_start_error_return() {
        assertThrows(
                IllegalArgumentException.class, () -> new Simulation(supervisor(Strategy.ONE_FOR_ONE, significant(A))));
    }

    // ---- stop

    @Test
    void sup_stop_infinity() {
        Simulation s = running(shutdown(A, null), B);
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("stop b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_timeout() {
        Simulation s = running(shutdown(A, Duration.ofSeconds(1)), shutdown(B, Duration.ofSeconds(1)));
        s.deaf.add("b");
        s.tell(new SupervisorEvent.Stop());
        s.pass(Duration.ofSeconds(1));
        assertEquals(List.of("stop b", "kill b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_timeout_dynamic() {
        Simulation s = Simulation.started(dynamic(shutdown(A, Duration.ofSeconds(1)), 3, 10));
        s.deaf.add("a#2");
        s.tell(new SupervisorEvent.Stop());
        s.pass(Duration.ofMillis(999));
        assertEquals(List.of("stop a#3", "stop a#2", "stop a#1"), s.take());
        s.pass(Duration.ofMillis(1));
        assertEquals(List.of("kill a#2", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_brutal_kill() {
        Simulation s = running(A, shutdown(B, Duration.ZERO));
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("kill b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_brutal_kill_dynamic() {
        Simulation s = Simulation.started(dynamic(shutdown(A, Duration.ZERO), 2, 10));
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("kill a#2", "kill a#1", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_race() {
        Simulation s = running(A, B);
        s.deaf.add("b");
        s.tell(new SupervisorEvent.Stop());
        s.exit("a", CRASH);
        s.exit("b", CRASH);
        assertEquals(List.of("stop b", "ended shutdown"), s.take());
    }

    @Test
    void sup_stop_non_shutdown_exit_dynamic() {
        Simulation s = Simulation.started(dynamic(A, 2, 10));
        s.deaf.addAll(List.of("a#1", "a#2"));
        s.tell(new SupervisorEvent.Stop());
        s.exit("a#1", CRASH);
        s.exit("a#2", ExitReason.NORMAL);
        assertEquals(List.of("stop a#2", "stop a#1", "ended shutdown"), s.take());
        assertEquals(List.of(), s.notes(SupervisorGaveUp.class));
    }

    // ---- administration

    @Test
    void child_adm() {
        Simulation s = running(A);
        assertEquals("already", code(s, s.add(A)));
        assertEquals("unknown-name", code(s, s.operator(Verb.STOP, "nobody")));
        assertEquals("running", code(s, s.operator(Verb.DELETE, "a")));
        assertEquals("already", code(s, s.operator(Verb.START, "a")));
        assertTrue(s.answers.get(s.operator(Verb.STOP, "a")).done());
        assertEquals(List.of(1, 0, 0, 1), count(s));
        assertEquals("already", code(s, s.operator(Verb.STOP, "a")), "stopping twice is told");
        assertEquals("already", code(s, s.add(A)));
        assertTrue(s.answers.get(s.operator(Verb.START, "a")).done());
        assertTrue(s.answers.get(s.operator(Verb.RESTART, "a")).done(), "one that is up is restarted");
        s.operator(Verb.STOP, "a");
        assertTrue(s.answers.get(s.operator(Verb.DELETE, "a")).done());
        assertEquals("unknown-name", code(s, s.operator(Verb.START, "a")));
        assertEquals(List.of(0, 0, 0, 0), count(s));
        assertEquals("a", s.added.get(s.add(A)));
        assertEquals(List.of(1, 1, 0, 1), count(s));
        s.tell(new SupervisorEvent.Stop());
        assertEquals("not-up", code(s, s.operator(Verb.STOP, "a")));
    }

    private static String code(Simulation s, long request) {
        return s.answers.get(request).code();
    }

    @Test
    void child_adm_simple() {
        Simulation s = Simulation.started(dynamic(A));
        assertEquals(List.of(), which(s));
        assertEquals("a#1", s.added.get(s.add()));
        assertEquals("a#2", s.added.get(s.add()));
        assertEquals(List.of(2, 2, 0, 2), count(s));
        assertEquals("unknown-name", code(s, s.operator(Verb.STOP, "a")), "the template is no child");
        assertEquals("running", code(s, s.operator(Verb.DELETE, "a#1")));
        assertTrue(s.answers.get(s.operator(Verb.STOP, "a#1")).done());
        assertEquals(List.of("a#2"), which(s));
        assertEquals("unknown-name", code(s, s.operator(Verb.STOP, "a#1")));
        assertEquals("dynamic", code(s, s.add(B)));
        assertTrue(s.answers.get(s.operator(Verb.RESTART, "a#2")).done());
    }

    @Test
    void child_specs() throws Exception {
        refused("NX2005", "supervisor: {name: s, children: hej}");
        refused("NX2006", "supervisor: {name: s, children: [{name: a, restart: prmanent}]}");
        refused("NX2008", "supervisor: {name: s, children: [{name: a, shutdown: -10}]}");
        refused("NX3003", "supervisor: {name: s, children: [nobody]}");
        refused("NX3203", "supervisor: {name: s, children: [a, a]}");
        read("supervisor: {name: s, children: [{name: a, shutdown: infinity}, {name: b, restart: temporary}]}");
    }

    @Test
    void child_specs_map() throws Exception {
        assertEquals(
                read("supervisor: {name: s, agents: [a, b]}").children(),
                read("supervisor: {name: s, children: [{name: a}, {name: b}]}").children());
    }

    @Test
    void sup_flags() throws Exception {
        refused("NX2006", "supervisor: {name: s, strategy: none-for-one}");
        refused("NX2005", "supervisor: {name: s, maxRestarts: infinity}");
        refused("NX2008", "supervisor: {name: s, withinSeconds: 0}");
        refused("NX2005", "supervisor: {name: s, withinSeconds: infinity}");
        refused("NX2003", "supervisor: {name: s, sillyFlag: true}");
    }

    // ---- restart types

    private static void comesBack(ChildSpec spec, ExitReason reason) {
        Simulation s = running(spec);
        s.exit(spec.name(), reason);
        assertEquals(List.of("start " + spec.name()), s.take());
        assertEquals(List.of(1, 1, 0, 1), count(s));
    }

    private static Simulation staysDown(ChildSpec spec, ExitReason reason) {
        Simulation s = running(spec);
        s.exit(spec.name(), reason);
        assertEquals(List.of(), s.take());
        return s;
    }

    @Test
    void permanent_normal() {
        comesBack(A, ExitReason.NORMAL);
    }

    @Test
    void transient_normal() {
        assertEquals(List.of(1, 0, 0, 1), count(staysDown(T, ExitReason.NORMAL)));
    }

    @Test
    void temporary_normal() {
        Simulation s = staysDown(X, ExitReason.NORMAL);
        assertEquals(List.of(0, 0, 0, 0), count(s));
        s.operator(Verb.START, "x");
        assertTrue(s.isLive("x"), "its place is kept for a person");
    }

    @Test
    void permanent_shutdown() {
        comesBack(A, ExitReason.SHUTDOWN);
    }

    @Test
    void transient_shutdown() {
        assertEquals(List.of(1, 0, 0, 1), count(staysDown(T, ExitReason.SHUTDOWN)));
    }

    @Test
    void temporary_shutdown() {
        assertEquals(List.of(0, 0, 0, 0), count(staysDown(X, ExitReason.SHUTDOWN)));
    }

    @Test
    void permanent_abnormal() {
        comesBack(A, CRASH);
    }

    @Test
    void transient_abnormal() {
        comesBack(T, CRASH);
    }

    @Test
    void temporary_abnormal() {
        assertEquals(List.of(0, 0, 0, 0), count(staysDown(X, CRASH)));
    }

    @Test
    void temporary_bystander() {
        for (Strategy strategy : List.of(Strategy.ONE_FOR_ALL, Strategy.REST_FOR_ONE)) {
            Simulation s = Simulation.started(supervisor(strategy, A, X).intensity(2, HOUR));
            s.crash("a");
            assertEquals(List.of("stop x", "start a"), s.take());
            assertEquals(List.of("a"), which(s));
        }
    }

    // ---- strategies

    @Test
    void multiple_restarts() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(3, Duration.ofSeconds(10)));
        for (int i = 0; i < 12; i++) {
            s.crash("a");
            s.pass(Duration.ofSeconds(4));
        }
        assertTrue(s.isLive("a"));
        assertEquals(Phase.RUNNING, s.state.phase());
    }

    @Test
    void one_for_one() {
        Simulation s = running(A, B);
        s.crash("a");
        assertEquals(List.of("start a"), s.take());
        s.crash("b");
        assertEquals(List.of("start b"), s.take());
        s.crash("a");
        assertEquals(List.of("stop b", "ended shutdown"), s.take());
    }

    /// The inner one gives up as soon as its child fails; what is above it decides.
    private static World escalating(Strategy strategy) {
        World world = new World(
                null,
                Moves.UNHEARD,
                supervisor(Strategy.ONE_FOR_ONE, nested("inner"), C)
                        .named("top")
                        .intensity(1, HOUR),
                supervisor(strategy, A, B).named("inner").intensity(0, HOUR));
        world.start();
        world.settle();
        world.take();
        return world;
    }

    private static void escalates(Strategy strategy) {
        World world = escalating(strategy);
        world.exit("a", CRASH);
        world.settle();
        assertEquals(List.of("stop b", "start a", "start b"), world.take());
        world.exit("b", CRASH);
        world.settle();
        assertEquals(List.of("stop a", "stop c", "ended shutdown"), world.take());
        assertTrue(world.rootGaveUp);
    }

    @Test
    void one_for_one_escalation() {
        escalates(Strategy.ONE_FOR_ONE);
    }

    @Test
    void one_for_all() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B).intensity(2, HOUR));
        s.crash("a");
        assertEquals(List.of("stop b", "start a", "start b"), s.take());
        s.crash("b");
        assertEquals(List.of("stop a", "start a", "start b"), s.take());
        s.crash("a");
        assertEquals(List.of("stop b", "ended shutdown"), s.take());
    }

    @Test
    void one_for_all_escalation() {
        escalates(Strategy.ONE_FOR_ALL);
    }

    @Test
    void one_for_all_other_child_fails_restart() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B).intensity(3, HOUR));
        s.failingStarts.put("b", 1);
        s.crash("a");
        assertEquals(List.of("stop b", "start a", "fail b", "stop a", "start a", "start b"), s.take());
    }

    @Test
    void simple_one_for_one() {
        Simulation s = Simulation.started(dynamic(A, 2, 10).intensity(2, HOUR));
        s.crash("a#1");
        assertEquals(List.of("start a#1"), s.take());
        s.crash("a#2");
        assertEquals(List.of("start a#2"), s.take());
        s.crash("a#1");
        assertEquals(List.of("stop a#2", "ended shutdown"), s.take());
        assertEquals(List.of(), which(s));
    }

    @Test
    void simple_one_for_one_shutdown() {
        Simulation s = Simulation.started(dynamic(A, 2, 10));
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("stop a#2", "stop a#1", "ended shutdown"), s.take());
    }

    @Test
    void simple_one_for_one_escalation() {
        World world = new World(
                null,
                Moves.UNHEARD,
                supervisor(Strategy.ONE_FOR_ONE, nested("inner")).named("top").intensity(1, HOUR),
                dynamic(A, 1, 10).named("inner").intensity(0, HOUR));
        world.start();
        world.settle();
        world.exit("a#1", CRASH);
        world.settle();
        assertEquals(List.of("start a#1", "up", "start a#2"), world.take());
        world.exit("a#2", CRASH);
        world.settle();
        assertEquals(List.of("ended shutdown"), world.take());
    }

    @Test
    void rest_for_one() {
        Simulation s =
                Simulation.started(supervisor(Strategy.REST_FOR_ONE, A, B, C).intensity(2, HOUR));
        s.crash("b");
        assertEquals(List.of("stop c", "start b", "start c"), s.take());
        s.crash("a");
        assertEquals(List.of("stop c", "stop b", "start a", "start b", "start c"), s.take());
        s.crash("c");
        assertEquals(List.of("stop b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void rest_for_one_escalation() {
        escalates(Strategy.REST_FOR_ONE);
    }

    @Test
    void rest_for_one_other_child_fails_restart() {
        Simulation s =
                Simulation.started(supervisor(Strategy.REST_FOR_ONE, A, B).intensity(3, HOUR));
        s.failingStarts.put("b", 1);
        s.crash("a");
        assertEquals(List.of("stop b", "start a", "fail b", "start b"), s.take());
    }

    // ---- significant children

    private static Simulation auto(AutoShutdown how, ChildSpec... children) {
        return Simulation.started(
                supervisor(Strategy.ONE_FOR_ONE, children).intensity(5, HOUR).autoShutdown(how));
    }

    @Test
    void nonsignificant_temporary() {
        for (AutoShutdown how : List.of(AutoShutdown.ANY, AutoShutdown.ALL)) {
            Simulation s = auto(how, X, significant(T));
            s.exit("x", CRASH);
            assertEquals(List.of(), s.take());
        }
    }

    @Test
    void nonsignificant_transient() {
        for (AutoShutdown how : List.of(AutoShutdown.ANY, AutoShutdown.ALL)) {
            Simulation s = auto(how, T, significant(X));
            s.exit("t", ExitReason.NORMAL);
            assertEquals(List.of(), s.take());
        }
    }

    @Test
    void significant_temporary() {
        Simulation any = auto(AutoShutdown.ANY, A, significant(X));
        any.exit("x", CRASH);
        assertEquals(List.of("stop a", "ended shutdown"), any.take());
        Simulation all = auto(AutoShutdown.ALL, significant(X), significant(child("y", RestartType.TEMPORARY)));
        all.exit("x", ExitReason.NORMAL);
        assertEquals(List.of(), all.take());
        all.exit("y", ExitReason.NORMAL);
        assertEquals(List.of("ended shutdown"), all.take());
    }

    @Test
    void significant_transient() {
        Simulation any = auto(AutoShutdown.ANY, A, significant(T));
        any.exit("t", CRASH);
        assertEquals(List.of("start t"), any.take());
        any.exit("t", ExitReason.SHUTDOWN);
        assertEquals(List.of("stop a", "ended shutdown"), any.take());
    }

    @Test
    void significant_simple() {
        Simulation any = Simulation.started(dynamic(significant(T), 2, 10).autoShutdown(AutoShutdown.ANY));
        any.exit("t#1", ExitReason.NORMAL);
        assertEquals(List.of("forget t#1", "stop t#2", "ended shutdown"), any.take());
        Simulation all = Simulation.started(dynamic(significant(T), 2, 10).autoShutdown(AutoShutdown.ALL));
        all.exit("t#1", ExitReason.NORMAL);
        all.exit("t#2", ExitReason.NORMAL);
        assertEquals(List.of("forget t#1", "forget t#2", "ended shutdown"), all.take());
    }

    @Test
    void significant_bystander() {
        for (Strategy strategy : List.of(Strategy.ONE_FOR_ALL, Strategy.REST_FOR_ONE)) {
            Simulation s = Simulation.started(supervisor(strategy, A, significant(T), significant(X))
                    .intensity(5, HOUR)
                    .autoShutdown(AutoShutdown.ANY));
            s.crash("a");
            assertEquals(List.of("stop x", "stop t", "start a", "start t"), s.take());
            s.operator(Verb.STOP, "t");
            assertEquals(Phase.RUNNING, s.state.phase(), "what the supervisor stops does not count");
        }
    }

    @Test
    void significant_escalation() {
        World world = new World(
                null,
                Moves.UNHEARD,
                supervisor(Strategy.ONE_FOR_ONE, significant(nested("inner", RestartType.TRANSIENT)), C)
                        .named("top")
                        .autoShutdown(AutoShutdown.ANY),
                supervisor(Strategy.ONE_FOR_ONE, significant(T), A)
                        .named("inner")
                        .autoShutdown(AutoShutdown.ALL));
        world.start();
        world.settle();
        world.take();
        world.exit("t", ExitReason.NORMAL);
        world.settle();
        assertEquals(List.of("stop a", "stop c", "ended shutdown"), world.take());
    }

    /// A supervisor whose definition changes while it runs; then its significant child ends, if there
    /// is one.
    private static List<String> upgraded(AutoShutdown before, AutoShutdown after) {
        Specs old = supervisor(Strategy.ONE_FOR_ONE, before == AutoShutdown.NEVER ? T : significant(T), A)
                .autoShutdown(before);
        Specs now = supervisor(Strategy.ONE_FOR_ONE, after == AutoShutdown.NEVER ? T : significant(T), A)
                .autoShutdown(after);
        Simulation s = Simulation.started(old);
        s.tell(new SupervisorEvent.Respec(now.spec()));
        assertEquals(List.of(), s.take(), "what runs runs on");
        s.exit("t", ExitReason.NORMAL);
        return s.take();
    }

    private static final List<String> SHUT_DOWN = List.of("stop a", "ended shutdown");

    @Test
    void significant_upgrade_never_any() {
        assertEquals(SHUT_DOWN, upgraded(AutoShutdown.NEVER, AutoShutdown.ANY));
    }

    @Test
    void significant_upgrade_any_never() {
        assertEquals(List.of(), upgraded(AutoShutdown.ANY, AutoShutdown.NEVER));
    }

    @Test
    void significant_upgrade_never_all() {
        assertEquals(SHUT_DOWN, upgraded(AutoShutdown.NEVER, AutoShutdown.ALL));
    }

    @Test
    void significant_upgrade_all_never() {
        assertEquals(List.of(), upgraded(AutoShutdown.ALL, AutoShutdown.NEVER));
    }

    @Test
    void significant_upgrade_any_all() {
        assertEquals(SHUT_DOWN, upgraded(AutoShutdown.ANY, AutoShutdown.ALL));
    }

    @Test
    void significant_upgrade_all_any() {
        assertEquals(SHUT_DOWN, upgraded(AutoShutdown.ALL, AutoShutdown.ANY));
    }

    @Test
    void significant_upgrade_child() {
        Simulation s = auto(AutoShutdown.ANY, T, significant(X), A);
        Specs now = supervisor(Strategy.ONE_FOR_ONE, significant(T), X, A).autoShutdown(AutoShutdown.ANY);
        s.tell(new SupervisorEvent.Respec(now.spec()));
        s.exit("x", CRASH);
        assertEquals(List.of(), s.take());
        s.exit("t", ExitReason.NORMAL);
        assertEquals(SHUT_DOWN, s.take());
    }

    // ---- the rest

    @Test
    void child_unlink() {
        Simulation s = running(A);
        s.undead.add("a");
        long request = s.operator(Verb.STOP, "a");
        s.pass(Duration.ofSeconds(10));
        assertEquals(List.of("stop a", "kill a", "abandon a"), s.take());
        assertTrue(s.answers.get(request).done(), "a child that is out of reach hangs nobody");
    }

    @Test
    void tree() {
        World world = new World(
                null,
                Moves.UNHEARD,
                supervisor(Strategy.ONE_FOR_ALL, nested("one"), nested("two"))
                        .named("top")
                        .intensity(1, HOUR),
                supervisor(Strategy.ONE_FOR_ONE, A, B).named("one").intensity(1, HOUR),
                supervisor(Strategy.ONE_FOR_ONE, C).named("two").intensity(1, HOUR));
        world.start();
        world.settle();
        assertEquals(List.of("start a", "start b", "start c", "up"), world.take());
        world.exit("a", CRASH);
        world.settle();
        assertEquals(List.of("start a"), world.take());
        world.exit("b", CRASH);
        world.settle();
        assertEquals(List.of("stop a", "stop c", "start a", "start b", "start c"), world.take());
        world.stop();
        world.settle();
        assertEquals(List.of("stop c", "stop b", "stop a", "ended shutdown"), world.take());
    }

    @Test
    void count_children() {
        Simulation s = running(A, T, X);
        assertEquals(List.of(3, 3, 0, 3), count(s));
        s.exit("t", ExitReason.NORMAL);
        s.exit("x", CRASH);
        assertEquals(List.of(2, 1, 0, 2), count(s));
    }

    @Test
    void count_children_supervisor() {
        World world = escalating(Strategy.ONE_FOR_ONE);
        assertEquals(List.of("inner", "c"), world.which("top"));
        assertEquals(
                1,
                world.state("top").children().size()
                        - (int) world.which("top").stream().filter("c"::equals).count());
        assertEquals(Child.Status.UP, world.state("top").children().get("inner").status());
    }

    @Test
    void count_restarting_children() {
        BackoffSpec wait = new BackoffSpec(Duration.ofSeconds(1), 2, Duration.ofSeconds(9), Duration.ofSeconds(60), 0);
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B).backoff(wait));
        s.crash("a");
        assertEquals(List.of(2, 1, 0, 2), count(s));
        s.pass(Duration.ofSeconds(1));
        assertEquals(List.of(2, 2, 0, 2), count(s));
    }

    @Test
    void do_not_save_start_parameters_for_temporary_children() {
        Simulation s = Simulation.started(dynamic(X));
        s.add();
        s.exit("x#1", CRASH);
        assertEquals(0, s.state.children().size());
    }

    @Test
    void do_not_save_child_specs_for_temporary_children() {
        Simulation s = running(X);
        s.exit("x", CRASH);
        assertEquals(List.of(), which(s));
    }

    @Test
    void simple_one_for_one_scale_many_temporary_children() {
        Simulation s = Simulation.started(dynamic(X, 0, 100_000));
        for (int i = 1; i <= 10_000; i++) {
            s.add();
        }
        for (int i = 1; i <= 10_000; i++) {
            s.exit("x#" + i, ExitReason.NORMAL);
        }
        assertEquals(0, s.state.children().size());
        assertEquals(Phase.RUNNING, s.state.phase());
    }

    private static void hangingLoop(Simulation s, String child) {
        s.slow.add(child);
        s.crash(child);
        assertTrue(s.isStarting(child));
        assertEquals(
                "already",
                code(
                        s,
                        s.add(new ChildSpec(
                                child, SupervisorSpec.ChildKind.AGENT, RestartType.PERMANENT, null, false))));
        long stop = s.operator(Verb.STOP, child);
        assertTrue(s.answers.get(stop).done(), "whoever asks meanwhile is heard");
        assertFalse(s.isLive(child));
    }

    @Test
    void hanging_restart_loop() {
        hangingLoop(running(A), "a");
    }

    @Test
    void hanging_restart_loop_rest_for_one() {
        Simulation s =
                Simulation.started(supervisor(Strategy.REST_FOR_ONE, A, B, C).intensity(8, HOUR));
        hangingLoop(s, "b");
        assertTrue(s.isLive("c"), "those after it go on without it");
    }

    @Test
    void hanging_restart_loop_simple() {
        Simulation s = Simulation.started(dynamic(A, 1, 9));
        s.slow.add("a#1");
        s.crash("a#1");
        long stop = s.operator(Verb.STOP, "a#1");
        assertTrue(s.answers.get(stop).done());
        assertNull(s.state.children().get("a#1"));
    }

    @Test
    void code_change() {
        Simulation s = running(A, B);
        s.crash("a");
        s.take();
        Specs now = supervisor(Strategy.ONE_FOR_ALL, B, child("a", RestartType.TRANSIENT), C)
                .intensity(2, HOUR);
        s.tell(new SupervisorEvent.Respec(now.spec()));
        assertEquals(List.of("start c"), s.take(), "what runs runs on, what is new is started");
        assertEquals(List.of("b", "a", "c"), which(s));
        s.crash("b");
        assertEquals(List.of("stop c", "stop a", "start b", "start a", "start c"), s.take());
        s.crash("b");
        assertEquals(Phase.STOPPED, s.state.phase(), "restarts that were counted still count");
    }

    @Test
    void code_change_simple() {
        Simulation s = Simulation.started(dynamic(A, 2, 10));
        s.tell(new SupervisorEvent.Respec(
                dynamic(child("a", RestartType.TEMPORARY), 2, 10).spec()));
        assertEquals(List.of(), s.take());
        s.crash("a#1");
        assertEquals(List.of("a#2"), which(s), "the next decision follows the new words");
        s.tell(new SupervisorEvent.Respec(dynamic(B).spec()));
        assertEquals(List.of("forget a#1", "stop a#2", "forget a#2"), s.take(), "what it makes now is another agent");
    }

    @Test
    void order_of_children() {
        Simulation s = running(A, B);
        s.add(C);
        assertEquals(List.of("a", "b", "c"), which(s));
        s.take();
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("stop c", "stop b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void scale_start_stop_many_children() {
        ChildSpec[] many = new ChildSpec[10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = permanent("a" + i);
        }
        Simulation s = running(many);
        assertEquals(10_000, s.state.children().size(Children.Set.LIVE));
        s.tell(new SupervisorEvent.Stop());
        assertEquals(Phase.STOPPED, s.state.phase());
        assertTrue(s.state.children().isEmpty(Children.Set.LIVE));
    }

    @Test
    void which_children() {
        Simulation s = running(A, T, X);
        assertEquals(List.of("a", "t", "x"), which(s));
        s.operator(Verb.STOP, "a");
        s.exit("x", CRASH);
        assertEquals(List.of("a", "t"), which(s));
    }

    @Test
    void which_children_simple_one_for_one() {
        Simulation s = Simulation.started(dynamic(A, 2, 10));
        s.add();
        s.operator(Verb.STOP, "a#2");
        assertEquals(List.of("a#1", "a#3"), which(s));
    }

    // ---- the page

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9_]+)` \\| (same|different|not applicable) \\| (.*) \\|$");

    @Test
    void the_page_and_the_tests_name_the_same_cases() throws Exception {
        Set<String> tested = new TreeSet<>();
        for (var method : OtpConformanceTest.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class) && !method.getName().startsWith("the_page")) {
                tested.add(method.getName());
            }
        }
        Set<String> promised = new TreeSet<>();
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(MermaidTable.page("otp-conformance.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                assertFalse(line.startsWith("| `"), "not a row: " + line);
                continue;
            }
            assertTrue(rows.add(row.group(1)), row.group(1) + " twice");
            if (!row.group(2).equals("same")) {
                assertFalse(row.group(3).isBlank(), row.group(1) + " says no reason");
            }
            if (!row.group(2).equals("not applicable")) {
                promised.add(row.group(1));
            }
        }
        assertEquals(String.join("\n", promised), String.join("\n", tested));
        assertEquals(93, rows.size(), "every case of the suite has its row");
    }
}
