/// The bridge between engine threads and the JavaFX thread; nothing else may call `Platform.runLater`.
@NullMarked
package nexus.aiagents.app.desktop.fx;

import org.jspecify.annotations.NullMarked;
