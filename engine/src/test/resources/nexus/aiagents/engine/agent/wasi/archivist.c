// An agent as one is written with a C library: reads notes, keeps a copy of one, tries what it was not granted,
// and says what came of it as JSON.
//
//   clang-14 --target=wasm32-wasi -Os -Wall -Wextra -Wl,--strip-all -o archivist.wasm archivist.c
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

int main(void) {
    char text[256] = "";
    FILE *note = fopen("/notes/today.txt", "r");
    if (note && fgets(text, sizeof text, note)) text[strcspn(text, "\n")] = 0;
    if (note) fclose(note);

    mkdir("/archive/copies", 0777);
    FILE *copy = fopen("/archive/copies/today.txt", "w");
    if (copy) {
        fprintf(copy, "%s, kept at %lld\n", text, (long long)time(NULL));
        fclose(copy);
    }
    int forbidden = fopen("/notes/new.txt", "w") ? 0 : errno;
    int outside = fopen("/notes/../agents.yaml", "r") ? 0 : errno;

    printf("{\"text\":\"%s\",\"forbidden\":%d,\"outside\":%d,\"names\":[", text, forbidden, outside);
    DIR *folder = opendir("/notes");
    const char *comma = "";
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') {
            printf("%s\"%s\"", comma, entry->d_name);
            comma = ",";
        }
    }
    struct stat stat_;
    printf("],\"size\":%d}\n", stat("/archive/copies/today.txt", &stat_) == 0 ? (int)stat_.st_size : -1);
    return 0;
}
