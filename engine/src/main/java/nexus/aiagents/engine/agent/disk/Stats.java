package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a program is told of a file.
final class Stats {
    private static final Pattern INODE = Pattern.compile("ino=(\\d+)");

    private Stats() {}

    static String type(BasicFileAttributes found) {
        if (found.isSymbolicLink()) {
            return "link";
        }
        return found.isOther() ? "other" : found.isDirectory() ? "folder" : "file";
    }

    /// @param path where it lies, null if nowhere any more
    static void put(ObjectNode into, BasicFileAttributes found, long size, @Nullable Path path) {
        into.put("type", type(found));
        into.put("size", size);
        into.put("inode", inode(found, path));
        into.put("links", links(path));
        into.put("accessed", nanos(found.lastAccessTime()));
        into.put("modified", nanos(found.lastModifiedTime()));
        into.put("changed", changed(found, path));
    }

    static long inode(BasicFileAttributes found, @Nullable Path path) {
        Object key = found.fileKey();
        Matcher matcher = INODE.matcher(String.valueOf(key));
        if (matcher.find()) {
            return Long.parseUnsignedLong(matcher.group(1));
        }
        long hash = 0xcbf29ce484222325L;
        for (char c : String.valueOf(key == null ? path : key).toCharArray()) {
            hash = (hash ^ c) * 0x100000001b3L;
        }
        return hash;
    }

    private static int links(@Nullable Path path) {
        Object links = path == null ? Integer.valueOf(0) : unix(path, "nlink");
        return links instanceof Integer number ? number : 1;
    }

    private static long changed(BasicFileAttributes found, @Nullable Path path) {
        Object time = path == null ? null : unix(path, "ctime");
        return nanos(time instanceof FileTime changed ? changed : found.lastModifiedTime());
    }

    private static @Nullable Object unix(Path path, String attribute) {
        try {
            return Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return null; // gone meanwhile, or not a Unix
        }
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
