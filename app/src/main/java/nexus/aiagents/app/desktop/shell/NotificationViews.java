package nexus.aiagents.app.desktop.shell;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javafx.animation.PauseTransition;
import javafx.beans.binding.DoubleBinding;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Notifications as a person sees them: a card for a moment, and the history.
final class NotificationViews {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final Duration SHOWN = Duration.seconds(7);
    private static final int AT_ONCE = 2;
    /// Left and right of a card's content, as the style sheet has it.
    private static final double PADDING = 12;

    private static final double BAR = 16;
    private static final double KIND_AND_TIME = 82;

    private final Workspace workspace;
    private final Overlay overlay;
    private final VBox cards = new VBox(8);

    NotificationViews(Workspace workspace, Overlay overlay) {
        this.workspace = workspace;
        this.overlay = overlay;
        cards.getStyleClass().add("toasts");
        cards.setPickOnBounds(false);
        cards.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        cards.setAlignment(Pos.BOTTOM_RIGHT);
        workspace.notifications().history().addListener((ListChangeListener<Notification>) change -> {
            while (change.next()) {
                if (change.wasAdded() && change.getFrom() == 0) {
                    announce(change.getAddedSubList().getFirst());
                }
            }
        });
    }

    /// Where cards appear.
    VBox cards() {
        return cards;
    }

    void openHistory() {
        ListView<Notification> list = new ListView<>(workspace.notifications().history());
        list.setId("notification-list");
        list.setAccessibleText("Notifications, newest first");
        list.setCellFactory(_ -> new Cell());
        Label none = new Label("Nothing yet. You hear only of what needs you, failed or finished.");
        none.getStyleClass().add("muted");
        none.setWrapText(true);
        list.setPlaceholder(none);
        VBox.setVgrow(list, Priority.ALWAYS);
        Label title = new Label("Notifications");
        title.getStyleClass().add("h2");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button clear = new Button("Clear history");
        clear.getStyleClass().addAll("small", "flat");
        clear.setOnAction(_ -> workspace.notifications().clear());
        HBox head = new HBox(8, title, gap, clear);
        head.setAlignment(Pos.CENTER_LEFT);
        VBox panel = new VBox(12, head, list);
        panel.getStyleClass().add("drawer");
        panel.setMaxWidth(Region.USE_PREF_SIZE);
        workspace.notifications().markRead();
        cards.getChildren().clear();
        overlay.present(panel, Pos.CENTER_RIGHT, list);
    }

    private void announce(Notification notification) {
        if (notification.count() > 1 && !cards.getChildren().isEmpty()) {
            cards.getChildren().removeFirst();
        }
        VBox card = card(notification);
        card.getStyleClass().add("toast");
        card.setAccessibleRole(AccessibleRole.TEXT);
        card.setAccessibleText(notification.title() + ". " + notification.text());
        cards.getChildren().addFirst(card);
        while (cards.getChildren().size() > AT_ONCE) {
            cards.getChildren().removeLast();
        }
        PauseTransition end = new PauseTransition(SHOWN);
        end.setOnFinished(_ -> cards.getChildren().remove(card));
        card.setOnMouseEntered(_ -> end.stop());
        card.setOnMouseExited(_ -> end.playFromStart());
        end.play();
    }

    private VBox card(Notification notification) {
        FontIcon icon = new FontIcon(icon(notification.kind()));
        icon.getStyleClass().add("kind");
        Label title = new Label(
                notification.count() > 1 ? notification.title() + "  ×" + notification.count() : notification.title());
        title.getStyleClass().add("strong");
        title.setWrapText(true);
        title.setMinHeight(Region.USE_PREF_SIZE);
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        Label at = new Label(TIME.format(notification.at()));
        at.getStyleClass().addAll("muted", "small");
        at.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(8, icon, title, at);
        head.setAlignment(Pos.TOP_LEFT);
        Label text = new Label(notification.text());
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        VBox card = new VBox(4, head);
        if (!notification.text().isBlank()) {
            card.getChildren().add(text);
        }
        card.getStyleClass().addAll("notice", style(notification.kind()));
        String screen = notification.screen();
        if (screen != null) {
            Button look = new Button("Look at it");
            look.getStyleClass().addAll("small", "flat", "link");
            look.setTooltip(new Tooltip("Go to where it happened"));
            look.setOnAction(_ -> {
                overlay.dismiss();
                workspace.show(screen, notification.selection());
            });
            card.getChildren().add(look);
        }
        return card;
    }

    private static Ikon icon(Notification.Kind kind) {
        return switch (kind) {
            case NEEDS_YOU -> Feather.ALERT_TRIANGLE;
            case FAILED -> Feather.X_CIRCLE;
            case FINISHED -> Feather.CHECK_CIRCLE;
            case INFO -> Feather.INFO;
        };
    }

    private static String style(Notification.Kind kind) {
        return switch (kind) {
            case NEEDS_YOU -> "warning";
            case FAILED -> "danger";
            case FINISHED -> "success";
            case INFO -> "info";
        };
    }

    private final class Cell extends ListCell<Notification> {
        /// A cell asks how high its content is without a width: its texts have to know theirs.
        private VBox inList(VBox card) {
            DoubleBinding room = getListView().widthProperty().subtract(2 * PADDING + BAR);
            card.setMaxWidth(Double.MAX_VALUE);
            for (Node part : card.getChildren()) {
                if (part instanceof Label text) {
                    text.prefWidthProperty().bind(room);
                } else if (part instanceof HBox head) {
                    Label title = (Label) head.getChildren().get(1);
                    title.prefWidthProperty().bind(room.subtract(KIND_AND_TIME));
                }
            }
            return card;
        }

        @Override
        protected void updateItem(@Nullable Notification notification, boolean empty) {
            super.updateItem(notification, empty);
            setPrefWidth(0);
            setGraphic(empty || notification == null ? null : inList(card(notification)));
            setAccessibleText(empty || notification == null ? "" : notification.title() + ". " + notification.text());
        }
    }
}
