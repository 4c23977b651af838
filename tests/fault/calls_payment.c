/* calls_payment.c: how paying is called while calls fail (torture.h). What a buyer tells, another
 * attempt: all of it or none, and asking again never doubles it. */
#include <string.h>

#include "base/buf.h"
#include "platform/crypto.h"
#include "torture.h"

#define TENANT "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false);"
#define ORDER  "0190a000-0000-7000-8000-00000000de01"
#define PAY    "0190a000-0000-7000-8000-00000000de02"
#define BANK   "0190a000-0000-7000-8000-00000000de03"
#define QR     "0190a000-0000-7000-8000-00000000de04"
#define WIPE                                                                                       \
    TENANT "DELETE FROM shop.tax_ledger_entries; DELETE FROM shop.document_files; DELETE FROM "    \
           "shop.documents; DELETE FROM shop.refund_items; DELETE FROM shop.refunds; DELETE FROM " \
           "shop.payment_slips; DELETE FROM shop.payment_events; DELETE FROM shop.payments; "      \
           "DELETE FROM shop.gateway_events; DELETE FROM shop.order_access_tokens; DELETE FROM "   \
           "shop.fulfilment_items; DELETE FROM shop.shipments; DELETE FROM shop.fulfilments; "     \
           "DELETE FROM shop.stock_allocations; DELETE FROM shop.order_item_taxes; DELETE FROM "   \
           "shop.order_item_discounts; DELETE FROM shop.order_items; DELETE FROM "                 \
           "shop.order_addresses; DELETE FROM shop.order_notes; DELETE FROM "                      \
           "shop.order_status_history; DELETE FROM shop.coupon_usage; DELETE FROM shop.orders; "   \
           "UPDATE app.number_series SET next_no = 1; UPDATE shop.stock_levels SET held = 0, "     \
           "allocated = 0;"
/* An order over 1000 that waits for its transfer. */
#define OWED                                                                                       \
    WIPE "SELECT shop.seed_trade(app.tenant()); INSERT INTO shop.payment_methods (id, code, "      \
         "provider, name) VALUES ('" BANK "', 'bank', 'bank', 'Bank transfer'), ('" QR             \
         "', 'lankaqr', 'lankaqr', 'LankaQR') ON CONFLICT DO NOTHING; BEGIN; INSERT INTO "         \
         "shop.orders (id, number, store_id, person_key, currency, locale, prices_include_tax, "   \
         "tax_rounding, rounding_mode, items_minor, shipping_minor, tax_minor, tax_added_minor, "  \
         "total_minor, payment_method) SELECT '" ORDER                                             \
         "', 'ORD-T', s.id, sha256('p'), 'LKR', 'en', true, 'line', 'half_up', 1000, 0, 0, 0, "    \
         "1000, 'bank' FROM app.stores s LIMIT 1; INSERT INTO shop.order_items (order_id, "        \
         "position, kind, name, quantity, list_price_minor, unit_price_minor, subtotal_minor, "    \
         "total_minor) VALUES ('" ORDER "', 0, 'item', 'Thing', 1, 1000, 1000, 1000, 1000); "      \
         "INSERT INTO shop.payments (id, order_id, method_id, provider, attempt_key, currency, "   \
         "amount_minor) SELECT '" PAY "', '" ORDER                                                 \
         "', m.id, 'bank', 'first', 'LKR', 1000 FROM shop.payment_methods m WHERE m.code = "       \
         "'bank'; COMMIT; "

/* The token under which the order's page opens, of this installation's key. */
static const char *with_token(struct kit *k, const char *what)
{
    static const char token[] = "torture-torture-torture-torture-torture-tor";
    unsigned char hash[CRYPTO_HASH];
    struct buf hex;
    crypto_token_hash(token, hash);
    buf_init(&hex, k->arena, 200);
    for (size_t i = 0; i < sizeof(hash); i++)
        buf_printf(&hex, "%02x", hash[i]);
    kit_sql(k, arena_printf(k->arena,
                            OWED "INSERT INTO shop.order_access_tokens (token_hash, order_id, "
                                 "purpose, expires_at) VALUES ('\\x%s', '" ORDER
                                 "', 'done', now() + interval '1 day');",
                            hex.p));
    return arena_printf(k->arena, "/pay/%s/%s", token, what);
}

static const char *told_path(struct kit *k)
{
    return with_token(k, "told");
}

static const char *method_path(struct kit *k)
{
    return with_token(k, "method");
}

static const char *go_path(struct kit *k)
{
    return with_token(k, "go");
}

static const char *check_path(struct kit *k)
{
    return with_token(k, "check");
}

static const struct torture_call calls[] = {
    { .route = "POST /pay/{token:token}/told",
      .who = AS_CUSTOMER,
      .path_of = told_path,
      .body = "reference=T1",
      .counts = { { "SELECT count(*) FROM shop.payments WHERE told_ref = 'T1'", 1 },
                  { "SELECT count(*) FROM app.outbox WHERE topic = 'payment.slip'", 1 } } },
    { .route = "POST /pay/{token:token}/method",
      .who = AS_CUSTOMER,
      .path_of = method_path,
      .body = "method=lankaqr",
      .counts = { { "SELECT count(*) FROM shop.payments", 1 } } },
    { .route = "POST /pay/{token:token}/go", .who = AS_CUSTOMER, .path_of = go_path, .body = "" },
    { .route = "POST /pay/{token:token}/check",
      .who = AS_CUSTOMER,
      .path_of = check_path,
      .body = "" },
    { .route = "POST /hooks/payment/{method:any}",
      .who = AS_VISITOR,
      .path = "/hooks/payment/bank",
      .body = "{}",
      .type = "application/json",
      .status = 404 },
    { 0 }
};

/* ---- jobs and consumers ---- */

static const char *delivery(struct kit *k)
{
    kit_sql(k, OWED "INSERT INTO shop.gateway_events (provider, event_ref, body) VALUES ('stripe', "
                    "'evt_1', '{\"id\":\"evt_1\",\"type\":\"checkout.session.completed\",\"data\":"
                    "{\"object\":{\"id\":\"cs_1\",\"client_reference_id\":\"" PAY
                    "\",\"status\":\"complete\",\"payment_status\":\"paid\",\"currency\":\"lkr\","
                    "\"amount_total\":1000,\"payment_intent\":\"pi_1\"}}}'); UPDATE shop.payments "
                    "SET provider = 'stripe';");
    return "{\"provider\":\"stripe\",\"event\":\"evt_1\"}";
}

static const char *nothing(struct kit *k)
{
    kit_sql(k, OWED);
    return NULL;
}

/* Paid twice: half of it has to go back. */
static const char *paid_twice(struct kit *k)
{
    kit_sql(k,
            OWED "INSERT INTO shop.payment_events (payment_id, kind, provider_ref, amount_minor, "
                 "source) VALUES ('" PAY "', 'capture', 'a', 2000, 'staff'); UPDATE shop.payments "
                 "SET captured_minor = 2000, state = 'captured'; UPDATE shop.orders SET "
                 "paid_minor = 2000, payment_state = 'paid' WHERE id = '" ORDER "';");
    return ORDER;
}

static const char *by_hand(struct kit *k)
{
    return paid_twice(k);
}

static const struct torture_job jobs[] = {
    { .job = "shop.gateway_event",
      .before = delivery,
      .holds = { "SELECT count(*) = 1 FROM shop.payment_events WHERE kind = 'capture'",
                 "SELECT paid_minor = 1000 FROM shop.orders WHERE id = '" ORDER "'",
                 "SELECT applied_at IS NOT NULL FROM shop.gateway_events" } },
    { .job = "shop.payment_upkeep", .before = nothing },
    { .job = "shop.payment_reconcile", .before = nothing },
    { 0 }
};

static const struct torture_event events[] = {
    { .consumer = "shop:payment.surplus",
      .before = paid_twice,
      .holds = { "SELECT count(*) = 1 AND sum(amount_minor) = 1000 FROM shop.refunds",
                 "SELECT refund_pending_minor = 1000 FROM shop.payments" } },
    { .consumer = "shop:refund.started", .before = by_hand },
    { 0 }
};

TORTURE(.name = "payment", .calls = calls, .jobs = jobs, .events = events)
