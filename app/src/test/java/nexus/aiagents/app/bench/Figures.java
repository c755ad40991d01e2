package nexus.aiagents.app.bench;

/// One group of figures. It has a process of its own, so that none measures what another left behind.
@FunctionalInterface
interface Figures {
    void measure(Table table) throws Exception;
}
