/* trade_jobs.c: what time and events do to carts, holds and orders. Each piece may run twice or
 * late: what it finds done is left alone. Nothing here is a page or a mail; those follow from the
 * events told. */
#include "shop/trade_jobs.h"

#include <string.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/module.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "shop/cart.h"
#include "shop/customer.h"
#include "shop/hold.h"
#include "shop/order.h"
#include "shop/stats.h"

enum { MOST = 500 };

static enum rc expire_in_tx(struct db *db, void *arg)
{
    return shop_q_carts_expire(db, *(const int64_t *)arg, MOST, NULL);
}

enum rc trade_job_upkeep(struct app_ctx *app, const struct job *j)
{
    int64_t ended = 0, now = j->now;
    (void)app;
    enum rc rc = hold_sweep(j->db, now, MOST, &ended);
    if (rc == RC_OK)
        rc = order_cancel_unpaid(j->db, now, MOST);
    return rc == RC_OK ? db_tx(j->db, DB_TX_RETRY, expire_in_tx, &now) : rc;
}

struct follow {
    const struct event *e;
};

static enum rc stock_in_tx(struct db *db, void *arg)
{
    const struct follow *f = arg;
    struct shop_order_variant_list rows;
    enum rc rc = shop_q_order_variants(db, f->e->object_id, &rows);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        ids[i] = rows.row[i].variant_id;
    return stock_crossings(db, ids, rows.n, instant_now());
}

enum rc trade_on_stock(struct app_ctx *app, const struct event *e)
{
    struct follow f = { .e = e };
    (void)app;
    return db_tx(e->db, DB_TX_RETRY, stock_in_tx, &f);
}

/* What was sold is counted in the transaction that marks the order as counted: an event that comes
 * again finds nothing to count. */
static enum rc sold_in_tx(struct db *db, void *arg)
{
    const struct follow *f = arg;
    struct shop_order_sold_row_list rows;
    enum rc rc = shop_q_order_sold(db, f->e->object_id, instant_now(), &rows);
    if (rc != RC_OK || rows.n == 0)
        return rc;
    struct product_stats_change *c = arena_array(db_arena(db), struct product_stats_change, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        c[i] = (struct product_stats_change){ .product = rows.row[i].product_id,
                                              .sold = rows.row[i].quantity };
    return product_stats_add(db, c, rows.n, instant_now());
}

enum rc trade_on_sold(struct app_ctx *app, const struct event *e)
{
    struct follow f = { .e = e };
    (void)app;
    return db_tx(e->db, DB_TX_RETRY, sold_in_tx, &f);
}

/* 64 hex digits. */
static bool session_of(const char *hex, unsigned char out[CRYPTO_HASH])
{
    static const char digits[] = "0123456789abcdef";
    if (hex == NULL || strlen(hex) != 2 * CRYPTO_HASH)
        return false;
    for (size_t i = 0; i < 2 * CRYPTO_HASH; i++) {
        const char *d = strchr(digits, hex[i]);
        if (d == NULL)
            return false;
        out[i / 2] = (unsigned char)(out[i / 2] << 4 | (d - digits));
    }
    return true;
}

enum rc trade_on_login(struct app_ctx *app, const struct event *e)
{
    unsigned char session[CRYPTO_HASH] = { 0 };
    const struct tenant *t = NULL;
    enum cart_merge how = CART_MERGE_LARGER;
    if (!session_of(event_get(e, "session"), session))
        return RC_DECLINED; /* nobody was there before */
    enum rc rc = tenant_by_id(app, e->tenant, &t);
    if (rc != RC_OK)
        return rc;
    (void)cart_merge_parse(tenant_setting(app, t, "cart.merge"), &how);
    return cart_take_over(e->db, (struct bytes){ session, sizeof(session) }, e->object_id, how,
                          instant_now());
}

enum rc trade_on_export(struct app_ctx *app, const struct event *e)
{
    struct shop_order_export doc;
    (void)app;
    enum rc rc = shop_q_orders_export(e->db, e->object_id, &doc);
    if (rc == RC_OK)
        customer_export_add(e, "orders", doc.doc);
    return rc;
}

enum rc trade_on_erased(struct app_ctx *app, const struct event *e)
{
    (void)app;
    return shop_q_orders_forget(e->db, e->object_id, instant_now(), NULL);
}

static const char *const merges[] = { "larger", "sum", "guest", "keep", NULL };
static const char *const categories[] = { "open", "picking", "ready", NULL };

static const char *const moments[] = { "first", "paid", "shipped", NULL };

const struct app_setting trade_settings[] = {
    { "cart.merge", "larger", N_("What becomes of two carts at login"), SETTING_CHOICE, merges },
    { "order.cancel_until", "open", N_("How far a customer may cancel"), SETTING_CHOICE,
      categories },
    { "document.invoice_at", "first", N_("When an order is invoiced"), SETTING_CHOICE, moments },
    { "document.seller", "", N_("Who sells, as it stands on documents"), SETTING_TEXT, NULL },
    { "document.bank", "", N_("Bank details on invoices"), SETTING_TEXT, NULL },
    { "document.note", "", N_("Closing words on documents"), SETTING_TEXT, NULL },
    { 0 },
};
