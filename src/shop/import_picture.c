/* import_picture.c: pictures that lie beside an import file, copied into the shop's store:
 * <state>/media/<tenant>/<aa>/<sha256>.<ext>, written beside and renamed, so a reader never sees
 * half a file and the same picture is stored once. Takes SVG, PNG, JPEG and WebP by their first
 * bytes, 4 MB at most; an SVG with a script in it is refused. Not for what shoppers upload. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ctx.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "shop/import_save.h"

enum { PICTURE_MOST = 4 * 1024 * 1024 };

/* A plain name or one folder deep; nothing that climbs. */
static bool safe_name(const char *s)
{
    if (*s == '\0' || *s == '/' || *s == '.' || strstr(s, "..") != NULL || strlen(s) > 120)
        return false;
    for (const char *p = s; *p != '\0'; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
              strchr("-_./", *p) != NULL))
            return false;
    return true;
}

static bool read_file(struct arena *a, const char *path, char **out, size_t *n)
{
    FILE *f = fault_here(FAULT_FILE, "picture open") ? NULL : fopen(path, "rbe");
    struct stat st;
    bool ok = f != NULL && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
              st.st_size <= PICTURE_MOST;
    if (ok) {
        *n = (size_t)st.st_size;
        *out = arena_alloc(a, *n + 1);
        ok = fread(*out, 1, *n, f) == *n;
    }
    if (f != NULL)
        fclose(f);
    return ok;
}

/* First number of an SVG attribute such as viewBox="0 0 640 480": its third and fourth. */
static void svg_size(const char *svg, int32_t *width, int32_t *height)
{
    int w = 0, h = 0;
    const char *box = strstr(svg, "viewBox=\"");
    if (box != NULL && sscanf(box, "viewBox=\"%*d %*d %6d %6d\"", &w, &h) == 2 && w > 0 && h > 0) {
        *width = w;
        *height = h;
    }
}

static const char *picture_type(const char *p, size_t n, const char **ext)
{
    if (n > 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
        *ext = "png";
        return "image/png";
    }
    if (n > 3 && memcmp(p, "\xff\xd8\xff", 3) == 0) {
        *ext = "jpg";
        return "image/jpeg";
    }
    if (n > 12 && memcmp(p, "RIFF", 4) == 0 && memcmp(p + 8, "WEBP", 4) == 0) {
        *ext = "webp";
        return "image/webp";
    }
    if (n > 4 && (memcmp(p, "<svg", 4) == 0 || memcmp(p, "<?xml", 5) == 0) && strstr(p, "<svg") &&
        strstr(p, "<script") == NULL && strstr(p, "javascript:") == NULL) {
        *ext = "svg";
        return "image/svg+xml";
    }
    return NULL;
}

static bool make_dirs(char *path)
{
    for (char *p = path + 1; *p != '\0'; p++) {
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

static bool write_file(struct arena *a, char *path, const char *p, size_t n)
{
    if (access(path, R_OK) == 0)
        return true;
    char *beside = arena_printf(a, "%s.%ld.tmp", path, (long)getpid());
    if (fault_here(FAULT_FILE, "picture write") || !make_dirs(path))
        return false;
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    bool ok = true;
    for (size_t at = 0; ok && at < n;) {
        ssize_t w = write(fd, p + at, n - at);
        ok = w > 0;
        at += ok ? (size_t)w : 0;
    }
    ok = close(fd) == 0 && ok && rename(beside, path) == 0;
    if (!ok)
        unlink(beside);
    return ok;
}

static enum rc take(struct saver *s, struct arena *a, const char *name)
{
    char *bytes;
    size_t n;
    const char *ext;
    if (!safe_name(name) ||
        !read_file(a, arena_printf(a, "%s/%s", s->pictures_dir, name), &bytes, &n))
        return RC_OK;
    struct save_picture *p = arena_new(s->home, struct save_picture);
    p->mime = picture_type(bytes, n, &ext);
    if (p->mime == NULL)
        return RC_OK;
    p->bytes = (int64_t)n;
    p->width = 640;
    p->height = 480;
    if (str_eq(ext, "svg"))
        svg_size(bytes, &p->width, &p->height);
    p->sha256 = crypto_sha256_hex(s->home, bytes, n);
    p->path =
        arena_printf(s->home, "media/%s/%.2s/%s.%s", s->tenant_text, p->sha256, p->sha256, ext);
    if (!s->dry &&
        !write_file(a, arena_printf(a, "%s/%s", s->app->conf->state_dir, p->path), bytes, n)) {
        log_error("picture not stored", "file=%s errno=%d", name, errno);
        return RC_UPSTREAM;
    }
    map_put(s->pictures, name, p);
    return RC_OK;
}

enum rc save_pictures(struct saver *s, struct import_item *items, size_t n)
{
    enum rc rc = RC_OK;
    if (s->pictures_dir == NULL)
        return RC_OK;
    struct arena *a = arena_new_sized(0);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; rc == RC_OK && k < items[i].images.n; k++) {
            const char *image = items[i].images.v[k];
            if (str_starts(image, "file:") && map_get(s->pictures, image + 5) == NULL) {
                rc = take(s, a, image + 5);
                arena_reset(a);
            }
        }
    arena_free(a);
    return rc;
}
