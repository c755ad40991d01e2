package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javafx.application.ColorScheme;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.DenialView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import nexus.aiagents.engine.view.AgentView.GrantsView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.AskView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What agents may do, what they used and were denied, and what they ask for.
@ExtendWith(ApplicationExtension.class)
class CapabilitiesTest {
    private final Instant now = Instant.now();
    private final FakeEngineClient client = new FakeEngineClient(project(1, true, true));
    private DesktopFixture desktop;
    private List<Screen> screens = List.of();

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, workspace -> {
            screens = DesktopApp.screens(workspace);
            return screens;
        });
        desktop.workspace.open(desktop.home);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private ProjectView project(long seq, boolean asked, boolean unused) {
        ProjectView v = new LivelyViews(now).project();
        List<AskView> asks = !asked
                ? List.of()
                : List.of(new AskView(
                        "a1",
                        now,
                        "researcher",
                        "r1",
                        "http",
                        "api.example.org",
                        "POST",
                        "http POST https://api.example.org/items"));
        return new ProjectView(
                v.seq() + seq,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents().stream().map(a -> granted(a, unused)).toList(),
                v.supervisors(),
                v.runs(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle(),
                v.workflows(),
                asks);
    }

    private AgentView granted(AgentView a, boolean unused) {
        GrantView model = new GrantView("models", "default", "", "\"default\"", 12, now);
        GrantView host =
                new GrantView("http", "api.example.org", "GET, HEAD", "{\"host\":\"api.example.org\"}", 0, null);
        GrantsView grants = switch (a.name()) {
            case "researcher" ->
                new GrantsView(
                        true,
                        unused ? List.of(model, host) : List.of(model),
                        List.of(new DenialView(
                                "file",
                                "reading 'private/keys.txt' is not granted",
                                "grants: {files: [{path: \"private/keys.txt\", mode: ro}]}",
                                2,
                                now)));
            case "reviewer" ->
                new GrantsView(
                        false,
                        List.of(
                                model,
                                new GrantView("files", "notes", "read and write", "{}", 40, now),
                                new GrantView("kv", "", "up to 1 MB", "true", 3, now),
                                new GrantView("env", "LANG", "", "\"LANG\"", 0, null)),
                        List.of());
            default -> GrantsView.NONE;
        };
        return LivelyViews.with(a, grants);
    }

    private void show() {
        fx(() -> desktop.window.show(Screen.CAPABILITIES, "researcher"));
        await("the matrix", () -> {
            TableView<AgentView> matrix = find("#grant-matrix");
            return matrix != null && !matrix.getItems().isEmpty();
        });
    }

    @SuppressWarnings("unchecked")
    private <T extends Node> T find(String selector) {
        return (T) desktop.window.scene().getRoot().lookup(selector);
    }

    private void press(String selector) {
        await(selector, () -> find(selector) != null && find(selector).isVisible());
        fx(() -> this.<Button>find(selector).fire());
    }

    @Test
    void a_question_says_what_is_allowed_to_whom_and_every_answer_how_long() throws Exception {
        show();
        Node card = onFx(() -> find("#ask-card-a1"));
        String said = onFx(card::getAccessibleText);
        assertTrue(said.contains("researcher") && said.contains("POST requests to api.example.org"), said);
        for (String decision : List.of("once", "run", "project", "always", "deny")) {
            String help = onFx(() -> this.<Button>find("#ask-" + decision).getAccessibleHelp());
            assertFalse(help.isBlank(), decision);
            press("#ask-" + decision);
            assertEquals(new Command.DecideGrant("a1", decision), client.nextCommand());
        }
        client.set(project(2, false, true));
        await("no card", () -> !find("#asks").isVisible());
    }

    @Test
    void a_grant_that_was_never_used_is_removed_by_button_or_key_and_put_back() throws Exception {
        show();
        press("#remove-http-api-example-org");
        assertEquals(new Command.RemoveGrant("researcher", "http", "api.example.org"), client.nextCommand());
        client.set(project(2, true, false));
        await("one grant less", () -> find("#remove-http-api-example-org") == null);
        press("#capabilities-undo");
        assertEquals(
                new Command.AddGrant("researcher", "http", "{\"host\":\"api.example.org\"}"), client.nextCommand());
        client.set(project(3, true, true));
        await("it is back", () -> find("#remove-http-api-example-org") != null);
        fx(() -> {
            TableView<?> list = find("#grant-list");
            list.requestFocus();
            list.getSelectionModel().select(1);
        });
        new FxRobot().press(KeyCode.DELETE).release(KeyCode.DELETE);
        assertEquals(new Command.RemoveGrant("researcher", "http", "api.example.org"), client.nextCommand());
    }

    @Test
    void a_grant_in_use_and_a_denial_are_not_removed_and_say_why() {
        show();
        fx(() -> this.<TableView<?>>find("#grant-list").getSelectionModel().select(0));
        assertTrue(why().contains("in use"), why());
        fx(() -> this.<TableView<?>>find("#grant-list").getSelectionModel().select(2));
        assertTrue(why().contains("denied"), why());
    }

    private String why() {
        return onFx(() -> screens.stream()
                .flatMap(screen -> screen.actions().stream())
                .filter(a -> a.id().equals("capabilities.remove"))
                .findFirst()
                .orElseThrow()
                .whyDisabled()
                .get());
    }

    @Test
    void it_looks_right_in_both_themes() {
        show();
        for (ColorScheme scheme : ColorScheme.values()) {
            fx(() -> desktop.system.set(scheme));
            desktop.picture(Path.of("target", "screenshots", "capabilities-asks-" + scheme + ".png"));
        }
        String summary = onFx(() -> this.<Label>find(".screen-bar .label").getText());
        assertTrue(summary.startsWith("1 question for you · 6 grants, 1 never used · 2 calls denied"), summary);
    }
}
