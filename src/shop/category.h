/* category.h: the category tree as pages and importers see it. */
#ifndef SHOP_CATEGORY_H
#define SHOP_CATEGORY_H

#include "app/types.h"
#include "base/id.h"

/* Tells everyone that a category changed: outbox event category.changed. Inside db_tx. */
KADE_API enum rc category_changed(struct db *db, struct uuid id,
                                  int64_t version) ATTR_NONNULL ATTR_MUST_CHECK;
/* Changes name and address of a category; the old address redirects from now on. Inside db_tx.
 * RC_NOTFOUND no such category; RC_CONFLICT the version moved on or the slug is another's. */
KADE_API enum rc category_rename(struct db *db, struct uuid id, int32_t version, const char *name,
                                 const char *slug) ATTR_NONNULL ATTR_MUST_CHECK;
/* Puts a category below another, NULL = to the top. RC_INVALID when that would make a ring. */
KADE_API enum rc category_move(struct db *db, struct uuid id, int32_t version,
                               const struct uuid *parent, int64_t now)
    __attribute__((nonnull(1))) ATTR_MUST_CHECK;

#endif
