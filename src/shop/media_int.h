/* media_int.h: between media.c (rows) and media_job.c (sizes, files). Inside db_tx. */
#ifndef SHOP_MEDIA_INT_H
#define SHOP_MEDIA_INT_H

#include "app/types.h"
#include "base/id.h"
#include "shop/category.h"

/* Enqueues the making of sizes, once per version of the row. */
enum rc media_ask(struct db *db, struct uuid id, int32_t version) ATTR_MUST_CHECK;
/* Tells every product and category that shows it. */
enum rc media_changed(struct db *db, struct uuid id, int64_t now) ATTR_MUST_CHECK;

#endif
