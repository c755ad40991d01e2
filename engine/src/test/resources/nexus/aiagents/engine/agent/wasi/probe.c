// Makes the calls of WASI preview 1 that stand on its input, one a line, and writes what each answered: its
// error number, and behind it what it gave. Words are separated by blanks; in a path, %XX is a byte and a
// lone "-" is nothing at all.
//
//   clang-14 --target=wasm32-wasi -Os -Wall -Wextra -Wl,--strip-all -o probe.wasm probe.c
#include <stdint.h>
#include <string.h>
#include <wasi/api.h>

static char input[1 << 16];
static char output[1 << 16];
static uint32_t written;
static char buffer[1 << 17];
static char *at;

static void flush(void) {
    uint32_t done = 0;
    while (done < written) {
        __wasi_ciovec_t part = {(const uint8_t *)output + done, written - done};
        __wasi_size_t count = 0;
        if (__wasi_fd_write(1, &part, 1, &count) != 0) __wasi_proc_exit(99);
        done += count;
    }
    written = 0;
}

static void put(char c) {
    if (written == sizeof output) flush();
    output[written++] = c;
}

static void text(const char *s, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) put(s[i]);
}

static void number(int64_t value) {
    char digits[24];
    int count = 0;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[count++] = (char)('0' + left % 10); while (left /= 10);
    put(' ');
    if (value < 0) put('-');
    while (count > 0) put(digits[--count]);
}

static char *word(void) {
    while (*at == ' ') at++;
    char *start = at;
    while (*at && *at != ' ') at++;
    if (*at) *at++ = 0;
    return start;
}

static int64_t whole(void) {
    char *w = word();
    int negative = *w == '-';
    int64_t value = 0;
    for (w += negative; *w >= '0' && *w <= '9'; w++) value = value * 10 + (*w - '0');
    return negative ? -value : value;
}

static int nibble(char c) { return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0'; }

typedef struct {
    char *bytes;
    uint32_t length;
} path_t;

static path_t path(void) {
    path_t p = {word(), 0};
    if (p.bytes[0] == '-' && p.bytes[1] == 0) return p;
    char *to = p.bytes;
    for (char *from = p.bytes; *from; from++) {
        if (*from == '%') {
            *to++ = (char)(nibble(from[1]) * 16 + nibble(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    p.length = (uint32_t)(to - p.bytes);
    return p;
}

// The functions as the host has them: the library's own would measure paths by their end.
#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) int32_t raw_##name
IMPORT(path_open)(int32_t, int32_t, const char *, uint32_t, int32_t, int64_t, int64_t, int32_t, uint32_t *);
IMPORT(path_create_directory)(int32_t, const char *, uint32_t);
IMPORT(path_filestat_get)(int32_t, int32_t, const char *, uint32_t, void *);
IMPORT(path_filestat_set_times)(int32_t, int32_t, const char *, uint32_t, int64_t, int64_t, int32_t);
IMPORT(path_link)(int32_t, int32_t, const char *, uint32_t, int32_t, const char *, uint32_t);
IMPORT(path_readlink)(int32_t, const char *, uint32_t, char *, uint32_t, uint32_t *);
IMPORT(path_remove_directory)(int32_t, const char *, uint32_t);
IMPORT(path_rename)(int32_t, const char *, uint32_t, int32_t, const char *, uint32_t);
IMPORT(path_symlink)(const char *, uint32_t, int32_t, const char *, uint32_t);
IMPORT(path_unlink_file)(int32_t, const char *, uint32_t);
IMPORT(fd_read)(int32_t, const void *, uint32_t, void *);
IMPORT(fd_write)(int32_t, const void *, uint32_t, void *);
IMPORT(fd_pread)(int32_t, const void *, uint32_t, int64_t, void *);
IMPORT(fd_pwrite)(int32_t, const void *, uint32_t, int64_t, void *);
IMPORT(fd_readdir)(int32_t, void *, uint32_t, int64_t, void *);
IMPORT(fd_seek)(int32_t, int64_t, int32_t, void *);
IMPORT(random_get)(void *, uint32_t);
IMPORT(poll_oneoff)(const void *, void *, uint32_t, void *);

static void stat_line(const __wasi_filestat_t *s) {
    number(s->filetype);
    number((int64_t)s->size);
    number((int64_t)s->nlink);
    number((int64_t)s->mtim);
}

static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }

static int32_t descriptors(const char *name) {
    uint32_t got = 0;
    uint64_t place = 0;
    if (is(name, "read") || is(name, "pread")) {
        int32_t fd = (int32_t)whole();
        uint32_t length = (uint32_t)whole();
        struct { void *at; uint32_t length; } parts[2] = {{buffer, length / 2}, {buffer + length / 2, length - length / 2}};
        int32_t e = name[0] == 'p' ? raw_fd_pread(fd, parts, 2, whole(), &got) : raw_fd_read(fd, parts, 2, &got);
        if (e == 0) { put(' '); text(buffer, got); }
        return e;
    }
    if (is(name, "write") || is(name, "pwrite")) {
        int32_t fd = (int32_t)whole();
        path_t what = path();
        int32_t e = name[0] == 'p' ? raw_fd_pwrite(fd, &what, 1, whole(), &got) : raw_fd_write(fd, &what, 1, &got);
        number(got);
        return e;
    }
    if (is(name, "seek")) {
        int32_t fd = (int32_t)whole();
        int64_t by = whole();
        int32_t e = raw_fd_seek(fd, by, (int32_t)whole(), &place);
        number((int64_t)place);
        return e;
    }
    if (is(name, "tell")) {
        int32_t e = __wasi_fd_tell((__wasi_fd_t)whole(), &place);
        number((int64_t)place);
        return e;
    }
    if (is(name, "readdir")) { // fd, room, cookie: names, and with a ! behind it one that is cut
        int32_t fd = (int32_t)whole();
        uint32_t room = (uint32_t)whole();
        int32_t e = raw_fd_readdir(fd, buffer, room, whole(), &got);
        for (uint32_t i = 0; e == 0 && i + sizeof(__wasi_dirent_t) <= got;) {
            __wasi_dirent_t entry;
            memcpy(&entry, buffer + i, sizeof entry);
            i += sizeof entry;
            uint32_t left = got - i < entry.d_namlen ? got - i : entry.d_namlen;
            put(' ');
            text(buffer + i, left);
            if (left < entry.d_namlen) put('!');
            i += entry.d_namlen;
        }
        return e;
    }
    if (is(name, "fdstat")) {
        __wasi_fdstat_t s;
        int32_t e = __wasi_fd_fdstat_get((__wasi_fd_t)whole(), &s);
        if (e == 0) { number(s.fs_filetype); number(s.fs_flags); number((int64_t)s.fs_rights_base); number((int64_t)s.fs_rights_inheriting); }
        return e;
    }
    if (is(name, "filestat")) {
        __wasi_filestat_t s;
        int32_t e = __wasi_fd_filestat_get((__wasi_fd_t)whole(), &s);
        if (e == 0) stat_line(&s);
        return e;
    }
    if (is(name, "prestat")) {
        int32_t fd = (int32_t)whole();
        __wasi_prestat_t s;
        int32_t e = __wasi_fd_prestat_get((__wasi_fd_t)fd, &s);
        if (e == 0) {
            e = __wasi_fd_prestat_dir_name((__wasi_fd_t)fd, (uint8_t *)buffer, s.u.dir.pr_name_len);
            put(' ');
            text(buffer, s.u.dir.pr_name_len);
        }
        return e;
    }
    return -1;
}

static int32_t simple(const char *name) {
    __wasi_fd_t fd = (__wasi_fd_t)whole();
    int64_t a = whole(), b = whole();
    int32_t c = (int32_t)whole();
    if (is(name, "close")) return __wasi_fd_close(fd);
    if (is(name, "renumber")) return __wasi_fd_renumber(fd, (__wasi_fd_t)a);
    if (is(name, "sync")) return __wasi_fd_sync(fd);
    if (is(name, "datasync")) return __wasi_fd_datasync(fd);
    if (is(name, "advise")) return __wasi_fd_advise(fd, (uint64_t)a, (uint64_t)b, (uint8_t)c);
    if (is(name, "allocate")) return __wasi_fd_allocate(fd, (uint64_t)a, (uint64_t)b);
    if (is(name, "set_size")) return __wasi_fd_filestat_set_size(fd, (uint64_t)a);
    if (is(name, "set_flags")) return __wasi_fd_fdstat_set_flags(fd, (uint16_t)a);
    if (is(name, "set_rights")) return __wasi_fd_fdstat_set_rights(fd, (uint64_t)a, (uint64_t)b);
    if (is(name, "set_times")) return __wasi_fd_filestat_set_times(fd, (uint64_t)a, (uint64_t)b, (uint16_t)c);
    if (is(name, "shutdown")) return __wasi_sock_shutdown(fd, (uint8_t)a);
    if (is(name, "exit")) __wasi_proc_exit(fd);
    if (is(name, "yield")) return __wasi_sched_yield();
    return -1;
}

static int32_t paths(const char *name) {
    __wasi_filestat_t s;
    uint32_t got = 0;
    if (is(name, "symlink")) {
        path_t target = path();
        int32_t fd = (int32_t)whole();
        path_t p = path();
        return raw_path_symlink(target.bytes, target.length, fd, p.bytes, p.length);
    }
    int32_t fd = (int32_t)whole();
    if (is(name, "open")) { // fd, path, follow, oflags, rights, inheriting, fdflags
        path_t p = path();
        int32_t follow = (int32_t)whole(), oflags = (int32_t)whole();
        int64_t rights = whole(), inheriting = whole();
        int32_t e = raw_path_open(fd, follow, p.bytes, p.length, oflags, rights, inheriting, (int32_t)whole(), &got);
        if (e == 0) number(got);
        return e;
    }
    if (is(name, "mkdir")) { path_t p = path(); return raw_path_create_directory(fd, p.bytes, p.length); }
    if (is(name, "rmdir")) { path_t p = path(); return raw_path_remove_directory(fd, p.bytes, p.length); }
    if (is(name, "unlink")) { path_t p = path(); return raw_path_unlink_file(fd, p.bytes, p.length); }
    if (is(name, "stat")) {
        path_t p = path();
        int32_t e = raw_path_filestat_get(fd, (int32_t)whole(), p.bytes, p.length, &s);
        if (e == 0) stat_line(&s);
        return e;
    }
    if (is(name, "path_times")) { // fd, path, follow, accessed, modified, flags
        path_t p = path();
        int32_t follow = (int32_t)whole();
        int64_t accessed = whole(), modified = whole();
        return raw_path_filestat_set_times(fd, follow, p.bytes, p.length, accessed, modified, (int32_t)whole());
    }
    if (is(name, "readlink")) {
        path_t p = path();
        int32_t e = raw_path_readlink(fd, p.bytes, p.length, buffer, (uint32_t)whole(), &got);
        if (e == 0) { put(' '); text(buffer, got); }
        return e;
    }
    if (is(name, "rename") || is(name, "link")) { // fd, path, fd, path, and for a link: follow
        path_t p = path();
        int32_t to = (int32_t)whole();
        path_t q = path();
        return name[0] == 'r' ? raw_path_rename(fd, p.bytes, p.length, to, q.bytes, q.length)
                              : raw_path_link(fd, (int32_t)whole(), p.bytes, p.length, to, q.bytes, q.length);
    }
    return -1;
}

// With addresses and counts as given, so that they can be wrong.
static int32_t wild(const char *name) {
    int64_t a = whole(), b = whole(), c = whole(), d = whole(), e = whole();
    if (is(name, "raw_read")) return raw_fd_read((int32_t)a, (void *)(uint32_t)b, (uint32_t)c, (void *)(uint32_t)d);
    if (is(name, "raw_write")) return raw_fd_write((int32_t)a, (void *)(uint32_t)b, (uint32_t)c, (void *)(uint32_t)d);
    if (is(name, "raw_open")) return raw_path_open((int32_t)a, 0, (char *)(uint32_t)b, (uint32_t)c, (int32_t)d, 0, 0, 0, (void *)(uint32_t)e);
    if (is(name, "raw_readdir")) return raw_fd_readdir((int32_t)a, (void *)(uint32_t)b, (uint32_t)c, d, (void *)(uint32_t)e);
    if (is(name, "raw_random")) return raw_random_get((void *)(uint32_t)a, (uint32_t)b);
    if (is(name, "raw_poll")) return raw_poll_oneoff((void *)(uint32_t)a, (void *)(uint32_t)b, (uint32_t)c, (void *)(uint32_t)d);
    if (is(name, "vector")) { // one piece of memory of any place and length, read into from a descriptor
        struct { uint32_t at, length; } part = {(uint32_t)b, (uint32_t)c};
        uint32_t got = 0;
        int32_t errno_ = d ? raw_fd_write((int32_t)a, &part, 1, &got) : raw_fd_read((int32_t)a, &part, 1, &got);
        number(got);
        return errno_;
    }
    return -1;
}

static int32_t world(const char *name) {
    if (is(name, "clock")) {
        uint64_t time = 0;
        int32_t e = __wasi_clock_time_get((__wasi_clockid_t)whole(), 0, &time);
        number((int64_t)time);
        return e;
    }
    if (is(name, "random")) {
        uint32_t length = (uint32_t)whole();
        int32_t e = __wasi_random_get((uint8_t *)buffer, length);
        uint32_t sum = 0;
        for (uint32_t i = 0; i < length; i++) sum += (uint8_t)buffer[i];
        number(sum);
        return e;
    }
    if (is(name, "args") || is(name, "env")) {
        __wasi_size_t count = 0, bytes = 0;
        char *pointers[64];
        int32_t e = name[0] == 'a' ? __wasi_args_sizes_get(&count, &bytes) : __wasi_environ_sizes_get(&count, &bytes);
        if (e != 0 || count > 64 || bytes > sizeof buffer) return -1;
        e = name[0] == 'a' ? __wasi_args_get((uint8_t **)pointers, (uint8_t *)buffer) : __wasi_environ_get((uint8_t **)pointers, (uint8_t *)buffer);
        for (uint32_t i = 0; i < count; i++) { put(' '); text(pointers[i], (uint32_t)strlen(pointers[i])); }
        return e;
    }
    if (is(name, "poll")) { // one descriptor for reading, and a clock that rings after so many nanoseconds
        __wasi_subscription_t asked[2];
        __wasi_event_t events[2];
        __wasi_size_t happened = 0;
        memset(asked, 0, sizeof asked);
        asked[0].userdata = 7;
        asked[0].u.tag = __WASI_EVENTTYPE_FD_READ;
        asked[0].u.u.fd_read.file_descriptor = (__wasi_fd_t)whole();
        asked[1].userdata = 8;
        asked[1].u.tag = __WASI_EVENTTYPE_CLOCK;
        asked[1].u.u.clock.timeout = (uint64_t)whole();
        int32_t e = __wasi_poll_oneoff(asked, events, 2, &happened);
        for (uint32_t i = 0; i < happened; i++) { number((int64_t)events[i].userdata); number(events[i].error); number((int64_t)events[i].fd_readwrite.nbytes); }
        return e;
    }
    return -1;
}

static int32_t call(const char *name) {
    static int32_t (*const groups[])(const char *) = {descriptors, paths, world, wild, simple};
    static char saved[1 << 14];
    char *rest = at;
    uint32_t length = (uint32_t)strlen(rest), from = written;
    if (length >= sizeof saved) return -2;
    memcpy(saved, rest, length + 1);
    int32_t e = -1;
    for (uint32_t i = 0; e == -1 && i < sizeof groups / sizeof *groups; i++) {
        memcpy(rest, saved, length + 1); // whoever does not know the call has taken words of it
        at = rest;
        written = from;
        e = groups[i](name);
    }
    return e;
}

static void line(void) {
    static char results[1 << 12];
    char *name = word();
    if (!*name) return;
    if (written > sizeof output / 2) flush();
    text(name, (uint32_t)strlen(name));
    uint32_t from = written;
    int32_t e = call(name);
    uint32_t length = written - from < sizeof results ? written - from : sizeof results;
    memcpy(results, output + from, length); // the error number goes before them
    written = from;
    number(e);
    if (e == 0) text(results, length);
    put('\n');
}

int main(void) {
    uint32_t length = 0;
    for (;;) {
        __wasi_iovec_t part = {(uint8_t *)input + length, sizeof input - 1 - length};
        __wasi_size_t count = 0;
        if (__wasi_fd_read(0, &part, 1, &count) != 0 || count == 0) break;
        length += count;
    }
    input[length] = 0;
    char *next = input;
    while (next && *next) {
        char *end = strchr(next, '\n');
        if (end) *end = 0;
        at = next;
        line();
        next = end ? end + 1 : 0;
    }
    flush();
    return 0;
}
