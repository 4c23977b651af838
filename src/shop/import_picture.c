/* import_picture.c: pictures that lie beside an import file, copied into the shop's store under a
 * key made of their content, so the same picture is stored once. What a file is, and whether it is
 * a picture at all, its own structure says (image_head); a drawing is stored as svg_clean wrote it
 * anew, anything else privately: its sizes are made by the job, which decodes it. Not for what
 * shoppers upload. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/ctx.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "platform/image.h"
#include "platform/storage.h"
#include "platform/svg.h"
#include "shop/import_save.h"

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

struct picture {
    const char *bytes;
    size_t n;
    enum image_kind kind;
    int32_t width, height;
};

static bool read_file(struct arena *a, const char *path, struct picture *out)
{
    FILE *f = fault_here(FAULT_FILE, "picture open") ? NULL : fopen(path, "rbe");
    struct stat st;
    bool ok = f != NULL && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
              st.st_size <= IMAGE_BYTES_MOST;
    if (ok) {
        char *p = arena_alloc(a, (size_t)st.st_size + 1);
        out->bytes = p;
        out->n = (size_t)st.st_size;
        ok = fread(p, 1, out->n, f) == out->n;
    }
    if (f != NULL)
        fclose(f);
    return ok;
}

/* What is stored: a drawing is written anew, the rest as it came. False and *why when refused. */
static bool judge(struct arena *a, struct picture *p, const char **why)
{
    struct image_head head;
    struct svg svg;
    const char *where;
    if (image_head(p->bytes, p->n, &head, why) != RC_OK)
        return false;
    p->kind = head.kind;
    p->width = head.width;
    p->height = head.height;
    if (head.kind != IMAGE_SVG)
        return true;
    if (svg_clean(a, p->bytes, p->n, &svg, why, &where) != RC_OK)
        return false;
    p->bytes = svg.text;
    p->n = svg.n;
    p->width = svg.width;
    p->height = svg.height;
    return true;
}

static enum rc take(struct saver *s, struct arena *a, const char *name)
{
    struct picture in = { .bytes = NULL };
    const char *why;
    bool photo = s->draws && str_starts(name, "photo/");
    const char *file = photo ? name + 6 : name;
    if (!safe_name(name) || !read_file(a, arena_printf(a, "%s/%s", s->pictures_dir, file), &in))
        return RC_OK;
    if (!judge(a, &in, &why)) {
        log_warn("picture refused", "file=%s why=%s", name, why);
        return RC_OK;
    }
    struct save_picture *p = arena_new(s->home, struct save_picture);
    p->mime = image_mime(in.kind);
    p->bytes = (int64_t)in.n;
    p->width = in.width;
    p->height = in.height;
    p->sha256 = crypto_sha256_hex(s->home, in.bytes, in.n);
    bool shown = in.kind == IMAGE_SVG && !photo;
    const char *key = storage_key(s->home, shown ? STORAGE_PUBLIC : STORAGE_PRIVATE, s->tenant,
                                  p->sha256, arena_printf(a, ".%s", image_ext(in.kind)));
    p->key = p->sha256;
    if (photo) { /* beside the drawing itself */
        const char *seed = arena_printf(a, "photo %s", p->sha256);
        p->key = crypto_sha256_hex(s->home, seed, strlen(seed));
    }
    p->path = shown ? key : NULL;
    p->original = shown ? NULL : key;
    const char *slash = strrchr(name, '/');
    p->name = arena_strdup(s->home, slash != NULL ? slash + 1 : name);
    enum rc rc = s->dry ? RC_OK : storage_put(s->app->conf, a, key, p->mime, in.bytes, in.n);
    if (rc != RC_OK) {
        log_error("picture not stored", "file=%s rc=%s", name, rc_name(rc));
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
