/* builtin.c: the face of the shop floor: a module without routes and pages, whose statements,
 * permissions, settings and jobs every other module may build on. The rules themselves are in the
 * files beside it; this one only lists. */
#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/loader.h"
#include "app/module.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "shop/document.h"
#include "shop/media.h"
#include "shop/pay_jobs.h"
#include "shop/product.h"
#include "shop/search_index.h"
#include "shop/trade_jobs.h"

enum { EDGES_EVERY_S = 60, EDGES_MOST = 500 };

struct edges {
    int64_t since, now;
};

static enum rc edges_in_tx(struct db *db, void *arg)
{
    const struct edges *e = arg;
    struct shop_product_id_list found;
    enum rc rc = shop_q_lists_edges(db, e->since, e->now, EDGES_MOST, &found);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, found.n);
    for (size_t i = 0; i < found.n; i++)
        ids[i] = found.row[i].product_id;
    return product_changed(db, ids, found.n, e->now);
}

/* Prices begin and end by themselves, at the instant the window says; what only follows is told
 * here: the order of price lists, cached pages. Looks back three periods, so a late run or one that
 * failed loses nothing. */
static enum rc price_edges(struct app_ctx *app, const struct job *j)
{
    (void)app;
    struct edges e = { .since = j->now - SECONDS(3 * EDGES_EVERY_S), .now = j->now };
    return db_tx(j->db, DB_TX_RETRY, edges_in_tx, &e);
}

static const struct app_job jobs[] = {
    { .name = "shop.price_edges",
      .every_s = EDGES_EVERY_S,
      .timeout_s = 60,
      .max_tries = 3,
      .run = price_edges },
    { .name = "media.renditions", .timeout_s = 150, .max_tries = 5, .run = media_renditions_job },
    { .name = "media.fetch", .timeout_s = 90, .max_tries = 3, .run = media_fetch_job },
    { .name = "media.forget", .timeout_s = 60, .max_tries = 5, .run = media_forget_job },
    { .name = "shop.search_edges",
      .every_s = EDGES_EVERY_S,
      .timeout_s = 60,
      .max_tries = 3,
      .run = search_job_edges },
    { .name = "shop.search_below", .timeout_s = 120, .max_tries = 5, .run = search_job_below },
    { .name = "shop.search_recount",
      .every_s = 86400,
      .timeout_s = 300,
      .max_tries = 3,
      .run = search_job_recount },
    { .name = "document.draw", .timeout_s = 60, .max_tries = 8, .run = document_draw_job },
    { .name = "shop.trade_upkeep",
      .every_s = 60,
      .timeout_s = 120,
      .max_tries = 3,
      .run = trade_job_upkeep },
    { .name = "shop.gateway_event", .timeout_s = 60, .max_tries = 12, .run = pay_job_event },
    { .name = "shop.payment_upkeep",
      .every_s = 300,
      .timeout_s = 240,
      .max_tries = 3,
      .run = pay_job_upkeep },
    { .name = "shop.payment_reconcile",
      .every_s = 86400,
      .timeout_s = 900,
      .max_tries = 3,
      .run = pay_job_reconcile },
    { 0 },
};

static const struct app_perm perms[] = {
    { "shop.catalogue.read", N_("See products and categories") },
    { "shop.catalogue.write", N_("Change products and categories") },
    { "shop.price.write", N_("Change prices") },
    { "shop.stock.write", N_("Change stock") },
    { "shop.order.read", N_("See orders") },
    { "shop.order.write", N_("Change orders") },
    { 0 },
};

static const struct app_event_sub events[] = {
    { "product.changed", EV_JOB, search_on_products },
    { "stock.changed", EV_JOB, search_on_products },
    { "product.rated", EV_JOB, search_on_products },
    { "product.counted", EV_JOB, search_on_products },
    { "category.changed", EV_JOB, search_on_category },
    { "order.placed", EV_JOB, trade_on_stock },
    { "order.placed", EV_JOB, trade_on_sold },
    { "order.cancelled", EV_JOB, trade_on_stock },
    { "payment.captured", EV_JOB, document_on_paid },
    { "order.shipped", EV_JOB, document_on_shipped },
    { "refund.done", EV_JOB, document_on_refund },
    { "order.cancelled", EV_JOB, pay_on_surplus },
    { "payment.surplus", EV_JOB, pay_on_surplus },
    { "refund.started", EV_JOB, pay_on_refund },
    { "customer.logged_in", EV_IN_TX, trade_on_login },
    { "customer.export", EV_IN_TX, trade_on_export },
    { "customer.erased", EV_IN_TX, trade_on_erased },
    { 0 },
};

const struct app_module shop_builtin = {
    .magic = APP_MAGIC,
    .size = sizeof(struct app_module),
    .abi_major = APP_ABI_MAJOR,
    .abi_minor = APP_ABI_MINOR,
    .build_id = APP_BUILD_ID,
    .name = "shop",
    .needs = (const char *const[]){ "app", NULL },
    .schema_version = 27,
    .perms = perms,
    .settings = trade_settings,
    .events = events,
    .jobs = jobs,
    .stmts = shop_stmts,
};
