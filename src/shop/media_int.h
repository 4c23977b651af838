/* media_int.h: between media.c (rows), media_job.c (sizes, files), media_fetch.c (pictures of other
 * hosts) and the importer. Inside db_tx where they take a db. */
#ifndef SHOP_MEDIA_INT_H
#define SHOP_MEDIA_INT_H

#include "app/types.h"
#include "base/id.h"
#include "shop/category.h"
#include "shop/media.h"

/* media_take for bytes at hand. */
enum rc media_take_bytes(struct app_ctx *app, struct arena *a, struct uuid tenant,
                         const char *bytes, size_t n, const char *file_name, struct media_file *out,
                         const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* Enqueues the fetching of a picture that is only an address yet; once per now. */
enum rc media_ask_fetch(struct db *db, struct uuid id, int64_t now) ATTR_MUST_CHECK;
/* Enqueues the making of sizes, once per version of the row. */
enum rc media_ask(struct db *db, struct uuid id, int32_t version) ATTR_MUST_CHECK;
/* Tells every product and category that shows it. */
enum rc media_changed(struct db *db, struct uuid id, int64_t now) ATTR_MUST_CHECK;

#endif
