/* demo_catalogue.c: a demo shop's categories with their pictures, its products through the importer
 * of WooCommerce files, and texts in its other languages. Not for real shops' data. Invariant: what
 * the files say is so afterwards, and a second run changes nothing. */
#include <stdio.h>

#include "app/ctx.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/category.h"
#include "shop/demo_int.h"
#include "shop/import.h"
#include "shop/import_save_int.h"
#include "shop/product.h"
#include "shop/wording.h"

enum { DEMO_DEPTH = 8, DEMO_TEXTS = 4000, DEMO_CATEGORIES = 400 };

struct category_row {
    char *path, *picture, *description;
};

struct text_row {
    char *resource, *key, *locale, *field, *text;
};

struct catalogue {
    struct demo_run *d;
    struct saver saver;
    struct category_row *category;
    size_t ncategories;
    struct text_row *text;
    size_t ntexts;
};

static struct item_path split_path(struct arena *a, const char *text)
{
    char **part;
    size_t n = str_split(a, text, '>', &part), kept = 0;
    const char **name = arena_array(a, const char *, n);
    for (size_t i = 0; i < n && kept < DEMO_DEPTH; i++) {
        const char *s = str_trim(a, part[i]);
        if (*s != '\0')
            name[kept++] = s;
    }
    return (struct item_path){ .name = name, .n = kept };
}

static enum rc take_category(struct demo_run *d, char **field, void *arg)
{
    struct catalogue *c = arg;
    if (c->ncategories == DEMO_CATEGORIES)
        return RC_LIMIT;
    c->category[c->ncategories++] =
        (struct category_row){ .path = arena_strdup(d->arena, field[0]),
                               .picture = arena_strdup(d->arena, field[1]),
                               .description = arena_strdup(d->arena, field[2]) };
    return RC_OK;
}

static enum rc take_text(struct demo_run *d, char **field, void *arg)
{
    struct catalogue *c = arg;
    if (c->ntexts == DEMO_TEXTS)
        return RC_LIMIT;
    c->text[c->ntexts++] = (struct text_row){ .resource = arena_strdup(d->arena, field[0]),
                                              .key = arena_strdup(d->arena, field[1]),
                                              .locale = arena_strdup(d->arena, field[2]),
                                              .field = arena_strdup(d->arena, field[3]),
                                              .text = arena_strdup(d->arena, field[4]) };
    return RC_OK;
}

static enum rc categories_in_tx(struct db *db, void *arg)
{
    struct catalogue *c = arg;
    enum rc rc = RC_OK;
    save_forget(&c->saver);
    for (size_t i = 0; rc == RC_OK && i < c->ncategories; i++) {
        const struct category_row *row = &c->category[i];
        struct item_path path = split_path(db_arena(db), row->path);
        struct uuid id, media = { 0 };
        bool ok = false;
        int64_t changed = 0;
        if (path.n == 0)
            return RC_INVALID;
        rc = ref_category(&c->saver, db, &path, &id);
        if (rc == RC_OK && *row->picture != '\0')
            rc = ref_media(&c->saver, db, row->picture, path.name[path.n - 1], &ok, &media);
        if (rc == RC_OK)
            rc = shop_q_import_category_set(db, id, row->description, (int32_t)i,
                                            ok ? &media : NULL, &changed);
        if (rc == RC_OK && changed > 0)
            rc = category_changed(db, id, 0);
    }
    return rc;
}

static enum rc copy_pictures(struct catalogue *c)
{
    struct import_item *items = arena_array(c->d->arena, struct import_item, c->ncategories);
    for (size_t i = 0; i < c->ncategories; i++) {
        const char **v = arena_array(c->d->arena, const char *, 1);
        v[0] = c->category[i].picture;
        items[i].images = (struct item_list){ .v = v, .n = 1, .given = true };
    }
    return save_pictures(&c->saver, items, c->ncategories);
}

static enum rc load_categories(struct catalogue *c)
{
    struct db *db = c->d->app->db;
    enum rc rc = copy_pictures(c);
    if (rc != RC_OK)
        return demo_problem(c->d, rc, "pictures of categories could not be stored");
    db_scope_begin(db, c->d->arena, &c->d->tenant, c->saver.now);
    rc = db_tx(db, DB_TX_RETRY, categories_in_tx, c);
    db_scope_end(db);
    return rc == RC_OK ? rc : demo_problem(c->d, rc, "categories could not be saved");
}

/* A row that the importer refuses is a fault of our own file: told, not passed over. */
static void tell_row(void *arg, const struct shop_import_row *row)
{
    struct demo_run *d = arg;
    if (row->action == SHOP_IMPORT_REFUSED && d->o->say != NULL)
        d->o->say(d->o->arg, arena_printf(d->arena, "%s/products.csv line %zu, %s: %s", d->slug,
                                          row->line, row->column != NULL ? row->column : "row",
                                          row->reason != NULL ? row->reason : "refused"));
}

static enum rc load_products(struct catalogue *c)
{
    struct demo_run *d = c->d;
    struct shop_import_report done;
    FILE *in = fopen(arena_printf(d->arena, "%s/products.csv", d->dir), "rbe");
    if (in == NULL)
        return demo_problem(d, RC_INVALID, "no products.csv");
    struct shop_import_options o = { .tenant = d->slug,
                                     .format = SHOP_IMPORT_WOOCOMMERCE,
                                     .in = in,
                                     .pictures_dir = c->saver.pictures_dir,
                                     .draws = true,
                                     .row = tell_row,
                                     .arg = d };
    enum rc rc = shop_import_products(d->app, &o, &done);
    fclose(in);
    if (rc != RC_OK)
        return demo_problem(d, rc, "%s",
                            done.problem != NULL ? done.problem : "products could not be saved");
    d->report->products_created += done.created;
    d->report->products_updated += done.updated;
    d->report->products_unchanged += done.unchanged;
    d->report->refused += done.refused;
    return RC_OK;
}

/* The row a text belongs to; *found false when the files name something that is not there. */
static enum rc find_target(struct catalogue *c, struct db *db, const struct text_row *t,
                           bool *found, struct uuid *out)
{
    struct arena *a = db_arena(db);
    *found = true;
    if (str_eq(t->resource, "category")) {
        struct item_path path = split_path(a, t->key);
        return path.n > 0 ? ref_category(&c->saver, db, &path, out) : RC_INVALID;
    }
    const char *key[] = { product_sku_norm(a, t->key) };
    struct shop_import_found_list got;
    enum rc rc = shop_q_import_find(db, (struct texts){ key, 1 }, &got);
    *found = rc == RC_OK && got.n > 0;
    if (*found)
        *out = got.row[0].product_id;
    return rc;
}

static enum rc put_text(struct catalogue *c, struct db *db, const struct text_row *t,
                        struct uuid *changed, size_t *n)
{
    struct uuid id;
    bool found, fresh;
    int64_t wrote = 0;
    if (!str_eq(t->resource, "product") && !str_eq(t->resource, "category")) {
        enum rc put = wording_put(db, t->resource, t->key, t->locale, t->field, t->text,
                                  c->saver.now, &fresh);
        return put == RC_NOTFOUND || put == RC_INVALID
                   ? demo_problem(c->d, RC_INVALID, "translations.csv: there is no %s %s, %s",
                                  t->resource, t->key, t->field)
                   : put;
    }
    enum rc rc = find_target(c, db, t, &found, &id);
    if (rc == RC_OK && !found)
        return demo_problem(c->d, RC_INVALID, "translations.csv names '%s', which is not there",
                            t->key);
    if (rc == RC_OK)
        rc = app_q_translation_put(db, t->resource, id, t->locale, t->field, t->text, "", &wrote);
    if (rc != RC_OK || wrote == 0)
        return rc;
    if (str_eq(t->resource, "category"))
        return category_changed(db, id, 0);
    changed[(*n)++] = id;
    return RC_OK;
}

static enum rc texts_in_tx(struct db *db, void *arg)
{
    struct catalogue *c = arg;
    struct uuid *changed = arena_array(db_arena(db), struct uuid, c->ntexts);
    size_t n = 0;
    enum rc rc = RC_OK;
    save_forget(&c->saver);
    for (size_t i = 0; rc == RC_OK && i < c->ntexts; i++)
        rc = put_text(c, db, &c->text[i], changed, &n);
    return rc == RC_OK ? product_changed(db, changed, n, c->saver.now) : rc;
}

static enum rc load_texts(struct catalogue *c)
{
    struct db *db = c->d->app->db;
    db_scope_begin(db, c->d->arena, &c->d->tenant, c->saver.now);
    enum rc rc = db_tx(db, DB_TX_RETRY, texts_in_tx, c);
    db_scope_end(db);
    return rc == RC_OK ? rc : demo_problem(c->d, rc, "translations could not be saved");
}

static enum rc load_all(struct catalogue *c)
{
    enum rc rc = demo_file(c->d, "categories.csv", 3, take_category, c);
    if (rc == RC_OK)
        rc = demo_file(c->d, "translations.csv", 5, take_text, c);
    if (rc == RC_OK)
        rc = load_categories(c);
    if (rc == RC_OK)
        rc = demo_look(c->d, &c->saver);
    if (rc == RC_OK)
        rc = load_products(c);
    if (rc == RC_OK)
        rc = demo_words(c->d, &c->saver);
    if (rc == RC_OK)
        rc = load_texts(c);
    return rc == RC_OK ? demo_collections(c->d, &c->saver) : rc;
}

enum rc demo_catalogue(struct demo_run *d)
{
    struct catalogue c = { .d = d };
    c.category = arena_array(d->arena, struct category_row, DEMO_CATEGORIES);
    c.text = arena_array(d->arena, struct text_row, DEMO_TEXTS);
    c.saver = (struct saver){ .app = d->app,
                              .home = d->arena,
                              .tenant = d->tenant,
                              .tenant_text = uuid_str(d->arena, d->tenant),
                              .zone = demo_fact(d, "zone", "UTC"),
                              .currency = demo_fact(d, "currency", "USD"),
                              .pictures_dir =
                                  arena_printf(d->arena, "%s/pictures", d->app->conf->demo_dir),
                              .draws = true,
                              .now = instant_now() };
    save_open(&c.saver);
    enum rc rc = load_all(&c);
    save_close(&c.saver);
    return rc;
}
