package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javafx.application.ColorScheme;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.replay.ReplayedCall;
import nexus.aiagents.engine.view.CallView;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// The Agent screen on the real engine: an agent is run with a form, fails, is replayed, told something
/// else, mended, and its mended source is tried on the run that failed.
@ExtendWith(ApplicationExtension.class)
class AgentScreenTest {
    private static final String BUYER = """
            // Buys what it is told to, unless it is too dear.
            export default async (input, nexus) => {
              const price = (await nexus.kv.get("price")) ?? 12;
              nexus.log(`${input.count} ${input.what} at ${price} each`);
              nexus.emit("offer", { price });
              if (price > 10) {
                throw Object.assign(new Error("too dear: " + price), { code: "too-dear" });
              }
              return { paid: price * input.count };
            };
            """;
    private static final String YAML = """
            # A shop.
            project: {name: shop}
            ---
            model: {name: fast, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
            ---
            agent:
              name: buyer # the only one
              description: Buys what it is told to, unless it is too dear.
              source: agents/buyer.js
              grants: {kv: true, http: [{host: prices.example.org}]}
              input:
                schema:
                  type: object
                  required: [what, count]
                  properties:
                    what: {type: string, description: What to buy., examples: [tea]}
                    count: {type: integer, minimum: 1, description: How many., default: 2}
                    kind: {enum: [green, black]}
                    urgent: {type: boolean, description: Today., default: false}
                    notes: {type: array, items: {type: string}}
            ---
            agent: {name: clerk, model: fast, prompt: You write receipts., record: always}
            """;

    @TempDir
    Path folder;

    private DesktopFixture desktop;

    @Start
    void start(Stage stage) throws IOException {
        Files.createDirectories(folder.resolve("agents"));
        Files.writeString(folder.resolve("nexus.yaml"), YAML);
        Files.writeString(folder.resolve("agents/buyer.js"), BUYER);
        desktop = new DesktopFixture(stage, new EngineConnector(), DesktopApp::screens);
        desktop.workspace.open(folder);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void an_agent_is_run_with_a_form_replayed_mended_and_tried_again(FxRobot robot) throws IOException {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.AGENT, "buyer"));
        runWithTheForm();
        runsAndCalls();
        replay();
        mend();
        readOnly();
        prompts();
        assertEquals(null, onFx(() -> desktop.window.front().unsaved()));
    }

    private void runWithTheForm() throws IOException {
        front("agent-tab-try");
        await("the form of its schema", () -> scene().lookup("#input-what") != null);
        assertEquals("tea", onFx(() -> this.<TextField>node("#input-what").getText()), "an example to begin with");
        fx(() -> this.<TextField>node("#input-count").setText("some"));
        await(
                "the form says what does not fit",
                () -> action("agent.run").hint().contains("input.schema"));
        assertTrue(
                onFx(() -> this.<Label>node("#agent-input-problem").getText()).contains("integer"));
        fx(() -> this.<TextField>node("#input-count").setText("3"));
        assertTrue(onFx(() -> this.<TextArea>node("#agent-input").getText()).contains("\"count\": 3"));
        await("it fits", () -> action("agent.run").isEnabled());
        pictures("try");
        fx(action("agent.run")::fire);
        await("the failure", () -> agentCalls() == 1);
    }

    private long agentCalls() {
        return desktop.workspace.view().get().agents().stream()
                .filter(a -> a.name().equals("buyer") && a.activeCalls() == 0)
                .mapToLong(a -> a.calls())
                .sum();
    }

    private void runsAndCalls() throws IOException {
        front("agent-tab-runs");
        await(
                "the run",
                () -> calls().getItems().size() == 1
                        && calls().getItems().getFirst().recorded());
        CallView call = onFx(() -> calls().getItems().getFirst());
        assertEquals("too-dear", call.exit().code());
        assertTrue(call.fuel() > 0 && call.hostCalls() == 3, call.toString());
        pictures("runs");
        front("agent-tab-host-calls");
        await(
                "what it asked for",
                () -> this.<TableView<?>>node("#agent-host-calls").getItems().size() == 2);
        assertTrue(onFx(() -> this.<Label>node("#calls-count").getText()).contains("1 event"));
        pictures("host-calls");
        front("agent-tab-grants");
        assertEquals(
                2,
                onFx(() -> this.<TableView<?>>node("#agent-grants").getItems().size()));
        pictures("grants");
    }

    private void replay() throws IOException {
        front("agent-tab-runs");
        await("a record", () -> action("agent.replayRun").isEnabled());
        fx(action("agent.replayRun")::fire);
        await("the same", () -> verdict().startsWith("✔ The same: 3 calls"));
        assertEquals(
                "agent-tab-replay",
                onFx(() -> tabs().getSelectionModel().getSelectedItem().getId()));
        pictures("replay");
        fx(() -> replayed().getSelectionModel().select(0));
        fx(() -> this.<TextArea>node("#agent-replay-told").setText("{\"ok\": 4}"));
        fx(action("agent.replayChange")::fire);
        await("the fork", () -> verdict().startsWith("↳ Forked at call 1"));
        assertTrue(onFx(this::verdict).contains("{\"paid\":12}"), onFx(this::verdict));
        pictures("fork");
        fx(action("agent.replayBack")::fire);
        await("back", () -> verdict().startsWith("✔ The same"));
    }

    private void mend() throws IOException {
        front("agent-tab-source");
        await("the source", () -> scene().lookup("#agent-source") instanceof CodeArea);
        CodeArea source = node("#agent-source");
        assertEquals(BUYER, onFx(source::getText));
        assertFalse(onFx(() -> action("agent.saveSource").isEnabled()));
        fx(() -> source.replaceText(BUYER.replace("price > 10", "price > ")));
        await("the slip", () -> state().contains("line 6"));
        fx(() -> source.replaceText(BUYER.replace("price > 10", "price > 20")));
        assertTrue(onFx(() -> desktop.window.front().unsaved()).contains("agents/buyer.js"));
        fx(action("agent.replaySource")::fire);
        await("what would have been", () -> verdict().startsWith("↳ The edited source does something else"));
        assertTrue(onFx(this::verdict).contains("{\"paid\":36}"), onFx(this::verdict));
        assertEquals(BUYER, Files.readString(folder.resolve("agents/buyer.js")), "nothing was saved for that");
        fx(() -> source.replaceText(BUYER.replace("\"price\"", "\"cost\"")));
        fx(action("agent.replaySource")::fire);
        await("a call that nobody has an answer for", () -> verdict().contains("no answer for it"));
        fx(() -> this.<TextArea>node("#agent-replay-told").setText("{\"ok\": 5}"));
        fx(action("agent.replayChange")::fire);
        await("the edited source with that answer", () -> verdict().contains("{\"paid\":15}"));
        assertTrue(onFx(this::verdict).startsWith("↳ The edited source does something else from call 1 on"));
        fx(action("agent.replayBack")::fire);
        await("back", () -> verdict().startsWith("✔ The same: 3 calls"));
        fx(() -> source.replaceText(BUYER.replace("price > 10", "price > 20")));
        front("agent-tab-source");
        fx(action("agent.runSource")::fire);
        await("the mended run", () -> agentCalls() == 2);
        assertTrue(Files.readString(folder.resolve("agents/buyer.js")).contains("price > 20"));
        await(
                "its result",
                () -> scene().getRoot().lookupAll(".json-pane").stream()
                        .anyMatch(n ->
                                n instanceof TextArea area && area.getText().contains("\"paid\": 36")));
        pictures("source");
    }

    private void readOnly() throws IOException {
        front("agent-tab-yaml");
        await("its block", () -> this.<CodeArea>node("#agent-yaml").getText().startsWith("agent:"));
        String yaml = onFx(() -> this.<CodeArea>node("#agent-yaml").getText());
        assertTrue(yaml.contains("name: buyer # the only one") && !yaml.contains("clerk"), yaml);
        pictures("yaml");
        front("agent-tab-log");
        pictures("log");
    }

    private void prompts() throws IOException {
        fx(() -> desktop.window.show(Screen.AGENT, "clerk"));
        front("agent-tab-try");
        fx(action("agent.run")::fire);
        front("agent-tab-replay");
        await("a record of a prompt", () -> action("agent.replay").isEnabled());
        fx(action("agent.replay")::fire);
        await("the same", () -> verdict().startsWith("✔ The same: 1 call"));
        assertEquals("model", onFx(() -> replayed().getItems().getFirst().call()));
        pictures("prompt");
        front("agent-tab-source");
        assertFalse(onFx(() -> action("agent.runSource").isEnabled()));
    }

    // ---- the window

    private javafx.scene.Scene scene() {
        return desktop.window.scene();
    }

    @SuppressWarnings("unchecked")
    private <N extends Node> N node(String selector) {
        return (N) Objects.requireNonNull(scene().lookup(selector), selector);
    }

    private TabPane tabs() {
        return node("#agent-tabs");
    }

    private void front(String tab) {
        fx(() -> {
            for (Tab each : tabs().getTabs()) {
                if (each.getId().equals(tab)) {
                    tabs().getSelectionModel().select(each);
                }
            }
        });
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String verdict() {
        return scene().lookup("#replay-verdict") instanceof Label label ? label.getText() : "";
    }

    private String state() {
        return this.<Label>node("#agent-source-state").getText();
    }

    private TableView<CallView> calls() {
        return node("#agent-calls");
    }

    private TableView<ReplayedCall> replayed() {
        return node("#replay-calls");
    }

    /// Both themes and two sizes, for people to look at: `-Dnexus.shots=FOLDER`.
    private void pictures(String name) {
        String shots = System.getProperty("nexus.shots");
        if (shots == null) {
            return;
        }
        for (int[] size : List.of(new int[] {1000, 640}, new int[] {1280, 800})) {
            fx(() -> {
                desktop.stage.setWidth(size[0]);
                desktop.stage.setHeight(size[1]);
            });
            for (ColorScheme scheme : ColorScheme.values()) {
                fx(() -> desktop.system.set(scheme));
                for (int pulse = 0; pulse < 5; pulse++) {
                    WaitForAsyncUtils.waitForFxEvents();
                }
                String file = name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + size[0] + ".png";
                desktop.picture(Path.of(shots, file));
            }
        }
    }
}
