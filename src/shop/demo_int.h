/* demo_int.h: the parts of the demo loader. Internal to src/shop. */
#ifndef SHOP_DEMO_INT_H
#define SHOP_DEMO_INT_H

#include "base/arena.h"
#include "base/field.h"
#include "base/map.h"
#include "platform/csv.h"
#include "shop/demo.h"

enum { DEMO_TEXT_MAX = 64 * 1024 };

struct demo_run {
    struct app_ctx *app;
    const struct shop_demo_options *o;
    struct shop_demo_report *report;
    struct arena *arena; /* of the shop being loaded */
    const char *dir;     /* demo/<slug> */
    const char *slug;
    struct map *facts; /* shop.csv: key -> value, in arena */
    struct uuid tenant;
};

/* Value of shop.csv, or otherwise. */
const char *demo_fact(const struct demo_run *d, const char *key, const char *otherwise);
/* Records the first problem (one line) and returns rc. */
enum rc demo_problem(struct demo_run *d, enum rc rc, const char *fmt, ...)
    ATTR_FORMAT(3, 4) ATTR_MUST_CHECK;

/* Calls row for every data row of <dir>/<file> with at least n fields; the header is skipped. A
 * file that is not there is no rows. Fields live until row returns. */
typedef enum rc demo_row(struct demo_run *d, char **field, void *arg);
enum rc demo_file(struct demo_run *d, const char *file, size_t n, demo_row *row,
                  void *arg) ATTR_MUST_CHECK;

/* Tenant, store, hosts and settings; sets d->tenant. */
enum rc demo_tenant(struct demo_run *d) ATTR_MUST_CHECK;
/* Categories with pictures, products, then texts in other languages. */
enum rc demo_catalogue(struct demo_run *d) ATTR_MUST_CHECK;
/* Logo and what else the pages show besides goods. */
struct saver;
enum rc demo_look(struct demo_run *d, struct saver *saver) ATTR_MUST_CHECK;
/* Collections, after the products they name. */
enum rc demo_collections(struct demo_run *d, struct saver *saver) ATTR_MUST_CHECK;
/* Fields of its own, what products have besides, words people search by; after the products. */
enum rc demo_words(struct demo_run *d, struct saver *saver) ATTR_MUST_CHECK;
/* The accounts that the README names. */
enum rc demo_people(struct demo_run *d) ATTR_MUST_CHECK;

#endif
