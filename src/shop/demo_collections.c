/* demo_collections.c: the collections of a demo shop, from collections.csv: slug, locale, name,
 * description, rule, products, sort, picture. A row without locale is a collection, one with a
 * locale its words in that language. Invariant: a second run changes nothing. */
#include "app/ctx.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop/collection.h"
#include "shop/demo_int.h"
#include "shop/import_save_int.h"

enum { ROWS_MOST = 200, FIELDS = 8 };
enum column { C_SLUG, C_LOCALE, C_NAME, C_DESCRIPTION, C_RULE, C_PRODUCTS, C_SORT, C_PICTURE };

struct collections {
    struct demo_run *d;
    struct saver *saver;
    const char *value[ROWS_MOST][FIELDS], *picture[ROWS_MOST];
    size_t n, npictures;
    const char *problem;
};

static enum rc take_row(struct demo_run *d, char **field, void *arg)
{
    struct collections *c = arg;
    if (c->n == ROWS_MOST)
        return RC_LIMIT;
    for (size_t i = 0; i < FIELDS; i++)
        c->value[c->n][i] = arena_strdup(d->arena, field[i]);
    if (*field[C_PICTURE] != '\0')
        c->picture[c->npictures++] = c->value[c->n][C_PICTURE];
    c->n++;
    return RC_OK;
}

static const char *given(const char *text)
{
    return *text != '\0' ? text : NULL;
}

static enum rc put_row(struct collections *c, struct db *db, const char *const *v, int32_t place)
{
    bool changed, ok = true;
    struct uuid media;
    if (*v[C_LOCALE] != '\0')
        return collection_put_text(db, v[C_SLUG], v[C_LOCALE], v[C_NAME], v[C_DESCRIPTION],
                                   &changed);
    struct collection made = { .slug = v[C_SLUG],
                               .name = v[C_NAME],
                               .description = v[C_DESCRIPTION],
                               .rule = given(v[C_RULE]),
                               .products = given(v[C_PRODUCTS]),
                               .sort = given(v[C_SORT]),
                               .position = &place,
                               .currency = c->saver->currency };
    if (*v[C_PICTURE] != '\0') {
        /* No words for it: the picture may be a product's, which says what it shows. */
        enum rc rc = ref_media(c->saver, db, v[C_PICTURE], "", &ok, &media);
        if (rc != RC_OK)
            return rc;
        made.media = ok ? &media : NULL;
    }
    return collection_put(db, &made, &changed, &c->problem);
}

static enum rc put_in_tx(struct db *db, void *arg)
{
    struct collections *c = arg;
    enum rc rc = RC_OK;
    save_forget(c->saver);
    for (size_t i = 0; rc == RC_OK && i < c->n; i++) {
        rc = put_row(c, db, c->value[i], (int32_t)i);
        if (rc == RC_INVALID && c->problem != NULL)
            c->problem = arena_printf(c->d->arena, "%s: %s", c->value[i][C_SLUG], c->problem);
    }
    return rc;
}

enum rc demo_collections(struct demo_run *d, struct saver *saver)
{
    struct collections *c = arena_new(d->arena, struct collections);
    *c = (struct collections){ .d = d, .saver = saver };
    enum rc rc = demo_file(d, "collections.csv", FIELDS, take_row, c);
    struct import_item item = { .images = { .v = c->picture, .n = c->npictures, .given = true } };
    if (rc == RC_OK)
        rc = save_pictures(saver, &item, 1);
    if (rc != RC_OK)
        return demo_problem(d, rc, "collections.csv could not be read");
    db_scope_begin(d->app->db, d->arena, &d->tenant, saver->now);
    rc = db_tx(d->app->db, DB_TX_RETRY, put_in_tx, c);
    db_scope_end(d->app->db);
    return rc == RC_OK ? rc
                       : demo_problem(d, rc, "collections.csv: %s",
                                      c->problem != NULL ? c->problem : "not written");
}
