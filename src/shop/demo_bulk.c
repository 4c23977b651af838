/* demo_bulk.c: fills a shop with made-up products until it has as many as asked for: words, then
 * what products point at, then products in chunks of one transaction each, every chunk indexed as
 * soon as it is there. An interrupted run goes on where it was. One event at the end tells that the
 * catalogue changed, for a million of them would hold everybody's events up. */
#include "shop/demo_bulk.h"

#include "app/ctx.h"
#include "app/event.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/demo_bulk_int.h"
#include "shop/search_index.h"
#include "shop/search_index_int.h"

struct bulk {
    struct app_ctx *app;
    const struct demo_bulk_options *o;
    const struct tenant *tenant;
    struct arena *arena, *work;
    struct saver saver;
    struct bulk_words *words;
    const struct currency *currency;
    struct bulk_product *product; /* of the chunk */
    size_t n;
};

static enum rc refs_in_tx(struct db *db, void *arg)
{
    struct bulk *b = arg;
    save_forget(&b->saver);
    enum rc rc = shop_tenant_ready(db, b->tenant->currency, &b->saver.basics);
    return rc == RC_OK ? bulk_refs(&b->saver, db, b->words) : rc;
}

static enum rc chunk_in_tx(struct db *db, void *arg)
{
    struct bulk *b = arg;
    return bulk_write(&b->saver, db, b->words, b->product, b->n);
}

static enum rc tell_in_tx(struct db *db, void *arg)
{
    (void)arg;
    return event_emit(db, "catalogue.changed", (struct uuid){ { 0 } }, 0, NULL);
}

static enum rc copy_pictures(struct bulk *b)
{
    size_t n = 0;
    struct import_item *item =
        arena_array(b->arena, struct import_item, b->words->nfamilies * BULK_LIST);
    for (size_t i = 0; i < b->words->nfamilies; i++)
        for (size_t k = 0; k < b->words->family[i].npictures; k++) {
            const char **v = arena_array(b->arena, const char *, 1);
            v[0] = arena_printf(b->arena, "file:%s.svg", b->words->family[i].picture[k]);
            item[n++].images = (struct item_list){ .v = v, .n = 1, .given = true };
        }
    return save_pictures(&b->saver, item, n);
}

static void say(struct bulk *b, const char *line)
{
    if (b->o->say != NULL)
        b->o->say(b->o->arg, line);
}

/* Chunks in scopes of their own: memory stays what one chunk needs. */
static enum rc make_chunks(struct bulk *b, uint64_t first, size_t want, size_t *made)
{
    struct index_run r;
    enum rc rc = RC_OK;
    struct uuid *id = arena_array(b->arena, struct uuid, BULK_CHUNK);
    b->product = arena_array(b->arena, struct bulk_product, BULK_CHUNK);
    index_run_open(&r, b->app, b->tenant->id);
    while (rc == RC_OK && *made < want) {
        b->n = want - *made < BULK_CHUNK ? want - *made : BULK_CHUNK;
        for (size_t i = 0; i < b->n; i++) {
            bulk_make(r.work, b->words, b->o->seed, first + *made + i, b->currency, &b->product[i]);
            id[i] = b->product[i].id;
        }
        rc = db_tx(b->app->db, DB_TX_RETRY, chunk_in_tx, b);
        if (rc == RC_OK)
            rc = index_run_batch(&r, id, b->n);
        *made += rc == RC_OK ? b->n : 0;
        if (rc == RC_OK && (*made % 10000 == 0 || *made == want))
            say(b, arena_printf(r.work, "%zu of %zu products", *made, want));
        index_run_next(&r);
    }
    index_run_close(&r, true);
    return rc;
}

static enum rc fill(struct bulk *b, size_t *made, const char **problem)
{
    struct db *db = b->app->db;
    struct shop_bulk_have have;
    b->words = arena_new(b->arena, struct bulk_words);
    enum rc rc = bulk_words_read(
        b->arena, arena_printf(b->arena, "%s/bulk", b->app->conf->demo_dir), b->words, problem);
    if (rc == RC_OK)
        rc = copy_pictures(b);
    if (rc != RC_OK)
        return rc;
    db_scope_begin(db, b->work, &b->tenant->id, b->saver.now);
    rc = shop_q_bulk_have(db, &have);
    if (rc == RC_OK && have.products < b->o->products) {
        rc = db_tx(db, DB_TX_RETRY, refs_in_tx, b);
        if (rc == RC_OK)
            rc = make_chunks(b, (uint64_t)have.bulk + 1, (size_t)(b->o->products - have.products),
                             made);
        if (rc == RC_OK)
            rc = search_recount(b->app);
        if (rc == RC_OK)
            rc = db_tx(db, DB_TX_RETRY, tell_in_tx, NULL);
    }
    db_scope_end(db);
    return rc;
}

enum rc demo_bulk_load(struct app_ctx *app, const struct demo_bulk_options *options, size_t *made,
                       const char **problem)
{
    struct bulk b = { .app = app, .o = options };
    *made = 0;
    *problem = NULL;
    b.arena = arena_new_sized(INDEX_MEMORY);
    b.work = arena_new_sized(INDEX_MEMORY);
    db_scope_begin(app->db, b.work, NULL, instant_now());
    enum rc rc = tenant_by_slug(app, options->tenant, &b.tenant);
    db_scope_end(app->db);
    if (rc == RC_OK) {
        b.currency = currency_find(b.tenant->currency);
        b.saver = (struct saver){ .app = app,
                                  .home = b.arena,
                                  .tenant = b.tenant->id,
                                  .tenant_text = uuid_str(b.arena, b.tenant->id),
                                  .zone = b.tenant->zone,
                                  .currency = b.tenant->currency,
                                  .pictures_dir =
                                      arena_printf(b.arena, "%s/pictures", app->conf->demo_dir),
                                  .now = instant_now() };
        save_open(&b.saver);
        rc = b.currency != NULL ? fill(&b, made, problem) : RC_INVALID;
        save_close(&b.saver);
    }
    if (*problem != NULL)
        *problem = arena_strdup(app->work, *problem);
    arena_free(b.work);
    arena_free(b.arena);
    return rc;
}
