/* kade_home.c: kade home: what a shop's home page is composed of: shown as a list, written as a
 * whole from a file, blocks hidden and shown. How the file is written says shop/home.h. Not an
 * editor of single texts: the file is the composition. */
#include <stdio.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/home.h"

struct ask {
    struct kade *k;
    struct home_plan *plan;
    const char *key, *problem;
    bool changed, on;
};

static int start(struct kade *k, struct ask *q)
{
    struct uuid tenant;
    *q = (struct ask){ .k = k };
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status == 0)
        kade_scope(k, &tenant);
    return status;
}

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "key",   "kind",  "layout",    "tone", "what",
                                        "title", "shown", "languages", NULL };
    struct ask q;
    struct kade_rows o;
    struct shop_home_line_list all;
    (void)arg;
    int status = start(k, &q);
    if (status != 0)
        return status;
    enum rc rc = shop_q_home_list(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the home page", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_home_line *b = &all.row[i];
        int64_t now = instant_now();
        const char *cells[] = { b->key,
                                b->kind,
                                b->layout,
                                b->tone,
                                b->rule == NULL
                                    ? b->argument
                                    : arena_printf(k->arena, "%s %s", b->rule, b->argument),
                                b->title,
                                !b->is_active           ? "hidden"
                                : now < b->valid_from   ? "not yet"
                                : now >= b->valid_until ? "no longer"
                                                        : "yes",
                                b->locales };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static enum rc load_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    return home_put(db, q->plan, NULL, NULL, instant_now(), &q->changed, &q->problem);
}

static int load(struct kade *k, char **arg)
{
    struct ask q;
    int status = start(k, &q);
    if (status != 0)
        return status;
    FILE *in = fopen(arg[0], "rbe");
    if (in == NULL)
        return kade_fail("%s: cannot be read", arg[0]);
    enum rc rc = home_read(k->arena, in, &q.plan, &q.problem);
    fclose(in);
    if (rc == RC_OK)
        rc = db_tx(k->app.db, DB_TX_RETRY, load_in_tx, &q);
    if (rc == RC_INVALID && q.problem != NULL)
        return kade_fail("%s: %s", arg[0], q.problem);
    if (rc != RC_OK)
        return kade_fail_db(k, "writing the home page", rc);
    printf("%s\n", q.changed ? "the home page is as the file says" : "nothing to change");
    return 0;
}

static enum rc turn_in_tx(struct db *db, void *arg)
{
    const struct ask *q = arg;
    return home_show(db, q->key, q->on);
}

static int turn(struct kade *k, const char *key, bool on)
{
    struct ask q;
    int status = start(k, &q);
    if (status != 0)
        return status;
    q.key = key;
    q.on = on;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, turn_in_tx, &q);
    if (rc == RC_NOTFOUND)
        return kade_fail("there is no block '%s': see 'kade home list'", key);
    return rc == RC_OK ? 0 : kade_fail_db(k, "changing the home page", rc);
}

static int show(struct kade *k, char **arg)
{
    return turn(k, arg[0], true);
}

static int hide(struct kade *k, char **arg)
{
    return turn(k, arg[0], false);
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_home_commands[] = {
    { "home", "list", "--tenant SLUG", "What the home page is composed of.", 0, 0, none, list },
    { "home", "load", "FILE.csv --tenant SLUG",
      "Compose the home page anew from a file: key, locale, kind, layout, tone, picture, rule, "
      "argument, most, href, icons, from, until, title, body, label, lines.",
      1, 1, none, load },
    { "home", "show", "KEY --tenant SLUG", "Show a block.", 1, 1, none, show },
    { "home", "hide", "KEY --tenant SLUG", "Hide a block.", 1, 1, none, hide },
    { 0 }
};
