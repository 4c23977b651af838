/* demo_look.c: what a demo shop shows besides goods: its logo, from shop.csv, and the blocks of its
 * home page, from home.csv. Not its colours and layout: those are settings (demo_tenant.c).
 * Invariant: a second run changes nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/ctx.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop/demo_int.h"
#include "shop/home.h"
#include "shop/import_save_int.h"
#include "shop/theme.h"

struct look {
    struct demo_run *d;
    struct saver *saver;
    const struct tenant *shop;
    struct home_plan *plan;
    const char *problem;
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

static enum rc set_logo(struct look *l)
{
    struct demo_run *d = l->d;
    const char *logo = demo_fact(d, "logo", NULL);
    if (logo == NULL)
        return RC_OK;
    struct import_item item = { .images = { .v = &logo, .n = 1, .given = true } };
    enum rc rc = save_pictures(l->saver, &item, 1);
    db_scope_begin(d->app->db, d->arena, &d->tenant, l->saver->now);
    if (rc == RC_OK)
        rc = tenant_by_id(d->app, d->tenant, &l->shop);
    if (rc == RC_OK)
        rc = db_tx(d->app->db, DB_TX_RETRY, logo_in_tx, l);
    db_scope_end(d->app->db);
    return rc == RC_OK ? rc : demo_problem(d, rc, "the logo could not be set");
}

/* ---- the home page -----------------------------------------------------------------------------
 */
static enum rc picture_of(void *arg, struct db *db, const char *name, bool *ok, struct uuid *out)
{
    return ref_media(((struct look *)arg)->saver, db, name, "", ok, out);
}

static enum rc home_in_tx(struct db *db, void *arg)
{
    struct look *l = arg;
    bool changed;
    save_forget(l->saver);
    return home_put(db, l->plan, picture_of, l, l->saver->now, &changed, &l->problem);
}

static enum rc set_home(struct look *l)
{
    struct demo_run *d = l->d;
    FILE *in = fopen(arena_printf(d->arena, "%s/home.csv", d->dir), "rbe");
    if (in == NULL)
        return errno == ENOENT ? RC_OK : demo_problem(d, RC_UPSTREAM, "cannot read home.csv");
    enum rc rc = home_read(d->arena, in, &l->plan, &l->problem);
    fclose(in);
    if (rc != RC_OK)
        return demo_problem(d, rc, "home.csv: %s", l->problem != NULL ? l->problem : "unreadable");
    const char **name = home_pictures(l->plan);
    size_t n = 0;
    while (name[n] != NULL)
        n++;
    struct import_item item = { .images = { .v = name, .n = n, .given = true } };
    rc = save_pictures(l->saver, &item, 1);
    db_scope_begin(d->app->db, d->arena, &d->tenant, l->saver->now);
    if (rc == RC_OK)
        rc = db_tx(d->app->db, DB_TX_RETRY, home_in_tx, l);
    db_scope_end(d->app->db);
    return rc == RC_OK ? rc
                       : demo_problem(d, rc, "the home page: %s",
                                      l->problem != NULL ? l->problem : "not written");
}

enum rc demo_look(struct demo_run *d, struct saver *saver)
{
    struct look l = { .d = d, .saver = saver };
    enum rc rc = set_logo(&l);
    return rc == RC_OK ? set_home(&l) : rc;
}
