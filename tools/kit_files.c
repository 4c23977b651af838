/* kit_files.c: files, folders and child programs for the build-time tools. Output is written beside
 * its place and renamed, and only when it differs: a build that is interrupted or repeated leaves
 * no half file and no newer date behind. Folder listings are sorted by byte, so every machine
 * generates the same text. */
#include "kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

char *kit_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    struct text t = { 0 };
    char chunk[16384];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, f)) != 0)
        text_add(&t, chunk, got);
    int failed = ferror(f);
    fclose(f);
    if (failed) {
        errno = EIO;
        return NULL;
    }
    if (n != NULL)
        *n = t.n;
    return t.p == NULL ? kit_strdup("") : t.p;
}

bool kit_write(const char *path, const char *p, size_t n)
{
    size_t old_n;
    const char *old = kit_read(path, &old_n);
    if (old != NULL && old_n == n && memcmp(old, p, n) == 0)
        return false;
    const char *tmp = kit_printf("%s.%ld.tmp", path, (long)getpid());
    FILE *f = fopen(tmp, "wb");
    if (f == NULL)
        kit_die("cannot write %s: %s", tmp, strerror(errno));
    bool good = fwrite(p, 1, n, f) == n;
    good = fclose(f) == 0 && good;
    if (!good || rename(tmp, path) != 0) {
        int saved = errno;
        unlink(tmp);
        kit_die("cannot write %s: %s", path, strerror(saved));
    }
    return true;
}

void kit_mkdirs(const char *path)
{
    char *copy = kit_strdup(path);
    for (char *p = copy + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            if (mkdir(copy, 0755) != 0 && errno != EEXIST)
                kit_die("cannot make folder %s: %s", copy, strerror(errno));
            *p = '/';
        }
    if (mkdir(copy, 0755) != 0 && errno != EEXIST)
        kit_die("cannot make folder %s: %s", copy, strerror(errno));
}

bool kit_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool kit_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct files list(const char *dir)
{
    struct files out = { 0 };
    DIR *d = opendir(dir);
    if (d == NULL)
        return out;
    const struct dirent *e;
    while ((e = readdir(d)) != NULL)
        if (e->d_name[0] != '.')
            KIT_PUSH(out.v, out.n, kit_strdup(e->d_name));
    closedir(d);
    if (out.n > 1)
        qsort(out.v, out.n, sizeof *out.v, by_name);
    return out;
}

static void walk(const char *dir, const char *below, const char *suffix, struct files *out)
{
    struct files here = list(dir);
    for (size_t i = 0; i < here.n; i++) {
        const char *path = kit_printf("%s/%s", dir, here.v[i]);
        char *rel = *below == '\0' ? here.v[i] : kit_printf("%s/%s", below, here.v[i]);
        if (strcmp(here.v[i], "node_modules") == 0)
            continue; /* packages of the browser tests */
        if (kit_is_dir(path))
            walk(path, rel, suffix, out);
        else if (suffix == NULL || kit_ends(rel, suffix))
            KIT_PUSH(out->v, out->n, rel);
    }
}

struct files kit_walk(const char *dir, const char *suffix)
{
    struct files out = { 0 };
    walk(dir, "", suffix, &out);
    if (out.n > 1)
        qsort(out.v, out.n, sizeof *out.v, by_name);
    return out;
}

struct files kit_subdirs(const char *dir)
{
    struct files all = list(dir), out = { 0 };
    for (size_t i = 0; i < all.n; i++)
        if (kit_is_dir(kit_printf("%s/%s", dir, all.v[i])))
            KIT_PUSH(out.v, out.n, all.v[i]);
    return out;
}

int kit_run(const char *const *argv, const char *out_path)
{
    size_t n = 0;
    while (argv[n] != NULL)
        n++;
    char **copy = kit_alloc((n + 1) * sizeof *copy); /* posix_spawnp wants char *const * */
    for (size_t i = 0; i < n; i++)
        copy[i] = kit_strdup(argv[i]);

    posix_spawn_file_actions_t fa;
    posix_spawn_file_actions_init(&fa);
    if (out_path != NULL)
        posix_spawn_file_actions_addopen(&fa, STDOUT_FILENO, out_path, O_WRONLY | O_CREAT | O_TRUNC,
                                         0644);
    pid_t pid;
    int rc = posix_spawnp(&pid, copy[0], &fa, NULL, copy, environ);
    posix_spawn_file_actions_destroy(&fa);
    if (rc != 0)
        return 127;
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
