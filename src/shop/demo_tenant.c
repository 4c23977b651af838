/* demo_tenant.c: a demo shop's tenant, store, host names, settings and accounts, from shop.csv.
 * What is there already stays; settings are taken over when they changed. Passwords are the public
 * ones of the README: these accounts exist only where the demo was loaded. */
#include "app/ctx.h"
#include "app/loader.h"
#include "app/tenant.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "shop/demo_int.h"
#include "shop/setup.h"

struct wanted {
    struct demo_run *d;
    bool is_new;
    struct uuid store;
};

static enum rc put_setting(struct db *db, struct arena *a, const char *key, const char *json)
{
    (void)a;
    return app_q_setting_put(db, key, json, NULL);
}

static const char *json_string(struct arena *a, const char *s)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, DEMO_TEXT_MAX);
    jw_init(&w, &b);
    jw_text(&w, s);
    return b.p;
}

/* "en si ta" to ["en","si","ta"]. */
static const char *json_words(struct arena *a, const char *s)
{
    struct buf b;
    struct jw w;
    char **word;
    buf_init(&b, a, DEMO_TEXT_MAX);
    jw_init(&w, &b);
    jw_array(&w);
    size_t n = str_split(a, s, ' ', &word);
    for (size_t i = 0; i < n; i++)
        if (*word[i] != '\0')
            jw_text(&w, word[i]);
    jw_end_array(&w);
    return b.p;
}

struct putting {
    struct db *db;
    struct arena *arena;
    enum rc rc;
};

static bool put_fact(const char *key, void *value, void *arg)
{
    struct putting *p = arg;
    if (str_starts(key, "setting "))
        p->rc = put_setting(p->db, p->arena, key + 8, json_string(p->arena, value));
    return p->rc == RC_OK;
}

static enum rc put_hosts(struct wanted *w, struct db *db)
{
    char **host;
    size_t n = str_split(db_arena(db), demo_fact(w->d, "hosts", ""), ' ', &host);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = app_q_domain_add(db, host[i], w->d->tenant, w->store, i == 0, NULL);
    return rc;
}

/* States and numbers, and a way to deliver: what a few hundred of the currency's units cost to
 * send. */
static enum rc put_trade(struct db *db, const char *country, const char *currency)
{
    const struct currency *c = currency_find(currency);
    struct shop_seeded seeded;
    int64_t fee = 0, free_from = 0;
    bool small = str_eq(currency, "USD");
    enum rc rc = money_parse(small ? "9" : "450", c, &fee);
    if (rc == RC_OK)
        rc = money_parse(small ? "250" : "15000", c, &free_from);
    if (rc == RC_OK)
        rc = shop_q_seed_trade(db, &seeded);
    return rc == RC_OK ? shop_q_demo_shipping(db, country, currency, fee, free_from, NULL) : rc;
}

/* Transfers, and codes to scan where the shop has a scheme for them; what they need is shop.csv's.
 */
static enum rc put_payments(struct db *db, const struct demo_run *d)
{
    static const struct {
        const char *code, *name;
        int32_t hold_minutes;
    } ways[] = { { "bank", "Bank transfer", 3 * 24 * 60 }, { "lankaqr", "LankaQR", 24 * 60 } };
    enum rc rc = RC_OK;
    for (size_t i = 0; i < COUNT_OF(ways) && rc == RC_OK; i++) {
        const char *config = demo_fact(d, ways[i].code, NULL);
        if (config != NULL)
            rc = shop_q_demo_payment(db, ways[i].code, ways[i].name, config, ways[i].hold_minutes,
                                     (int32_t)i + 1, NULL);
    }
    return rc;
}

static enum rc tenant_in_tx(struct db *db, void *arg)
{
    struct wanted *w = arg;
    struct demo_run *d = w->d;
    struct shop_basics basics;
    const char *name = demo_fact(d, "name", d->slug);
    const char *zone = demo_fact(d, "zone", "UTC");
    const char *currency = demo_fact(d, "currency", "USD");
    enum rc rc = RC_OK;
    if (w->is_new) {
        rc = app_q_tenant_add(db, d->tenant, d->slug, name, zone, NULL);
        if (rc == RC_OK)
            rc = app_q_store_add(db, w->store, name, demo_fact(d, "locale", "en"), currency, zone,
                                 demo_fact(d, "country", NULL), NULL);
        if (rc == RC_OK)
            rc = put_hosts(w, db);
    }
    if (rc == RC_OK)
        rc = shop_tenant_ready(db, currency, &basics);
    if (rc == RC_OK)
        rc = put_trade(db, demo_fact(d, "country", ""), currency);
    if (rc == RC_OK)
        rc = put_payments(db, d);
    struct putting p = { .db = db, .arena = db_arena(db), .rc = rc };
    if (rc == RC_OK)
        p.rc = put_setting(db, p.arena, "shop.locales",
                           json_words(p.arena, demo_fact(d, "locales", "")));
    if (p.rc == RC_OK)
        p.rc = put_setting(db, p.arena, "shop.currencies",
                           json_words(p.arena, demo_fact(d, "currencies", "")));
    if (p.rc == RC_OK)
        map_each(d->facts, put_fact, &p);
    return p.rc;
}

static enum rc check_facts(struct demo_run *d)
{
    if (currency_find(demo_fact(d, "currency", "")) == NULL)
        return demo_problem(d, RC_INVALID, "shop.csv: currency is not an ISO 4217 code");
    if (i18n_find(demo_fact(d, "locale", "")) == NULL)
        return demo_problem(d, RC_INVALID, "shop.csv: locale is not an interface language");
    return RC_OK;
}

enum rc demo_tenant(struct demo_run *d)
{
    const struct tenant *t = NULL;
    struct db *db = d->app->db;
    enum rc rc = check_facts(d);
    if (rc != RC_OK)
        return rc;
    db_scope_begin(db, d->arena, NULL, instant_now());
    rc = tenant_by_slug(d->app, d->slug, &t);
    struct wanted w = { .d = d, .is_new = rc == RC_NOTFOUND, .store = uuid7_new() };
    if (rc == RC_OK || rc == RC_NOTFOUND) {
        d->tenant = w.is_new ? uuid7_new() : t->id;
        db_scope_tenant(db, &d->tenant);
        rc = db_tx(db, DB_TX_RETRY, tenant_in_tx, &w);
    }
    db_scope_end(db);
    if (rc == RC_OK)
        tenant_changed(d->app, d->tenant);
    return rc == RC_OK ? rc : demo_problem(d, rc, "the shop could not be made");
}
