/* product.c: changes of products by the library. Whatever changes, the lists of category pages, the
 * counters and the event go with it in the same transaction, so a page never counts what it does
 * not show. Not here: importing (import_*.c), reading for pages (modules/storefront). */
#include "shop/product.h"

#include <stdlib.h>
#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/setup.h"

static int by_id(const void *a, const void *b)
{
    const struct uuid *x = a, *y = b;
    return uuid_cmp(*x, *y);
}

static struct uuids unique(struct arena *a, const struct uuid *ids, size_t n)
{
    struct uuid *v = arena_array(a, struct uuid, n);
    size_t k = 0;
    if (n > 0)
        memcpy(v, ids, n * sizeof(*v));
    qsort(v, n, sizeof(*v), by_id);
    for (size_t i = 0; i < n; i++)
        if (k == 0 || uuid_cmp(v[k - 1], v[i]) != 0)
            v[k++] = v[i];
    return (struct uuids){ .v = v, .n = k };
}

/* What cards and pages show, then out of the lists and in again, then the counters of every
 * category touched.
 */
static enum rc relist(struct db *db, struct uuids products, int64_t now)
{
    struct shop_category_id_list left, entered;
    struct shop_product_id_list held;
    struct arena *a = db_arena(db);
    struct db_pipe *p = db_pipe(db);
    shop_q_facts_hold_send(p, products, &held);
    shop_q_card_facts_put_send(p, products, NULL);
    shop_q_page_facts_put_send(p, products, NULL);
    shop_q_lists_forget_send(p, products, &left);
    shop_q_lists_enter_send(p, products, now, &entered);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    struct uuid *all = arena_array(a, struct uuid, left.n + entered.n);
    for (size_t i = 0; i < left.n; i++)
        all[i] = left.row[i].category_id;
    for (size_t i = 0; i < entered.n; i++)
        all[left.n + i] = entered.row[i].category_id;
    struct uuids touched = unique(a, all, left.n + entered.n);
    if (touched.n == 0)
        return RC_OK;
    shop_q_lists_hold_send(p, touched, NULL);
    shop_q_lists_count_send(p, touched, NULL);
    return db_pipe_run(p);
}

enum rc product_and_kits(struct db *db, const struct uuid *ids, size_t n, struct uuids *out)
{
    struct uuids products = unique(db_arena(db), ids, n);
    struct shop_product_id_list kits = { 0 };
    enum rc rc = n == 0 ? RC_OK : shop_q_kits_of(db, products, &kits);
    if (rc != RC_OK)
        return rc;
    struct uuid *all = arena_array(db_arena(db), struct uuid, products.n + kits.n);
    if (products.n > 0)
        memcpy(all, products.v, products.n * sizeof(*all));
    for (size_t i = 0; i < kits.n; i++)
        all[products.n + i] = kits.row[i].product_id;
    *out = kits.n == 0 ? products : unique(db_arena(db), all, products.n + kits.n);
    return RC_OK;
}

enum rc product_relist(struct db *db, const struct uuid *ids, size_t n, int64_t now)
{
    return n == 0 ? RC_OK : relist(db, unique(db_arena(db), ids, n), now);
}

enum rc product_changed(struct db *db, const struct uuid *ids, size_t n, int64_t now)
{
    if (n == 0)
        return RC_OK;
    struct uuids products;
    struct shop_product_version_list versions;
    enum rc rc = product_and_kits(db, ids, n, &products);
    if (rc == RC_OK)
        rc = relist(db, products, now);
    if (rc == RC_OK)
        rc = shop_q_product_versions(db, products, &versions);
    for (size_t i = 0; rc == RC_OK && i < versions.n; i++) {
        const struct shop_product_version *v = &versions.row[i];
        rc = event_emit(db, "product.changed", v->product_id, v->version, "slug=%s", v->slug);
    }
    return rc;
}

/* {"key":"value",...} of the pairs given, for the audit. */
static const char *fields(struct db *db, const char *key, const char *value, const char *key2,
                          const char *value2)
{
    struct buf b;
    struct jw w;
    buf_init(&b, db_arena(db), 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, key);
    jw_text(&w, value);
    if (key2 != NULL) {
        jw_key(&w, key2);
        jw_text(&w, value2);
    }
    jw_end_object(&w);
    return b.p;
}

static const char *number(struct db *db, const char *key, int64_t value)
{
    return arena_printf(db_arena(db), "{\"%s\":%lld}", key, (long long)value);
}

/* 0 rows by a versioned update: not there, or not any more what the caller saw. */
static enum rc why_nothing(struct db *db, struct uuid id)
{
    struct shop_exists there;
    enum rc rc = shop_q_product_exists(db, id, &there);
    if (rc != RC_OK)
        return rc;
    return there.yes ? RC_CONFLICT : RC_NOTFOUND;
}

enum rc product_rename(struct db *db, struct uuid id, int32_t version, const char *name,
                       const char *slug, int64_t now)
{
    int64_t n = 0;
    struct shop_product_state_maybe was;
    enum rc rc = shop_q_product_state(db, id, &was);
    if (rc != RC_OK || !was.found)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    rc = shop_q_slug_take(db, "product", slug, id, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0)
        return RC_CONFLICT;
    rc = shop_q_product_set_name(db, id, version, name, slug, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0)
        return why_nothing(db, id);
    rc = shop_q_slug_retire(db, "product", slug, id, NULL);
    if (rc == RC_OK)
        rc = audit_write(db, "rename", "product", id,
                         fields(db, "name", was.row.name, "slug", was.row.slug),
                         fields(db, "name", name, "slug", slug));
    return rc == RC_OK ? product_changed(db, &id, 1, now) : rc;
}

enum rc product_status(struct db *db, struct uuid id, int32_t version, const char *status,
                       int64_t now)
{
    int64_t n = 0;
    struct shop_product_state_maybe was;
    enum rc rc = shop_q_product_state(db, id, &was);
    if (rc == RC_OK)
        rc = shop_q_product_set_status(db, id, version, status, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0 || !was.found)
        return why_nothing(db, id);
    rc = audit_write(db, "status", "product", id, fields(db, "status", was.row.status, NULL, NULL),
                     fields(db, "status", status, NULL, NULL));
    return rc == RC_OK ? product_changed(db, &id, 1, now) : rc;
}

static enum rc variant_changed(struct db *db, struct uuid variant, int64_t now)
{
    struct shop_product_id_maybe p;
    enum rc rc = shop_q_variant_product(db, variant, &p);
    if (rc != RC_OK)
        return rc;
    return p.found ? product_changed(db, &p.row.product_id, 1, now) : RC_NOTFOUND;
}

enum rc product_price(struct db *db, struct uuid variant, int64_t amount, int64_t now)
{
    struct shop_basic_maybe b;
    int64_t n = 0;
    struct shop_price_now_maybe was;
    enum rc rc = shop_q_basics(db, &b);
    if (rc != RC_OK)
        return rc;
    if (!b.found)
        return RC_NOTFOUND;
    rc = shop_q_price_now(db, b.row.base_list_id, variant, &was);
    if (rc != RC_OK)
        return rc;
    rc = shop_q_price_put(db, b.row.base_list_id, variant, amount, INSTANT_MIN, INSTANT_MAX, &n);
    if (rc != RC_OK || n == 0)
        return rc;
    rc = shop_q_price_lowest(db, variant, now, NULL);
    if (rc != RC_OK)
        return rc;
    rc = audit_write(db, "price", "variant", variant,
                     was.found ? number(db, "price_minor", was.row.amount_minor) : NULL,
                     number(db, "price_minor", amount));
    return rc == RC_OK ? variant_changed(db, variant, now) : rc;
}

enum rc product_stock(struct db *db, struct uuid variant, int32_t on_hand, const char *cause_kind,
                      struct uuid cause, int64_t now)
{
    struct shop_basic_maybe b;
    struct shop_counted done;
    struct shop_stock_level_maybe level;
    enum rc rc = shop_q_basics(db, &b);
    if (rc != RC_OK)
        return rc;
    if (!b.found)
        return RC_NOTFOUND;
    rc = shop_q_stock_ensure(db, variant, b.row.warehouse_id, NULL);
    if (rc == RC_OK)
        rc = shop_q_stock_level(db, variant, b.row.warehouse_id, &level);
    if (rc != RC_OK)
        return rc;
    if (!level.found)
        return RC_NOTFOUND;
    const int32_t *reorder = level.row.has_reorder_point ? &level.row.reorder_point : NULL;
    rc = shop_q_stock_count(db, variant, b.row.warehouse_id, on_hand, level.row.backorder_limit,
                            reorder, cause_kind, cause, &done);
    if (rc == RC_INVALID && str_eq(db_error(db)->constraint, "stock_not_sold_twice"))
        return RC_CONFLICT;
    if (rc != RC_OK || done.n == 0)
        return rc;
    rc = audit_write(db, "stock", "variant", variant, number(db, "on_hand", level.row.on_hand),
                     number(db, "on_hand", on_hand));
    return rc == RC_OK ? variant_changed(db, variant, now) : rc;
}

char *product_sku_norm(struct arena *a, const char *sku)
{
    size_t n = strlen(sku), k = 0;
    char *out = arena_strndup(a, sku, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)sku[i];
        if (c == ' ' || c == '\t' || c == '\n')
            continue;
        if (c == 0xc2 && (unsigned char)sku[i + 1] == 0xa0) { /* no-break space */
            i++;
            continue;
        }
        out[k++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    out[k] = '\0';
    return out;
}

/* Sum of digits weighted 3 and 1 from the right, the check digit included (GS1 General
 * Specifications 7.9). */
static bool gtin_is_right(const char *digits, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (digits[n - 1 - i] - '0') * (i % 2 == 1 ? 3 : 1);
    return sum % 10 == 0;
}

char *product_barcode(struct arena *a, const char *text)
{
    char *plain = arena_strdup(a, text), *w = plain;
    for (const char *p = text; *p != '\0'; p++)
        if (*p != ' ' && *p != '-')
            *w++ = *p;
    *w = '\0';
    size_t n = strlen(plain);
    if (strspn(plain, "0123456789") != n || (n != 8 && n != 12 && n != 13 && n != 14))
        return str_trim(a, text);
    return gtin_is_right(plain, n) ? plain : NULL;
}
