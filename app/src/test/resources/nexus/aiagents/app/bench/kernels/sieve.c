#include "kernel.h"

#define SIZE 8000000
static u8 composite[SIZE];

static u32 kernel(void) {
    u32 primes = 0;
    memset(composite, 0, SIZE);
    for (u32 i = 2; i < SIZE; i++) {
        if (!composite[i]) {
            primes++;
            for (u32 j = i * 2; j < SIZE; j += i) composite[j] = 1;
        }
    }
    return primes;
}
