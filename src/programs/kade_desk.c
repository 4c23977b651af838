/* kade_desk.c: kade price, group, warehouse, stock, type and category: staff's steps on what stands
 * around products, until the admin has pages for them. The steps are functions of shop/desk.h; not
 * here: products themselves (kade product set, kade import). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/tenant.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/desk.h"
#include "shop/product.h"

enum { FIELDS_MOST = 10, WORDS_MOST = 70, CATEGORIES_MOST = 10000 };

/* A command's arguments: first the plain ones, then FIELD=VALUE. */
struct step {
    struct desk d;
    const struct tenant *shop;
    const char *word[WORDS_MOST];
    size_t nwords;
    const char *const *names; /* of its fields, NULL-terminated */
    const char *value[FIELDS_MOST];
    enum rc (*run)(struct step *s);
};

static bool take_field(struct step *s, const char *text)
{
    for (size_t i = 0; s->names[i] != NULL; i++) {
        size_t n = strlen(s->names[i]);
        if (strncmp(text, s->names[i], n) == 0 && text[n] == '=') {
            s->value[i] = text + n + 1;
            return true;
        }
    }
    return false;
}

static enum rc step_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    s->d.db = db;
    s->d.changed = false;
    s->d.problem = NULL;
    return s->run(s);
}

/* fields: the words a message names. */
static int step(struct kade *k, char **arg, const char *const *names,
                enum rc (*run)(struct step *s), const char *doing)
{
    struct step s = { .names = names, .run = run };
    for (char **a = arg; *a != NULL; a++) {
        const char *text = kade_text(k, *a);
        if (text == NULL)
            return EXIT_FAILED;
        if (take_field(&s, text))
            continue;
        bool odd = strchr(text, '=') != NULL;
        if (odd || s.nwords == WORDS_MOST) {
            (void)kade_fail("'%s' is not understood here: see 'kade help'", text);
            return EXIT_USAGE;
        }
        s.word[s.nwords++] = text;
    }
    int status = kade_shop(k, &s.shop);
    if (status != 0)
        return status;
    s.d.now = instant_now();
    s.d.currency = s.shop->currency;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, step_in_tx, &s);
    if (rc != RC_OK && s.d.problem != NULL)
        return kade_fail("%s", s.d.problem);
    if (rc != RC_OK)
        return kade_fail_db(k, doing, rc);
    puts(s.d.changed ? "changed" : "was so already");
    return 0;
}

static const char *number(struct kade *k, int64_t n)
{
    return arena_printf(k->arena, "%" PRId64, n);
}

static const char *window(struct kade *k, int64_t from, int64_t until)
{
    return arena_printf(k->arena, "%s%s%s",
                        from == INSTANT_MIN ? "" : instant_rfc3339(k->arena, from),
                        from == INSTANT_MIN && until == INSTANT_MAX ? "" : " ... ",
                        until == INSTANT_MAX ? "" : instant_rfc3339(k->arena, until));
}

static const char *amount(struct kade *k, int64_t minor, const char *currency)
{
    char text[32];
    money_plain(minor, currency_find(currency), text, sizeof text);
    return arena_strdup(k->arena, text);
}

/* ---- prices ------------------------------------------------------------------------------------
 */
static int price_lists(struct kade *k, char **arg)
{
    static const char *const cols[] = { "code",     "name",   "kind", "group",  "currency",
                                        "priority", "active", "open", "prices", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_list_line_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_price_lists(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the price lists", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_desk_list_line *l = &all.row[i];
        kade_rows_add(&o, (const char *const[]){
                              l->code, l->name, l->kind, l->group_code, l->currency,
                              number(k, l->priority), l->is_active ? "yes" : "no",
                              window(k, l->valid_from, l->valid_until), number(k, l->prices) });
    }
    return kade_rows_end(&o);
}

static const char *const list_fields[] = { "name",   "kind", "group", "currency", "priority",
                                           "active", "from", "until", NULL };
static enum rc run_list(struct step *s)
{
    const char *const *v = s->value;
    const struct desk_list l = { s->word[0], v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] };
    return desk_price_list(&s->d, &l);
}
static int price_list(struct kade *k, char **arg)
{
    return step(k, arg, list_fields, run_list, "writing the price list");
}

static const char *const price_fields[] = { "from", "until", NULL };
static enum rc run_price(struct step *s)
{
    if (s->nwords < 2) {
        s->d.problem = "name a price list and a SKU";
        return RC_INVALID;
    }
    return desk_prices(&s->d, s->word[0], s->word[1], s->word + 2, s->nwords - 2, s->value[0],
                       s->value[1]);
}
static int price_set(struct kade *k, char **arg)
{
    return step(k, arg, price_fields, run_price, "writing the prices");
}

static int price_show(struct kade *k, char **arg)
{
    static const char *const cols[] = { "list", "kind", "from_quantity", "price", "currency",
                                        "open", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_price_list all;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_prices(k->app.db, product_sku_norm(k->arena, arg[0]), &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the prices", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_desk_price *p = &all.row[i];
        kade_rows_add(&o,
                      (const char *const[]){ p->list, p->kind, number(k, p->min_quantity),
                                             amount(k, p->amount_minor, p->currency), p->currency,
                                             window(k, p->valid_from, p->valid_until) });
    }
    return kade_rows_end(&o);
}

/* ---- groups ------------------------------------------------------------------------------------
 */
static const char *const no_fields[] = { NULL };

static int group_list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "code", "name", "customers", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_group_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_groups(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the groups", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++)
        kade_rows_add(&o, (const char *const[]){ all.row[i].code, all.row[i].name,
                                                 number(k, all.row[i].customers) });
    return kade_rows_end(&o);
}

static enum rc run_group(struct step *s)
{
    return desk_group(&s->d, s->word[0], s->nwords > 1 ? s->word[1] : "");
}
static int group_put(struct kade *k, char **arg)
{
    return step(k, arg, no_fields, run_group, "writing the group");
}

static enum rc run_member(struct step *s)
{
    return desk_member(&s->d, s->word[0], s->nwords > 1 ? s->word[1] : "");
}
static int group_member(struct kade *k, char **arg)
{
    return step(k, arg, no_fields, run_member, "changing the customer's group");
}

/* ---- warehouses and stock ----------------------------------------------------------------------
 */
static int warehouse_list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "code",     "name",    "kind",      "priority",
                                        "variants", "on_hand", "available", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_warehouse_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_warehouses(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the warehouses", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_desk_warehouse *w = &all.row[i];
        kade_rows_add(&o, (const char *const[]){ w->code, w->name, w->kind, number(k, w->priority),
                                                 number(k, w->variants), number(k, w->on_hand),
                                                 number(k, w->available) });
    }
    return kade_rows_end(&o);
}

static const char *const warehouse_fields[] = { "name", "kind", "priority", NULL };
static enum rc run_warehouse(struct step *s)
{
    int64_t priority = 0;
    if (s->value[2] != NULL && str_int(s->value[2], -1000, 1000, &priority) != RC_OK) {
        s->d.problem = "priority: use a number from -1000 to 1000";
        return RC_INVALID;
    }
    return desk_warehouse(&s->d, s->word[0], s->value[0] != NULL ? s->value[0] : s->word[0],
                          s->value[1] != NULL ? s->value[1] : "warehouse", (int32_t)priority);
}
static int warehouse_put(struct kade *k, char **arg)
{
    return step(k, arg, warehouse_fields, run_warehouse, "writing the warehouse");
}

static const char *const stock_fields[] = { "warehouse", "backorder", "reorder", NULL };
static enum rc run_stock(struct step *s)
{
    enum { STOCK_MOST = 1000000 };
    int64_t n = 0, backorder = 0, reorder = 0;
    const char *const *v = s->value;
    if (s->nwords != 2 || str_int(s->word[1], 0, INT32_MAX, &n) != RC_OK ||
        (v[1] != NULL && str_int(v[1], 0, STOCK_MOST, &backorder) != RC_OK) ||
        (v[2] != NULL && str_int(v[2], 0, STOCK_MOST, &reorder) != RC_OK)) {
        s->d.problem = "write SKU, a whole number, and warehouse=, backorder=, reorder=";
        return RC_INVALID;
    }
    const int32_t back = (int32_t)backorder, low = (int32_t)reorder;
    return desk_stock(&s->d, s->word[0], v[0] != NULL ? v[0] : "main", (int32_t)n,
                      v[1] != NULL ? &back : NULL, v[2] != NULL ? &low : NULL);
}
static int stock_set(struct kade *k, char **arg)
{
    return step(k, arg, stock_fields, run_stock, "writing the stock");
}

static int stock_show(struct kade *k, char **arg)
{
    static const char *const cols[] = { "warehouse", "on_hand",   "held",    "allocated",
                                        "available", "backorder", "reorder", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_stock_list all;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_stock(k->app.db, product_sku_norm(k->arena, arg[0]), &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the stock", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_desk_stock *l = &all.row[i];
        kade_rows_add(
            &o, (const char *const[]){ l->warehouse, number(k, l->on_hand), number(k, l->held),
                                       number(k, l->allocated), number(k, l->available),
                                       number(k, l->backorder_limit),
                                       l->has_reorder_point ? number(k, l->reorder_point) : NULL });
    }
    return kade_rows_end(&o);
}

/* ---- types -------------------------------------------------------------------------------------
 */
static int type_list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "code", "name", "attributes", "products", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_type_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_types(k->app.db, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the types", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++)
        kade_rows_add(&o, (const char *const[]){ all.row[i].code, all.row[i].name,
                                                 all.row[i].attributes,
                                                 number(k, all.row[i].products) });
    return kade_rows_end(&o);
}

static const char *const name_field[] = { "name", NULL };
static enum rc run_type(struct step *s)
{
    return desk_type(&s->d, s->word[0], s->value[0] != NULL ? s->value[0] : s->word[0], s->word + 1,
                     s->nwords - 1);
}
static int type_put(struct kade *k, char **arg)
{
    return step(k, arg, name_field, run_type, "writing the type");
}

/* ---- categories --------------------------------------------------------------------------------
 */
static int category_list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "slug", "name", "below", "products", "shown", NULL };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_desk_category_line_list all;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_desk_categories(k->app.db, CATEGORIES_MOST, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the categories", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++)
        kade_rows_add(&o, (const char *const[]){ all.row[i].slug, all.row[i].name,
                                                 all.row[i].parent, number(k, all.row[i].products),
                                                 all.row[i].is_hidden ? "no" : "yes" });
    return kade_rows_end(&o);
}

static const char *const category_fields[] = { "name", "below", "slug", NULL };
static enum rc run_category_add(struct step *s)
{
    return desk_category_add(&s->d, s->word[0], s->value[0] != NULL ? s->value[0] : "",
                             s->value[1] != NULL ? s->value[1] : "");
}
static int category_add(struct kade *k, char **arg)
{
    return step(k, arg, category_fields, run_category_add, "adding the category");
}

/* What is given changes: the place, then name and address. */
static enum rc run_category_set(struct step *s)
{
    struct shop_desk_category_maybe g = { .found = false };
    const char *name = s->value[0], *below = s->value[1], *to = s->value[2];
    enum rc rc = below != NULL ? desk_category_move(&s->d, s->word[0], below) : RC_OK;
    if (rc != RC_OK || (name == NULL && to == NULL))
        return rc;
    rc = shop_q_desk_category(s->d.db, s->word[0], &g);
    if (rc != RC_OK)
        return rc;
    return desk_category_rename(&s->d, s->word[0],
                                name != NULL ? name
                                : g.found    ? g.row.name
                                             : "",
                                to != NULL ? to : s->word[0]);
}
static int category_set(struct kade *k, char **arg)
{
    return step(k, arg, category_fields, run_category_set, "changing the category");
}

static enum rc run_hide(struct step *s)
{
    return desk_category_hide(&s->d, s->word[0], true);
}
static int category_hide(struct kade *k, char **arg)
{
    return step(k, arg, no_fields, run_hide, "hiding the category");
}
static enum rc run_unhide(struct step *s)
{
    return desk_category_hide(&s->d, s->word[0], false);
}
static int category_show(struct kade *k, char **arg)
{
    return step(k, arg, no_fields, run_unhide, "showing the category");
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_desk_commands[] = {
    { "price", "lists", "--tenant SLUG", "The price lists.", 0, 0, none, price_lists },
    { "price", "list", "CODE FIELD=VALUE ... --tenant SLUG",
      "Make or change a price list: name, kind=base|sale|group, group=CODE, currency, priority, "
      "active=yes|no, from, until.",
      1, 9, none, price_list },
    { "price", "set", "LIST SKU [AMOUNT] [N@AMOUNT ...] [from=] [until=] --tenant SLUG",
      "The prices of a variant in a list, exactly these; without one it has none there.", 2, 24,
      none, price_set },
    { "price", "show", "SKU --tenant SLUG", "Every price of a variant.", 1, 1, none, price_show },
    { "group", "list", "--tenant SLUG", "The groups of customers.", 0, 0, none, group_list },
    { "group", "put", "CODE NAME --tenant SLUG", "Make or rename a group.", 2, 2, none, group_put },
    { "group", "member", "EMAIL [CODE] --tenant SLUG",
      "Put a customer into a group; without a code out of it.", 1, 2, none, group_member },
    { "warehouse", "list", "--tenant SLUG", "The warehouses and what is in them.", 0, 0, none,
      warehouse_list },
    { "warehouse", "put", "CODE [name=] [kind=warehouse|store|transit] [priority=] --tenant SLUG",
      "Make or change a warehouse.", 1, 4, none, warehouse_put },
    { "stock", "show", "SKU --tenant SLUG", "What is there, held and promised.", 1, 1, none,
      stock_show },
    { "stock", "set", "SKU N [warehouse=CODE] [backorder=N] [reorder=N] --tenant SLUG",
      "The stock of a variant as counted; the difference is a movement.", 2, 5, none, stock_set },
    { "type", "list", "--tenant SLUG", "The product types and their attributes.", 0, 0, none,
      type_list },
    { "type", "put", "CODE [name=NAME] [ATTRIBUTE[:variant] ...] --tenant SLUG",
      "Make or change a product type: its attributes, exactly these.", 1, 62, none, type_put },
    { "category", "list", "--tenant SLUG", "The categories.", 0, 0, none, category_list },
    { "category", "add", "SLUG name=NAME [below=SLUG] --tenant SLUG", "Make a category.", 2, 3,
      none, category_add },
    { "category", "set", "SLUG [name=NAME] [slug=NEW] [below=SLUG] --tenant SLUG",
      "Rename or move one; the old address leads to the new one. below= puts it at the top.", 2, 4,
      none, category_set },
    { "category", "hide", "SLUG --tenant SLUG", "Take a category out of menus and lists.", 1, 1,
      none, category_hide },
    { "category", "show", "SLUG --tenant SLUG", "Show a hidden one again.", 1, 1, none,
      category_show },
    { 0 }
};
