/* storage.c: keys, and the back end of plain files: written beside the final name, flushed,
 * renamed, the folder flushed, so that a reader or a crash finds the whole object or none. The S3
 * back end is storage_s3.c. Not for secrets: whoever serves the state folder can read what is
 * public. Invariant: no path outside <state_dir>/media and <state_dir>/private/media is ever
 * opened. */
#include "platform/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/fault.h"
#include "platform/storage_int.h"

enum { KEY_MOST = 240, HASH_LEAST = 16 };
static const char key_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-_./";

static bool by_s3(const struct conf *c)
{
    return str_eq(c->storage_backend, "s3");
}

char *storage_key(struct arena *a, enum storage_area area, struct uuid tenant, const char *hash,
                  const char *rest)
{
    check_that(strlen(hash) >= HASH_LEAST);
    char *key = arena_printf(a, "%smedia/%s/%.2s/%s%s", area == STORAGE_PRIVATE ? "private/" : "",
                             uuid_str(a, tenant), hash, hash, rest);
    check_that(storage_key_ok(key));
    return key;
}

bool storage_key_ok(const char *key)
{
    size_t n = strlen(key);
    if (n == 0 || n > KEY_MOST || strspn(key, key_bytes) != n || key[n - 1] == '/')
        return false;
    const char *rest = str_starts(key, "private/media/") ? key + 14
                       : str_starts(key, "media/")       ? key + 6
                                                         : NULL;
    struct uuid tenant;
    char text[UUID_TEXT];
    return rest != NULL && strstr(key, "..") == NULL && strstr(key, "//") == NULL &&
           strstr(key, "/.") == NULL && str_copy(text, sizeof text, rest) == false &&
           uuid_parse(text, &tenant) == RC_OK && rest[UUID_TEXT - 1] == '/';
}

static char *path_of(const struct conf *c, struct arena *a, const char *key)
{
    return arena_printf(a, "%s/%s", c->state_dir, key);
}

/* Makes the folders of a path that are below the state folder. */
static bool make_folders(const struct conf *c, char *path)
{
    for (char *p = path + strlen(c->state_dir) + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        bool ok = mkdir(path, 0755) == 0 || errno == EEXIST;
        *p = '/';
        if (!ok)
            return false;
    }
    return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = fault_here(FAULT_FILE, "storage write") ? -1 : write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
    }
    return true;
}

/* A rename is on the disk when its folder is. */
static bool flush_folder(struct arena *a, const char *path)
{
    char *dir = arena_strndup(a, path, (size_t)(strrchr(path, '/') - path));
    int fd = fault_here(FAULT_FILE, "storage folder")
                 ? -1
                 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool write_beside(struct arena *a, const char *beside, const char *path, const void *p,
                         size_t n)
{
    int fd = fault_here(FAULT_FILE, "storage open")
                 ? -1
                 : open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, p, n);
    ok = ok && !fault_here(FAULT_FILE, "storage sync") && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && !fault_here(FAULT_FILE, "storage rename") && rename(beside, path) == 0;
    if (!ok)
        unlink(beside);
    return ok && flush_folder(a, path);
}

static bool is_there(const char *path, size_t n)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == n;
}

static enum rc file_put(const struct conf *c, struct arena *a, const char *key, const void *p,
                        size_t n)
{
    static unsigned counter;
    char *path = path_of(c, a, key);
    if (is_there(path, n))
        return RC_OK;
    char *beside = arena_printf(a, "%s.%ld-%u.tmp", path, (long)getpid(), counter++);
    if (make_folders(c, beside) && write_beside(a, beside, path, p, n))
        return RC_OK;
    log_error("file not stored", "key=%s bytes=%zu why=%s", key, n, strerror(errno));
    return RC_UPSTREAM;
}

static enum rc read_all(int fd, struct arena *a, size_t n, char **out)
{
    char *p = arena_alloc(a, n + 1);
    for (size_t at = 0; at < n;) {
        ssize_t r = fault_here(FAULT_FILE, "storage read") ? -1 : read(fd, p + at, n - at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return RC_UPSTREAM;
        at += (size_t)r;
    }
    *out = p;
    return RC_OK;
}

static enum rc file_get(const struct conf *c, struct arena *a, const char *key, size_t most,
                        char **out, size_t *n)
{
    struct stat st;
    bool broken = fault_here(FAULT_FILE, "storage get");
    int fd = broken ? -1 : open(path_of(c, a, key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return broken                                ? RC_UPSTREAM
               : errno == ENOENT || errno == ENOTDIR ? RC_NOTFOUND
                                                     : RC_UPSTREAM;
    enum rc rc = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ? RC_UPSTREAM
                 : (size_t)st.st_size > most                 ? RC_LIMIT
                                                             : RC_OK;
    if (rc == RC_OK)
        rc = read_all(fd, a, (size_t)st.st_size, out);
    if (rc == RC_OK)
        *n = (size_t)st.st_size;
    close(fd);
    return rc;
}

enum rc storage_put(const struct conf *c, struct arena *a, const char *key, const char *mime,
                    const void *p, size_t n)
{
    if (!storage_key_ok(key))
        return RC_INVALID;
    if (n > STORAGE_MOST)
        return RC_LIMIT;
    return by_s3(c) ? s3_put(c, a, key, mime, p, n) : file_put(c, a, key, p, n);
}

enum rc storage_get(const struct conf *c, struct arena *a, const char *key, size_t most, char **out,
                    size_t *n)
{
    if (!storage_key_ok(key))
        return RC_INVALID;
    return by_s3(c) ? s3_get(c, a, key, most, out, n) : file_get(c, a, key, most, out, n);
}

enum rc storage_exists(const struct conf *c, struct arena *a, const char *key, bool *out)
{
    struct stat st;
    if (!storage_key_ok(key))
        return RC_INVALID;
    if (by_s3(c))
        return s3_exists(c, a, key, out);
    *out = lstat(path_of(c, a, key), &st) == 0 && S_ISREG(st.st_mode);
    return RC_OK;
}

enum rc storage_delete(const struct conf *c, struct arena *a, const char *key)
{
    if (!storage_key_ok(key))
        return RC_INVALID;
    if (by_s3(c))
        return s3_delete(c, a, key);
    if (!fault_here(FAULT_FILE, "storage delete") &&
        (unlink(path_of(c, a, key)) == 0 || errno == ENOENT || errno == ENOTDIR))
        return RC_OK;
    log_warn("file not deleted", "key=%s why=%s", key, strerror(errno));
    return RC_UPSTREAM;
}

const char *storage_url(const struct conf *c, struct arena *a, const char *key)
{
    if (!str_starts(key, "media/"))
        return NULL;
    return arena_printf(a, "%s/%s", c->storage_public_url == NULL ? "" : c->storage_public_url,
                        key);
}
