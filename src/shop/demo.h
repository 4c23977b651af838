/* demo.h: the demo shops of demo/: tenants, host names, settings, languages, accounts, catalogues.
 * May be run again: what is there stays, what changed in demo/ is taken over. */
#ifndef SHOP_DEMO_H
#define SHOP_DEMO_H

#include <stddef.h>
#include <stdint.h>

#include "app/types.h"

struct shop_demo_options {
    const char *only; /* slug of one shop; NULL = all */
    int64_t products; /* at least so many products in the first shop, made up: for benchmarks */
    int64_t orders;   /* not used before there are orders */
    void (*say)(void *arg, const char *line); /* progress for people; may be NULL */
    void *arg;
};

struct shop_demo_report {
    size_t shops, accounts, products_created, products_updated, products_unchanged, refused;
    const char *problem; /* NULL, or what went wrong and where; lives in app->work */
};

/* app: opened as kade_admin or kade_jobs, no scope open. Reads conf->demo_dir, writes pictures
 * below conf->state_dir/media. */
KADE_API enum rc shop_demo_load(struct app_ctx *app, const struct shop_demo_options *options,
                                struct shop_demo_report *report) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
