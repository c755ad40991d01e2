// A kernel is one function that computes a number. Built natively it prints the number and the milliseconds
// of each of so many runs; built as a WASI command it runs once and prints the number, which is JSON.
//
//   cc -O2 -o fib fib.c -lm && ./fib 5
//   clang --target=wasm32 -O2 -nostdlib -mbulk-memory -fno-builtin-memset -Wl,--strip-all -Wl,-z,stack-size=65536 -Wl,--max-memory=33554432 -o fib.wasm fib.c
typedef unsigned int u32;
typedef unsigned char u8;

static u32 kernel(void);

#ifdef __wasm__
#define square_root __builtin_sqrt

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
int fd_write(int descriptor, const void *ranges, int count, int *written);

void *memset(void *to, int value, unsigned long size) {
    u8 *at = to;
    while (size-- > 0) *at++ = (u8) value;
    return to;
}

void *memcpy(void *to, const void *from, unsigned long size) {
    u8 *at = to;
    const u8 *source = from;
    while (size-- > 0) *at++ = *source++;
    return to;
}

__attribute__((export_name("_start"))) void _start(void) {
    char text[12];
    char *at = text + 12;
    u32 left = kernel();
    do *--at = (char) ('0' + left % 10); while ((left /= 10) > 0);
    struct { const char *from; int length; } range = {at, (int) (text + 12 - at)};
    int written;
    fd_write(1, &range, 1, &written);
}
#else
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define square_root sqrt

int main(int count, char **arguments) {
    for (int run = count > 1 ? atoi(arguments[1]) : 1; run > 0; run--) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        u32 result = kernel();
        clock_gettime(CLOCK_MONOTONIC, &to);
        printf("%u %.3f\n", result, (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6);
    }
    return 0;
}
#endif
