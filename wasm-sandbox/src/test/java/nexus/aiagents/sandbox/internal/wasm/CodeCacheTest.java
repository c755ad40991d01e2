package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder of a project can come from anywhere, with compiled code in it.
class CodeCacheTest {
    static final byte[] HASH = CodeCache.sha256(new byte[] {1});
    static final byte[] OTHER = CodeCache.sha256(new byte[] {2});
    static final byte[] JAR = new byte[5_000];

    /// A command that does nothing: type, function, export of `_start`, body.
    static final byte[] MODULE = HexFormat.of()
            .parseHex("0061736d01000000" + "010401600000" + "03020100" + "070a01065f73746172740000" + "0a040102000b");

    @TempDir
    Path folder;

    @TempDir
    Path home;

    @TempDir
    Path anotherHome;

    CodeCache cache(Path keys) {
        return new CodeCache(folder, CodeKey.in(keys), 20_000);
    }

    Path file(byte[] hash) {
        return folder.resolve(HexFormat.of().formatHex(hash) + CodeCache.SUFFIX);
    }

    @Test
    void what_was_kept_is_there_for_the_next_process_of_the_same_person() {
        cache(home).write(HASH, JAR);

        assertArrayEquals(JAR, cache(home).read(HASH));
        assertNull(cache(home).read(OTHER));
    }

    @Test
    void code_that_somebody_else_made_is_not_loaded() {
        cache(anotherHome).write(HASH, JAR);

        assertNull(cache(home).read(HASH));
        cache(home).write(HASH, JAR);
        assertArrayEquals(JAR, cache(home).read(HASH), "and is replaced");
    }

    @Test
    void code_of_one_module_can_not_pass_for_that_of_another() throws Exception {
        CodeCache cache = cache(home);
        cache.write(HASH, JAR);

        Files.move(file(HASH), file(OTHER));

        assertNull(cache.read(OTHER));
    }

    @Test
    void no_changed_bit_is_loaded() throws Exception {
        CodeCache cache = cache(home);
        cache.write(HASH, JAR);
        byte[] good = Files.readAllBytes(file(HASH));

        for (int at = 0; at < good.length; at += 97) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(file(HASH), bad);
            assertNull(cache.read(HASH), "byte " + at);
        }
        Files.write(file(HASH), java.util.Arrays.copyOf(good, 32));
        assertNull(cache.read(HASH));
        Files.write(file(HASH), new byte[0]);
        assertNull(cache.read(HASH));
        Files.write(file(HASH), good);
        assertNotNull(cache.read(HASH));
    }

    @Test
    void links_folders_and_files_without_end_are_not_read() throws Exception {
        CodeCache cache = cache(home);
        Files.createDirectory(file(HASH));
        assertNull(cache.read(HASH));
        cache.write(HASH, JAR);
        assertNull(cache.read(HASH));

        Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")));
        Files.createSymbolicLink(file(OTHER), Path.of("/dev/zero"));
        assertNull(cache.read(OTHER));
        cache.write(OTHER, JAR);
        assertArrayEquals(JAR, cache.read(OTHER));
        assertFalse(Files.isSymbolicLink(file(OTHER)));
    }

    @Test
    void the_folder_does_not_grow_beyond_its_bound_and_loses_what_was_used_longest_ago() throws Exception {
        CodeCache cache = cache(home);
        List<byte[]> hashes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hashes.add(CodeCache.sha256(new byte[] {(byte) i, 9}));
            cache.write(hashes.get(i), JAR);
            Files.setLastModifiedTime(
                    file(hashes.get(i)), FileTime.from(Instant.now().minus(Duration.ofHours(10 - i))));
        }
        assertNotNull(cache.read(hashes.getFirst()), "used again just now");

        cache.write(HASH, JAR);

        assertTrue(size() <= 20_000);
        assertNotNull(cache.read(hashes.getFirst()));
        assertNull(cache.read(hashes.get(1)));
        cache.write(OTHER, new byte[30_000]);
        assertNull(cache.read(OTHER), "too large to be kept at all");
        assertNotNull(cache.read(HASH));
    }

    long size() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void what_a_process_left_unfinished_is_deleted_later() throws Exception {
        Path left = Files.createTempFile(folder, "", ".code-tmp");
        cache(home);
        assertTrue(Files.exists(left), "another process may be writing it");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        cache(home);

        assertFalse(Files.exists(left));
    }

    @Test
    void many_processes_use_one_folder_and_nobody_reads_half_a_file() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int number = i;
                all.add(pool.submit(() -> {
                    CodeCache mine = cache(home);
                    for (int round = 0; round < 30; round++) {
                        byte[] hash = CodeCache.sha256(new byte[] {(byte) (round % 3)});
                        if (number % 2 == 0) {
                            mine.write(hash, JAR);
                        }
                        byte[] read = mine.read(hash);
                        assertTrue(read == null || read.length == JAR.length);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.allMatch(file -> file.toString().endsWith(CodeCache.SUFFIX)));
        }
    }

    @Test
    void the_key_is_made_once_and_nobody_else_can_read_it() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<byte[]>> seals = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                seals.add(pool.submit(() -> CodeKey.in(home).seal(HASH)));
            }
            for (Future<byte[]> seal : seals) {
                assertArrayEquals(seals.getFirst().get(), seal.get());
            }
        }
        Path key = home.resolve("compiled-code.key");
        assertEquals(32, Files.size(key));
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    }

    @Test
    void a_key_that_others_could_read_or_change_is_replaced() throws Exception {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        cache(home).write(HASH, JAR);
        Path key = home.resolve("compiled-code.key");
        byte[] before = Files.readAllBytes(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertNull(cache(home).read(HASH));

        assertFalse(java.util.Arrays.equals(before, Files.readAllBytes(key)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        Files.delete(key);
        Files.write(anotherHome.resolve("known"), new byte[32]);
        Files.createSymbolicLink(key, anotherHome.resolve("known"));
        cache(home);
        assertFalse(Files.isSymbolicLink(key));
    }

    @Test
    void without_a_place_for_the_key_code_is_not_trusted_and_nothing_fails() throws Exception {
        Path file = Files.createFile(home.resolve("file"));

        cache(file).write(HASH, JAR);

        assertNull(cache(file).read(HASH));
    }

    @Test
    void seals_of_parts_that_are_cut_elsewhere_differ() {
        CodeKey key = CodeKey.in(home);
        assertFalse(java.util.Arrays.equals(
                key.seal(new byte[] {1, 2}, new byte[] {3}), key.seal(new byte[] {1}, new byte[] {2, 3})));
    }

    @Test
    void the_key_lies_where_the_app_keeps_data_of_this_person() {
        Path home = Path.of("home");
        assertEquals(home.resolve(".local/share/nexus-os"), CodeKey.folder("Linux", home, Map.of()));
        assertEquals(Path.of("x/nexus-os"), CodeKey.folder("Linux", home, Map.of("XDG_DATA_HOME", "x")));
        assertEquals(Path.of("n/data"), CodeKey.folder("Windows 11", home, Map.of("NEXUS_HOME", "n")));
        assertEquals(home.resolve("Library/Application Support/Nexus OS"), CodeKey.folder("Mac OS X", home, Map.of()));
        assertEquals(Path.of("l/Nexus OS"), CodeKey.folder("Windows 11", home, Map.of("LOCALAPPDATA", "l")));
    }

    @Test
    void a_second_start_does_not_compile() throws Exception {
        AtomicInteger compiled = new AtomicInteger();
        ModuleCompiler counting = module -> {
            compiled.incrementAndGet();
            return ModuleCompiler.here(module);
        };
        CodeKey key = CodeKey.in(home);
        try (Watchdog watchdog = new Watchdog(Capacity.ofThisProcess())) {
            for (int start = 0; start < 3; start++) {
                CodeCache cache = new CodeCache(folder, key, CodeCache.MOST_BYTES);
                new WasmRuntime(cache, watchdog, counting).prepare(new Program.WasmModule("x.wasm", MODULE));
            }
            assertEquals(1, compiled.get());
            Files.write(file(CodeCache.sha256(MODULE)), new byte[100]);
            CodeCache cache = new CodeCache(folder, key, CodeCache.MOST_BYTES);
            new WasmRuntime(cache, watchdog, counting).prepare(new Program.WasmModule("x.wasm", MODULE));
            assertEquals(2, compiled.get());
        }
    }

    @Test
    void code_that_is_sealed_but_can_not_be_loaded_is_compiled_again() throws Exception {
        CodeCache cache = new CodeCache(folder, CodeKey.in(home), CodeCache.MOST_BYTES);
        cache.write(CodeCache.sha256(MODULE), JAR);
        try (Watchdog watchdog = new Watchdog(Capacity.ofThisProcess())) {
            new WasmRuntime(cache, watchdog, ModuleCompiler::here).prepare(new Program.WasmModule("x.wasm", MODULE));
        }
        byte[] kept = cache.read(CodeCache.sha256(MODULE));
        assertNotNull(kept);
        assertFalse(java.util.Arrays.equals(JAR, kept));
    }
}
