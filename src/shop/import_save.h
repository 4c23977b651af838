/* import_save.h: from checked items to rows of the database, a chunk at a time inside one
 * transaction. Internal to src/shop. What it learns on the way (ids of categories, attributes,
 * products) is kept for the next chunk and forgotten when a transaction was rolled back. */
#ifndef SHOP_IMPORT_SAVE_H
#define SHOP_IMPORT_SAVE_H

#include "app/types.h"
#include "base/id.h"
#include "base/map.h"
#include "shop/import.h"
#include "shop/import_item.h"
#include "shop/setup.h"

/* One product or variant the importer knows, under its key. */
struct save_known {
    struct uuid product, variant;
    bool is_code; /* the key is the product's own: its variants have others */
    const char *kind;
};

/* A picture brought from a folder. */
struct save_picture {
    const char *path, *original; /* of a drawing; of anything that needs sizes */
    const char *mime, *sha256, *name;
    const char *key; /* the same picture is in the library once */
    int64_t bytes;
    int32_t width, height;
};

struct saver {
    struct app_ctx *app;
    struct arena *home; /* as long as the import */
    struct uuid tenant;
    const char *tenant_text, *zone;
    const char *currency;
    const char *pictures_dir; /* NULL: none */
    bool draws;               /* "photo/x.svg" is x.svg drawn into pixels by the job: demo shops */
    bool dry;
    bool ready; /* basics are read */
    int64_t now;
    struct shop_basics basics;
    /* caches: key -> struct in home */
    struct map *known, *categories, *attributes, *options, *brands, *media, *instants;
    struct map *pictures; /* survives rollbacks: files, not rows */
    struct map *refs;     /* ID of the file -> sku_norm; survives rollbacks */
};

enum { SAVE_COUNTS = 64 };
struct save_result {
    enum shop_import_action action;
    const char *column, *reason;
    bool deferred; /* its product is not known yet */
    struct uuid product, variant;
    bool has_product;
};

void save_open(struct saver *s);
void save_close(struct saver *s);
/* After a rollback: what the transaction had made is not there. */
void save_forget(struct saver *s);
/* Outside any transaction: copies pictures named file: into the shop's store. */
enum rc save_pictures(struct saver *s, struct import_item *items, size_t n) ATTR_MUST_CHECK;
/* Inside db_tx. last: no more rows will come, so an unknown parent is a fault. Fills res[0..n). */
enum rc save_items(struct saver *s, struct db *db, const struct import_item *items, size_t n,
                   bool last, struct save_result *res) ATTR_MUST_CHECK;
/* Relations and parts of one item, when everything else is there. *changed says whether. */
enum rc save_relations(struct saver *s, struct db *db, const struct import_item *it,
                       const struct save_result *of, bool *changed,
                       const char **missing) ATTR_MUST_CHECK;

#endif
