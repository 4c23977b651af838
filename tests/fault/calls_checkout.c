/* calls_checkout.c: how cart and checkout are called while calls fail (torture.h). A cart line, an
 * order and what hangs on it: all of it or none, and asking again never doubles it. */
#include <stdio.h>
#include <string.h>

#include "torture.h"

#define IN_A    "tenant_id = '" KIT_SHOP_A "'"
#define TENANT  "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false);"
#define CART    "0190a000-0000-7000-8000-00000000dd01"
#define LINE    "0190a000-0000-7000-8000-00000000dd02"
#define ADDRESS "0190a000-0000-7000-8000-00000000dd04"
#define ORDER   "0190a000-0000-7000-8000-00000000dd03"
#define LAMP                                                                                       \
    "(SELECT v.id FROM shop.product_variants v JOIN shop.products p ON p.id = v.product_id WHERE " \
    "p.slug = 'brass-lamp' AND p." IN_A " LIMIT 1)"
#define WIPE                                                                                       \
    TENANT "DELETE FROM shop.payments; DELETE FROM shop.stock_allocations; DELETE FROM "           \
           "shop.order_item_taxes; DELETE FROM shop.order_item_discounts; DELETE FROM "            \
           "shop.order_items; DELETE FROM shop.order_addresses; DELETE FROM "                      \
           "shop.order_status_history; DELETE FROM shop.order_access_tokens; DELETE FROM "         \
           "shop.orders; DELETE FROM shop.stock_holds; DELETE FROM shop.cart_shares; DELETE FROM " \
           "shop.carts; UPDATE shop.stock_levels SET held = 0, allocated = 0;"
/* Ann's cart with a lamp, an address and a way to get it there. */
#define FULL                                                                                       \
    WIPE                                                                                           \
        "SELECT shop.seed_trade(app.tenant()); INSERT INTO shop.shipping_zones (id, code, name) "  \
        "VALUES ('0190a000-0000-7000-8000-00000000dd11', 'all', 'All') ON CONFLICT DO NOTHING; "   \
        "INSERT INTO shop.shipping_zone_areas (id, zone_id) VALUES "                               \
        "('0190a000-0000-7000-8000-00000000dd12', '0190a000-0000-7000-8000-00000000dd11') ON "     \
        "CONFLICT DO NOTHING; INSERT INTO shop.shipping_methods (id, zone_id, code, name, kind) "  \
        "VALUES ('0190a000-0000-7000-8000-00000000dd13', '0190a000-0000-7000-8000-00000000dd11', " \
        "'post', 'Post', 'flat') ON CONFLICT DO NOTHING; INSERT INTO shop.shipping_rates (id, "    \
        "method_id, currency, amount_minor) VALUES ('0190a000-0000-7000-8000-00000000dd14', "      \
        "'0190a000-0000-7000-8000-00000000dd13', 'LKR', 35000) ON CONFLICT DO NOTHING; INSERT "    \
        "INTO shop.carts (id, customer_id, store_id, currency, expires_at) SELECT '" CART          \
        "', '" KIT_ANN                                                                             \
        "', s.id, 'LKR', now() + interval '90 days' FROM app.stores s WHERE s." IN_A               \
        " LIMIT 1; INSERT INTO shop.cart_items (id, cart_id, variant_id, seller_id, quantity, "    \
        "price_at_add_minor) SELECT '" LINE "', '" CART "', " LAMP ", s.id, 1, 1 FROM "            \
        "shop.sellers s WHERE s.code = 'house' AND s." IN_A "; INSERT INTO shop.checkouts "        \
        "(cart_id, name, phone, line1, city, country) VALUES ('" CART "', 'Ann', '0771234567', "   \
        "'1 Road', 'Colombo', 'LK');"

static const char *item_body(struct kit *k)
{
    return arena_printf(k->arena, "variant=%s&quantity=1", kit_cell(k, "SELECT " LAMP));
}

static const char *between(struct kit *k, const char *text, const char *from)
{
    const char *at = strstr(text, from);
    ck_assert_msg(at != NULL, "no %s in %.300s", from, text);
    at += strlen(from);
    return arena_strndup(k->arena, at, strcspn(at, "\""));
}

/* The form as the page has it. */
static const char *place_body(struct kit *k)
{
    kit_sql(k, FULL);
    const char *cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_ask q = {
        .method = "GET", .host = "a.test", .path = "/checkout/pay", .cookie = cookie
    };
    struct kit_answer a = kit_ask(k, &q);
    const char *method = between(k, a.body, "name=\"shipping_shown\" value=\"");
    return arena_printf(k->arena,
                        "cart=" CART
                        "&shown=%s&shipping_method=%s&shipping_shown=%s&payment_method=cod&"
                        "payment_shown=cod&note=",
                        between(k, a.body, "name=\"shown\" value=\""), method, method);
}

static const char *share_path(struct kit *k)
{
    const char *cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_ask page = { .method = "GET", .host = "a.test", .path = "/cart", .cookie = cookie };
    kit_sql(k, FULL);
    struct kit_answer a = kit_ask(k, &page);
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = "/cart/share",
                         .cookie = cookie,
                         .body = arena_printf(k->arena, "csrf=%s",
                                              between(k, a.body, "name=\"csrf\" value=\"")) };
    a = kit_ask(k, &q);
    const char *path = arena_strdup(k->arena, kit_header(&a, "Location"));
    kit_sql(k, "DELETE FROM shop.carts");
    return path;
}

static const char *order_path(struct kit *k)
{
    (void)k;
    return "/track/none-of-ours-0000000000000000";
}

static const struct torture_call calls[] = {
    { .route = "POST /cart/items",
      .who = AS_CUSTOMER,
      .before = WIPE,
      .body_of = item_body,
      .counts = { { "SELECT count(*) FROM shop.carts", 1 },
                  { "SELECT count(*) FROM shop.cart_items", 1 } } },
    { .route = "POST /cart/lines/{line:id}",
      .who = AS_CUSTOMER,
      .before = FULL,
      .path = "/cart/lines/" LINE,
      .body = "action=remove",
      .counts = { { "SELECT count(*) FROM shop.cart_items WHERE removed_at IS NOT NULL", 1 } } },
    { .route = "POST /cart/codes",
      .who = AS_CUSTOMER,
      .before = FULL "DELETE FROM shop.coupon_codes; DELETE FROM shop.coupons; INSERT INTO "
                     "shop.coupons (id, name, type, value_ppm) VALUES "
                     "('0190a000-0000-7000-8000-00000000dd21', 'Ten', 'percentage', 100000); "
                     "INSERT INTO shop.coupon_codes (coupon_id, code) VALUES "
                     "('0190a000-0000-7000-8000-00000000dd21', 'TEN')",
      .body = "code=ten",
      .counts = { { "SELECT count(*) FROM shop.cart_coupons", 1 } } },
    { .route = "POST /cart/share",
      .who = AS_CUSTOMER,
      .before = FULL,
      .body = "",
      .counts = { { "SELECT count(*) FROM shop.cart_shares", 1 } } },
    { .route = "POST /cart/s/{token:token}",
      .who = AS_CUSTOMER,
      .path_of = share_path,
      .body = "",
      .counts = { { "SELECT count(*) FROM shop.cart_items", 1 } } },
    { .route = "POST /checkout",
      .who = AS_CUSTOMER,
      .before = FULL "DELETE FROM shop.checkouts",
      .body = "country=LK&name=Ann&phone=0771234567&address_line1=1+Road&city=Colombo",
      .counts = { { "SELECT count(*) FROM shop.checkouts", 1 } } },
    { .route = "POST /checkout/draft",
      .who = AS_CUSTOMER,
      .before = FULL "DELETE FROM shop.checkouts",
      .body = "country=AE&name=Ann&phone=07",
      .counts = { { "SELECT count(*) FROM shop.checkouts WHERE country = 'AE'", 1 } } },
    { .route = "POST /checkout/address",
      .who = AS_CUSTOMER,
      .before = FULL
      "DELETE FROM shop.checkouts; DELETE FROM shop.addresses; INSERT INTO "
      "shop.addresses (id, customer_id, name, phone, line1, city, country) VALUES ('" ADDRESS
      "', '" KIT_ANN "', 'Ann', '+94771234567', '9 Hill', 'Kandy', 'LK')",
      .body = "address=" ADDRESS,
      .counts = { { "SELECT count(*) FROM shop.checkouts WHERE line1 = '9 Hill'", 1 } } },
    { .route = "POST /checkout/pay",
      .who = AS_CUSTOMER,
      .before = FULL,
      .body = "cart=" CART "&shown=x&payment_method=cod&note=ring",
      .counts = { { "SELECT count(*) FROM shop.checkouts WHERE note = 'ring'", 1 } } },
    { .route = "POST /checkout/place",
      .who = AS_CUSTOMER,
      .body_of = place_body,
      .counts = { { "SELECT count(*) FROM shop.orders", 1 },
                  { "SELECT count(*) FROM shop.payments", 1 },
                  { "SELECT count(*) FROM app.outbox WHERE topic = 'order.placed'", 1 },
                  { "SELECT coalesce(sum(allocated), 0) FROM shop.stock_levels", 1 } } },
    { .route = "POST /delivery",
      .who = AS_VISITOR,
      .before = WIPE,
      .body = "place=Colombo&next=%2Fp%2Fbrass-lamp" },
    { .route = "POST /track",
      .who = AS_CUSTOMER,
      .before = WIPE,
      .body = "number=ORD-1&contact=x%40y.test" },
    { .route = "POST /track/{token:token}",
      .who = AS_CUSTOMER,
      .path_of = order_path,
      .body = "action=open",
      .status = 404 },
    { 0 }
};

TORTURE(.name = "checkout", .calls = calls)
