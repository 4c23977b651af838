/* product_custom.h: the shop's own fields on products: values are judged by app/custom.h, kept in
 * the row and, where lists are narrowed by them, copied in the same transaction. */
#ifndef SHOP_PRODUCT_CUSTOM_H
#define SHOP_PRODUCT_CUSTOM_H

#include "app/custom.h"

/* Queues values of one product: those without JSON are taken away, fields not named stay. rows gets
 * what changed in the row. Both live until the pipeline ran. */
KADE_API void product_custom_send(struct db *db, struct db_pipe *p, struct uuid product,
                                  const struct custom_field *const *f, const struct custom_value *v,
                                  size_t n, int64_t *rows);
/* One value by staff, inside db_tx: text as custom_read takes it, "" takes the value away.
 * RC_NOTFOUND no such product or field; RC_CONFLICT the version moved on; RC_INVALID: *problem. */
KADE_API enum rc product_custom_set(struct db *db, struct uuid id, int32_t version,
                                    const char *name, const char *text, int64_t now,
                                    const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* Copies of a field anew for every product that has a value: after it became filterable or its
 * choices changed. Its own transactions; *done counts products. */
KADE_API enum rc product_custom_reindex(struct db *db, const char *name, int64_t now,
                                        size_t *done) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
