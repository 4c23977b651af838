/* seam.h: where the test modules are built, and a scratch folder. Header only, for tests/seam. */
#ifndef TESTS_SEAM_SEAM_H
#define TESTS_SEAM_SEAM_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static inline const char *seam_dir(struct arena *a)
{
    return arena_printf(a, "%s/tests/seam/modules/.libs", getenv("KADE_TEST_BUILD"));
}
static inline const char *seam_scratch(struct arena *a)
{
    const char *dir = arena_printf(a, "%s/seam.%d", getenv("KADE_TEST_TMP"), (int)getpid());
    (void)mkdir(dir, 0700);
    return dir;
}
static inline void seam_write(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        exit(99);
}

#endif
