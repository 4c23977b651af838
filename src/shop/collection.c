/* collection.c: what staff do with collections. How one is listed is search.c's and the
 * storefront's. Invariant: a rule that is stored names only what the shop knew when it was stored,
 * and a second writing of the same changes nothing and tells nobody. */
#include "shop/collection.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/form.h"
#include "app/translation.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/product.h"

enum { VALUE_MOST = 200, RULE_MOST = 6000, NAME_MOST = 200, ABOUT_MOST = 5000, SLUG_MOST = 100 };

/* ---- the rule ----------------------------------------------------------------------------------
 */
struct reading {
    struct arena *a;
    const char **problem;
    struct collection_rule *rule;
    const struct currency *currency;
};

static enum rc wrong(const struct reading *r, const char *what)
{
    *r->problem = what;
    return RC_INVALID;
}
#define WRONG(r, ...) wrong(r, arena_printf((r)->a, __VA_ARGS__))

static enum rc take_price(struct reading *r, const char *value, bool *has, int64_t *out)
{
    if (money_parse(value, r->currency, out) != RC_OK || *out < 0)
        return WRONG(r, "'%s' is no price: write an amount such as 1500 or 12.50", value);
    *has = true;
    return RC_OK;
}

static enum rc take_filter(struct reading *r, const char *key, const char *value)
{
    struct collection_rule *rule = r->rule;
    int64_t stars;
    bool fixed = str_eq(key, "in_stock") || str_eq(key, "sale");
    bool named = str_eq(key, "brand") || str_eq(key, "category") ||
                 (str_starts(key, "f.") && key[2] != '\0');
    if (!fixed && !named && !str_eq(key, "rating"))
        return WRONG(r,
                     "'%s' is no filter: use brand, category, f.CODE, in_stock, sale, rating, "
                     "price_min and price_max",
                     key);
    if (fixed && !str_eq(value, "1"))
        return WRONG(r, "write %s=1", key);
    if (str_eq(key, "rating") && str_int(value, 1, 4, &stars) != RC_OK)
        return WRONG(r, "'%s' stars: use 1 to 4", value);
    if (*value == '\0' || strlen(value) > VALUE_MOST || strlen(key) > VALUE_MOST)
        return WRONG(r, "'%s' has no usable value", key);
    if (rule->n == COLLECTION_FILTERS)
        return wrong(r, "a rule has at most 40 filters");
    for (size_t i = 0; i < rule->n; i++)
        if (str_eq(rule->key[i], key) && str_eq(rule->value[i], value))
            return RC_OK;
    rule->key[rule->n] = key;
    rule->value[rule->n++] = value;
    return RC_OK;
}

enum rc collection_rule_read(struct arena *a, const char *text, const char *currency,
                             struct collection_rule *out, const char **problem)
{
    struct reading r = { a, problem, out, currency_find(currency) };
    struct form_pair *pair;
    size_t n;
    *out = (struct collection_rule){ .n = 0 };
    text += *text == '?';
    if (r.currency == NULL || strlen(text) > COLLECTION_TEXT ||
        form_decode(a, text, strlen(text), &pair, &n) != RC_OK)
        return wrong(&r, "write the rule as an address has it: brand=lumo&price_max=500");
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (str_eq(pair[i].key, "price_min"))
            rc = take_price(&r, pair[i].value, &out->has_min, &out->min);
        else if (str_eq(pair[i].key, "price_max"))
            rc = take_price(&r, pair[i].value, &out->has_max, &out->max);
        else
            rc = take_filter(&r, pair[i].key, pair[i].value);
    }
    if (rc != RC_OK)
        return rc;
    if (out->n == 0)
        return wrong(
            &r, "a rule needs a filter beside the price, such as in_stock=1 or category=lamps");
    if (out->has_min && out->has_max && out->min > out->max)
        return wrong(&r, "the lowest price is above the highest");
    return RC_OK;
}

static const char *rule_json(struct arena *a, const char *text, const struct collection_rule *rule)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "text");
    jw_text(&w, text);
    jw_key(&w, "filters");
    jw_array(&w);
    for (size_t i = 0; i < rule->n; i++) {
        jw_array(&w);
        jw_text(&w, rule->key[i]);
        jw_text(&w, rule->value[i]);
        jw_end_array(&w);
    }
    jw_end_array(&w);
    if (rule->has_min) {
        jw_key(&w, "price_min_minor");
        jw_int(&w, rule->min);
    }
    if (rule->has_max) {
        jw_key(&w, "price_max_minor");
        jw_int(&w, rule->max);
    }
    jw_end_object(&w);
    return buf_rc(&b) == RC_OK && b.n <= RULE_MOST ? b.p : NULL;
}

/* ---- making ------------------------------------------------------------------------------------
 */
struct making {
    struct db *db;
    struct arena *a;
    const struct collection *c;
    struct shop_collection_state was; /* a new one: what it begins as */
    bool fresh, known;                /* known: there was one of this address */
    const char *rule, *name, *about, *sort;
    struct uuid *product;
    size_t nproducts;
    bool by_hand, active;
    int64_t from, until;
    const char **problem;
};

static enum rc bad(struct making *m, const char *what)
{
    *m->problem = arena_strdup(m->a, what);
    return RC_INVALID;
}

/* What a rule names must be there: a slip would make an empty page that nobody notices. */
static enum rc take_rule(struct making *m)
{
    struct collection_rule rule;
    struct shop_unknown_pair_list unknown;
    const char *key[COLLECTION_FILTERS], *value[COLLECTION_FILTERS];
    size_t n = 0;
    enum rc rc = collection_rule_read(m->a, m->c->rule, m->c->currency, &rule, m->problem);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < rule.n; i++) {
        if (!str_eq(rule.key[i], "brand") && !str_eq(rule.key[i], "category") &&
            !str_starts(rule.key[i], "f."))
            continue;
        key[n] = rule.key[i];
        value[n++] = rule.value[i];
    }
    rc = shop_q_collection_unknown(m->db, (struct texts){ key, n }, (struct texts){ value, n },
                                   &unknown);
    if (rc != RC_OK)
        return rc;
    if (unknown.n > 0)
        return bad(m, arena_printf(m->a, "this shop has no %s=%s", unknown.row[0].key,
                                   unknown.row[0].value));
    m->rule = rule_json(m->a, m->c->rule, &rule);
    m->by_hand = false;
    return m->rule != NULL ? RC_OK : bad(m, "the rule is too long");
}

static enum rc take_products(struct making *m)
{
    char **part;
    struct shop_import_found_list found;
    size_t n = str_split(m->a, m->c->products, ' ', &part), kept = 0;
    const char **sku = arena_array(m->a, const char *, n);
    for (size_t i = 0; i < n; i++)
        if (*part[i] != '\0')
            sku[kept++] = product_sku_norm(m->a, part[i]);
    if (kept > COLLECTION_PRODUCTS)
        return bad(m, "a collection by hand has at most 2000 products");
    enum rc rc = shop_q_import_find(m->db, (struct texts){ sku, kept }, &found);
    if (rc != RC_OK)
        return rc;
    m->product = arena_array(m->a, struct uuid, kept);
    m->nproducts = 0;
    for (size_t i = 0; i < kept; i++) {
        size_t k = 0, seen = 0;
        while (k < found.n && !str_eq(found.row[k].key, sku[i]))
            k++;
        if (k == found.n)
            return bad(m, arena_printf(m->a, "this shop has no product with the SKU %s", sku[i]));
        while (seen < m->nproducts && uuid_cmp(m->product[seen], found.row[k].product_id) != 0)
            seen++;
        if (seen == m->nproducts)
            m->product[m->nproducts++] = found.row[k].product_id;
    }
    m->by_hand = true;
    m->rule = "{\"filters\": []}";
    return RC_OK;
}

static enum rc take_instant(struct making *m, const char *text, int64_t open, int64_t *out)
{
    if (text == NULL)
        return RC_OK;
    if (*text == '\0')
        *out = open;
    else if (instant_parse(text, out) != RC_OK)
        return bad(m, "use a time like 2026-12-01T00:00:00Z");
    return RC_OK;
}

static enum rc take_words(struct making *m)
{
    static const char *const sorts[] = { "best", "new", "cheap", "dear", "rated", "popular" };
    const struct collection *c = m->c;
    bool known = c->sort == NULL;
    for (size_t i = 0; i < COUNT_OF(sorts) && !known; i++)
        known = str_eq(c->sort, sorts[i]);
    if (!known)
        return bad(m, "sort: use best, new, cheap, dear, rated or popular");
    if (c->active != NULL && !str_eq(c->active, "yes") && !str_eq(c->active, "no"))
        return bad(m, "active: use yes or no");
    m->name = c->name != NULL ? c->name : m->was.name;
    m->about = c->description != NULL ? c->description : m->was.description;
    m->sort = c->sort != NULL ? c->sort : m->was.sort;
    m->active = c->active != NULL ? str_eq(c->active, "yes") : m->was.is_active;
    if (*m->name == '\0' || utf8_length(m->name) > NAME_MOST)
        return bad(m, "name: use 1 to 200 characters");
    if (utf8_length(m->about) > ABOUT_MOST)
        return bad(m, "description: use at most 5000 characters");
    return RC_OK;
}

static enum rc take_all(struct making *m)
{
    const struct collection *c = m->c;
    m->rule = m->was.rule;
    m->by_hand = m->was.by_hand;
    m->product = (struct uuid *)(uintptr_t)m->was.products.v;
    m->nproducts = m->was.products.n;
    m->from = m->was.valid_from;
    m->until = m->was.valid_until;
    if (c->rule != NULL && c->products != NULL)
        return bad(m, "a collection is either by rule or by hand: give rule or products");
    if (m->fresh && c->rule == NULL && c->products == NULL)
        return bad(m, "a new collection needs rule=... or products=...");
    enum rc rc = take_words(m);
    if (rc == RC_OK && c->rule != NULL)
        rc = take_rule(m);
    if (rc == RC_OK && c->products != NULL)
        rc = take_products(m);
    if (rc == RC_OK)
        rc = take_instant(m, c->from, INSTANT_MIN, &m->from);
    if (rc == RC_OK)
        rc = take_instant(m, c->until, INSTANT_MAX, &m->until);
    if (rc == RC_OK && m->from >= m->until)
        rc = bad(m, "it ends before it begins");
    if (!m->by_hand)
        m->nproducts = 0;
    return rc;
}

static const char *told(struct arena *a, const char *name, const char *rule, bool by_hand,
                        size_t products)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "name");
    jw_text(&w, name);
    jw_key(&w, "rule");
    jw_raw(&w, rule);
    jw_key(&w, "by_hand");
    jw_bool(&w, by_hand);
    jw_key(&w, "products");
    jw_int(&w, (int64_t)products);
    jw_end_object(&w);
    return b.p;
}

static enum rc tell(struct making *m, struct uuid id)
{
    const struct shop_collection_state *was = &m->was;
    enum rc rc = audit_write(
        m->db, m->fresh ? "create" : "update", "collection", id,
        m->fresh ? NULL : told(m->a, was->name, was->rule, was->by_hand, was->products.n),
        told(m->a, m->name, m->rule, m->by_hand, m->nproducts));
    return rc == RC_OK ? event_emit(m->db, "collection.changed", id, was->version + 1, NULL) : rc;
}

static enum rc write_all(struct making *m, bool *changed)
{
    const struct collection *c = m->c;
    struct uuid id = m->known ? m->was.collection_id : uuid7_new();
    const struct uuid *media = c->media != NULL      ? c->media
                               : m->was.has_media_id ? &m->was.media_id
                                                     : NULL;
    int64_t taken = 0, wrote = 0, filled = 0;
    enum rc rc = shop_q_slug_take(m->db, "collection", c->slug, id, &taken);
    if (rc == RC_OK && taken == 0)
        return RC_CONFLICT;
    if (rc == RC_OK)
        rc = shop_q_collection_put(m->db, id, c->slug, m->name, m->about, m->rule, m->sort,
                                   m->by_hand, m->active, m->from, m->until, media, c->position,
                                   &wrote);
    bool same = m->nproducts == m->was.products.n;
    for (size_t i = 0; same && i < m->nproducts; i++)
        same = uuid_cmp(m->product[i], m->was.products.v[i]) == 0;
    if (rc == RC_OK && !same)
        rc = shop_q_collection_fill(m->db, id, (struct uuids){ m->product, m->nproducts }, &filled);
    *changed = wrote > 0 || !same;
    return rc == RC_OK && *changed ? tell(m, id) : rc;
}

enum rc collection_put(struct db *db, const struct collection *c, bool *changed,
                       const char **problem)
{
    struct making m = { .db = db, .a = db_arena(db), .c = c, .problem = problem };
    struct shop_collection_state_maybe was;
    *changed = false;
    if (*c->slug == '\0' || strlen(c->slug) > SLUG_MOST ||
        !str_eq(utf8_slug(m.a, c->slug), c->slug))
        return bad(&m, "use small letters, digits and dashes for the address");
    enum rc rc = shop_q_collection_state(db, c->slug, &was);
    if (rc != RC_OK)
        return rc;
    m.fresh = !was.found || was.row.is_gone;
    m.known = was.found;
    m.was = was.found ? was.row
                      : (struct shop_collection_state){ .name = "",
                                                        .description = "",
                                                        .rule = "{\"filters\": []}",
                                                        .sort = "best",
                                                        .is_active = true,
                                                        .valid_from = INSTANT_MIN,
                                                        .valid_until = INSTANT_MAX };
    rc = take_all(&m);
    return rc == RC_OK ? write_all(&m, changed) : rc;
}

/* ---- other languages, the end ------------------------------------------------------------------
 */
static enum rc put_one(struct db *db, struct uuid id, const char *locale, const char *field,
                       const char *text, bool *changed)
{
    int64_t n = 0;
    if (text == NULL)
        return RC_OK;
    enum rc rc = *text == '\0' ? translation_remove(db, "collection", id, locale, field, &n)
                               : translation_put(db, "collection", id, locale, field, text, &n);
    *changed |= n > 0;
    return rc;
}

enum rc collection_put_text(struct db *db, const char *slug, const char *locale, const char *name,
                            const char *description, bool *changed)
{
    struct shop_collection_state_maybe was;
    *changed = false;
    enum rc rc = shop_q_collection_state(db, slug, &was);
    if (rc == RC_OK && (!was.found || was.row.is_gone))
        return RC_NOTFOUND;
    if (rc == RC_OK)
        rc = put_one(db, was.row.collection_id, locale, "name", name, changed);
    if (rc == RC_OK)
        rc = put_one(db, was.row.collection_id, locale, "description", description, changed);
    if (rc != RC_OK || !*changed)
        return rc;
    return event_emit(db, "collection.changed", was.row.collection_id, was.row.version, NULL);
}

enum rc collection_remove(struct db *db, const char *slug, int64_t now)
{
    struct shop_collection_state_maybe was;
    int64_t n = 0;
    enum rc rc = shop_q_collection_state(db, slug, &was);
    if (rc == RC_OK && (!was.found || was.row.is_gone))
        return RC_NOTFOUND;
    if (rc == RC_OK)
        rc = shop_q_collection_remove(db, was.row.collection_id, now, &n);
    if (rc == RC_OK)
        rc = audit_write(
            db, "delete", "collection", was.row.collection_id,
            told(db_arena(db), was.row.name, was.row.rule, was.row.by_hand, was.row.products.n),
            NULL);
    return rc == RC_OK ? event_emit(db, "collection.changed", was.row.collection_id,
                                    was.row.version + 1, NULL)
                       : rc;
}
