/* media.h: the shop's library of pictures. Taking one in has two steps: media_take judges and
 * stores the bytes outside any transaction, media_add makes the row and asks for the sizes inside
 * one. Until the job media.renditions has made them the row is "pending" and has nothing to show.
 * Every function below media_take runs inside db_tx, writes the audit, and tells the products and
 * categories that show the picture. */
#ifndef SHOP_MEDIA_H
#define SHOP_MEDIA_H

#include "app/types.h"
#include "base/id.h"

struct media_file {        /* as media_take leaves it */
    const char *file_name; /* as declared, cleaned: 1 .. 200 characters */
    const char *mime, *sha256, *original, *path, *state;
    int64_t bytes;
    int32_t width, height;
};
struct media_text {
    const char *alt;          /* required, at most 500 characters */
    const char *caption;      /* NULL: none */
    int32_t focal_x, focal_y; /* 0 .. 1000 of width and height; 500, 500 is the middle */
};
struct media_use {
    const char *resource, *name, *slug; /* "product", "category", "theme" */
    struct uuid id;
};

/* Reads the file at path (an upload's spool, a file of the command line). RC_INVALID with *problem,
 * a sentence for the person (for tr()); RC_NOTFOUND no such file; RC_UPSTREAM the store is away. */
KADE_API enum rc media_take(struct app_ctx *app, struct arena *a, struct uuid tenant,
                            const char *path, const char *file_name, struct media_file *out,
                            const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* *is_new false: the same bytes are in the library already, *id is that row, nothing was changed.
 * RC_INVALID without alt text. */
KADE_API enum rc media_add(struct db *db, const struct media_file *file,
                           const struct media_text *text, struct uuid *id,
                           bool *is_new) ATTR_NONNULL ATTR_MUST_CHECK;
/* RC_CONFLICT the version moved on, or (replace) another picture has these bytes. */
KADE_API enum rc media_describe(struct db *db, struct uuid id, int32_t version,
                                const struct media_text *text,
                                int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc media_replace(struct db *db, struct uuid id, int32_t version,
                               const struct media_file *file,
                               int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Behind the product's other pictures. */
KADE_API enum rc media_show(struct db *db, struct uuid id, struct uuid product,
                            int64_t now) ATTR_MUST_CHECK;
/* In the arena of the scope; outside a transaction too. */
KADE_API enum rc media_uses(struct db *db, struct uuid id, const struct media_use **out,
                            size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
/* RC_CONFLICT while it is used: *uses of them, see media_uses. Its files go later. */
KADE_API enum rc media_remove(struct db *db, struct uuid id, size_t *uses,
                              int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Asks for the sizes of every picture that has none of today's recipe; *n says how many. */
KADE_API enum rc media_ask_sizes(struct db *db, size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;

/* Asks for every picture that is only an address yet; *n says how many. */
KADE_API enum rc media_ask_fetches(struct db *db, int64_t now,
                                   size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;

/* Jobs of the built-in module shop. */
enum rc media_renditions_job(struct app_ctx *app, const struct job *j);
enum rc media_fetch_job(struct app_ctx *app, const struct job *j);
enum rc media_forget_job(struct app_ctx *app, const struct job *j);

#endif
