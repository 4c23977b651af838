/* demo_bulk.h: a big shop made up from demo/bulk: families of products, words in three languages.
 * The same seed gives the same products, prices, stock and ratings. Rows only; pictures are a few
 * files used again and again. Internal to src/shop and the command line. */
#ifndef SHOP_DEMO_BULK_H
#define SHOP_DEMO_BULK_H

#include "app/types.h"

struct demo_bulk_options {
    const char *tenant; /* slug; the shop must be there */
    int64_t products;   /* so many in the shop when done; those there count */
    uint64_t seed;
    void (*say)(void *arg, const char *line); /* may be NULL */
    void *arg;
};

/* app: opened as kade_admin or kade_jobs, no scope open. Goes on where an earlier run ended.
 * *problem: what went wrong in words, or NULL; lives in app->work. */
KADE_API enum rc demo_bulk_load(struct app_ctx *app, const struct demo_bulk_options *options,
                                size_t *made, const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
