/* calls_shop.c: how the shop floor's jobs and consumers are given work while calls fail
 * (torture.h). What must hold in the end is the same as without a fault: the index has what the
 * catalogue has, sizes have rows and files, nothing is refused or forgotten for want of a call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "platform/storage.h"
#include "torture.h"

#define IN_A  "tenant_id = '" KIT_SHOP_A "'"
#define LAMP  "(SELECT id FROM shop.products WHERE slug = 'brass-lamp' AND " IN_A ")"
#define HOME  "(SELECT id FROM shop.categories WHERE slug = 'home' AND " IN_A ")"
#define MEDIA "0190a000-0000-7000-8000-00000000aaaa"

/* ---- search ---- */

static const char *lamp(struct kit *k)
{
    kit_sql(k, "DELETE FROM shop.product_search WHERE " IN_A " AND product_id = " LAMP);
    return kit_cell(k, "SELECT " LAMP);
}

static const char *home(struct kit *k)
{
    kit_sql(k, "DELETE FROM app.jobs WHERE name = 'shop.search_below'");
    return kit_cell(k, "SELECT " HOME);
}

static const char *below(struct kit *k)
{
    kit_sql(k, "DELETE FROM shop.product_search WHERE " IN_A);
    return arena_printf(k->arena, "{\"category\":\"%s\"}", kit_cell(k, "SELECT " HOME));
}

static const char *edge(struct kit *k)
{
    (void)lamp(k); /* as indexed while a window was open that has closed since */
    kit_sql(k, "INSERT INTO shop.product_search (tenant_id, product_id, tsv, facets, price_minor, "
               "in_stock, in_lists, in_search, rating, popularity, listed_us, name_words, "
               "next_edge, version) VALUES ('" KIT_SHOP_A "', " LAMP ", '', '{}', 1, false, true, "
               "true, 0, 0, 0, 1, 1000, 0)");
    return NULL;
}

static const char *recount(struct kit *k)
{
    kit_sql(k, "DELETE FROM shop.search_words WHERE " IN_A "; INSERT INTO shop.search_words "
               "(tenant_id, locale, word, shown, stem, sound, n) VALUES ('" KIT_SHOP_A "', 'en', "
               "'nowhere', 'nowhere', 'nowher', '', 7)");
    return NULL;
}

/* ---- prices ---- */

static const char *price_edge(struct kit *k)
{
    kit_sql(k, "DELETE FROM app.outbox; DELETE FROM shop.prices WHERE min_quantity = 977; "
               "INSERT INTO shop.prices (tenant_id, price_list_id, variant_id, min_quantity, "
               "valid_from, valid_until, amount_minor) SELECT p.tenant_id, p.price_list_id, "
               "p.variant_id, 977, now() - interval '1 day', now() - interval '1 minute', 4242 "
               "FROM shop.prices p JOIN shop.product_variants v ON v.id = p.variant_id WHERE "
               "v.product_id = " LAMP " LIMIT 1");
    return NULL;
}

/* ---- pictures ---- */

static char *key_of(struct kit *k, enum storage_area area, const char *rest)
{
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    return storage_key(k->arena, area, shop, "abababababababababababababababab", rest);
}

/* One file of the build's own, put into the store as if it had been sent. */
static void put(struct kit *k, const char *key)
{
    static char bytes[64 * 1024];
    FILE *f =
        fopen(arena_printf(k->arena, "%s/static/img/icon-192.png", getenv("KADE_TEST_SRC")), "re");
    ck_assert_ptr_nonnull(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    ck_assert_uint_gt(n, 0);
    ck_assert_int_eq(storage_put(&k->conf, k->arena, key, "image/png", bytes, n), RC_OK);
}

static const char *pending(struct kit *k)
{
    char *key = key_of(k, STORAGE_PRIVATE, ".png");
    put(k, key);
    kit_sql(k, arena_printf(k->arena,
                            "DELETE FROM shop.media WHERE id = '" MEDIA "'; INSERT INTO shop.media "
                            "(tenant_id, id, source_key, state, original, file_name, mime, sha256, "
                            "bytes, width, height, alt_text) VALUES ('" KIT_SHOP_A "', '" MEDIA
                            "', 'torture', 'pending', '%s', 'icon.png', 'image/png', "
                            "repeat('ab', 32), 1000, 192, 192, 'icon')",
                            key));
    return "{\"media\":\"" MEDIA "\"}";
}

/* A picture of which an import gave an address that nobody can ask. */
static const char *addressed(struct kit *k)
{
    kit_sql(k,
            "DELETE FROM shop.media WHERE id = '" MEDIA "'; INSERT INTO shop.media (tenant_id, id, "
            "source_key, source_url, state, alt_text) VALUES ('" KIT_SHOP_A "', '" MEDIA
            "', 'torture', 'gopher://nowhere/cup.png', 'missing', 'cup')");
    return "{\"media\":\"" MEDIA "\"}";
}

/* A picture that was removed: the original and one size are still there. */
static const char *removed(struct kit *k)
{
    (void)pending(k);
    char *size = key_of(k, STORAGE_PUBLIC, "/192.jpg");
    put(k, size);
    kit_sql(k, arena_printf(k->arena,
                            "UPDATE shop.media SET deleted_at = now() WHERE id = '" MEDIA
                            "'; INSERT INTO shop.media_renditions (tenant_id, media_id, format, "
                            "width, height, bytes, path) VALUES ('" KIT_SHOP_A "', '" MEDIA
                            "', 'jpeg', 192, 192, 1000, '%s')",
                            size));
    return "{\"media\":\"" MEDIA "\"}";
}

static void files_are_gone(struct kit *k)
{
    const char *const keys[] = { key_of(k, STORAGE_PRIVATE, ".png"),
                                 key_of(k, STORAGE_PUBLIC, "/192.jpg") };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        bool there = true;
        ck_assert_int_eq(storage_exists(&k->conf, k->arena, keys[i], &there), RC_OK);
        ck_assert_msg(!there, "%s is left behind", keys[i]);
    }
}

static void files_are_there(struct kit *k)
{
    char **path;
    size_t n = str_split(k->arena,
                         kit_cell(k, "SELECT string_agg(path, ' ') FROM shop.media_renditions "
                                     "WHERE media_id = '" MEDIA "'"),
                         ' ', &path);
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        ck_assert_int_eq(storage_exists(&k->conf, k->arena, path[i], &there), RC_OK);
        ck_assert_msg(there, "%s is named by a row and not there", path[i]);
    }
}

#define COUNT(what, table) "SELECT count(*) = " what " FROM " table " WHERE " IN_A
/* ---- trade ---- */

#define LAMP_VARIANT                                                                               \
    "(SELECT v.id FROM shop.product_variants v WHERE v.product_id = " LAMP " LIMIT 1)"

/* A cart that gave up: its hold is past its time, and so is the cart. */
static const char *given_up(struct kit *k)
{
    kit_sql(
        k,
        "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false); UPDATE shop.stock_levels SET "
        "held = 0; DELETE FROM shop.stock_holds; DELETE FROM shop.carts; INSERT INTO shop.carts "
        "(id, token_hash, store_id, currency, expires_at) SELECT "
        "'0190a000-0000-7000-8000-00000000cc01', sha256('x'), s.id, 'LKR', now() - interval '1 "
        "day' "
        "FROM app.stores s WHERE s." IN_A " LIMIT 1; UPDATE shop.stock_levels SET held = 1 WHERE "
        "variant_id = " LAMP_VARIANT "; INSERT INTO shop.stock_holds (cart_id, variant_id, "
        "warehouse_id, quantity, expires_at) SELECT '0190a000-0000-7000-8000-00000000cc01', "
        "variant_id, warehouse_id, 1, now() - interval '1 minute' FROM shop.stock_levels WHERE "
        "variant_id = " LAMP_VARIANT);
    return NULL;
}

/* An order that took the last one: the mark is crossed, told once. */
static const char *sold_out(struct kit *k)
{
    kit_sql(
        k,
        "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false); DELETE FROM shop.stock_alerts; "
        "DELETE FROM app.outbox WHERE topic = 'stock.low'; DELETE FROM shop.refund_items; DELETE "
        "FROM shop.refunds; DELETE FROM shop.payment_slips; DELETE FROM shop.payment_events; "
        "DELETE FROM shop.payments; DELETE FROM shop.order_status_history; DELETE FROM "
        "shop.order_items; DELETE FROM shop.orders; UPDATE shop.stock_levels SET reorder_point = "
        "1000000 WHERE variant_id "
        "= " LAMP_VARIANT
        "; INSERT INTO shop.orders (id, number, store_id, person_key, currency, locale, "
        "prices_include_tax, tax_rounding, rounding_mode, items_minor, shipping_minor, tax_minor, "
        "tax_added_minor, total_minor) SELECT '0190a000-0000-7000-8000-00000000cc02', 'T-1', s.id, "
        "sha256('x'), 'LKR', 'en', true, 'line', 'half_up', 100, 0, 0, 0, 100 FROM app.stores s "
        "WHERE "
        "s." IN_A
        " LIMIT 1; INSERT INTO shop.order_items (order_id, position, kind, variant_id, name, "
        "quantity, list_price_minor, unit_price_minor, subtotal_minor, total_minor, is_tracked) "
        "SELECT "
        "'0190a000-0000-7000-8000-00000000cc02', 0, 'item', " LAMP_VARIANT ", 'Lamp', 1, 100, 100, "
        "100, 100, true");
    return "0190a000-0000-7000-8000-00000000cc02";
}

static const struct torture_job jobs[] = {
    { .job = "shop.price_edges",
      .before = price_edge,
      .holds = { "SELECT count(*) BETWEEN 1 AND 2 FROM app.outbox WHERE topic = "
                 "'product.changed' AND object_id = " LAMP } },
    { .job = "media.renditions",
      .before = pending,
      .check = files_are_there,
      .holds = { "SELECT state = 'ready' AND recipe > 0 AND reason IS NULL AND sizes > 0 FROM "
                 "shop.media WHERE id = '" MEDIA "'",
                 COUNT("3", "shop.media_renditions") " AND media_id = '" MEDIA "'" } },
    { .job = "media.fetch",
      .before = addressed,
      .holds = { "SELECT state = 'missing' AND reason LIKE 'This is no address%' FROM shop.media "
                 "WHERE id = '" MEDIA "'" } },
    { .job = "media.forget",
      .before = removed,
      .check = files_are_gone,
      .holds = { COUNT("0", "shop.media_renditions") " AND media_id = '" MEDIA "'" } },
    { .job = "shop.search_edges",
      .before = edge,
      .holds = { COUNT("1", "shop.product_search") " AND product_id = " LAMP
                                                   " AND next_edge > 1000 AND in_stock" } },
    { .job = "shop.search_below",
      .before = below,
      .holds = { "SELECT count(*) = 3 FROM shop.product_search s JOIN shop.products p ON p.id = "
                 "s.product_id WHERE p.slug IN ('brass-lamp', 'last-vase', 'sold-out-bowl')" } },
    { .job = "shop.search_recount",
      .before = recount,
      .holds = { COUNT("0", "shop.search_words") " AND word = 'nowhere'" } },
    { .job = "shop.trade_upkeep",
      .before = given_up,
      .holds = { "SELECT held = 0 FROM shop.stock_levels WHERE variant_id = " LAMP_VARIANT
                 " LIMIT 1",
                 "SELECT state = 'expired' FROM shop.stock_holds",
                 "SELECT status = 'expired' FROM shop.carts" } },
    { 0 }
};

static const struct torture_event events[] = {
    { .consumer = "shop:product.changed",
      .before = lamp,
      .holds = { COUNT("1", "shop.product_search") " AND product_id = " LAMP } },
    { .consumer = "shop:stock.changed",
      .before = lamp,
      .holds = { COUNT("1", "shop.product_search") " AND product_id = " LAMP } },
    { .consumer = "shop:product.rated",
      .before = lamp,
      .holds = { COUNT("1", "shop.product_search") " AND product_id = " LAMP } },
    { .consumer = "shop:product.counted",
      .before = lamp,
      .holds = { COUNT("1", "shop.product_search") " AND product_id = " LAMP } },
    { .consumer = "shop:category.changed",
      .before = home,
      .holds = { "SELECT count(*) BETWEEN 1 AND 2 FROM app.jobs WHERE name = "
                 "'shop.search_below'" } },
    { .consumer = "shop:order.placed",
      .before = sold_out,
      .holds = { "SELECT count(*) = 1 FROM app.outbox WHERE topic = 'stock.low'",
                 "SELECT crossings = 1 FROM shop.stock_alerts WHERE kind = 'low'" } },
    { .consumer = "shop:order.cancelled",
      .before = sold_out,
      .holds = { "SELECT count(*) = 1 FROM app.outbox WHERE topic = 'stock.low'" } },
    { 0 }
};

TORTURE(.name = "shop", .jobs = jobs, .events = events)
