/* kade_collection.c: kade collection: lists of products with a name and an address, by rule or by
 * hand, until the admin has pages for them. Not here: what a rule is (shop/collection.h). A put
 * that says what is so already changes nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "programs/kade.h"
#include "shop/collection.h"

struct ask {
    struct collection c;
    struct uuid media;
    int32_t position;
    const char *locale, *problem;
    bool changed;
};

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "slug", "name", "kind",  "what",
                                        "sort", "open", "words", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_collection_line_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_collection_list(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the collections", rc);
    int64_t now = instant_now();
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_collection_line *c = &all.row[i];
        const char *cells[] = { c->slug,
                                c->name,
                                c->by_hand ? "by hand" : "by rule",
                                c->by_hand
                                    ? arena_printf(k->arena, "%" PRId64 " products", c->products)
                                    : c->rule,
                                c->sort,
                                !c->is_active           ? "no"
                                : now < c->valid_from   ? "not yet"
                                : now >= c->valid_until ? "no longer"
                                                        : "yes",
                                c->locales };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

/* Fields of a put; false: no such field, or one that does not fit. */
static bool take(struct ask *q, const char *field, const char *value)
{
    struct collection *c = &q->c;
    int64_t n;
    const struct {
        const char *name, **to;
    } texts[] = { { "name", &c->name }, { "description", &c->description },
                  { "rule", &c->rule }, { "products", &c->products },
                  { "sort", &c->sort }, { "active", &c->active },
                  { "from", &c->from }, { "until", &c->until } };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(texts[i].name, field)) {
            *texts[i].to = value;
            return true;
        }
    if (str_eq(field, "picture") && uuid_parse(value, &q->media) == RC_OK) {
        c->media = &q->media;
        return true;
    }
    if (str_eq(field, "position") && str_int(value, 0, 100000, &n) == RC_OK) {
        q->position = (int32_t)n;
        c->position = &q->position;
        return true;
    }
    return false;
}

static enum rc put_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    const struct collection *c = &q->c;
    if (q->locale == NULL)
        return collection_put(db, c, &q->changed, &q->problem);
    return collection_put_text(db, c->slug, q->locale, c->name, c->description, &q->changed);
}

static int put(struct kade *k, char **arg)
{
    const struct tenant *shop;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    struct ask q = { .c = { .slug = arg[0], .currency = shop->currency } };
    q.locale = k->value[OPT_LOCALE];
    for (char **a = arg + 1; *a != NULL; a++) {
        const char *eq = strchr(*a, '='), *value;
        const char *field = eq == NULL ? *a : arena_strndup(k->arena, *a, (size_t)(eq - *a));
        value = eq == NULL ? NULL : kade_text(k, eq + 1);
        if (eq != NULL && value == NULL)
            return EXIT_FAILED;
        if (value == NULL || !take(&q, field, value))
            return kade_fail("'%s': write name=, description=, rule=, products=, sort=, active=, "
                             "from=, until=, picture=ID or position=N",
                             *a);
    }
    if (q.locale != NULL && i18n_find(q.locale) == NULL)
        return kade_fail("there is no language '%s': use en, si, ta or ar", q.locale);
    if (q.locale != NULL && q.c.rule != NULL)
        return kade_fail("only name and description are said in other languages");
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, put_in_tx, &q);
    if (rc == RC_INVALID && q.problem != NULL)
        return kade_fail("%s", q.problem);
    if (rc == RC_NOTFOUND)
        return kade_fail("there is no collection '%s': see 'kade collection list'", arg[0]);
    if (rc == RC_CONFLICT)
        return kade_fail("the address '%s' belongs to another collection", arg[0]);
    if (rc != RC_OK)
        return kade_fail_db(k, "writing the collection", rc);
    puts(q.changed ? "changed" : "was so already");
    return 0;
}

static enum rc remove_in_tx(struct db *db, void *arg)
{
    const struct ask *q = arg;
    return collection_remove(db, q->c.slug, instant_now());
}

static int end(struct kade *k, char **arg)
{
    const struct tenant *shop;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    struct ask q = { .c = { .slug = arg[0] } };
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, remove_in_tx, &q);
    if (rc == RC_NOTFOUND)
        return kade_fail("there is no collection '%s': see 'kade collection list'", arg[0]);
    return rc == RC_OK ? 0 : kade_fail_db(k, "removing the collection", rc);
}

static const enum kade_option none[] = { OPTIONS };
static const enum kade_option put_options[] = { OPT_LOCALE, OPTIONS };
const struct command kade_collection_commands[] = {
    { "collection", "list", "--tenant SLUG", "The collections and what is in them.", 0, 0, none,
      list },
    { "collection", "put", "SLUG FIELD=VALUE ... --tenant SLUG [--locale TAG]",
      "Make or change one: name, description, rule=\"category=lamps&price_max=5000\" (as an "
      "address of a list has it) or products=\"SKU SKU\", sort (best, new, cheap, dear, rated, "
      "popular), active=yes|no, from, until, picture=ID, position. With --locale: name and "
      "description in that language.",
      2, 20, put_options, put },
    { "collection", "remove", "SLUG --tenant SLUG", "Take one away; its address says so.", 1, 1,
      none, end },
    { 0 }
};
