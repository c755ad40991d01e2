package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.AgentExited;
import nexus.aiagents.engine.journal.EngineEvent.AgentStartFailed;
import nexus.aiagents.engine.journal.EngineEvent.ChildHeld;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorRestarted;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.view.AgentView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every reason for which an agent can end: real programs that end so, what the journal says of it, and
/// what the supervisor does.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitReasonsTest {
    /// `run` does this: `unreachable`, or an endless loop.
    private static final String TRAPS = module("00000b");

    private static final String SPINS = module("0003400c000b000b");

    /// What a supervisor does with a transient child that ended so.
    private sealed interface Deed {
        /// Counts a restart and starts it anew.
        record Restarts() implements Deed {}

        /// It is done; nothing more.
        record Rests(AgentView.State shown) implements Deed {}

        /// It stays down until a person acts.
        record Holds(String why) implements Deed {}
    }

    /// @param agent   its name, and of its supervisor with an `s-` before
    /// @param code    of the reason
    /// @param trigger what makes it end so, null: it does by itself
    private record Case(
            Kind kind, String code, String agent, @Nullable Command trigger, Deed deed) {}

    private static final List<Case> CASES = List.of(
            new Case(Kind.NORMAL, "normal", "done", null, new Deed.Rests(AgentView.State.COMPLETED)),
            new Case(
                    Kind.SHUTDOWN,
                    "shutdown",
                    "stopped",
                    new Command.StopChild("s-stopped", "stopped"),
                    new Deed.Holds("operator")),
            new Case(Kind.ERROR, "asked", "throws", null, new Deed.Restarts()),
            new Case(Kind.TRAP, "trap", "traps", null, new Deed.Restarts()),
            new Case(Kind.OUT_OF_FUEL, "out-of-fuel", "burns", null, new Deed.Restarts()),
            new Case(Kind.OUT_OF_MEMORY, "out-of-memory", "hoards", null, new Deed.Restarts()),
            new Case(Kind.TIMEOUT, "timeout", "dawdles", null, new Deed.Restarts()),
            new Case(Kind.STUCK, "stuck", "sleeps", null, new Deed.Restarts()),
            new Case(Kind.BUDGET, "budget", "spends", null, new Deed.Holds("budget")),
            new Case(Kind.KILLED, "chaos", "killed", new Command.CrashAgent("killed"), new Deed.Restarts()));

    @TempDir
    Path folder;

    private TestProject project;

    private static String module(String body) {
        String code = String.format("%02x", body.length() / 2) + body;
        return "0061736d01000000" + "010501600001" + "7f" + "03020100" + "0707010372756e0000" + "0a"
                + String.format("%02x", code.length() / 2 + 1) + "01" + code;
    }

    private void wasm(String name, String module, String more) throws Exception {
        Files.createDirectories(folder.resolve("agents"));
        Files.write(folder.resolve("agents/" + name + ".wasm"), HexFormat.of().parseHex(module));
        project.write(
                name + ".yaml",
                "agent: {name: " + name + ", runtime: wasm, source: agents/" + name + ".wasm, loop: {every: 50ms}"
                        + more + "}\n");
    }

    private void programs() throws Exception {
        project = new TestProject(folder);
        String often = "loop: {every: 50ms}";
        project.agent("done", "export default () => 1;", "loop: {every: 10ms, times: 2}");
        project.agent("stopped", "export default () => 1;", often);
        project.agent(
                "throws", "export default () => { throw Object.assign(new Error('no'), {code: 'asked'}); };", often);
        wasm("traps", TRAPS, "");
        wasm("burns", SPINS, ", limits: {fuel: 100000}");
        project.agent(
                "hoards",
                "export default () => { const all = []; while (true) all.push(new Uint8Array(1000000).fill(1)); };",
                often + ", limits: {memory: 16MB}");
        wasm("dawdles", SPINS, ", limits: {timeout: 200ms, fuel: 9000000000000}");
        wasm("sleeps", SPINS, ", heartbeat: 200ms, limits: {timeout: 10m, fuel: 9000000000000}");
        project.agent(
                "spends",
                "export default async (input, nexus) => (await nexus.model({prompt: 'say', maxTokens: 20})).text;",
                often + ", grants: {models: [default]}, runaway: off");
        project.agent("killed", "export default () => 1;", often);
        project.write("cost.yaml", "cost: {agent: spends, budget: {maxDollars: 0.0005}, onLimit: kill}\n");
        StringBuilder yaml = new StringBuilder("""
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                """);
        for (Case c : CASES) {
            yaml.append("---\nsupervisor: {name: s-")
                    .append(c.agent())
                    .append(", maxRestarts: 1000, children: [{name: ")
                    .append(c.agent())
                    .append(", restart: transient}], backoff: {initial: 1s, max: 1s}}\n");
        }
        project.write("nexus.yaml", yaml.toString());
    }

    private static <T extends EngineEvent> List<T> told(Engine engine, Class<T> type, String agent) {
        return engine.history(HistoryQuery.last(100_000, type.getSimpleName())).stream()
                .map(entry -> type.cast(entry.event()))
                .filter(event -> agent.equals(event.agent())
                        || event instanceof SupervisorRestarted r && r.child().equals(agent))
                .toList();
    }

    @Test
    void every_reason_is_journalled_as_what_it_is_and_decides_what_the_supervisor_does() throws Exception {
        programs();
        Set<Kind> seen = EnumSet.noneOf(Kind.class);
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            for (Case c : CASES) {
                Command trigger = c.trigger();
                if (trigger != null) {
                    assertInstanceOf(CommandResult.Done.class, project.submit(engine, trigger));
                }
            }
            List<String> wrong = new ArrayList<>();
            for (Case c : CASES) {
                project.await(
                        c.agent() + " to end",
                        () -> !told(engine, AgentExited.class, c.agent()).isEmpty());
                ExitReason reason =
                        told(engine, AgentExited.class, c.agent()).getFirst().reason();
                if (reason.kind() != c.kind() || !reason.code().equals(c.code())) {
                    wrong.add(c.agent() + " ended as " + reason);
                }
                seen.add(reason.kind());
                deed(engine, c);
            }
            assertEquals(List.of(), wrong);
            assertTrue(engine.audit().isWhole());
        }
        seen.add(Kind.UNTRUSTED); // below: who is not trusted does not get as far as a program of its own
        assertEquals(EnumSet.allOf(Kind.class), seen);
    }

    private void deed(Engine engine, Case c) {
        switch (c.deed()) {
            case Deed.Restarts _ -> {
                project.await(
                        c.agent() + " to be restarted",
                        () -> !told(engine, SupervisorRestarted.class, c.agent())
                                .isEmpty());
                SupervisorRestarted done =
                        told(engine, SupervisorRestarted.class, c.agent()).getFirst();
                assertEquals(c.kind(), done.reason().kind());
                assertEquals(List.of(c.agent()), done.affected());
                assertEquals(1, done.inWindow());
                assertEquals(List.of(), told(engine, ChildHeld.class, c.agent()));
            }
            case Deed.Rests(AgentView.State shown) -> {
                assertEquals(List.of(), told(engine, SupervisorRestarted.class, c.agent()));
                assertEquals(List.of(), told(engine, ChildHeld.class, c.agent()));
                assertEquals(shown, project.agent(engine, c.agent()).state());
            }
            case Deed.Holds(String why) -> {
                project.await(
                        c.agent() + " to be held",
                        () -> !told(engine, ChildHeld.class, c.agent()).isEmpty());
                assertEquals(
                        why, told(engine, ChildHeld.class, c.agent()).getFirst().why());
                assertEquals(List.of(), told(engine, SupervisorRestarted.class, c.agent()));
            }
        }
    }

    @Test
    void who_is_not_trusted_is_not_started_and_is_held() throws Exception {
        project = new TestProject(folder);
        project.agent("stranger", "export default () => 1;", "loop: {every: 50ms}");
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                supervisor: {name: s, children: [{name: stranger, restart: permanent}]}
                ---
                trust: {provider: axis, requirements: {minTrustTier: T3}, enforcement: {onUntrusted: reject}}
                """);
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            project.await(
                    "it to be refused",
                    () -> !told(engine, AgentStartFailed.class, "stranger").isEmpty());
            assertEquals(
                    Kind.UNTRUSTED,
                    told(engine, AgentStartFailed.class, "stranger")
                            .getFirst()
                            .reason()
                            .kind());
            project.await(
                    "it to be held",
                    () -> !told(engine, ChildHeld.class, "stranger").isEmpty());
            assertEquals(
                    "untrusted",
                    told(engine, ChildHeld.class, "stranger").getFirst().why());
            assertEquals(List.of(), told(engine, SupervisorRestarted.class, "stranger"));
        }
    }

    @Test
    void the_page_of_agents_tells_every_reason() throws Exception {
        String page = Files.readString(MermaidTable.page("agents.md"));
        assertEquals(
                List.of(),
                Arrays.stream(Kind.values())
                        .map(kind ->
                                kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                        .filter(kind -> !page.contains("| `" + kind))
                        .toList());
    }
}
