#include "kernel.h"

static u32 kernel(void) { return 0; }
