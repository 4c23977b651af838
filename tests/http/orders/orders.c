/* orders.c: see orders.h. */
#include "orders.h"

#include <stdio.h>

#include "base/time.h"
#include "platform/db.h"
#include "shop/customer.h"

#define LAMP                                                                                       \
    "(SELECT v.id FROM shop.product_variants v JOIN shop.products p ON p.id = v.product_id WHERE " \
    "p.slug = 'brass-lamp' AND p.tenant_id = '" KIT_SHOP_A "' LIMIT 1)"
#define LAMPS                                                                                      \
    "(SELECT id FROM shop.products WHERE slug = 'brass-lamp' AND tenant_id = '" KIT_SHOP_A "')"
#define HOUSE                                                                                      \
    "(SELECT id FROM shop.warehouses WHERE tenant_id = '" KIT_SHOP_A "' ORDER BY id LIMIT 1)"
#define SELLER "(SELECT id FROM shop.sellers WHERE code = 'house' AND tenant_id = '" KIT_SHOP_A "')"

void orders_wipe(struct kit *k)
{
    kit_sql(k, ORDERS_TENANT
            "DELETE FROM shop.tax_ledger_entries; DELETE FROM shop.document_files; DELETE FROM "
            "shop.documents; DELETE FROM shop.refund_items; DELETE FROM shop.refunds; DELETE FROM "
            "shop.payment_events; DELETE FROM shop.payments; DELETE FROM shop.fulfilment_items; "
            "DELETE FROM shop.shipments; DELETE FROM shop.fulfilments; DELETE FROM "
            "shop.stock_allocations; DELETE FROM shop.order_item_taxes; DELETE FROM "
            "shop.order_item_discounts; DELETE FROM shop.order_items; DELETE FROM "
            "shop.order_addresses; DELETE FROM shop.order_notes; DELETE FROM "
            "shop.order_status_history; DELETE FROM shop.order_access_tokens; DELETE FROM "
            "shop.coupon_usage; DELETE FROM shop.orders; UPDATE shop.stock_levels SET allocated = "
            "0; UPDATE app.number_series SET next_no = 1; SELECT shop.seed_trade(app.tenant())");
}

static const char *quoted(struct kit *k, const char *s)
{
    return s != NULL ? arena_printf(k->arena, "'%s'", s) : "NULL";
}

static void add_head(struct kit *k, const char *id, const char *number,
                     const struct orders_ask *ask)
{
    kit_sql(k, arena_printf(
                   k->arena,
                   ORDERS_TENANT
                   "BEGIN; INSERT INTO shop.orders (id, number, store_id, customer_id, person_key, "
                   "email, phone, currency, locale, prices_include_tax, tax_rounding, "
                   "rounding_mode, items_minor, shipping_minor, discount_minor, tax_minor, "
                   "tax_added_minor, total_minor, state, payment_method, shipping_method, "
                   "promised_from, promised_until) SELECT '%s', '%s', s.id, %s, sha256('x'), %s, "
                   "'+94771234567', 'LKR', '%s', true, 'line', 'half_up', 1020000, 35000, 10100, "
                   "155594, 0, 1055000, '%s', 'cod', 'Post', '2026-11-24', '2026-11-26' FROM "
                   "app.stores s WHERE s.tenant_id = '" KIT_SHOP_A "' LIMIT 1; "
                   "INSERT INTO shop.order_items (order_id, position, kind, product_id, "
                   "variant_id, sku, name, options, quantity, list_price_minor, unit_price_minor, "
                   "subtotal_minor, discount_minor, total_minor, tax_minor, is_tracked) VALUES "
                   "('%s', 0, 'item', " LAMPS ", " LAMP ", 'LAMP', 'Brass lamp', '', 2, 390050, "
                   "390050, 780100, 10100, 770000, 117458, true), ('%s', 1, 'item', NULL, NULL, "
                   "'SHIRT-RS', 'Linen shirt', 'Red, S', 1, 250000, 250000, 250000, 0, 250000, "
                   "38136, false), ('%s', 2, 'shipping', NULL, NULL, 'post', 'Post', '', 1, 35000, "
                   "35000, 35000, 0, 35000, 0, false); COMMIT",
                   id, number, quoted(k, ask->customer), quoted(k, ask->email),
                   ask->locale != NULL ? ask->locale : "en",
                   ask->state != NULL ? ask->state : "confirmed", id, id, id));
}

const char *orders_add(struct kit *k, const struct orders_ask *ask)
{
    static int last;
    const char *id = kit_cell(k, "SELECT app.uuid7()");
    const char *number = ask->number != NULL ? ask->number : arena_printf(k->arena, "T-%d", ++last);
    add_head(k, id, number, ask);
    kit_sql(k, arena_printf(
                   k->arena,
                   ORDERS_TENANT
                   "INSERT INTO shop.order_item_taxes (order_item_id, position, order_id, "
                   "rate_ppm, name, country, base_minor, amount_minor) SELECT i.id, 0, i.order_id, "
                   "180000, 'VAT', 'LK', i.total_minor - i.tax_minor, i.tax_minor FROM "
                   "shop.order_items i WHERE i.order_id = '%s' AND i.kind = 'item'; INSERT INTO "
                   "shop.order_item_discounts (order_item_id, position, order_id, source, label, "
                   "amount_minor) SELECT i.id, 0, i.order_id, 'staff', 'A friend', 10100 FROM "
                   "shop.order_items i WHERE i.order_id = '%s' AND i.position = 0; INSERT INTO "
                   "shop.order_addresses (order_id, kind, name, phone, line1, city, postcode, "
                   "country) VALUES ('%s', 'shipping', '%s', '+94771234567', '1 Road', 'Colombo', "
                   "'00100', 'LK'); INSERT INTO shop.order_status_history (order_id, machine, "
                   "to_state) VALUES ('%s', 'order', 'confirmed')",
                   id, id, id, ask->name != NULL ? ask->name : "Nimal Perera", id));
    return id;
}

void orders_capture(struct kit *k, const char *order, int n)
{
    kit_sql(k, arena_printf(
                   k->arena,
                   ORDERS_TENANT
                   "INSERT INTO shop.payments (order_id, method_id, provider, attempt_key, "
                   "currency, amount_minor, captured_minor, state) SELECT '%s', m.id, 'bank', "
                   "'%s-%d', 'LKR', 527500, 527500, 'captured' FROM shop.payment_methods m WHERE "
                   "m.code = 'cod' AND m.tenant_id = '" KIT_SHOP_A "'; INSERT INTO "
                   "shop.payment_events (payment_id, kind, provider_ref, amount_minor, source) "
                   "SELECT p.id, 'capture', 'charge-%d', 527500, 'staff' FROM shop.payments p "
                   "WHERE p.attempt_key = '%s-%d'; UPDATE shop.orders SET paid_minor = paid_minor "
                   "+ 527500, payment_state = CASE WHEN paid_minor + 527500 >= total_minor THEN "
                   "'paid' ELSE 'partial' END WHERE id = '%s'",
                   order, order, n, n, order, n, order));
}

void orders_ship(struct kit *k, const char *order, int n)
{
    kit_sql(k,
            arena_printf(
                k->arena,
                ORDERS_TENANT
                "INSERT INTO shop.stock_allocations (order_item_id, variant_id, warehouse_id, "
                "quantity, sent) SELECT i.id, " LAMP ", " HOUSE ", 2, 1 FROM shop.order_items i "
                "WHERE i.order_id = '%s' AND i.position = 0 ON CONFLICT (tenant_id, "
                "order_item_id, variant_id, warehouse_id) DO UPDATE SET sent = 2; "
                "UPDATE shop.stock_levels SET allocated = %d WHERE variant_id = " LAMP "; "
                "INSERT INTO shop.fulfilments (number, order_id, warehouse_id, seller_id, "
                "state) VALUES ('FUL-%s-%d', '%s', " HOUSE ", " SELLER ", 'handed_over'); "
                "INSERT INTO shop.fulfilment_items (fulfilment_id, allocation_id, "
                "order_item_id, quantity) SELECT f.id, a.id, a.order_item_id, 1 FROM "
                "shop.fulfilments f, shop.stock_allocations a JOIN shop.order_items i ON i.id = "
                "a.order_item_id WHERE f.number = 'FUL-%s-%d' AND i.order_id = '%s'; INSERT "
                "INTO shop.shipments (fulfilment_id, order_id, carrier, tracking_number, "
                "tracking_url, shipped_at) SELECT f.id, '%s', 'Lanka Post', 'LP-%s-%d', "
                "'https://post.example/t', now() FROM shop.fulfilments f WHERE f.number = "
                "'FUL-%s-%d'; UPDATE shop.order_items SET qty_sent = qty_sent + 1 WHERE "
                "order_id = '%s' AND position = 0",
                order, 2 - n, order, n, order, order, n, order, order, order, n, order, n, order));
}

void orders_refund(struct kit *k, const char *order, int n)
{
    kit_sql(k,
            arena_printf(
                k->arena,
                ORDERS_TENANT
                "INSERT INTO shop.refunds (number, order_id, payment_id, amount_minor, reason, "
                "attempt_key, state) SELECT 'REF-%s-%d', '%s', p.id, 10000, 'It was broken', "
                "'refund-%s-%d', 'done' FROM shop.payments p WHERE p.order_id = '%s' ORDER BY "
                "p.id LIMIT 1; INSERT INTO shop.payment_events (payment_id, kind, provider_ref, "
                "amount_minor, source) SELECT r.payment_id, 'refund', r.id::text, 10000, 'staff' "
                "FROM shop.refunds r WHERE r.attempt_key = 'refund-%s-%d'; UPDATE shop.payments "
                "SET refunded_minor = refunded_minor + 10000 WHERE id = (SELECT r.payment_id FROM "
                "shop.refunds r WHERE r.attempt_key = 'refund-%s-%d'); UPDATE shop.orders SET "
                "refunded_minor = refunded_minor + 10000, payment_state = 'partially_refunded' "
                "WHERE id = '%s'",
                order, n, order, order, n, order, order, n, order, n, order));
}

void orders_tell(struct kit *k, const char *topic, const char *order, const char *payload)
{
    kit_sql(k, arena_printf(k->arena,
                            "INSERT INTO app.outbox (tenant_id, topic, object_id, payload) VALUES "
                            "('" KIT_SHOP_A "', '%s', '%s', '%s')",
                            topic, order, payload != NULL ? payload : "{}"));
}

/* ---- rights ---- */

struct rights {
    struct kit *k;
    struct uuid customer;
    const char *json;
};

static enum rc copy_in_tx(struct db *db, void *arg)
{
    struct rights *x = arg;
    struct buf out;
    buf_init(&out, db_arena(db), 1 << 20);
    enum rc rc = customer_export(db, x->customer, &out);
    if (rc == RC_OK)
        x->json = arena_strdup(x->k->arena, out.p);
    return rc;
}

static enum rc forget_in_tx(struct db *db, void *arg)
{
    struct rights *x = arg;
    struct customer c;
    bool found;
    enum rc rc = customer_by_id(db, x->customer, &found, &c);
    return rc == RC_OK ? customer_erase(db, &c, instant_now()) : rc;
}

struct orders_copy orders_copy(struct kit *k, const char *customer)
{
    struct rights x = { .k = k };
    ck_assert_int_eq(uuid_parse(customer, &x.customer), RC_OK);
    shop_change(k, copy_in_tx, &x);
    return (struct orders_copy){ x.json };
}

void orders_forget(struct kit *k, const char *customer)
{
    struct rights x = { .k = k };
    ck_assert_int_eq(uuid_parse(customer, &x.customer), RC_OK);
    shop_change(k, forget_in_tx, &x);
}
