/* stats.h: the counters of products. This is the one way they change; whoever rates, sells or
 * counts views comes here. */
#ifndef SHOP_STATS_H
#define SHOP_STATS_H

#include "app/types.h"
#include "base/id.h"

/* What is added; less is negative. A rating of 4 stars is { .rating_sum = 4, .rating_count = 1 }.
 */
struct product_stats_change {
    struct uuid product;
    int64_t rating_sum, rating_count, sold, viewed;
};

/* Inside db_tx. Tells product.rated for products whose rating changed, product.counted for the
 * others: lists and search follow. Unknown products are left out. RC_CONFLICT: the ratings would
 * not be 1 to 5 stars each any more. */
KADE_API enum rc product_stats_add(struct db *db, const struct product_stats_change *change,
                                   size_t n, int64_t now)
    __attribute__((nonnull(1))) ATTR_MUST_CHECK;

#endif
