/* kit.h: what the platform's unit tests share: a scratch folder, files in it, a memcached of their
 * own (started, stopped and frozen at will), TAP output. */
#ifndef TESTS_UNIT_PLATFORM_KIT_H
#define TESTS_UNIT_PLATFORM_KIT_H

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

static inline int kit_run(Suite *s)
{
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed == 0 ? 0 : 1;
}

/* A folder of this process's own; the short path keeps socket names under their limit. */
static char kit_dir[80];
static inline const char *kit_tmp(void)
{
    if (kit_dir[0] == '\0') {
        const char *base = getenv("KADE_TEST_TMP"); /* swept by the runner */
        snprintf(kit_dir, sizeof kit_dir, "%s/kade-unit.XXXXXX",
                 base != NULL && strlen(base) < 60 ? base : "/tmp");
        ck_assert_ptr_nonnull(mkdtemp(kit_dir));
    }
    return kit_dir;
}

static inline void kit_rmtree(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", kit_tmp(), (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    kit_dir[0] = '\0';
}

static inline const char *kit_path(struct arena *a, const char *name)
{
    return arena_printf(a, "%s/%s", kit_tmp(), name);
}

/* Writes a file below the scratch folder, with its folders. */
static inline void kit_write(struct arena *a, const char *name, const char *text)
{
    char *path = arena_printf(a, "%s/%s", kit_tmp(), name);
    for (char *slash = path + strlen(kit_tmp()) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    ck_assert_int_eq(fclose(f), 0);
}

static inline int64_t kit_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline bool kit_connects(const char *path)
{
    struct sockaddr_un sa = { .sun_family = AF_UNIX };
    snprintf(sa.sun_path, sizeof sa.sun_path, "%s", path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool ok = connect(fd, (const struct sockaddr *)&sa, sizeof sa) == 0;
    close(fd);
    return ok;
}

/* memcached on a Unix socket; mb: its memory. Waits until it accepts. */
static inline pid_t kit_memcached(const char *path, const char *mb)
{
    unlink(path);
    const pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0)
            execlp("memcached", "memcached", "-s", path, "-a", "0700", "-m", mb, "-t", "1", "-u",
                   "root", (char *)NULL);
        else
            execlp("memcached", "memcached", "-s", path, "-a", "0700", "-m", mb, "-t", "1",
                   (char *)NULL);
        _exit(127);
    }
    const struct timespec tick = { .tv_nsec = 2000000 };
    const int64_t end = kit_ms() + 10000;
    while (!kit_connects(path)) {
        ck_assert_msg(kit_ms() < end, "memcached did not start");
        nanosleep(&tick, NULL);
    }
    return pid;
}

/* Stops answering, without dying; returns when it has. */
static inline void kit_freeze(pid_t pid)
{
    int status;
    kill(pid, SIGSTOP);
    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    ck_assert(WIFSTOPPED(status));
}

static inline void kit_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

#endif
