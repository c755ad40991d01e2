#include "kernel.h"

__attribute__((noinline)) static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static volatile u32 size = 35;

static u32 kernel(void) { return fib(size); }
