/* media.c: the shop's library of pictures: judging and storing what came in, rows, uses, removal.
 * Making sizes is media_job.c's, showing them the pages'. Invariant: bytes are stored before a row
 * names them, and removed only when no living row does. */
#include "shop/media.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/audit.h"
#include "app/ctx.h"
#include "app/job.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fault.h"
#include "platform/i18n.h"
#include "platform/image.h"
#include "platform/json.h"
#include "platform/storage.h"
#include "platform/svg.h"
#include "shop/media_int.h"
#include "shop/product.h"
#include "shop/theme.h"

enum { NAME_MOST = 200, ALT_MOST = 500, FOCAL_MOST = 1000, ASK_AT_ONCE = 500 };

/* ---- taking in --------------------------------------------------------------------------------
 */

static enum rc read_file(struct arena *a, const char *path, const char **out, size_t *n,
                         const char **problem)
{
    struct stat st;
    bool broken = fault_here(FAULT_FILE, "media open");
    int fd = broken ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return !broken && errno == ENOENT ? RC_NOTFOUND : RC_UPSTREAM;
    enum rc rc = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? RC_OK : RC_INVALID;
    *problem = N_("This is not a picture we can take: use JPEG, PNG, WebP, AVIF, GIF or SVG.");
    if (rc == RC_OK && st.st_size > IMAGE_BYTES_MOST) {
        *problem = N_("The file is too big: a picture may have 24 MB.");
        rc = RC_INVALID;
    }
    char *p = rc == RC_OK ? arena_alloc(a, (size_t)st.st_size + 1) : NULL;
    for (size_t at = 0; rc == RC_OK && at < (size_t)st.st_size;) {
        ssize_t r = read(fd, p + at, (size_t)st.st_size - at);
        rc = r <= 0 && errno != EINTR ? RC_UPSTREAM : RC_OK;
        at += r > 0 ? (size_t)r : 0;
    }
    close(fd);
    *out = p;
    *n = rc == RC_OK ? (size_t)st.st_size : 0;
    return rc;
}

/* What comes behind the last slash of either kind, clean, at most 200 characters. */
static const char *plain_name(struct arena *a, const char *s)
{
    char *clean;
    for (const char *p = s; *p != '\0'; p++)
        if (*p == '/' || *p == '\\')
            s = p + 1;
    if (*s == '\0' || utf8_clean(a, s, strlen(s), 0, &clean) != RC_OK)
        return "picture";
    return utf8_cut(a, clean, NAME_MOST);
}

static enum rc take_drawing(struct app_ctx *app, struct arena *a, struct uuid tenant,
                            const char *bytes, size_t n, struct media_file *out,
                            const char **problem)
{
    struct svg svg;
    const char *where;
    enum rc rc = svg_clean(a, bytes, n, &svg, problem, &where);
    if (rc != RC_OK)
        return rc;
    out->sha256 = crypto_sha256_hex(a, svg.text, svg.n);
    out->path = storage_key(a, STORAGE_PUBLIC, tenant, out->sha256, ".svg");
    out->bytes = (int64_t)svg.n;
    out->width = svg.width;
    out->height = svg.height;
    out->state = "ready";
    return storage_put(app->conf, a, out->path, out->mime, svg.text, svg.n);
}

static enum rc take_picture(struct app_ctx *app, struct arena *a, struct uuid tenant,
                            const struct image_head *head, const char *bytes, size_t n,
                            struct media_file *out, const char **problem)
{
    struct image_made made = { .width = head->width, .height = head->height };
    enum rc rc = image_make(app->conf, a, head, bytes, n, false, &made, problem);
    if (rc == RC_UPSTREAM) /* a helper may fail: the job judges it later */
        rc = RC_OK;
    if (rc != RC_OK)
        return rc;
    out->sha256 = crypto_sha256_hex(a, bytes, n);
    out->original = storage_key(a, STORAGE_PRIVATE, tenant, out->sha256,
                                arena_printf(a, ".%s", image_ext(head->kind)));
    out->bytes = (int64_t)n;
    out->width = made.width;
    out->height = made.height;
    out->state = "pending";
    return storage_put(app->conf, a, out->original, out->mime, bytes, n);
}

enum rc media_take_bytes(struct app_ctx *app, struct arena *a, struct uuid tenant,
                         const char *bytes, size_t n, const char *file_name, struct media_file *out,
                         const char **problem)
{
    struct media_file made = { .file_name = plain_name(a, file_name) };
    struct image_head head;
    enum rc rc = image_head(bytes, n, &head, problem);
    if (rc != RC_OK)
        return rc;
    made.mime = image_mime(head.kind);
    rc = head.kind == IMAGE_SVG ? take_drawing(app, a, tenant, bytes, n, &made, problem)
                                : take_picture(app, a, tenant, &head, bytes, n, &made, problem);
    if (rc == RC_OK)
        *out = made;
    return rc;
}

enum rc media_take(struct app_ctx *app, struct arena *a, struct uuid tenant, const char *path,
                   const char *file_name, struct media_file *out, const char **problem)
{
    const char *bytes;
    size_t n;
    enum rc rc = read_file(a, path, &bytes, &n, problem);
    return rc == RC_OK ? media_take_bytes(app, a, tenant, bytes, n, file_name, out, problem) : rc;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static bool text_ok(const struct media_text *t)
{
    return !str_empty(t->alt) && utf8_length(t->alt) <= ALT_MOST &&
           (t->caption == NULL || utf8_length(t->caption) <= ALT_MOST) && t->focal_x >= 0 &&
           t->focal_x <= FOCAL_MOST && t->focal_y >= 0 && t->focal_y <= FOCAL_MOST;
}

static const char *words(struct db *db, const char *file_name, const char *alt, const char *caption)
{
    struct buf b;
    struct jw w;
    buf_init(&b, db_arena(db), 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    if (file_name != NULL) {
        jw_key(&w, "file_name");
        jw_text(&w, file_name);
    }
    if (alt != NULL) {
        jw_key(&w, "alt_text");
        jw_text(&w, alt);
        jw_key(&w, "caption");
        jw_text(&w, caption);
    }
    jw_end_object(&w);
    return b.p;
}

enum rc media_ask(struct db *db, struct uuid id, int32_t version)
{
    struct arena *a = db_arena(db);
    const char *text = uuid_str(a, id);
    return job_enqueue(db, "media.renditions", JOB_NORMAL, 0,
                       arena_printf(a, "%s:%d:%d", text, (int)version, IMAGE_RECIPE),
                       arena_printf(a, "{\"media\":\"%s\"}", text));
}

enum rc media_changed(struct db *db, struct uuid id, int64_t now)
{
    struct shop_media_use_list uses;
    enum rc rc = shop_q_media_uses(db, id, &uses);
    if (rc != RC_OK)
        return rc;
    struct uuid *product = arena_array(db_arena(db), struct uuid, uses.n);
    size_t n = 0;
    for (size_t i = 0; rc == RC_OK && i < uses.n; i++) {
        const struct shop_media_use *u = &uses.row[i];
        if (str_eq(u->resource, "product"))
            product[n++] = u->resource_id;
        else if (str_eq(u->resource, "category"))
            rc = category_changed(db, u->resource_id, u->version);
        else if (str_eq(u->resource, "theme"))
            rc = theme_follow(db, id);
    }
    return rc == RC_OK ? product_changed(db, product, n, now) : rc;
}

enum rc media_add(struct db *db, const struct media_file *f, const struct media_text *t,
                  struct uuid *id, bool *is_new)
{
    struct shop_media_added added;
    if (!text_ok(t))
        return RC_INVALID;
    enum rc rc = shop_q_media_add(db, uuid7_new(), f->sha256, f->file_name, f->state, f->original,
                                  f->path, f->mime, f->sha256, f->bytes, f->width, f->height,
                                  t->alt, t->caption, t->focal_x, t->focal_y, &added);
    if (rc == RC_OK && added.is_new)
        rc = audit_write(db, "create", "media", added.media_id, NULL,
                         words(db, f->file_name, t->alt, t->caption));
    if (rc == RC_OK && added.is_new && f->original != NULL)
        rc = media_ask(db, added.media_id, added.version);
    if (rc == RC_OK) {
        *id = added.media_id;
        *is_new = added.is_new;
    }
    return rc;
}

static enum rc current(struct db *db, struct uuid id, int32_t version, struct shop_media *out)
{
    struct shop_media_maybe m;
    enum rc rc = shop_q_media_get(db, id, &m);
    if (rc != RC_OK)
        return rc;
    if (!m.found)
        return RC_NOTFOUND;
    *out = m.row;
    return m.row.version == version ? RC_OK : RC_CONFLICT;
}

enum rc media_describe(struct db *db, struct uuid id, int32_t version, const struct media_text *t,
                       int64_t now)
{
    struct shop_media was;
    int64_t n = 0;
    if (!text_ok(t))
        return RC_INVALID;
    enum rc rc = current(db, id, version, &was);
    if (rc == RC_OK)
        rc = shop_q_media_describe(db, id, version, t->alt, t->caption, t->focal_x, t->focal_y, &n);
    if (rc == RC_OK && n == 0)
        rc = RC_CONFLICT;
    if (rc == RC_OK)
        rc = audit_write(db, "update", "media", id, words(db, NULL, was.alt_text, was.caption),
                         words(db, NULL, t->alt, t->caption));
    return rc == RC_OK ? media_changed(db, id, now) : rc;
}

enum rc media_replace(struct db *db, struct uuid id, int32_t version, const struct media_file *f,
                      int64_t now)
{
    struct shop_media was;
    int64_t n = 0;
    enum rc rc = current(db, id, version, &was);
    if (rc == RC_OK)
        rc = shop_q_media_replace(db, id, version, f->sha256, f->file_name, f->state, f->original,
                                  f->path, f->mime, f->sha256, f->bytes, f->width, f->height, &n);
    if (rc == RC_OK && n == 0)
        rc = RC_CONFLICT;
    if (rc == RC_OK)
        rc = audit_write(db, "replace", "media", id, words(db, was.file_name, NULL, NULL),
                         words(db, f->file_name, NULL, NULL));
    if (rc == RC_OK && f->original != NULL)
        rc = media_ask(db, id, version + 1);
    return rc == RC_OK ? media_changed(db, id, now) : rc;
}

enum rc media_show(struct db *db, struct uuid id, struct uuid product, int64_t now)
{
    enum rc rc = shop_q_media_to_product(db, product, id, NULL);
    return rc == RC_OK ? product_changed(db, &product, 1, now) : rc;
}

enum rc media_uses(struct db *db, struct uuid id, const struct media_use **out, size_t *n)
{
    struct shop_media_use_list list;
    enum rc rc = shop_q_media_uses(db, id, &list);
    if (rc != RC_OK)
        return rc;
    struct media_use *use = arena_array(db_arena(db), struct media_use, list.n);
    for (size_t i = 0; i < list.n; i++)
        use[i] = (struct media_use){ list.row[i].resource, list.row[i].name, list.row[i].slug,
                                     list.row[i].resource_id };
    *out = use;
    *n = list.n;
    return RC_OK;
}

enum rc media_remove(struct db *db, struct uuid id, size_t *uses, int64_t now)
{
    struct shop_media_maybe m;
    struct shop_media_use_list list;
    int64_t n = 0;
    struct arena *a = db_arena(db);
    enum rc rc = shop_q_media_get(db, id, &m);
    if (rc == RC_OK)
        rc = m.found ? shop_q_media_uses(db, id, &list) : RC_NOTFOUND;
    if (rc != RC_OK)
        return rc;
    *uses = list.n;
    if (list.n > 0)
        return RC_CONFLICT;
    rc = shop_q_media_remove(db, id, m.row.version, now, &n);
    if (rc == RC_OK && n == 0)
        rc = RC_CONFLICT;
    if (rc == RC_OK)
        rc = audit_write(db, "delete", "media", id,
                         words(db, m.row.file_name, m.row.alt_text, NULL), NULL);
    const char *text = uuid_str(a, id);
    return rc == RC_OK ? job_enqueue(db, "media.forget", JOB_LOW, 0, text,
                                     arena_printf(a, "{\"media\":\"%s\"}", text))
                       : rc;
}

enum rc media_ask_sizes(struct db *db, size_t *n)
{
    struct uuid after = { { 0 } };
    enum rc rc = RC_OK;
    *n = 0;
    for (bool more = true; rc == RC_OK && more;) {
        struct shop_media_stale_list list;
        rc = shop_q_media_stale(db, IMAGE_RECIPE, after, ASK_AT_ONCE, &list);
        more = rc == RC_OK && list.n == ASK_AT_ONCE;
        for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
            after = list.row[i].media_id;
            rc = media_ask(db, after, list.row[i].version);
            (*n)++;
        }
    }
    return rc;
}
