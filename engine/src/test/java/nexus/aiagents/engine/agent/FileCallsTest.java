package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.agent.disk.Quota;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
    @TempDir
    Path outside;

    Path project;
    FileCalls desk;
    Grants grants;

    @BeforeEach
    void files() throws Exception {
        project = Files.createDirectories(outside.resolve("project"));
        Files.createDirectories(project.resolve("notes"));
        Files.createDirectories(project.resolve("read-only"));
        Files.createDirectories(project.resolve(".nexus"));
        Files.writeString(outside.resolve("secret.txt"), "secret");
        Files.writeString(project.resolve("nexus.yaml"), "secret");
        Files.writeString(project.resolve("notes/a.txt"), "ä");
        Files.writeString(project.resolve("read-only/r.txt"), "r");
        grant(mount("notes", true), mount("read-only", false));
    }

    private void grant(Grants.Mount... mounts) {
        grants = new Grants(Set.of(), List.of(), List.of(mounts), Set.of(), false, Map.of());
        desk = new FileCalls(grants.files(), project);
    }

    private Grants.Mount mount(String path, boolean writable) {
        return new Grants.Mount(path, project.resolve(path), writable);
    }

    private void refused(String code, Attempt attempt) {
        HostCallFailed failed = assertThrows(HostCallFailed.class, attempt::run);
        assertEquals(code, failed.code(), failed.getMessage());
    }

    private interface Attempt {
        void run() throws HostCallFailed, InterruptedException;
    }

    @Test
    void what_is_written_can_be_read_listed_and_deleted() throws Exception {
        desk.write(grants, new HostCall.FileWrite("notes/new/b.txt", "text"));
        assertEquals("\"text\"", desk.read(grants, new HostCall.FileRead("notes/new/b.txt")));
        assertEquals("[\"a.txt\",\"new/\"]", desk.list(grants, new HostCall.FileList("notes")));
        assertEquals("true", desk.delete(grants, new HostCall.FileDelete("notes/new/b.txt")));
        assertEquals("false", desk.delete(grants, new HostCall.FileDelete("notes/new/b.txt")));
        assertEquals("\"ä\"", desk.read(grants, new HostCall.FileRead("notes/a.txt")));
        assertEquals("[]", desk.list(grants, new HostCall.FileList("notes/new")));
    }

    @Test
    void a_run_fills_neither_the_disk_nor_a_folder_whichever_calls_it_uses() throws Exception {
        long[] free = {Quota.LEFT_FREE + (1 << 20)};
        desk = new FileCalls(grants.files(), project, new Quota(_ -> free[0]));
        String megabyte = "x".repeat(1 << 20);
        desk.write(grants, new HostCall.FileWrite("notes/b.txt", megabyte));
        desk.write(grants, new HostCall.FileWrite("notes/b.txt", megabyte.replace('x', 'y')));
        free[0] = Quota.LEFT_FREE;
        for (int i = 0; i < 7; i++) {
            desk.write(grants, new HostCall.FileWrite("notes/c" + i, megabyte)); // it looks only now and then
        }
        refused("no-space", () -> desk.write(grants, new HostCall.FileWrite("notes/d.txt", megabyte + megabyte)));
        assertFalse(Files.exists(project.resolve("notes/d.txt")));

        desk = new FileCalls(grants.files(), project, new Quota(_ -> Long.MAX_VALUE));
        for (int i = 0; i < Quota.MAX_NEW_NAMES - 1; i += 2) {
            desk.write(grants, new HostCall.FileWrite("notes/f" + i + "/a", ""));
        }
        desk.write(grants, new HostCall.FileWrite("notes/f0/a", "it is there already"));
        refused("quota", () -> desk.write(grants, new HostCall.FileWrite("notes/one-more", "")));
        refused("quota", () -> desk.write(grants, new HostCall.FileWrite("notes/one-more/a", "")));
        assertFalse(Files.exists(project.resolve("notes/one-more")));
    }

    @Test
    void paths_that_lead_out_are_refused() {
        for (String path : List.of(
                "notes/../nexus.yaml",
                "../secret.txt",
                "notes/../../secret.txt",
                outside.resolve("secret.txt").toString(),
                "nexus.yaml",
                "notesx/a.txt")) {
            refused("not-granted", () -> desk.read(grants, new HostCall.FileRead(path)));
            refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite(path, "x")));
            refused("not-granted", () -> desk.delete(grants, new HostCall.FileDelete(path)));
        }
        refused("bad-input", () -> desk.read(grants, new HostCall.FileRead("notes/\0")));
    }

    @Test
    void a_folder_granted_for_reading_is_not_written() throws Exception {
        assertEquals("\"r\"", desk.read(grants, new HostCall.FileRead("read-only/r.txt")));
        refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite("read-only/r.txt", "x")));
        refused("not-granted", () -> desk.delete(grants, new HostCall.FileDelete("read-only/r.txt")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void links_that_lead_out_are_refused_at_every_place_of_a_path() throws Exception {
        Files.createSymbolicLink(project.resolve("notes/file"), outside.resolve("secret.txt"));
        Files.createSymbolicLink(project.resolve("notes/folder"), outside);
        Files.createSymbolicLink(project.resolve("notes/dangling"), outside.resolve("not-there"));
        for (String path : List.of("notes/file", "notes/folder/secret.txt", "notes/folder/new.txt")) {
            refused("not-granted", () -> desk.read(grants, new HostCall.FileRead(path)));
            refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite(path, "x")));
        }
        refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite("notes/dangling", "x")));
        refused("not-granted", () -> desk.list(grants, new HostCall.FileList("notes/folder")));
        assertEquals("secret", Files.readString(outside.resolve("secret.txt")));
        assertFalse(Files.exists(outside.resolve("not-there")));
        assertFalse(Files.exists(outside.resolve("new.txt")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_granted_folder_that_is_itself_a_link_out_of_the_project_is_refused() throws Exception {
        Files.createSymbolicLink(project.resolve("elsewhere"), outside);
        grant(mount("elsewhere", true));
        refused("not-granted", () -> desk.read(grants, new HostCall.FileRead("elsewhere/secret.txt")));
    }

    @Test
    void the_engines_own_folder_is_never_granted() throws Exception {
        grant(mount("", true));
        refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite(".nexus/control.json", "x")));
    }

    @Test
    void what_is_missing_no_text_or_a_folder_is_named_so() throws Exception {
        Files.write(project.resolve("notes/binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        refused("not-found", () -> desk.read(grants, new HostCall.FileRead("notes/none.txt")));
        refused("not-text", () -> desk.read(grants, new HostCall.FileRead("notes/binary")));
        refused("not-a-file", () -> desk.read(grants, new HostCall.FileRead("notes")));
        refused("not-a-file", () -> desk.delete(grants, new HostCall.FileDelete("notes")));
        refused("not-a-file", () -> desk.write(grants, new HostCall.FileWrite("notes", "x")));
        refused("too-large", () -> desk.write(grants, new HostCall.FileWrite("notes/big", "x".repeat((5 << 20) + 1))));
    }

    @Test
    void a_granted_file_is_read_and_written_and_nothing_beside_it() throws Exception {
        grant(mount("notes/a.txt", true), mount("out/new.txt", true), mount(".", false));
        desk.write(grants, new HostCall.FileWrite("notes/a.txt", "new"));
        assertEquals("\"new\"", desk.read(grants, new HostCall.FileRead("notes/a.txt")));
        refused("not-granted", () -> desk.write(grants, new HostCall.FileWrite("notes/b.txt", "x")));
        desk.write(grants, new HostCall.FileWrite("out/new.txt", "made"));
        assertEquals("made", Files.readString(project.resolve("out/new.txt")));
        assertEquals("\"secret\"", desk.read(grants, new HostCall.FileRead("nexus.yaml")), "the whole project");
        assertFalse(desk.list(grants, new HostCall.FileList(".")).contains(".nexus"));
        refused("not-granted", () -> desk.read(grants, new HostCall.FileRead(".nexus/x")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void links_that_stay_inside_are_followed_and_one_that_is_deleted_takes_nothing_along() throws Exception {
        Files.createSymbolicLink(project.resolve("notes/link"), Path.of("a.txt"));
        desk.write(grants, new HostCall.FileWrite("notes/link", "through"));
        assertEquals("through", Files.readString(project.resolve("notes/a.txt")));
        assertTrue(Files.isSymbolicLink(project.resolve("notes/link")));

        assertEquals("true", desk.delete(grants, new HostCall.FileDelete("notes/link")));
        assertEquals("through", Files.readString(project.resolve("notes/a.txt")));
        Files.createSymbolicLink(project.resolve("notes/out"), outside.resolve("secret.txt"));
        assertEquals("true", desk.delete(grants, new HostCall.FileDelete("notes/out")));
        assertEquals("secret", Files.readString(outside.resolve("secret.txt")));
    }

    @Test
    void looking_for_what_is_not_there_makes_nothing() throws Exception {
        grant(mount("later", true));
        refused("not-found", () -> desk.read(grants, new HostCall.FileRead("later/a.txt")));
        refused("not-found", () -> desk.list(grants, new HostCall.FileList("later")));
        assertEquals("false", desk.delete(grants, new HostCall.FileDelete("later/a.txt")));
        assertFalse(Files.exists(project.resolve("later")));
    }

    @Test
    void nothing_is_left_of_a_write_but_the_file() throws Exception {
        for (int i = 0; i < 5; i++) {
            desk.write(grants, new HostCall.FileWrite("notes/a.txt", "x".repeat(i)));
        }
        assertEquals("[\"a.txt\"]", desk.list(grants, new HostCall.FileList("notes")));
    }
}
