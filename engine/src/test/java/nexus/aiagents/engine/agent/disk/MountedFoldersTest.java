package nexus.aiagents.engine.agent.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall.Disk;
import nexus.aiagents.sandbox.HostCall.Disk.Open.How;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a program can do in the folders it was granted, and that it can do nothing anywhere else.
class MountedFoldersTest {
    static final int DATA = 1;
    static final int BOOKS = 2;
    static final int WHOLE = 3;

    @TempDir
    Path temp;

    Path project;
    MountedFolders desk;

    @BeforeEach
    void open() throws IOException {
        project = Files.createDirectory(temp.resolve("project"));
        for (String folder : List.of("data/sub", "books", ".nexus")) {
            Files.createDirectories(project.resolve(folder));
        }
        Files.writeString(project.resolve("data/a.txt"), "otter");
        Files.writeString(project.resolve("books/b.txt"), "read me");
        Files.writeString(project.resolve(".nexus/control.json"), "secret");
        Files.writeString(temp.resolve("secret.txt"), "secret");
        desk = desk(mount("data", true), mount("books", false), mount(".", true));
    }

    @AfterEach
    void close() {
        desk.close();
    }

    Grants.Mount mount(String path, boolean writable) {
        return new Grants.Mount(path, project.resolve(path), writable);
    }

    MountedFolders desk(Grants.Mount... mounts) {
        return new MountedFolders(List.of(mounts), project, Quota.ofThisSystem());
    }

    JsonNode ok(Disk call) {
        try {
            return JsonMapper.shared().readTree(desk.call(call));
        } catch (DiskFailure | InterruptedException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    void refused(String code, Disk call) {
        assertEquals(
                code,
                assertThrows(DiskFailure.class, () -> desk.call(call), call::toString)
                        .code(),
                call::toString);
    }

    int opened(int folder, String path, How... how) {
        return ok(open(folder, path, how)).path("handle").intValue();
    }

    static Disk.Open open(int folder, String path, How... how) {
        Set<How> all = EnumSet.noneOf(How.class);
        all.addAll(List.of(how));
        return new Disk.Open(folder, path, all);
    }

    String text(int handle) {
        String base64 = ok(new Disk.Read(handle, 0, 1000)).stringValue();
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    void link(String at, String target) {
        try {
            Files.createSymbolicLink(project.resolve(at), Path.of(target));
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }
    }

    @Test
    void granted_folders_have_absolute_names_and_granted_files_are_left_out() {
        assertEquals(
                "[{\"handle\":1,\"path\":\"/data\",\"writable\":true},"
                        + "{\"handle\":2,\"path\":\"/books\",\"writable\":false},"
                        + "{\"handle\":3,\"path\":\"/\",\"writable\":true}]",
                ok(new Disk.Mounts()).toString());
        desk = desk(mount("data/a.txt", true), mount("./books/", false));
        assertEquals(
                "[{\"handle\":1,\"path\":\"/books\",\"writable\":false}]",
                ok(new Disk.Mounts()).toString());
    }

    @Test
    void bytes_are_read_written_appended_cut_and_stretched() throws Exception {
        int file = opened(DATA, "a.txt", How.WRITE);
        assertEquals("otter", text(file));
        assertEquals(7, ok(new Disk.Write(file, 4, base64("rs!"))).longValue());
        assertEquals(8, ok(new Disk.Write(file, -1, base64("!"))).longValue());
        assertEquals("otters!!", text(file));
        ok(new Disk.Resize(file, 3));
        assertEquals("ott", text(file));
        ok(new Disk.Resize(file, 5));
        assertEquals("ott\0\0", text(file));
        assertEquals("", ok(new Disk.Read(file, Long.MAX_VALUE, 10)).stringValue());
        ok(new Disk.Sync(file));
        ok(new Disk.Close(file));
        refused("bad-handle", new Disk.Read(file, 0, 1));
        assertEquals("ott\0\0", Files.readString(project.resolve("data/a.txt")));
        opened(DATA, "a.txt", How.TRUNCATE);
        assertEquals("", Files.readString(project.resolve("data/a.txt")));
    }

    @Test
    void a_file_is_made_only_when_asked_for_and_only_once() {
        refused("not-found", open(DATA, "new", How.WRITE));
        opened(DATA, "new", How.CREATE, How.NEW);
        refused("exists", open(DATA, "new", How.CREATE, How.NEW));
        refused("not-a-folder", open(DATA, "new", How.FOLDER));
        refused("not-a-folder", open(DATA, "new/"));
        refused("not-found", open(DATA, "newer/", How.CREATE));
        refused("is-a-folder", open(DATA, "sub", How.WRITE));
    }

    @Test
    void names_are_listed_made_renamed_and_removed() {
        ok(new Disk.MakeFolder(DATA, "sub/deep/"));
        refused("exists", new Disk.MakeFolder(DATA, "sub/deep"));
        refused("not-empty", new Disk.Remove(DATA, "sub", true));
        ok(new Disk.Rename(DATA, "a.txt", DATA, "sub/deep/b.txt"));
        int deep = opened(DATA, "sub/deep", How.FOLDER);
        assertEquals("b.txt", ok(new Disk.List(deep)).path(0).path("name").stringValue());
        assertEquals("file", ok(new Disk.Stat(deep, "b.txt", true)).path("type").stringValue());
        ok(new Disk.Link(deep, "b.txt", DATA, "c.txt"));
        assertEquals(2, ok(new Disk.Stat(DATA, "c.txt", true)).path("links").intValue());
        ok(new Disk.Remove(deep, "b.txt", false));
        refused("is-a-folder", new Disk.Remove(DATA, "sub", false));
        refused("not-a-folder", new Disk.Remove(DATA, "c.txt", true));
        refused("not-a-folder", new Disk.Remove(DATA, "c.txt/", false));
        ok(new Disk.Remove(DATA, "sub/deep", true));
        assertEquals(
                List.of("c.txt", "sub"),
                ok(new Disk.List(DATA))
                        .valueStream()
                        .map(e -> e.path("name").stringValue())
                        .toList());
    }

    @Test
    void what_is_open_stays_open_when_its_name_goes() {
        int file = opened(DATA, "a.txt", How.WRITE);
        ok(new Disk.Remove(DATA, "a.txt", false));
        assertEquals("otter", text(file));
        JsonNode stat = ok(new Disk.Stat(file, "", false));
        assertEquals(5, stat.path("size").longValue());
        assertEquals(0, stat.path("links").intValue());
    }

    @Test
    void times_are_set_to_the_nanosecond_also_of_a_link_itself() {
        link("data/l", "a.txt");
        long time = 1_700_000_000_123_456_789L;
        ok(new Disk.SetTimes(DATA, "a.txt", false, null, time));
        ok(new Disk.SetTimes(DATA, "l", false, time - 7, time - 7));
        assertEquals(time, ok(new Disk.Stat(DATA, "l", true)).path("modified").longValue());
        assertEquals(
                time - 7, ok(new Disk.Stat(DATA, "l", false)).path("modified").longValue());
        int file = opened(DATA, "a.txt");
        ok(new Disk.SetTimes(file, "", false, null, time + 1));
        assertEquals(
                time + 1, ok(new Disk.Stat(file, "", false)).path("modified").longValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../project/data/a.txt",
                "sub/../../books/b.txt",
                "/etc/passwd",
                "/",
                "sub/../../../secret.txt",
                "./../data/a.txt"
            })
    void no_path_leads_out(String path) {
        refused("not-granted", open(DATA, path));
        refused("not-granted", open(DATA, path, How.CREATE, How.WRITE));
        refused("not-granted", new Disk.Stat(DATA, path, true));
        refused("not-granted", new Disk.MakeFolder(DATA, path));
        refused("not-granted", new Disk.Remove(DATA, path, false));
        refused("not-granted", new Disk.Remove(DATA, path, true));
        refused("not-granted", new Disk.Rename(DATA, path, DATA, "x"));
        refused("not-granted", new Disk.Rename(DATA, "a.txt", DATA, path));
        refused("not-granted", new Disk.Link(DATA, path, DATA, "x"));
        refused("not-granted", new Disk.Link(DATA, "a.txt", DATA, path));
        refused("not-granted", new Disk.MakeSymlink("x", DATA, path));
        refused("not-granted", new Disk.ReadLink(DATA, path));
        refused("not-granted", new Disk.SetTimes(DATA, path, true, null, 1L));
    }

    @Test
    void a_folder_that_was_opened_confines_as_the_granted_one_does() {
        int sub = opened(DATA, "sub", How.FOLDER);
        refused("not-granted", open(sub, "../a.txt"));
        opened(DATA, "sub/../a.txt");
    }

    @Test
    void links_are_followed_inside_and_nowhere_else() throws Exception {
        Files.writeString(project.resolve("data/sub/x"), "inside");
        link("data/in", "sub/../sub/x");
        link("data/folder", "sub");
        link("data/chain", "folder/../in");
        link("data/out", "../../secret.txt");
        link("data/absolute", temp.resolve("secret.txt").toString());
        link("data/absolute-in", project.resolve("data/a.txt").toString());
        link("data/up", "..");
        link("data/sub/up", "../..");
        link("data/loop", "loop");
        link("data/dangling", "nothing");

        assertEquals("inside", text(opened(DATA, "in", How.FOLLOW)));
        assertEquals("inside", text(opened(DATA, "folder/x")));
        assertEquals("inside", text(opened(DATA, "chain", How.FOLLOW)));
        refused("link-loop", open(DATA, "in"));
        for (String path : List.of("out", "absolute", "absolute-in", "up", "up/books/b.txt", "sub/up/books/b.txt")) {
            refused("not-granted", open(DATA, path, How.FOLLOW));
            refused("not-granted", open(DATA, path, How.FOLLOW, How.CREATE, How.WRITE, How.TRUNCATE));
            refused("not-granted", new Disk.Stat(DATA, path, true));
        }
        refused("not-granted", new Disk.MakeFolder(DATA, "up/made"));
        refused("not-granted", new Disk.Remove(DATA, "up/books/b.txt", false));
        refused("not-granted", new Disk.MakeSymlink("x", DATA, "sub/up/made"));
        refused("not-granted", new Disk.Link(DATA, "up/books/b.txt", DATA, "mine"));
        refused("link-loop", open(DATA, "loop", How.FOLLOW));
        opened(DATA, "dangling", How.FOLLOW, How.CREATE);
        assertTrue(Files.isRegularFile(project.resolve("data/nothing")));
        assertEquals("../../secret.txt", ok(new Disk.ReadLink(DATA, "out")).stringValue());
        assertEquals("secret", Files.readString(temp.resolve("secret.txt")));
        assertFalse(Files.exists(project.resolve("made")));
    }

    @Test
    void a_link_of_the_programs_own_making_leads_no_further() {
        refused("not-granted", new Disk.MakeSymlink("/etc", DATA, "etc"));
        ok(new Disk.MakeSymlink("../..", DATA, "sub/up"));
        ok(new Disk.Rename(DATA, "sub/up", DATA, "up"));
        refused("not-granted", open(DATA, "up/secret.txt"));
        refused("not-granted", open(DATA, "up", How.FOLLOW));
    }

    @Test
    void a_folder_granted_for_reading_is_not_changed() throws Exception {
        refused("not-granted", open(BOOKS, "b.txt", How.WRITE));
        refused("not-granted", open(BOOKS, "b.txt", How.TRUNCATE));
        refused("not-granted", open(BOOKS, "new", How.CREATE));
        refused("not-granted", new Disk.Remove(BOOKS, "b.txt", false));
        refused("not-granted", new Disk.MakeFolder(BOOKS, "x"));
        refused("not-granted", new Disk.Rename(BOOKS, "b.txt", DATA, "x"));
        refused("not-granted", new Disk.Rename(DATA, "a.txt", BOOKS, "x"));
        refused("not-granted", new Disk.Link(BOOKS, "b.txt", DATA, "a-second-name-to-write-through"));
        refused("not-granted", new Disk.SetTimes(BOOKS, "b.txt", false, null, 1L));
        int file = opened(BOOKS, "b.txt");
        refused("not-granted", new Disk.Write(file, 0, base64("x")));
        refused("not-granted", new Disk.Resize(file, 0));
        assertEquals("read me", Files.readString(project.resolve("books/b.txt")));
    }

    @Test
    void a_file_opened_for_reading_is_not_written() {
        int file = opened(DATA, "a.txt");
        refused("bad-handle", new Disk.Write(file, 0, base64("x")));
        refused("bad-handle", new Disk.Resize(file, 0));
    }

    @Test
    void the_engines_own_folder_is_not_there() {
        assertEquals(
                List.of("books", "data"),
                ok(new Disk.List(WHOLE))
                        .valueStream()
                        .map(e -> e.path("name").stringValue())
                        .toList());
        for (String path : List.of(".nexus", ".nexus/control.json", "data/../.nexus/", "./.nexus/.")) {
            refused("not-granted", open(WHOLE, path));
            refused("not-granted", new Disk.Stat(WHOLE, path, true));
        }
        refused("not-granted", new Disk.Rename(WHOLE, ".nexus", WHOLE, "mine"));
        refused("not-granted", new Disk.Rename(WHOLE, "books", WHOLE, ".nexus"));
        ok(new Disk.MakeSymlink(".nexus", WHOLE, "door"));
        refused("not-granted", open(WHOLE, "door/control.json"));
        desk = desk(mount(".nexus", true));
        refused("not-granted", open(1, "control.json"));
    }

    @Test
    void a_granted_folder_that_leads_out_of_the_project_is_refused() {
        link("elsewhere", "..");
        link("data/elsewhere", "../..");
        desk = desk(mount("elsewhere", true), mount("elsewhere/new", true), mount("data/elsewhere", false));
        refused("not-granted", open(1, "secret.txt"));
        refused("not-granted", open(2, "x", How.CREATE));
        refused("not-granted", open(3, "secret.txt"));
        assertFalse(Files.exists(temp.resolve("new")));
    }

    @Test
    void a_writable_folder_that_is_missing_is_made() {
        desk = desk(mount("fresh/one", true), mount("missing", false));
        opened(1, "a", How.CREATE);
        assertTrue(Files.exists(project.resolve("fresh/one/a")));
        refused("not-found", open(2, "a"));
    }

    @Test
    void a_folder_swapped_for_a_link_after_it_was_opened_leads_nowhere_new() throws Exception {
        int sub = opened(DATA, "sub", How.FOLDER);
        Files.writeString(project.resolve("data/sub/x"), "mine");
        Files.move(project.resolve("data/sub"), project.resolve("data/moved"));
        link("data/sub", "../..");
        Files.createDirectory(temp.resolve("trap"));

        refused("not-found", new Disk.MakeFolder(sub, "trap/made"));
        ok(new Disk.MakeFolder(sub, "made"));
        refused("exists", new Disk.MakeSymlink("x", sub, "made"));
        assertTrue(Files.isDirectory(project.resolve("data/moved/made")), "where the open folder is now");
        assertFalse(Files.exists(temp.resolve("trap/made")));
        assertFalse(Files.exists(temp.resolve("made")));
        assertEquals("mine", text(opened(sub, "x")));
    }

    @Test
    void special_files_are_neither_opened_nor_touched() throws Exception {
        Path pipe = project.resolve("data/pipe");
        assumeTrue(mkfifo(pipe), "no named pipes here");
        refused("special-file", open(DATA, "pipe"));
        refused("special-file", open(DATA, "pipe", How.WRITE, How.CREATE));
        refused("special-file", new Disk.Remove(DATA, "pipe", false));
        refused("special-file", new Disk.Rename(DATA, "pipe", DATA, "x"));
        refused("special-file", new Disk.Rename(DATA, "a.txt", DATA, "pipe"));
        refused("special-file", new Disk.Link(DATA, "pipe", DATA, "x"));
        refused("not-a-folder", open(DATA, "pipe/x"));
    }

    private static boolean mkfifo(Path at) {
        try {
            return new ProcessBuilder("mkfifo", at.toString()).start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a.txt\0", "\0"})
    void a_zero_character_is_no_part_of_a_path(String path) {
        refused("bad-input", open(DATA, path));
        refused("bad-input", new Disk.MakeSymlink(path, DATA, "x"));
    }

    @Test
    void paths_are_bounded() {
        refused("name-too-long", open(DATA, "x".repeat(256)));
        refused("name-too-long", open(DATA, "x/".repeat(3000)));
        refused("name-too-long", open(DATA, "sub/../".repeat(585)));
        refused("not-found", open(DATA, ""));
        for (int i = 0; i < 99; i++) {
            ok(new Disk.MakeFolder(DATA, "d/".repeat(i + 1)));
        }
        ok(new Disk.MakeFolder(DATA, "d/".repeat(100)));
        ok(new Disk.MakeFolder(DATA, "d/".repeat(101)));
        refused("name-too-long", open(DATA, "d/".repeat(101) + "x", How.CREATE));
    }

    @Test
    void offsets_and_sizes_are_bounded() {
        int file = opened(DATA, "a.txt", How.WRITE);
        for (long far : new long[] {Long.MAX_VALUE, 1L << 40, Quota.MAX_FILE_BYTES}) {
            refused("too-large", new Disk.Write(file, far, base64("x")));
            refused("too-large", new Disk.Resize(file, far + (far == Quota.MAX_FILE_BYTES ? 1 : 0)));
        }
        refused("bad-input", new Disk.Write(file, -2, base64("x")));
        refused("bad-input", new Disk.Write(file, Long.MIN_VALUE, base64("x")));
        refused("too-large", new Disk.Resize(file, -1));
        refused("bad-input", new Disk.Read(file, -1, 1));
        refused("bad-input", new Disk.Read(file, 0, -1));
        refused("bad-input", new Disk.Write(file, 0, "no base64!"));
        refused("bad-input", new Disk.Write(file, 0, "A".repeat(2 * Disk.MAX_BYTES)));
        assertEquals("otter", text(file));
    }

    @Test
    void one_run_adds_no_more_than_its_quota() {
        for (int i = 0; i < 4; i++) {
            ok(new Disk.Resize(opened(DATA, "big" + i, How.WRITE, How.CREATE), Quota.MAX_FILE_BYTES));
        }
        refused("quota", new Disk.Write(opened(DATA, "big4", How.WRITE, How.CREATE), 0, base64("x")));
    }

    @Test
    void the_disk_is_never_filled_to_the_brim() throws Exception {
        long[] free = {Quota.LEFT_FREE + 10};
        desk = new MountedFolders(List.of(mount("data", true)), project, new Quota(_ -> free[0]));
        int file = opened(DATA, "a.txt", How.WRITE);

        ok(new Disk.Write(file, 0, base64("x".repeat(14))));
        refused("no-space", new Disk.Resize(file, 20 << 20));
        free[0] = Long.MAX_VALUE;
        ok(new Disk.Resize(file, 20 << 20));
    }

    @Test
    void all_programs_together_leave_the_process_some_descriptors() {
        List<MountedFolders> many = new ArrayList<>();
        int refusals = 0;
        for (int i = 0; i < 10; i++) {
            desk = desk(mount("data", true));
            many.add(desk);
            for (int j = 0; j < 120; j++) {
                try {
                    desk.call(open(DATA, "a.txt"));
                } catch (DiskFailure e) {
                    assertEquals("too-many-open", e.code());
                    refusals++;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
        many.forEach(MountedFolders::close);
        assertTrue(refusals >= 200, "of 1,210 only 1,000 can be open: " + refusals);
        desk = desk(mount("data", true));
        opened(DATA, "a.txt");
    }

    @Test
    void one_run_makes_no_more_names_than_its_quota() throws Exception {
        Quota quota = new Quota(_ -> Long.MAX_VALUE);
        for (int i = 0; i < Quota.MAX_NEW_NAMES; i++) {
            quota.name();
        }
        assertThrows(DiskFailure.class, quota::name);
    }

    @Test
    void no_more_than_so_many_are_open_and_closing_makes_room() {
        List<Integer> all = new ArrayList<>();
        opened(DATA, "a.txt"); // with the granted folder itself that makes two
        while (all.size() < 126) {
            all.add(opened(DATA, "a.txt"));
        }
        refused("too-many-open", open(DATA, "a.txt"));
        refused("too-many-open", open(DATA, "sub"));
        ok(new Disk.Close(all.getFirst()));
        opened(DATA, "a.txt");
    }

    @Test
    void handles_of_another_kind_or_of_nobody_are_refused() {
        int file = opened(DATA, "a.txt");
        refused("not-a-folder", open(file, "x"));
        refused("not-a-folder", new Disk.List(file));
        refused("is-a-folder", new Disk.Read(DATA, 0, 1));
        for (int nobody : new int[] {0, -1, 99, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            refused("bad-handle", open(nobody, "x"));
            refused("bad-handle", new Disk.Close(nobody));
            refused("bad-handle", new Disk.Stat(nobody, "", false));
        }
        desk.close();
        refused("bad-handle", open(DATA, "a.txt"));
    }

    @Test
    void what_is_written_down_of_a_call_names_the_file_as_the_program_does() {
        int file = opened(DATA, "a.txt", How.WRITE);
        assertEquals("open to write /data/sub/x", desk.describe(open(DATA, "sub/x", How.WRITE)));
        assertEquals("open /x", desk.describe(open(WHOLE, "x")));
        assertEquals(null, desk.describe(new Disk.Close(file)));
        text(file);
        ok(new Disk.Write(file, 0, base64("abc")));
        assertEquals("read 5 and wrote 3 bytes of /data/a.txt", desk.describe(new Disk.Close(file)));
        List<String> left = new ArrayList<>();
        desk.reportOpen(left::add);
        assertEquals(List.of("read 5 and wrote 3 bytes of /data/a.txt"), left);
    }
}
