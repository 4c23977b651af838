/* fuzz.h: what fuzz targets share: an arena for one input and a check that stays on. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that every input must hold. */
#define HOLDS(e)                                                                                   \
    do {                                                                                           \
        if (!(e))                                                                                  \
            abort();                                                                               \
    } while (0)

/* The input as a string; bytes after a NUL are not seen by a target that reads strings. */
static inline char *fuzz_text(struct arena *a, const uint8_t *data, size_t size)
{
    return arena_strndup(a, (const char *)data, size);
}

#endif
