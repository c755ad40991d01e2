package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes along a path name by name, from an open folder and never above it. Links are read and walked
/// here, so where they lead is bound by the same rule; absolute ones lead out. For one thread; closes
/// what it opened.
final class Walk implements AutoCloseable {
    static final int MAX_PATH = 4096;
    private static final int MAX_NAME = 255;
    private static final int MAX_LINKS = 40;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_STEPS = 1_000;
    private static final String UP = "..";

    private final OpenFolder start;
    private final Deque<OpenFolder> entered = new ArrayDeque<>();
    private final Deque<String> left = new ArrayDeque<>();
    private final String asked;
    private final @Nullable Hidden hidden;
    private int links;
    private int steps;
    private boolean asFolder;
    private String name = "";

    private Walk(OpenFolder start, String asked, @Nullable Hidden hidden) {
        this.start = start;
        this.asked = asked;
        this.hidden = hidden;
    }

    /// @param hidden a folder that nobody may see, null: none
    /// @param follow whether a link in the last place is followed
    static Walk to(OpenFolder start, String path, boolean follow, @Nullable Hidden hidden) throws DiskFailure {
        Walk walk = new Walk(start, path, hidden);
        try {
            walk.add(path);
            walk.go(follow);
            return walk;
        } catch (IOException e) {
            walk.close();
            throw DiskFailure.of(path, e);
        } catch (InvalidPathException e) {
            walk.close();
            throw new DiskFailure("bad-input", "the path has characters that this system does not know");
        } catch (DiskFailure e) {
            walk.close();
            throw e;
        }
    }

    /// The folder that holds what the path leads to.
    OpenFolder folder() {
        OpenFolder last = entered.peekLast();
        return last == null ? start : last;
    }

    /// The name in {@link #folder()}, empty if the path leads to that folder itself.
    String name() {
        return name;
    }

    /// Whether the path says by its end that it means a folder.
    boolean asFolder() {
        return asFolder;
    }

    /// What is there, null if nothing is.
    @Nullable
    BasicFileAttributes found() throws IOException {
        return name.isEmpty() ? folder().stat() : folder().statOrNull(name);
    }

    Path path() {
        return name.isEmpty() ? folder().path() : folder().path(name);
    }

    /// Puts the names of a path before those that are left.
    private void add(String path) throws DiskFailure {
        if (path.isEmpty()) {
            throw new DiskFailure("not-found", "an empty path leads nowhere");
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new DiskFailure("name-too-long", "a path has at most " + MAX_PATH + " bytes");
        }
        if (path.indexOf('\0') >= 0) {
            throw new DiskFailure("bad-input", "a path has no zero characters");
        }
        if (path.startsWith("/") || Path.of(path).isAbsolute()) {
            throw DiskFailure.leaves(asked);
        }
        List<String> names = Arrays.asList(path.split("/", -1));
        String last = names.getLast();
        if (left.isEmpty() && (last.isEmpty() || last.equals(".") || last.equals(UP))) {
            asFolder = true;
        }
        List<String> proper =
                names.stream().filter(n -> !n.isEmpty() && !n.equals(".")).toList();
        for (String each : proper.reversed()) {
            if (each.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
                throw new DiskFailure("name-too-long", "a name has at most " + MAX_NAME + " bytes");
            }
            if (!each.equals(UP) && OpenFolder.isDeceptive(each)) {
                throw new DiskFailure("bad-input", "'" + each + "' is not a name of a file on this system");
            }
            left.addFirst(each);
        }
    }

    private void go(boolean follow) throws IOException, DiskFailure {
        while (!left.isEmpty()) {
            if (++steps > MAX_STEPS) {
                throw new DiskFailure("name-too-long", "'" + asked + "' has too many steps");
            }
            String next = left.removeFirst();
            if (next.equals(UP)) {
                up();
                continue;
            }
            BasicFileAttributes found = folder().statOrNull(next);
            requireVisible(folder().path(next), found);
            boolean last = left.isEmpty();
            if (found != null && found.isSymbolicLink() && (!last || follow)) {
                followLink(next);
            } else if (last) {
                name = next;
            } else {
                enter(next, found);
            }
        }
    }

    private void up() throws IOException, DiskFailure {
        OpenFolder last = entered.pollLast();
        if (last == null) {
            throw DiskFailure.leaves(asked);
        }
        last.close();
    }

    private void followLink(String link) throws IOException, DiskFailure {
        if (++links > MAX_LINKS) {
            throw new DiskFailure("link-loop", "'" + asked + "' leads through too many links");
        }
        Path target = folder().byPath(in -> Files.readSymbolicLink(in.resolve(link)));
        add(target.toString().replace(target.getFileSystem().getSeparator(), "/"));
    }

    private void enter(String next, @Nullable BasicFileAttributes found) throws IOException, DiskFailure {
        if (found == null) {
            throw new DiskFailure("not-found", "'" + asked + "' does not exist");
        }
        if (!found.isDirectory() || found.isOther()) {
            throw new DiskFailure("not-a-folder", "a part of '" + asked + "' is not a folder");
        }
        if (entered.size() == MAX_DEPTH) {
            throw new DiskFailure("name-too-long", "folders lie at most " + MAX_DEPTH + " deep");
        }
        OpenFolder child = folder().child(next);
        entered.addLast(child);
        requireVisible(child.path(), child.stat());
    }

    private void requireVisible(Path at, @Nullable BasicFileAttributes found) throws IOException, DiskFailure {
        if (hidden != null && found != null && hidden.is(at, found)) {
            throw DiskFailure.leaves(asked);
        }
    }

    @Override
    public void close() {
        entered.forEach(Walk::closeQuietly);
        entered.clear();
    }

    /// Hands the folder it is in to the caller, who closes it.
    OpenFolder take() throws IOException {
        OpenFolder last = entered.pollLast();
        return last == null ? start.again() : last;
    }

    static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception _) {
            // Nothing was written through it: there is nothing to lose.
        }
    }
}
