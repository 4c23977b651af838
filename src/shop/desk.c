/* desk.c: staff's steps on price lists, groups, warehouses, stock, types and categories. The rules
 * are elsewhere (price.h, category.h, the tables' own checks); here names become rows, and each
 * change leaves an audit row and renews what shows it. Invariant: saying what is so changes
 * nothing.
 */
#include "shop/desk.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/setting.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/category.h"
#include "shop/product.h"

enum { LIST_PRODUCTS = 5000, TIERS_MOST = 20, TYPE_MOST = 60 };

static enum rc say(struct desk *d, enum rc rc, const char *problem)
{
    d->problem = problem;
    return rc;
}
#define SAY(d, rc, ...) say(d, rc, arena_printf(db_arena((d)->db), __VA_ARGS__))

static bool is_code(const char *s)
{
    size_t n = strlen(s);
    return n >= 1 && n <= 40 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static const char *told(struct arena *a, const char *key, const char *text)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, key);
    jw_text(&w, text);
    jw_end_object(&w);
    return b.p;
}

static enum rc note(struct desk *d, const char *action, const char *resource, struct uuid id,
                    const char *key, const char *text)
{
    d->changed = true;
    return audit_write(d->db, action, resource, id, NULL, told(db_arena(d->db), key, text));
}

/* ---- price lists -------------------------------------------------------------------------------
 */
static bool one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (str_eq(word, words[i]))
            return true;
    return false;
}

static enum rc edge(struct desk *d, const char *text, int64_t open, int64_t *out)
{
    if (text == NULL)
        return RC_OK;
    if (*text == '\0')
        *out = open;
    else if (instant_parse(text, out) != RC_OK)
        return SAY(d, RC_INVALID, "'%s': use a time like 2026-12-01T00:00:00Z", text);
    return RC_OK;
}

static enum rc judge_list(struct desk *d, const struct desk_list *l, struct shop_desk_list_row *was,
                          bool fresh)
{
    static const char *const kinds[] = { "base", "sale", "group", NULL };
    int64_t priority = was->priority;
    if (fresh) {
        was->kind = l->kind != NULL ? l->kind : "";
        was->currency = l->currency != NULL ? l->currency : d->currency;
        was->group_code = l->group != NULL ? l->group : "";
        was->name = l->code;
    } else if ((l->kind != NULL && !str_eq(l->kind, was->kind)) ||
               (l->currency != NULL && !str_eq(l->currency, was->currency)) ||
               (l->group != NULL && !str_eq(l->group, was->group_code))) {
        return say(d, RC_INVALID, "kind, group and currency of a list never change: make another");
    }
    if (!one_of(was->kind, kinds))
        return say(d, RC_INVALID, "a new list needs kind=base, kind=sale or kind=group group=CODE");
    if (currency_find(was->currency) == NULL)
        return SAY(d, RC_INVALID, "there is no currency '%s'", was->currency);
    if (str_eq(was->kind, "group") != (*was->group_code != '\0'))
        return say(d, RC_INVALID, "a list of kind group, and only that, names its group");
    if (l->priority != NULL && str_int(l->priority, -1000, 1000, &priority) != RC_OK)
        return say(d, RC_INVALID, "priority: use a number from -1000 to 1000");
    if (l->active != NULL && !str_eq(l->active, "yes") && !str_eq(l->active, "no"))
        return say(d, RC_INVALID, "active: use yes or no");
    was->priority = (int32_t)priority;
    was->name = l->name != NULL ? l->name : was->name;
    was->is_active = l->active != NULL ? str_eq(l->active, "yes") : was->is_active;
    enum rc rc = edge(d, l->from, INSTANT_MIN, &was->valid_from);
    if (rc == RC_OK)
        rc = edge(d, l->until, INSTANT_MAX, &was->valid_until);
    if (rc == RC_OK && was->valid_from >= was->valid_until)
        return say(d, RC_INVALID, "the list ends before it begins");
    return rc;
}

/* Products whose prices change with a list; past the limit the index is to be made anew. */
static enum rc renew(struct desk *d, struct uuid list)
{
    struct shop_product_id_list found;
    enum rc rc = shop_q_desk_price_list_products(d->db, list, LIST_PRODUCTS, &found);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(db_arena(d->db), struct uuid, found.n);
    for (size_t i = 0; i < found.n; i++)
        ids[i] = found.row[i].product_id;
    return product_changed(d->db, ids, found.n, d->now);
}

enum rc desk_price_list(struct desk *d, const struct desk_list *l)
{
    struct shop_desk_list_row_maybe got;
    int64_t n = 0;
    if (!is_code(l->code))
        return say(d, RC_INVALID, "use small letters, digits and dashes for the code");
    enum rc rc = shop_q_desk_price_list(d->db, l->code, &got);
    if (rc != RC_OK)
        return rc;
    struct shop_desk_list_row want = got.row;
    if (!got.found)
        want = (struct shop_desk_list_row){ .list_id = uuid7_new(),
                                            .is_active = true,
                                            .valid_from = INSTANT_MIN,
                                            .valid_until = INSTANT_MAX };
    rc = judge_list(d, l, &want, !got.found);
    if (rc != RC_OK)
        return rc;
    rc = shop_q_desk_price_list_put(d->db, want.list_id, l->code, want.name, want.currency,
                                    want.kind, want.group_code, want.priority, want.is_active,
                                    want.valid_from, want.valid_until, &n);
    if (rc == RC_INVALID && str_eq(want.kind, "group"))
        return SAY(d, RC_INVALID, "there is no group '%s': see 'kade group list'", want.group_code);
    if (rc != RC_OK || n == 0)
        return rc;
    rc = note(d, got.found ? "update" : "create", "price_list", want.list_id, "code", l->code);
    if (rc == RC_OK && str_eq(want.kind, "group"))
        rc = setting_put(db_app(d->db), d->db, "shop.group_prices", "true");
    return rc == RC_OK ? renew(d, want.list_id) : rc;
}

/* ---- prices ------------------------------------------------------------------------------------
 */
struct tiers {
    int32_t quantity[TIERS_MOST];
    int64_t from[TIERS_MOST], until[TIERS_MOST], amount[TIERS_MOST];
};

static enum rc take_tier(struct desk *d, const char *text, const struct currency *c,
                         int32_t *quantity, int64_t *amount)
{
    const char *at = strchr(text, '@');
    int64_t n = 1;
    if (at != NULL &&
        str_int(arena_strndup(db_arena(d->db), text, (size_t)(at - text)), 1, 1000000, &n) != RC_OK)
        return SAY(d, RC_INVALID, "'%s': write 12.50, or 5@11.00 from five pieces on", text);
    *quantity = (int32_t)n;
    if (money_parse(at != NULL ? at + 1 : text, c, amount) != RC_OK || *amount < 0)
        return SAY(d, RC_INVALID, "'%s' is no price in %s", text, c->code);
    return RC_OK;
}

static enum rc find_variant(struct desk *d, const char *sku, struct shop_desk_variant *out)
{
    struct shop_desk_variant_maybe v;
    enum rc rc = shop_q_desk_variant(d->db, product_sku_norm(db_arena(d->db), sku), &v);
    if (rc == RC_OK && !v.found)
        return SAY(d, RC_NOTFOUND, "there is nothing with the SKU '%s'", sku);
    if (rc == RC_OK)
        *out = v.row;
    return rc;
}

enum rc desk_prices(struct desk *d, const char *list, const char *sku, const char *const *amounts,
                    size_t n, const char *from, const char *until)
{
    struct shop_desk_list_row_maybe l;
    struct shop_desk_variant v;
    struct shop_counted done;
    struct tiers t;
    int64_t begins = INSTANT_MIN, ends = INSTANT_MAX;
    enum rc rc = shop_q_desk_price_list(d->db, list, &l);
    if (rc == RC_OK && !l.found)
        return SAY(d, RC_NOTFOUND, "there is no price list '%s': see 'kade price lists'", list);
    if (rc == RC_OK)
        rc = find_variant(d, sku, &v);
    if (rc == RC_OK)
        rc = edge(d, from, INSTANT_MIN, &begins);
    if (rc == RC_OK)
        rc = edge(d, until, INSTANT_MAX, &ends);
    if (rc != RC_OK)
        return rc;
    if (n > TIERS_MOST || begins >= ends)
        return say(d, RC_INVALID,
                   n > TIERS_MOST ? "at most 20 prices" : "the price ends before it begins");
    const struct currency *c = currency_find(l.row.currency);
    for (size_t i = 0; i < n; i++) {
        t.from[i] = begins;
        t.until[i] = ends;
        rc = take_tier(d, amounts[i], c, &t.quantity[i], &t.amount[i]);
        for (size_t k = 0; rc == RC_OK && k < i; k++)
            if (t.quantity[k] == t.quantity[i])
                rc = say(d, RC_INVALID, "two prices from the same quantity on");
        if (rc != RC_OK)
            return rc;
    }
    rc = shop_q_price_set(d->db, l.row.list_id, v.variant_id, (struct int4s){ t.quantity, n },
                          (struct int8s){ t.from, n }, (struct int8s){ t.until, n },
                          (struct int8s){ t.amount, n }, &done);
    if (rc != RC_OK || done.n == 0)
        return rc;
    rc = shop_q_price_lowest(d->db, v.variant_id, d->now, NULL);
    if (rc == RC_OK)
        rc = note(d, "price", "variant", v.variant_id, list, n > 0 ? amounts[0] : "");
    return rc == RC_OK ? product_changed(d->db, &v.product_id, 1, d->now) : rc;
}

/* ---- groups ------------------------------------------------------------------------------------
 */
enum rc desk_group(struct desk *d, const char *code, const char *name)
{
    struct uuid id = uuid7_new();
    int64_t n = 0;
    if (!is_code(code) || *name == '\0' || utf8_length(name) > 200)
        return say(d, RC_INVALID, "a group needs a code of small letters and a name");
    enum rc rc = shop_q_desk_group_put(d->db, id, code, name, &n);
    return rc == RC_OK && n > 0 ? note(d, "put", "customer_group", id, code, name) : rc;
}

static enum rc has_group(struct desk *d, const char *code)
{
    struct shop_desk_group_list all;
    enum rc rc = *code == '\0' ? RC_OK : shop_q_desk_groups(d->db, &all);
    bool there = *code == '\0';
    for (size_t i = 0; rc == RC_OK && !there && i < all.n; i++)
        there = str_eq(all.row[i].code, code);
    return rc != RC_OK || there
               ? rc
               : SAY(d, RC_NOTFOUND, "there is no group '%s': see 'kade group list'", code);
}

enum rc desk_member(struct desk *d, const char *email, const char *code)
{
    int64_t n = 0;
    enum rc rc = has_group(d, code);
    if (rc == RC_OK)
        rc = shop_q_desk_member(d->db, email, code, &n);
    if (rc == RC_OK && n == 0)
        return say(d, RC_NOTFOUND, "no customer has this address");
    return rc == RC_OK
               ? note(d, "group", "customer_group", *db_scope_tenant_id(d->db), "code", code)
               : rc;
}

/* ---- warehouses and stock ----------------------------------------------------------------------
 */
enum rc desk_warehouse(struct desk *d, const char *code, const char *name, const char *kind,
                       int32_t priority)
{
    static const char *const kinds[] = { "warehouse", "store", "transit", NULL };
    struct uuid id = uuid7_new();
    int64_t n = 0;
    if (!is_code(code) || *name == '\0' || utf8_length(name) > 200)
        return say(d, RC_INVALID, "a warehouse needs a code of small letters and a name");
    if (!one_of(kind, kinds))
        return say(d, RC_INVALID, "kind: use warehouse, store or transit");
    enum rc rc = shop_q_desk_warehouse_put(d->db, id, code, name, kind, priority, &n);
    return rc == RC_OK && n > 0 ? note(d, "put", "warehouse", id, code, name) : rc;
}

static enum rc find_warehouse(struct desk *d, const char *code, struct uuid *out)
{
    struct shop_desk_warehouse_list all;
    enum rc rc = shop_q_desk_warehouses(d->db, &all);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++)
        if (str_eq(all.row[i].code, code)) {
            *out = all.row[i].warehouse_id;
            return RC_OK;
        }
    return rc != RC_OK
               ? rc
               : SAY(d, RC_NOTFOUND, "there is no warehouse '%s': see 'kade warehouse list'", code);
}

enum rc desk_stock(struct desk *d, const char *sku, const char *warehouse, int32_t on_hand,
                   const int32_t *backorder, const int32_t *reorder)
{
    struct shop_desk_variant v;
    struct shop_stock_level_maybe level;
    struct shop_counted done;
    struct uuid place, cause = uuid7_new();
    enum rc rc = find_variant(d, sku, &v);
    if (rc == RC_OK)
        rc = find_warehouse(d, warehouse, &place);
    if (rc == RC_OK)
        rc = shop_q_stock_ensure(d->db, v.variant_id, place, NULL);
    if (rc == RC_OK)
        rc = shop_q_stock_level(d->db, v.variant_id, place, &level);
    if (rc != RC_OK || !level.found)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    const int32_t *old = level.row.has_reorder_point ? &level.row.reorder_point : NULL;
    rc = shop_q_stock_count(d->db, v.variant_id, place, on_hand,
                            backorder != NULL ? *backorder : level.row.backorder_limit,
                            reorder != NULL ? reorder : old, "staff", cause, &done);
    if (rc == RC_INVALID && str_eq(db_error(d->db)->constraint, "stock_not_sold_twice"))
        return SAY(d, RC_CONFLICT, "%d are promised to carts and orders: fewer cannot be there",
                   level.row.held + level.row.allocated);
    if (rc != RC_OK || done.n == 0)
        return rc;
    rc = note(d, "stock", "variant", v.variant_id, warehouse,
              arena_printf(db_arena(d->db), "%d", on_hand));
    return rc == RC_OK ? product_changed(d->db, &v.product_id, 1, d->now) : rc;
}

/* ---- types -------------------------------------------------------------------------------------
 */
enum rc desk_type(struct desk *d, const char *code, const char *name, const char *const *attributes,
                  size_t n)
{
    const char *codes[TYPE_MOST];
    bool picks[TYPE_MOST];
    struct shop_desk_type_id id;
    struct shop_counted done;
    if (n > TYPE_MOST || *code == '\0' || strlen(code) > 60 || *name == '\0')
        return say(d, RC_INVALID, "a type has a code, a name and at most 60 attributes");
    for (size_t i = 0; i < n; i++) {
        const char *colon = strrchr(attributes[i], ':');
        picks[i] = colon != NULL && str_eq(colon, ":variant");
        codes[i] = picks[i] ? arena_strndup(db_arena(d->db), attributes[i],
                                            (size_t)(colon - attributes[i]))
                            : attributes[i];
    }
    enum rc rc = shop_q_desk_type_put(d->db, uuid7_new(), code, name, &id);
    if (rc == RC_OK)
        rc = shop_q_desk_type_fill(d->db, id.type_id, (struct texts){ codes, n },
                                   (struct bools){ picks, n }, &done);
    if (rc == RC_OK && (size_t)done.n != n)
        return say(d, RC_INVALID,
                   "an attribute is not known here, named twice, or of a kind that picks no "
                   "variant (only choice, colour and boolean do)");
    return rc == RC_OK ? note(d, "put", "product_type", id.type_id, code, name) : rc;
}

/* ---- categories --------------------------------------------------------------------------------
 */
static enum rc find_category(struct desk *d, const char *slug, struct shop_desk_category *out)
{
    struct shop_desk_category_maybe g;
    enum rc rc = shop_q_desk_category(d->db, slug, &g);
    if (rc == RC_OK && !g.found)
        return SAY(d, RC_NOTFOUND, "there is no category '%s': see 'kade category list'", slug);
    if (rc == RC_OK)
        *out = g.row;
    return rc;
}

static enum rc find_parent(struct desk *d, const char *slug, struct uuid *id,
                           const struct uuid **out)
{
    struct shop_desk_category up;
    *out = NULL;
    if (*slug == '\0')
        return RC_OK;
    enum rc rc = find_category(d, slug, &up);
    *id = up.category_id;
    *out = id;
    return rc;
}

static bool is_slug(struct desk *d, const char *slug)
{
    return *slug != '\0' && strlen(slug) <= 100 && str_eq(utf8_slug(db_arena(d->db), slug), slug);
}

enum rc desk_category_add(struct desk *d, const char *slug, const char *name, const char *parent)
{
    struct uuid id = uuid7_new(), above;
    const struct uuid *up = NULL;
    int64_t n = 0;
    if (!is_slug(d, slug) || *name == '\0' || utf8_length(name) > 200)
        return say(d, RC_INVALID, "a category needs a name, and an address of small letters");
    enum rc rc = find_parent(d, parent, &above, &up);
    if (rc == RC_OK)
        rc = shop_q_slug_take(d->db, "category", slug, id, &n);
    if (rc == RC_OK && n == 0)
        return SAY(d, RC_CONFLICT, "the address '%s' is or was another category's", slug);
    if (rc == RC_OK)
        rc = shop_q_import_category_add(d->db, id, up, NULL, slug, name,
                                        utf8_fold(db_arena(d->db), name), NULL);
    if (rc == RC_OK)
        rc = note(d, "create", "category", id, slug, name);
    return rc == RC_OK ? category_changed(d->db, id, 1) : rc;
}

enum rc desk_category_rename(struct desk *d, const char *slug, const char *name, const char *to)
{
    struct shop_desk_category g;
    enum rc rc = find_category(d, slug, &g);
    if (rc == RC_OK && (!is_slug(d, to) || *name == '\0' || utf8_length(name) > 200))
        return say(d, RC_INVALID, "a category needs a name, and an address of small letters");
    if (rc != RC_OK || (str_eq(slug, to) && str_eq(g.name, name)))
        return rc;
    rc = category_rename(d->db, g.category_id, g.version, name, to);
    d->changed = rc == RC_OK;
    return rc == RC_CONFLICT
               ? SAY(d, rc, "the address '%s' is another's, or somebody changed it just now", to)
               : rc;
}

enum rc desk_category_move(struct desk *d, const char *slug, const char *parent)
{
    struct shop_desk_category g;
    struct uuid above;
    const struct uuid *up;
    enum rc rc = find_category(d, slug, &g);
    if (rc == RC_OK)
        rc = find_parent(d, parent, &above, &up);
    if (rc != RC_OK)
        return rc;
    rc = category_move(d->db, g.category_id, g.version, up, d->now);
    d->changed = rc == RC_OK;
    return rc == RC_INVALID ? SAY(d, rc, "'%s' is below '%s' itself", parent, slug) : rc;
}

enum rc desk_category_hide(struct desk *d, const char *slug, bool hidden)
{
    struct shop_desk_category g;
    int64_t n = 0;
    enum rc rc = find_category(d, slug, &g);
    if (rc == RC_OK)
        rc = shop_q_desk_category_hide(d->db, g.category_id, hidden, &n);
    if (rc != RC_OK || n == 0)
        return rc;
    rc = note(d, hidden ? "hide" : "show", "category", g.category_id, "slug", slug);
    return rc == RC_OK ? category_changed(d->db, g.category_id, g.version + 1) : rc;
}
