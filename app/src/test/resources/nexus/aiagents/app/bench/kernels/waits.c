#include "kernel.h"

// Waits in a call to the host, so that its instance can be weighed.
__attribute__((import_module("nexus"), import_name("call")))
int nexus_call(const char *name, int name_length, const char *arguments, int arguments_length);

static u32 kernel(void) { return (u32) nexus_call("now", 3, "[]", 2); }
