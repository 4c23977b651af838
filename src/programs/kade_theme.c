/* kade_theme.c: kade theme: how a shop looks: what is set, setting it, and how readable the colours
 * are that come of it. It changes settings and nothing else: the style sheet is written by whoever
 * needs it first, and pages show a change at their next request. */
#include <stdio.h>
#include <string.h>

#include "app/setting.h"
#include "app/theme.h"
#include "base/str.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/theme.h"

static const char *const keys[] = { "primary", "secondary", "paper", "font",        "display",
                                    "radius",  "density",   "head",  "head_layout", "foot",
                                    "cards",   "tiles",     "logo",  "logo_alone",  "favicon" };

struct ask {
    struct kade *k;
    const struct tenant *shop;
    const char *key, *text, *problem;
};

static int start(struct kade *k, struct ask *q)
{
    struct uuid tenant;
    *q = (struct ask){ .k = k };
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status != 0)
        return status;
    kade_scope(k, &tenant);
    enum rc rc = tenant_by_id(&k->app, tenant, &q->shop);
    return rc == RC_OK ? 0 : kade_fail_db(k, "reading the shop", rc);
}

static int show(struct kade *k, char **arg)
{
    static const char *const cols[] = { "key", "value", NULL };
    struct ask q;
    struct kade_rows o;
    (void)arg;
    int status = start(k, &q);
    if (status != 0)
        return status;
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *name = arena_printf(k->arena, "theme.%s", keys[i]);
        const char *cells[] = { keys[i], tenant_setting(&k->app, q.shop, name) };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static enum rc set_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    return theme_set(&q->k->app, db, q->key, q->text, &q->problem);
}

static int set(struct kade *k, char **arg)
{
    struct ask q;
    int status = start(k, &q);
    if (status != 0)
        return status;
    q.key = arg[0];
    q.text = *arg[1] == '\0' ? NULL : arg[1];
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, set_in_tx, &q);
    if (rc == RC_NOTFOUND)
        return kade_fail("'%s' is no part of a theme: see 'kade theme show'", q.key);
    if (rc == RC_INVALID)
        return kade_fail("%s: %s", q.key, q.problem != NULL ? q.problem : "not a value of it");
    return rc == RC_OK ? 0 : kade_fail_db(k, "setting the theme", rc);
}

static void add_pair(struct kade_rows *o, struct kade *k, const char *mode, const char *text,
                     struct rgb a, const char *surface, struct rgb b, int least)
{
    int ratio = rgb_contrast(a, b);
    const char *cells[] = { mode,
                            text,
                            arena_printf(k->arena, "#%02x%02x%02x", a.r, a.g, a.b),
                            surface,
                            arena_printf(k->arena, "#%02x%02x%02x", b.r, b.g, b.b),
                            arena_printf(k->arena, "%d.%02d", ratio / 1000, ratio % 1000 / 10),
                            ratio >= least ? "passes" : "FAILS" };
    kade_rows_add(o, cells);
}

static int check(struct kade *k, char **arg)
{
    static const char *const cols[] = { "mode",   "token", "colour", "on",
                                        "colour", "ratio", "result", NULL };
    static const char *const modes[] = { "light", "dark" };
    struct ask q;
    struct theme_choice c;
    struct theme_palette p;
    struct kade_rows o;
    (void)arg;
    int status = start(k, &q);
    if (status != 0)
        return status;
    theme_read(&k->app, q.shop, &c);
    if (!c.coloured)
        return kade_fail("this shop has no colours of its own: set primary");
    theme_palette_solve(c.primary, c.secondary, c.paper, &p);
    kade_rows_begin(&o, k, cols);
    for (int m = 0; m < THEME_MODES; m++) {
        for (size_t i = 0; i < theme_npairs; i++) {
            const struct theme_pair *x = &theme_pairs[i];
            add_pair(&o, k, modes[m], theme_token_name(x->text), p.v[m][x->text],
                     theme_token_name(x->surface), p.v[m][x->surface], x->least);
        }
        for (size_t i = 0; i < theme_nfixed; i++)
            for (int s = TT_BG; s <= TT_ACCENT_SOFT; s++)
                add_pair(&o, k, modes[m], theme_fixed[i].name, theme_fixed[i].v[m],
                         theme_token_name((enum theme_token)s), p.v[m][s], theme_fixed[i].least);
    }
    status = kade_rows_end(&o);
    if (p.moved && !kade_has(k, OPT_JSON))
        printf("The first colour was moved a little to be readable with words on it.\n");
    return status;
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_theme_commands[] = {
    { "theme", "show", "--tenant SLUG", "How the shop looks.", 0, 0, none, show },
    { "theme", "set", "KEY VALUE --tenant SLUG",
      "Change one part of the look; an empty value returns to the default.", 2, 2, none, set },
    { "theme", "check", "--tenant SLUG", "Contrast of every pair of colours that pages use.", 0, 0,
      none, check },
    { 0 }
};
