/* collection.h: collections: lists of products with a name and an address. One by rule is a filter
 * that was saved: what is in it is asked of the listing index each time (shop/search.h, ask
 * .collection). One by hand holds products in the order staff gave them. */
#ifndef SHOP_COLLECTION_H
#define SHOP_COLLECTION_H

#include "app/types.h"
#include "base/id.h"

enum { COLLECTION_FILTERS = 40, COLLECTION_PRODUCTS = 2000, COLLECTION_TEXT = 4000 };

/* A rule as addresses of lists have it: "category=kitchen&f.material=clay&price_max=5000". Keys:
 * brand, category, f.<code>, in_stock, sale, rating, price_min, price_max; of one key any, of
 * several all. At least one that is no price. */
struct collection_rule {
    const char *key[COLLECTION_FILTERS], *value[COLLECTION_FILTERS];
    size_t n;
    bool has_min, has_max;
    int64_t min, max;
};
/* Pure. RC_INVALID with *problem: what is wrong, for the one who wrote it. */
KADE_API enum rc collection_rule_read(struct arena *a, const char *text, const char *currency,
                                      struct collection_rule *out,
                                      const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;

/* What to make of a collection; NULL members stay as they are (a new one wants name and either rule
 * or products). */
struct collection {
    const char *slug, *name, *description;
    const char *rule;         /* by rule from now on */
    const char *products;     /* by hand from now on: SKUs, separated by blanks, in order */
    const char *sort;         /* best, new, cheap, dear, rated, popular */
    const char *active;       /* "yes", "no" */
    const char *from, *until; /* instants; "" takes the limit away */
    const struct uuid *media;
    const int32_t *position;
    const char *currency; /* of the prices in rule */
};
/* Inside db_tx, in the shop's scope. *changed: something is not as it was. RC_INVALID with
 * *problem; RC_CONFLICT: the slug is or was another's. */
KADE_API enum rc collection_put(struct db *db, const struct collection *c, bool *changed,
                                const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* Name and description in another language; "" takes one away, NULL leaves it. RC_NOTFOUND. */
KADE_API enum rc collection_put_text(struct db *db, const char *slug, const char *locale,
                                     const char *name, const char *description, bool *changed)
    __attribute__((nonnull(1, 2, 3, 6))) ATTR_MUST_CHECK;
/* Its address says from now on that it is gone. RC_NOTFOUND. */
KADE_API enum rc collection_remove(struct db *db, const char *slug,
                                   int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
