/* media_job.c: the jobs of the library: media.renditions makes the sizes of one picture,
 * media.forget removes the files of one that is gone. Both may run any number of times: names of
 * sizes follow from the original and the recipe, rows are replaced whole. Files are written before
 * the row that names them commits and deleted after the one that named them is gone (law 6). */
#include <string.h>

#include "app/ctx.h"
#include "app/job.h"
#include "base/log.h"
#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/image.h"
#include "platform/storage.h"
#include "shop/media.h"
#include "shop/media_int.h"

enum { WORK_MOST = 256 * 1024 * 1024, NAME_DIGITS = 32 };

struct work {
    struct app_ctx *app;
    const struct job *job;
    struct arena *a; /* pictures are bigger than what a job usually needs */
    struct uuid id;
    struct shop_media row;
    struct image_made made;
    const char *paths[IMAGE_SIZES * IMAGE_FORMATS];
    const char *path, *reason;
    struct shop_rendition_list old;
    int64_t rows;
};

static bool find_id(const struct job *j, struct uuid *out)
{
    const char *text = job_get(j, "media");
    return text != NULL && uuid_parse(text, out) == RC_OK;
}

static const char *name_of(struct work *w, const struct image_file *f)
{
    char *seed = arena_printf(w->a, "%s:%d", w->row.sha256, IMAGE_RECIPE);
    char *hash = crypto_sha256_hex(w->a, seed, strlen(seed));
    hash[NAME_DIGITS] = '\0';
    return storage_key(w->a, STORAGE_PUBLIC, w->job->tenant, hash,
                       arena_printf(w->a, "/%d.%s", (int)f->width, image_format_ext(f->format)));
}

static enum rc store(struct work *w)
{
    static const char *const mime[IMAGE_FORMATS] = { "image/avif", "image/webp", "image/jpeg" };
    int32_t widest = 0;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->made.nfiles; i++) {
        const struct image_file *f = &w->made.file[i];
        w->paths[i] = name_of(w, f);
        if (f->format == IMAGE_AS_JPEG && f->width > widest) {
            widest = f->width;
            w->path = w->paths[i];
        }
        rc = storage_put(w->app->conf, w->a, w->paths[i], mime[f->format], f->p, f->n);
    }
    return rc;
}

static enum rc put_rows(struct db *db, const struct work *w)
{
    struct arena *a = db_arena(db);
    size_t n = w->made.nfiles;
    const char **format = arena_array(a, const char *, n);
    int32_t *width = arena_array(a, int32_t, n), *height = arena_array(a, int32_t, n);
    int64_t *bytes = arena_array(a, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        format[i] = image_format_name(w->made.file[i].format);
        width[i] = w->made.file[i].width;
        height[i] = w->made.file[i].height;
        bytes[i] = (int64_t)w->made.file[i].n;
    }
    return shop_q_renditions_put(db, w->id, (struct texts){ format, n }, (struct int4s){ width, n },
                                 (struct int4s){ height, n }, (struct int8s){ bytes, n },
                                 (struct texts){ w->paths, n }, NULL);
}

static enum rc made_in_tx(struct db *db, void *arg)
{
    struct work *w = arg;
    enum rc rc = shop_q_media_made(db, w->id, w->row.original, w->path, "image/jpeg", w->made.width,
                                   w->made.height, w->made.colour < 0 ? NULL : &w->made.colour,
                                   (int32_t)w->made.sizes, IMAGE_RECIPE, &w->rows);
    if (rc != RC_OK || w->rows == 0)
        return rc;
    rc = shop_q_renditions_of(db, w->id, &w->old);
    if (rc == RC_OK)
        rc = shop_q_renditions_forget(db, w->id, NULL);
    if (rc == RC_OK)
        rc = put_rows(db, w);
    return rc == RC_OK ? media_changed(db, w->id, w->job->now) : rc;
}

static enum rc refuse_in_tx(struct db *db, void *arg)
{
    struct work *w = arg;
    log_warn("picture refused", "media=%s reason=%s", uuid_str(w->a, w->id), w->reason);
    return shop_q_media_refuse(db, w->id, w->row.original, w->reason, NULL);
}

/* Sizes of another original or recipe that nothing names any more. What cannot be deleted is only
 * litter. */
static void sweep(struct work *w)
{
    for (size_t i = 0; i < w->old.n; i++) {
        bool kept = false;
        for (size_t k = 0; k < w->made.nfiles; k++)
            kept |= str_eq(w->paths[k], w->old.row[i].path);
        if (!kept && storage_delete(w->app->conf, w->a, w->old.row[i].path) != RC_OK)
            return;
    }
}

static enum rc make(struct work *w)
{
    struct image_head head;
    char *bytes;
    size_t n;
    enum rc rc = storage_get(w->app->conf, w->a, w->row.original, IMAGE_BYTES_MOST, &bytes, &n);
    w->reason = N_("The file is not there any more. Send it again.");
    if (rc == RC_OK)
        rc = image_head(bytes, n, &head, &w->reason);
    if (rc == RC_OK)
        rc = image_make(w->app->conf, w->a, &head, bytes, n, true, &w->made, &w->reason);
    if (rc == RC_OK)
        rc = store(w);
    if (rc == RC_INVALID || rc == RC_NOTFOUND)
        return db_tx(w->job->db, DB_TX_RETRY, refuse_in_tx, w);
    if (rc == RC_OK)
        rc = db_tx(w->job->db, DB_TX_RETRY, made_in_tx, w);
    if (rc == RC_OK && w->rows > 0)
        sweep(w);
    return rc;
}

enum rc media_renditions_job(struct app_ctx *app, const struct job *j)
{
    struct shop_media_maybe m;
    struct work w = { .app = app, .job = j };
    if (!find_id(j, &w.id))
        return RC_OK;
    enum rc rc = shop_q_media_get(j->db, w.id, &m);
    if (rc != RC_OK || !m.found || m.row.original == NULL || m.row.recipe == IMAGE_RECIPE)
        return rc;
    w.row = m.row;
    w.a = arena_new_sized(WORK_MOST);
    rc = make(&w);
    arena_free(w.a);
    return rc;
}

static enum rc forget_in_tx(struct db *db, void *arg)
{
    const struct work *w = arg;
    return shop_q_renditions_forget(db, w->id, NULL);
}

enum rc media_forget_job(struct app_ctx *app, const struct job *j)
{
    struct shop_media_left_maybe left;
    struct work w = { .app = app, .job = j, .a = j->arena };
    if (!find_id(j, &w.id))
        return RC_OK;
    enum rc rc = shop_q_media_left(j->db, w.id, &left);
    if (rc != RC_OK || !left.found || left.row.shared)
        return rc;
    rc = shop_q_renditions_of(j->db, w.id, &w.old);
    for (size_t i = 0; rc == RC_OK && i < w.old.n; i++)
        rc = storage_delete(app->conf, w.a, w.old.row[i].path);
    if (rc == RC_OK && left.row.original != NULL)
        rc = storage_delete(app->conf, w.a, left.row.original);
    if (rc == RC_OK && left.row.path != NULL)
        rc = storage_delete(app->conf, w.a, left.row.path);
    return rc == RC_OK ? db_tx(j->db, DB_TX_RETRY, forget_in_tx, &w) : rc;
}
