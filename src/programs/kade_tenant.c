/* kade_tenant.c: kade tenant: shops of this installation. A shop is made in one transaction with
 * its store, host name and the basics of commerce. Nothing here removes data: a suspended shop
 * shows its neutral page, a deleted one is closed and gives its host names back; its rows stay, as
 * law and bookkeeping ask (retention is another job's). */
#include <ctype.h>
#include <stdio.h>

#include "app/audit.h"
#include "app/tenant.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "programs/kade.h"
#include "shop/setup.h"

struct new_tenant {
    struct uuid id, store;
    const char *slug, *name, *host, *locale, *currency, *zone, *country;
};

static const char *either(const struct kade *k, enum kade_option o, const char *otherwise)
{
    return str_empty(k->value[o]) ? otherwise : k->value[o];
}

static bool slug_ok(const char *s)
{
    size_t n = 0;
    for (; s[n] != '\0'; n++)
        if (!islower((unsigned char)s[n]) && !isdigit((unsigned char)s[n]) && s[n] != '-')
            return false;
    return n >= 1 && n <= 40 && s[0] != '-' && s[n - 1] != '-';
}

static int wrong(const char *what, const char *value, const char *hint)
{
    (void)kade_fail("%s '%s': %s", what, value, hint);
    return EXIT_USAGE;
}

static int check_new(const struct new_tenant *t)
{
    if (!slug_ok(t->slug))
        return wrong("slug", t->slug, "use 1 to 40 of a-z, 0-9 and -, not at the ends");
    if (currency_find(t->currency) == NULL)
        return wrong("currency", t->currency, "not an ISO 4217 code");
    if (i18n_find(t->locale) == NULL)
        return wrong("locale", t->locale, "not one of the interface languages");
    if (!fmt_zone_valid(t->zone))
        return wrong("zone", t->zone, "not an IANA time zone, such as Asia/Colombo");
    return 0;
}

static enum rc create_in_tx(struct db *db, void *arg)
{
    const struct new_tenant *t = arg;
    struct shop_basics basics;
    enum rc rc = app_q_tenant_add(db, t->id, t->slug, t->name, t->zone, NULL);
    if (rc == RC_OK)
        rc = app_q_store_add(db, t->store, t->name, t->locale, t->currency, t->zone, t->country,
                             NULL);
    if (rc == RC_OK)
        rc = app_q_domain_add(db, t->host, t->id, t->store, true, NULL);
    if (rc == RC_OK)
        rc = shop_tenant_ready(db, t->currency, &basics);
    return rc == RC_OK ? audit_write(db, "tenant.created", "tenants", t->id, NULL, NULL) : rc;
}

/* SLUG or --tenant SLUG; NULL, said on standard error, when it is neither or both. */
static const char *slug_of(const struct kade *k, char **arg)
{
    const char *option = k->value[OPT_TENANT];
    if ((arg[0] == NULL) != (option == NULL))
        return option != NULL ? option : arg[0];
    (void)kade_fail("which shop? Give its SLUG once: see 'kade tenant list'");
    return NULL;
}

static int create(struct kade *k, char **arg)
{
    const char *slug = slug_of(k, arg);
    if (slug == NULL)
        return EXIT_USAGE;
    int status = kade_open(k, "kade_admin");
    if (status != 0)
        return status;
    struct new_tenant t = { .id = uuid7_new(),
                            .store = uuid7_new(),
                            .slug = slug,
                            .name = either(k, OPT_NAME, slug),
                            .locale = either(k, OPT_LOCALE, "en"),
                            .currency = either(k, OPT_CURRENCY, "USD"),
                            .zone = either(k, OPT_ZONE, "UTC"),
                            .country = k->value[OPT_COUNTRY] };
    t.host =
        str_lower(k->arena, either(k, OPT_HOST, arena_printf(k->arena, "%s.localhost", t.slug)));
    status = check_new(&t);
    if (status != 0)
        return status;
    kade_scope(k, &t.id);
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, create_in_tx, &t);
    if (rc == RC_CONFLICT)
        return kade_fail("the slug '%s' or the host '%s' is taken: see 'kade tenant list'", t.slug,
                         t.host);
    if (rc != RC_OK)
        return kade_fail_db(k, "making the shop", rc);
    tenant_changed(&k->app, t.id);
    static const char *const cols[] = { "id", "slug", "host", NULL };
    const char *cells[] = { uuid_str(k->arena, t.id), t.slug, t.host };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    kade_rows_add(&o, cells);
    return kade_rows_end(&o);
}

static int list(struct kade *k, char **arg)
{
    (void)arg;
    int status = kade_open(k, "kade_admin");
    if (status != 0)
        return status;
    struct app_tenant_line_list list;
    kade_scope(k, NULL);
    enum rc rc = app_q_tenant_list(k->app.db, &list);
    if (rc != RC_OK)
        return kade_fail_db(k, "listing the shops", rc);
    static const char *const cols[] = { "slug", "name", "status", "hosts", "created", "id", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < list.n; i++) {
        const struct app_tenant_line *t = &list.row[i];
        const char *cells[] = { t->slug,
                                t->name,
                                t->status,
                                t->hosts,
                                instant_rfc3339(k->arena, t->created_at),
                                uuid_str(k->arena, t->id) };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

struct change {
    struct uuid id;
    const char *status;
    int64_t rows;
};

static enum rc change_in_tx(struct db *db, void *arg)
{
    struct change *c = arg;
    enum rc rc = app_q_tenant_set_status(db, c->id, c->status, instant_now(), &c->rows);
    if (rc == RC_OK && str_eq(c->status, "closed"))
        rc = app_q_domain_free(db, c->id, NULL);
    if (rc == RC_OK && c->rows > 0)
        rc = audit_write(db, arena_printf(db_arena(db), "tenant.%s", c->status), "tenants", c->id,
                         NULL, NULL);
    return rc;
}

static int set_status(struct kade *k, const char *slug, const char *word)
{
    struct change c = { .status = word };
    if (slug == NULL)
        return EXIT_USAGE;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant_by_slug(k, slug, &c.id);
    if (status != 0)
        return status;
    kade_scope(k, &c.id);
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, change_in_tx, &c);
    if (rc != RC_OK)
        return kade_fail_db(k, "changing the shop", rc);
    tenant_changed(&k->app, c.id);
    printf("%s %s%s\n", slug, c.rows == 0 ? "was already " : "is now ", word);
    return 0;
}

static int suspend(struct kade *k, char **arg)
{
    return set_status(k, slug_of(k, arg), "suspended");
}

static int resume(struct kade *k, char **arg)
{
    return set_status(k, slug_of(k, arg), "active");
}

static int delete (struct kade *k, char **arg)
{
    const char *slug = slug_of(k, arg);
    if (slug != NULL && !kade_has(k, OPT_YES)) {
        (void)kade_fail("this closes the shop '%s' for good and frees its host names; its data is "
                        "kept. Say --yes to do it",
                        slug);
        return EXIT_USAGE;
    }
    return set_status(k, slug, "closed");
}

static const enum kade_option create_options[] = { OPT_NAME, OPT_HOST,    OPT_CURRENCY, OPT_LOCALE,
                                                   OPT_ZONE, OPT_COUNTRY, OPTIONS };
static const enum kade_option no_options[] = { OPTIONS };
static const enum kade_option delete_options[] = { OPT_YES, OPTIONS };
const struct command kade_tenant_commands[] = {
    { "tenant", "create",
      "SLUG [--name NAME] [--host HOST] [--currency CODE] [--locale TAG] [--zone ZONE] "
      "[--country CC]",
      "Make a shop with its store and host name (SLUG.localhost when none is given).", 0, 1,
      create_options, create },
    { "tenant", "list", "", "The shops of this installation.", 0, 0, no_options, list },
    { "tenant", "suspend", "SLUG", "Show the neutral page instead of the shop.", 0, 1, no_options,
      suspend },
    { "tenant", "resume", "SLUG", "Open a suspended shop again.", 0, 1, no_options, resume },
    { "tenant", "delete", "SLUG --yes", "Close a shop for good; its data is kept.", 0, 1,
      delete_options, delete },
    { 0 }
};
