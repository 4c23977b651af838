/* search_upkeep.c: when the index is written: after events of products and categories, at the
 * edges of price and publish windows, when it is rebuilt. Also how it is, for people and machines.
 * Not here: what is written (search_index.c). Invariant: nothing here holds the outbox up for long;
 * what concerns many products becomes a job that works in slices. */
#include <inttypes.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/frag.h"
#include "app/job.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/product.h"
#include "shop/search_index.h"
#include "shop/search_index_int.h"
#include "shop/search_term.h"

enum { SLICE_BATCHES = 5, EDGES_MOST = 2000, EDGE_AHEAD_S = 90 };

static const struct uuid *ids_of(struct arena *a, const struct shop_product_id_list *list)
{
    struct uuid *ids = arena_array(a, struct uuid, list->n);
    for (size_t i = 0; i < list->n; i++)
        ids[i] = list->row[i].product_id;
    return ids;
}

/* ---- events ------------------------------------------------------------------------------------
 */
/* Events that the batch of an earlier one has seen to: this process reads the outbox in order, and
 * an import tells of thousands of products at once. */
static struct {
    struct uuid tenant;
    int64_t seq[INDEX_BATCH];
    size_t n;
} ahead;

static bool is_done(const struct event *e)
{
    for (size_t i = 0; i < ahead.n; i++)
        if (ahead.seq[i] == e->seq)
            return uuid_cmp(ahead.tenant, e->tenant) == 0;
    return false;
}

static enum rc index_with_kits(struct app_ctx *app, struct uuid tenant, const struct uuid *ids,
                               size_t n)
{
    struct uuids all;
    enum rc rc = product_and_kits(app->db, ids, n, &all);
    return rc == RC_OK ? search_index(app, tenant, all.v, all.n) : rc;
}

/* This product and all others that wait. One that cannot be indexed keeps none of them back. */
enum rc search_on_products(struct app_ctx *app, const struct event *e)
{
    struct shop_ahead_list waiting;
    if (is_done(e))
        return RC_OK;
    enum rc rc = shop_q_index_ahead(app->db, INDEX_BATCH - 1, &waiting);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(e->arena, struct uuid, waiting.n + 1);
    ids[0] = e->object_id;
    for (size_t i = 0; i < waiting.n; i++)
        ids[i + 1] = waiting.row[i].object_id;
    ahead.n = 0;
    if (waiting.n > 0 && index_with_kits(app, e->tenant, ids, waiting.n + 1) == RC_OK) {
        ahead.tenant = e->tenant;
        for (size_t i = 0; i < waiting.n; i++)
            ahead.seq[ahead.n++] = waiting.row[i].seq;
        return RC_OK;
    }
    return index_with_kits(app, e->tenant, ids, 1);
}

static enum rc enqueue_below(struct db *db, void *arg)
{
    return job_enqueue(db, "shop.search_below", JOB_HIGH, 0, NULL, arg);
}

/* Its name is a word of every product below it. */
enum rc search_on_category(struct app_ctx *app, const struct event *e)
{
    char *payload =
        arena_printf(e->arena, "{\"category\":\"%s\"}", uuid_str(e->arena, e->object_id));
    return db_tx(app->db, DB_TX_RETRY, enqueue_below, payload);
}

struct more {
    const char *category, *after;
};

static enum rc enqueue_more(struct db *db, void *arg)
{
    const struct more *m = arg;
    return job_enqueue(db, "shop.search_below", JOB_HIGH, 0, NULL,
                       arena_printf(db_arena(db), "{\"category\":\"%s\",\"after\":\"%s\"}",
                                    m->category, m->after));
}

/* A slice of the products below a category, then the rest as another job, so that events of other
 * shops do not wait for all of it. */
enum rc search_job_below(struct app_ctx *app, const struct job *j)
{
    struct uuid category, after = { { 0 } };
    struct shop_product_id_list list;
    struct more m = { job_get(j, "category"), job_get(j, "after") };
    if (m.category == NULL || uuid_parse(m.category, &category) != RC_OK ||
        (m.after != NULL && uuid_parse(m.after, &after) != RC_OK))
        return RC_INVALID;
    enum rc rc = shop_q_index_below(j->db, category, after, SLICE_BATCHES * INDEX_BATCH, &list);
    if (rc == RC_OK)
        rc = search_index(app, j->tenant, ids_of(j->arena, &list), list.n);
    if (rc != RC_OK || list.n < SLICE_BATCHES * INDEX_BATCH)
        return rc;
    m.after = uuid_str(j->arena, list.row[list.n - 1].product_id);
    return db_tx(j->db, DB_TX_RETRY, enqueue_more, &m);
}

/* ---- edges of windows --------------------------------------------------------------------------
 */
static enum rc enqueue_edge(struct db *db, void *arg)
{
    const int64_t *at = arg;
    return job_enqueue(db, "shop.search_edges", JOB_HIGH, *at,
                       arena_printf(db_arena(db), "edge %" PRId64, *at), "{}");
}

/* What prices and publish windows change by themselves. Runs every minute, and at the very instant
 * of an edge that falls before the next run. */
enum rc search_job_edges(struct app_ctx *app, const struct job *j)
{
    struct shop_product_id_list list;
    struct shop_edge next;
    int64_t now = instant_now();
    enum rc rc = shop_q_index_edges(j->db, now, EDGES_MOST, &list);
    if (rc == RC_OK && list.n > 0)
        rc = search_index(app, j->tenant, ids_of(j->arena, &list), list.n);
    if (rc == RC_OK)
        rc = shop_q_index_next_edge(j->db, &next);
    if (rc == RC_OK && next.at < now + SECONDS(EDGE_AHEAD_S)) {
        if (next.at < now)
            next.at = now;
        rc = db_tx(j->db, DB_TX_RETRY, enqueue_edge, &next.at);
    }
    return rc;
}

/* ---- rebuilding --------------------------------------------------------------------------------
 */
static enum rc recount_in_tx(struct db *db, void *arg)
{
    int64_t *now = arg;
    struct db_pipe *p = db_pipe(db);
    shop_q_words_recount_send(p, NULL);
    shop_q_words_unused_send(p, NULL);
    shop_q_index_mark_send(p, NULL, now, NULL);
    return db_pipe_run(p);
}

enum rc search_recount(struct app_ctx *app)
{
    int64_t now = instant_now();
    return db_tx(app->db, DB_TX_RETRY, recount_in_tx, &now);
}

enum rc search_job_recount(struct app_ctx *app, const struct job *j)
{
    (void)j;
    return search_recount(app);
}

static enum rc counters_in_tx(struct db *db, void *arg)
{
    struct index_run *r = arg;
    struct shop_exists locked;
    struct db_pipe *p = db_pipe(db);
    shop_q_index_lock_send(
        p, arena_printf(db_arena(db), "shop.search %s", uuid_str(db_arena(db), r->tenant)),
        &locked);
    shop_q_index_counts_clear_send(p, NULL);
    shop_q_index_counts_make_send(p, TERM(GROUP_CATEGORY, 0), TERM(GROUP_CATEGORY + 1, 0), NULL);
    shop_q_index_mark_send(p, &r->now, NULL, NULL);
    return db_pipe_run(p);
}

static enum rc rebuild_products(struct index_run *r, void (*say)(void *, size_t), void *arg,
                                size_t *done)
{
    struct shop_product_id_list list;
    struct uuid after = { { 0 } };
    enum rc rc;
    do {
        rc = shop_q_index_next(r->app->db, after, INDEX_BATCH, &list);
        if (rc == RC_OK && list.n > 0) {
            after = list.row[list.n - 1].product_id;
            rc = index_run_batch(r, ids_of(r->work, &list), list.n);
        }
        *done += rc == RC_OK ? list.n : 0;
        if (rc == RC_OK && say != NULL && list.n > 0)
            say(arg, *done);
        index_run_next(r);
    } while (rc == RC_OK && list.n == INDEX_BATCH && !job_should_stop());
    return rc;
}

enum rc search_rebuild(struct app_ctx *app, struct uuid tenant, void (*say)(void *arg, size_t done),
                       void *arg, size_t *out)
{
    struct index_run r;
    struct shop_product_id_list gone;
    *out = 0;
    index_run_open(&r, app, tenant);
    enum rc rc = rebuild_products(&r, say, arg, out);
    if (rc == RC_OK)
        rc = shop_q_index_orphans(app->db, &gone);
    for (size_t at = 0; rc == RC_OK && at < gone.n; at += INDEX_BATCH)
        rc = index_run_batch(&r, ids_of(r.work, &gone) + at,
                             gone.n - at < INDEX_BATCH ? gone.n - at : INDEX_BATCH);
    if (rc == RC_OK)
        rc = db_tx(app->db, DB_TX_RETRY, counters_in_tx, &r);
    if (rc == RC_OK)
        rc = search_recount(app);
    index_run_close(&r, true);
    return rc;
}

enum rc search_status(struct db *db, int64_t now, struct search_status *out)
{
    struct shop_index_state s;
    struct shop_index_waiting w;
    struct db_pipe *p = db_pipe(db);
    shop_q_index_state_send(p, &s);
    shop_q_index_waiting_send(p, &w);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    *out = (struct search_status){ .products = s.products,
                                   .words = s.words,
                                   .terms = s.terms,
                                   .rebuilt_at = s.has_rebuilt_at ? s.rebuilt_at : INSTANT_MIN,
                                   .counted_at = s.has_counted_at ? s.counted_at : INSTANT_MIN,
                                   .waiting = w.n,
                                   .lag_us = w.has_since && w.since < now ? now - w.since : 0 };
    return RC_OK;
}
