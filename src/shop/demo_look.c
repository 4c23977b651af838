/* demo_look.c: what a demo shop shows besides goods: its logo, from shop.csv. Not its colours and
 * layout: those are settings, which demo_tenant.c takes over.
 * Invariant: a second run changes nothing. */
#include <string.h>

#include "app/ctx.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop/demo_int.h"
#include "shop/import_save_int.h"
#include "shop/theme.h"

struct look {
    struct demo_run *d;
    struct saver *saver;
    const struct tenant *shop;
};

/* A picture named in shop.csv becomes the logo and the favicon. */
static enum rc logo_in_tx(struct db *db, void *arg)
{
    static const char *const keys[] = { "logo", "favicon" };
    struct look *l = arg;
    struct arena *a = db_arena(db);
    struct uuid id;
    bool ok = false;
    const char *problem;
    save_forget(l->saver);
    enum rc rc = ref_media(l->saver, db, demo_fact(l->d, "logo", ""), l->shop->name, &ok, &id);
    if (rc == RC_OK && !ok)
        return demo_problem(l->d, RC_INVALID, "shop.csv: the logo is not in the pictures");
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(keys); i++) {
        const char *now = tenant_setting(l->d->app, l->shop, arena_printf(a, "theme.%s", keys[i]));
        if (!str_eq(now, uuid_str(a, id)))
            rc = theme_set(l->d->app, db, keys[i], uuid_str(a, id), &problem);
    }
    return rc;
}

enum rc demo_look(struct demo_run *d, struct saver *saver)
{
    const char *logo = demo_fact(d, "logo", NULL);
    struct look l = { .d = d, .saver = saver };
    struct db *db = d->app->db;
    if (logo == NULL)
        return RC_OK;
    struct import_item item = { .images = { .v = &logo, .n = 1, .given = true } };
    enum rc rc = save_pictures(saver, &item, 1);
    db_scope_begin(db, d->arena, &d->tenant, saver->now);
    if (rc == RC_OK)
        rc = tenant_by_id(d->app, d->tenant, &l.shop);
    if (rc == RC_OK)
        rc = db_tx(db, DB_TX_RETRY, logo_in_tx, &l);
    db_scope_end(db);
    return rc == RC_OK ? rc : demo_problem(d, rc, "the look could not be set");
}
