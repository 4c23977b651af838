/* Buying as a browser does, without script: cart, checkout, order, tracking, and what must be
 * refused. */
#include "storefront/shop.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static struct kit *k;
static const char *cookie;

#define IN_A "tenant_id = '" KIT_SHOP_A "'"
#define LAMP                                                                                       \
    "(SELECT v.id FROM shop.product_variants v JOIN shop.products p ON p.id = v.product_id WHERE " \
    "p.slug = 'brass-lamp' AND p." IN_A " LIMIT 1)"

static void setup(void)
{
    k = kit_open(
        &(struct kit_opt){ .load = (const char *const[]){ "storefront", "checkout", NULL } });
    cookie = NULL;
    kit_sql(k, "SELECT set_config('kade.tenant', '" KIT_SHOP_A
               "', false); SELECT shop.seed_trade(app.tenant());"
               "INSERT INTO shop.shipping_zones (id, code, name) VALUES "
               "('0190b000-0000-7000-8000-0000000000f1', 'all', "
               "'All') ON CONFLICT DO NOTHING; INSERT INTO shop.shipping_zone_areas (id, zone_id, "
               "country) VALUES "
               "('0190b000-0000-7000-8000-0000000000f0', '0190b000-0000-7000-8000-0000000000f1', "
               "'LK') ON CONFLICT DO NOTHING; "
               "INSERT INTO shop.shipping_methods (id, zone_id, code, name, kind) VALUES "
               "('0190b000-0000-7000-8000-0000000000f2', '0190b000-0000-7000-8000-0000000000f1', "
               "'post', 'Post', 'flat') ON "
               "CONFLICT DO NOTHING; INSERT INTO shop.shipping_rates (id, method_id, currency, "
               "amount_minor) VALUES "
               "('0190b000-0000-7000-8000-0000000000f3', '0190b000-0000-7000-8000-0000000000f2', "
               "'LKR', 35000) ON CONFLICT DO "
               "NOTHING;");
}

static void teardown(void)
{
    kit_close(k);
}

static struct kit_answer ask(const char *method, const char *path, const char *body)
{
    struct kit_ask q = {
        .method = method, .host = "a.test", .path = path, .body = body, .cookie = cookie
    };
    const char *headers[] = { "sec-fetch-site", "same-origin", NULL };
    char *token = NULL;
    if (cookie != NULL && body != NULL) { /* with a session a form proves itself by its token */
        struct kit_ask page = {
            .method = "GET", .host = "a.test", .path = "/cart", .cookie = cookie
        };
        struct kit_answer a = kit_ask(k, &page);
        const char *at = strstr(a.body, "name=\"csrf\" value=\"");
        if (at != NULL)
            token = arena_strndup(k->arena, at + 19, strcspn(at + 19, "\""));
        q.body = token != NULL ? arena_printf(k->arena, "%s&csrf=%s", body, token) : body;
    }
    q.headers = headers;
    struct kit_answer a = kit_ask(k, &q);
    const char *set = kit_set_cookie(k, &a, "session");
    if (set != NULL && *set != '\0')
        cookie = arena_printf(k->arena, "session=%s", set);
    return a;
}

static struct kit_answer get(const char *path)
{
    return ask("GET", path, NULL);
}

static struct kit_answer post(const char *path, const char *body)
{
    return ask("POST", path, body);
}

static const char *between(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    ck_assert_msg(at != NULL, "no %s", from);
    at += strlen(from);
    return arena_strndup(k->arena, at, (size_t)(strstr(at, to) - at));
}

static void put_lamp(int quantity)
{
    struct kit_answer a = post("/cart/items", arena_printf(k->arena, "variant=%s&quantity=%d",
                                                           kit_cell(k, "SELECT " LAMP), quantity));
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/cart");
}

#define ADDRESS                                                                                    \
    "country=LK&name=Nimal&phone=077+123+4567&email=nimal%40x.test&address_line1=1+Road&city="     \
    "Colombo&postcode=00100"

static const char *place_body(void)
{
    struct kit_answer a = get("/checkout/pay");
    ck_status(a, 200);
    const char *method = between(a.body, "name=\"shipping_shown\" value=\"", "\"");
    return arena_printf(k->arena,
                        "cart=%s&shown=%s&shipping_method=%s&shipping_shown=%s&payment_method=cod&"
                        "payment_shown=cod&note=",
                        between(a.body, "name=\"cart\" value=\"", "\""),
                        between(a.body, "name=\"shown\" value=\"", "\""), method, method);
}

START_TEST(a_guest_buys_cash_on_delivery_in_three_steps)
{
    put_lamp(2);
    struct kit_answer a = get("/cart");
    ck_status(a, 200);
    ck_has(a.body, "data-test=\"cart-line\"");
    ck_has(a.body, "Go to checkout");
    a = get("/checkout");
    ck_status(a, 200);
    ck_has(a.body, "name=\"address_line1\"");
    a = post("/checkout", ADDRESS);
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/checkout/pay");
    a = get("/checkout/pay");
    ck_has(a.body, "Cash on delivery");
    ck_has(a.body, "Nimal");
    const char *body = place_body();
    a = post("/checkout/place", body);
    ck_status(a, 303);
    const char *done = kit_header(&a, "Location");
    ck_assert(str_starts(done, "/done/"));
    ck_assert_int_le(a.trips, 6);
    struct kit_answer again = post("/checkout/place", body); /* T16: the second click */
    ck_status(again, 303);
    ck_assert_str_eq(kit_header(&again, "Location"), done);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.orders"), "1");
    a = get(done);
    ck_status(a, 200);
    ck_has(a.body, "ORD-");
    ck_has(a.body, "Confirmed");
    cookie = NULL; /* the token alone opens it, on any device */
    a = get(done);
    ck_status(a, 200);
    a = get("/cart");
    ck_lacks(a.body, "data-test=\"cart-line\"");
}
END_TEST

START_TEST(t14_the_page_comes_again_when_the_total_changed)
{
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS), 303);
    const char *body = place_body();
    kit_sql(k, "UPDATE shop.shipping_rates SET amount_minor = 50000");
    struct kit_answer a = post("/checkout/place", body);
    kit_sql(k, "UPDATE shop.shipping_rates SET amount_minor = 35000");
    ck_status(a, 422);
    ck_has(a.body, "The total has changed");
    ck_has(a.body, "LKR");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.orders WHERE customer_note = 't14'"),
                     "0");
}
END_TEST

START_TEST(t13_bad_quantities_and_variants_are_refused)
{
    static const char *const bad[] = { "0", "-1", "1.5", "1000000000000", "abc", "" };
    const char *lamp = kit_cell(k, "SELECT " LAMP);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_status(
            post("/cart/items", arena_printf(k->arena, "variant=%s&quantity=%s", lamp, bad[i])),
            422);
    ck_status(post("/cart/items", "variant=" KIT_ANN "&quantity=1"), 303);
    struct kit_answer a = get("/cart");
    ck_lacks(a.body, "data-test=\"cart-line\"");
    ck_status(post("/cart/items", arena_printf(k->arena, "variant=%s&quantity=1&price=1", lamp)),
              422);
}
END_TEST

START_TEST(an_incomplete_address_keeps_what_was_typed)
{
    put_lamp(1);
    struct kit_answer a = post("/checkout", "name=Nimal&phone=12&address_line1=&city=Colombo");
    ck_status(a, 422);
    ck_has(a.body, "value=\"Nimal\"");
    ck_has(a.body, "address_line1-about");
}
END_TEST

START_TEST(removed_lines_come_back_and_saved_ones_wait)
{
    put_lamp(1);
    const char *line =
        kit_cell(k, "SELECT id FROM shop.cart_items ORDER BY created_at DESC LIMIT 1");
    const char *path = arena_printf(k->arena, "/cart/lines/%s", line);
    ck_status(post(path, "action=remove"), 303);
    struct kit_answer a = get("/cart");
    ck_has(a.body, "Undo");
    ck_lacks(a.body, "data-test=\"cart-line\"");
    ck_status(post(path, "action=restore"), 303);
    ck_status(post(path, "action=save"), 303);
    a = get("/cart");
    ck_has(a.body, "Saved for later");
    const char *mine = cookie;
    cookie = NULL; /* T24: somebody else's line is not there */
    put_lamp(1);
    ck_status(post(path, "action=remove"), 303);
    cookie = mine;
    a = get("/cart");
    ck_has(a.body, "Saved for later");
}
END_TEST

START_TEST(a_shared_cart_is_a_copy)
{
    put_lamp(3);
    struct kit_answer a = post("/cart/share", "");
    ck_status(a, 303);
    const char *link = kit_header(&a, "Location");
    cookie = NULL;
    a = get(link);
    ck_status(a, 200);
    ck_has(a.body, "Copy to my cart");
    a = post(link, "");
    ck_status(a, 303);
    a = get("/cart");
    ck_has(a.body, "value=\"3\"");
    ck_status(get("/cart/s/nonsense"), 404);
}
END_TEST

START_TEST(t24_an_order_opens_by_its_token_only)
{
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS), 303);
    struct kit_answer a = post("/checkout/place", place_body());
    ck_status(a, 303);
    const char *number =
        kit_cell(k, "SELECT number FROM shop.orders ORDER BY placed_at DESC LIMIT 1");
    cookie = NULL;
    ck_status(get("/done/nonsense"), 404);
    ck_status(get("/track/nonsense"), 404);
    ck_status(get(arena_printf(k->arena, "/track/%s", number)), 404);
    /* the answer is the same whether number and contact belong together */
    struct kit_answer wrong =
        post("/track", arena_printf(k->arena, "number=%s&contact=x%%40y.test", number));
    struct kit_answer right =
        post("/track", arena_printf(k->arena, "number=%s&contact=nimal%%40x.test", number));
    ck_status(wrong, 303);
    ck_status(right, 303);
    ck_assert_str_eq(
        kit_cell(k, "SELECT count(*) FROM shop.order_access_tokens WHERE purpose = 'lookup'"), "1");
}
END_TEST

START_TEST(who_ordered_may_cancel_until_it_is_packed)
{
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS), 303);
    struct kit_answer a = post("/checkout/place", place_body());
    const char *token = kit_header(&a, "Location") + strlen("/done/");
    const char *path = arena_printf(k->arena, "/track/%s", token);
    a = get(path);
    ck_has(a.body, "Cancel this order");
    ck_status(post(path, "action=cancel"), 303);
    a = get(path);
    ck_has(a.body, "Cancelled");
    ck_lacks(a.body, "Cancel this order");
}
END_TEST

START_TEST(the_header_counts_and_nothing_is_stored)
{
    put_lamp(2);
    struct kit_answer a = get("/");
    ck_has(a.body, "bar-cart");
    ck_has(a.body, ">2</span>");
    a = get("/cart");
    ck_has(kit_header(&a, "Cache-Control"), "private");
}
END_TEST

/* Fields somebody types into, outside what is folded. */
static int shown_fields(const char *html)
{
    int n = 0, folded = 0;
    const char *at = strstr(html, "data-test=\"details\""),
               *end = at ? strstr(at, "</form>") : NULL;
    ck_assert(at != NULL && end != NULL);
    for (; at < end; at++) {
        folded += str_starts(at, "<details") ? 1 : 0;
        folded -= str_starts(at, "</details>") ? 1 : 0;
        if (folded == 0 && (str_starts(at, "<input class") || str_starts(at, "<select class") ||
                            str_starts(at, "<textarea class")))
            n++;
    }
    return n;
}

START_TEST(every_country_has_its_own_fields_and_seven_at_most)
{
    static const struct {
        const char *code, *has, *lacks;
    } forms[] = { { "LK", ">District ", ">PIN code " },
                  { "IN", ">PIN code ", ">District " },
                  { "IQ", ">Governorate ", ">ZIP code " },
                  { "AE", ">Emirate ", "name=\"postcode\"" },
                  { "US", ">ZIP code ", ">District " } };
    put_lamp(1);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        ck_status(post("/checkout/draft",
                       arena_printf(k->arena, "country=%s&name=Zoe&phone=12", forms[i].code)),
                  303);
        struct kit_answer a = get("/checkout");
        ck_status(a, 200);
        ck_has(a.body, forms[i].has);
        ck_lacks(a.body, forms[i].lacks);
        ck_has(a.body, "value=\"Zoe\""); /* nothing typed is lost */
        ck_has(a.body, "value=\"12\"");
        ck_assert_int_le(shown_fields(a.body), 7);
        /* what is not finished cannot be ordered */
        a = get("/checkout/pay");
        ck_status(a, 303);
        ck_assert_str_eq(kit_header(&a, "Location"), "/checkout");
    }
    ck_status(post("/checkout/draft", "country=ZZ&name=Zoe"), 422);
}
END_TEST

START_TEST(addresses_are_kept_as_their_country_writes_them)
{
    static const struct {
        const char *body, *phone, *place;
    } good[] = {
        { "country=LK&name=A&phone=077+123+4567&address_line1=1+Road&city=Galle&region=galle",
          "+94771234567", "Galle||LK" },
        { "country=IN&name=A&phone=098765+43210&address_line1=1+Road&city=Madurai&region=Tamil+Nadu"
          "&postcode=625+001",
          "+919876543210", "Tamil Nadu|625001|IN" },
        { "country=IQ&name=A&phone=%D9%A0%D9%A7%D9%A7%D9%A0%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%"
          "A7"
          "&address_line1=1+Road&city=Karrada&region=%D8%A8%D8%BA%D8%AF%D8%A7%D8%AF",
          "+9647701234567", "Baghdad||IQ" },
        { "country=AE&name=A&phone=%2B971+50+123+4567&address_line1=1+Road&city=Deira&region=Dubai",
          "+971501234567", "Dubai||AE" },
        { "country=US&name=A&phone=(415)+555-0132&address_line1=1+Road&city=Reno&region=nevada&"
          "postcode=895011234",
          "+14155550132", "NV|89501-1234|US" },
    };
    static const char *const bad[] = {
        "country=LK&name=A&phone=12345&address_line1=1+Road&city=Galle",
        "country=IN&name=A&phone=9876543210&address_line1=1+Road&city=Madurai&region=Goa",
        "country=US&name=A&phone=4155550132&address_line1=1+Road&city=Reno&region=Kandy&postcode=1",
        "country=IQ&name=A&phone=07701234567&address_line1=1+Road&city=Karrada",
        "country=AE&name=A&phone=0501234567&city=Deira&region=Dubai",
        "country=LK&name=A&phone=0771234567&address_line1=1+Road&city=Galle&email=nobody",
    };
    put_lamp(1);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        ck_status(post("/checkout", good[i].body), 303);
        ck_assert_str_eq(
            kit_cell(k, "SELECT phone FROM shop.checkouts ORDER BY updated_at DESC LIMIT 1"),
            good[i].phone);
        ck_assert_str_eq(kit_cell(k, "SELECT concat_ws('|', region, postcode, country) FROM "
                                     "shop.checkouts ORDER BY updated_at DESC LIMIT 1"),
                         good[i].place);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_status(post("/checkout", bad[i]), 422);
}
END_TEST

START_TEST(the_invoice_goes_elsewhere_only_when_asked)
{
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS "&billing_country=LK"), 303);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.checkouts WHERE billing IS NOT NULL"),
                     "0");
    struct kit_answer a =
        post("/checkout", ADDRESS "&billing_company=Lanka+Ltd&billing_country=LK");
    ck_status(a, 422); /* something of it: then all of it */
    ck_has(a.body, "value=\"Lanka Ltd\"");
    ck_has(a.body, "billing_address_line1-about");
    ck_status(post("/checkout", ADDRESS "&billing_company=Lanka+Ltd&billing_address_line1=2+Lane&"
                                        "billing_city=Kandy&billing_country=LK"),
              303);
    a = get("/checkout/pay");
    ck_has(a.body, "Nimal, Lanka Ltd, 2 Lane, Kandy");
    ck_status(post("/checkout/place", place_body()), 303);
    ck_assert_str_eq(kit_cell(k, "SELECT concat_ws('|', name, company, line1, city, country) FROM "
                                 "shop.order_addresses WHERE kind = 'billing'"),
                     "Nimal|Lanka Ltd|2 Lane|Kandy|LK");
}
END_TEST

START_TEST(the_total_follows_the_place_that_is_typed)
{
    put_lamp(1);
    ck_status(post("/checkout/draft", "country=LK&city=Colombo"), 303);
    struct kit_answer a = get("/checkout");
    const char *near = between(a.body, "data-test=\"total\">", "<");
    ck_lacks(a.body, "data-test=\"not-served\"");
    ck_status(post("/checkout/draft", "country=US&city=Reno"), 303);
    a = get("/checkout");
    ck_has(a.body, "data-test=\"not-served\"");
    ck_assert_str_ne(between(a.body, "data-test=\"total\">", "<"), near);
}
END_TEST

START_TEST(a_code_at_the_review_comes_back_to_it)
{
    kit_sql(k, "SELECT set_config('kade.tenant', '" KIT_SHOP_A
               "', false); DELETE FROM shop.coupon_codes; DELETE FROM shop.coupons; INSERT INTO "
               "shop.coupons "
               "(id, name, type, value_ppm) VALUES ('0190b000-0000-7000-8000-0000000000e1', 'Ten', "
               "'percentage', 100000); INSERT INTO shop.coupon_codes (coupon_id, code) VALUES "
               "('0190b000-0000-7000-8000-0000000000e1', 'TEN')");
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS), 303);
    struct kit_answer a = get("/checkout/pay");
    const char *whole = between(a.body, "data-test=\"total\">", "<");
    a = post("/cart/codes", "code=nonsense&next=%2Fcheckout%2Fpay");
    ck_status(a, 303);
    a = get(kit_header(&a, "Location"));
    ck_has(a.body, "data-test=\"code-refused\"");
    a = post("/cart/codes", "code=ten&next=%2Fcheckout%2Fpay");
    ck_assert_str_eq(kit_header(&a, "Location"), "/checkout/pay");
    a = get("/checkout/pay");
    ck_has(a.body, "TEN");
    ck_assert_str_ne(between(a.body, "data-test=\"total\">", "<"), whole);
    a = post("/cart/codes", "code=ten&next=https%3A%2F%2Fevil.example");
    ck_assert_str_eq(kit_header(&a, "Location"), "/cart");
}
END_TEST

START_TEST(a_kept_address_needs_no_typing)
{
    kit_sql(k, "SELECT set_config('kade.tenant', '" KIT_SHOP_A
               "', false); DELETE FROM shop.carts WHERE customer_id = '" KIT_ANN
               "'; DELETE FROM shop.addresses; INSERT INTO "
               "shop.addresses (id, customer_id, name, phone, line1, city, country, is_default) "
               "VALUES ('0190b000-0000-7000-8000-0000000000d1', '" KIT_ANN
               "', 'Ann', '+94771234567', '9 Hill', 'Kandy', 'LK', true), "
               "('0190b000-0000-7000-8000-0000000000d2', '" KIT_BEN
               "', 'Ben', '+94771234568', '8 Hill', 'Kandy', 'LK', true)");
    cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    put_lamp(1);
    struct kit_answer a = get("/cart");
    ck_has(a.body, "action=\"/checkout/address\"");
    ck_has(get("/checkout").body, "9 Hill");
    ck_status(post("/checkout/address", "address=0190b000-0000-7000-8000-0000000000d2"), 404);
    a = post("/checkout/address", "address=0190b000-0000-7000-8000-0000000000d1"); /* click one */
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/checkout/pay");
    ck_status(post("/checkout/place", place_body()), 303); /* click two */
    ck_assert_str_eq(kit_cell(k, "SELECT line1 FROM shop.order_addresses WHERE name = 'Ann'"),
                     "9 Hill");
}
END_TEST

START_TEST(a_changed_price_is_named_until_somebody_goes_on_with_it)
{
    put_lamp(1);
    kit_sql(k, "UPDATE shop.cart_items SET price_at_add_minor = price_at_add_minor - 100");
    ck_has(get("/cart").body, "The price changed from");
    ck_has(get("/cart").body, "The price changed from"); /* looking is not agreeing */
    ck_status(post("/checkout", ADDRESS), 303);
    ck_lacks(get("/checkout/pay").body, "The price changed from");
    ck_lacks(get("/cart").body, "The price changed from");
}
END_TEST

START_TEST(the_product_page_says_where_it_delivers_and_is_stored_without_it)
{
    struct kit_answer a = get("/p/brass-lamp"); /* made and stored */
    ck_has(a.body, "data-test=\"deliver\"");
    ck_lacks(a.body, "deliver-answer");
    ck_status(post("/delivery", "place=Colombo&next=%2Fp%2Fbrass-lamp"), 303);
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = "/delivery",
                         .body = "place=Colombo&next=%2Fp%2Fbrass-lamp",
                         .headers = (const char *[]){ "sec-fetch-site", "same-origin", NULL } };
    a = kit_ask(k, &q);
    ck_assert_str_eq(kit_header(&a, "Location"), "/p/brass-lamp");
    const char *here = arena_printf(k->arena, "place=%s", kit_set_cookie(k, &a, "place"));
    cookie = here;
    a = get("/p/brass-lamp");
    ck_has(a.body, "deliver-answer");
    ck_has(a.body, "Post");
    ck_has(a.body, "350");
    ck_assert_int_le(a.trips, 1); /* with the page's other personal parts */
    cookie = NULL;
    a = get("/p/brass-lamp"); /* another visitor sees nothing of it */
    ck_lacks(a.body, "deliver-answer");
    kit_sql(k, "UPDATE shop.shipping_zone_areas SET city = 'KANDY' WHERE country = 'LK'");
    cookie = here;
    a = get("/p/brass-lamp");
    kit_sql(k, "UPDATE shop.shipping_zone_areas SET city = '' WHERE country = 'LK'");
    ck_has(a.body, "data-test=\"deliver-refused\"");
    ck_has(a.body, "We do not deliver to");
    cookie = "place=bm9uc2Vuc2U"; /* a place somebody made up is none */
    a = get("/p/brass-lamp");
    ck_status(a, 200);
    ck_lacks(a.body, "deliver-refused");
    cookie = NULL;
    ck_status(post("/delivery", "place="), 303); /* forgotten */
}
END_TEST

#define SET_A "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false);"

/* Ann's cart in a place, and what the review says is free of tax. */
static bool is_free(const char *address)
{
    ck_status(post("/checkout", address), 303);
    struct kit_answer a = get("/checkout/pay");
    ck_status(a, 200);
    return strstr(a.body, "Free of tax") != NULL;
}

START_TEST(t36_a_proof_frees_of_tax_and_is_kept_with_the_order)
{
    static const char home[] = "country=LK&name=A&phone=0771234567&address_line1=1+Road&city=Galle";
    static const char away[] = "country=AE&name=A&phone=0501234567&address_line1=1+Road&city=Deira&"
                               "region=Dubai";
    kit_sql(k, SET_A
            "DELETE FROM shop.tax_rates; "
            "INSERT INTO shop.tax_zones (id, code, name) VALUES "
            "('0190b000-0000-7000-8000-0000000000c1', 'all', 'All') ON CONFLICT DO NOTHING; "
            "INSERT INTO shop.tax_zone_areas (zone_id) VALUES "
            "('0190b000-0000-7000-8000-0000000000c1'); INSERT INTO shop.tax_rates (zone_id, name, "
            "rate_ppm) VALUES ('0190b000-0000-7000-8000-0000000000c1', 'VAT', 180000); INSERT INTO "
            "shop.shipping_zone_areas (zone_id, country) VALUES "
            "('0190b000-0000-7000-8000-0000000000f1', 'AE'); INSERT INTO shop.tax_exemptions "
            "(customer_id, kind, evidence) VALUES ('" KIT_BEN "', 'reverse_charge', 'TRN 1003')");
    cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_BEN, 0);
    put_lamp(1);
    ck_assert(!is_free(home) && !is_free(away)); /* a person pays */
    kit_sql(k, SET_A "UPDATE shop.customers SET type = 'business' WHERE id = '" KIT_BEN "'");
    ck_assert(!is_free(home) && is_free(away)); /* a business, in another country alone */
    kit_sql(k, SET_A "UPDATE shop.tax_exemptions SET valid_until = now() - interval '1 day'");
    ck_assert(!is_free(away));
    kit_sql(k,
            SET_A "INSERT INTO shop.tax_exemptions (customer_id, kind, country, evidence) VALUES "
                  "('" KIT_BEN "', 'exempt', 'LK', 'Certificate 7')");
    ck_assert(!is_free(away) && is_free(home));
    ck_status(post("/checkout/place", place_body()), 303);
    ck_assert_str_eq(
        kit_cell(k, "SELECT string_agg(DISTINCT reason || '|' || evidence || '|' || amount_minor, "
                    "',') FROM shop.order_item_taxes"),
        "exempt|Certificate 7|0");
    ck_assert_str_eq(
        kit_cell(k, "SELECT tax_minor FROM shop.orders ORDER BY placed_at DESC LIMIT 1"), "0");
    kit_sql(k,
            SET_A "DELETE FROM shop.tax_exemptions; UPDATE shop.customers SET type = 'individual'");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("checkout");
    TCase *t = tcase_create("checkout");
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_guest_buys_cash_on_delivery_in_three_steps);
    tcase_add_test(t, t14_the_page_comes_again_when_the_total_changed);
    tcase_add_test(t, t13_bad_quantities_and_variants_are_refused);
    tcase_add_test(t, an_incomplete_address_keeps_what_was_typed);
    tcase_add_test(t, removed_lines_come_back_and_saved_ones_wait);
    tcase_add_test(t, a_shared_cart_is_a_copy);
    tcase_add_test(t, t24_an_order_opens_by_its_token_only);
    tcase_add_test(t, who_ordered_may_cancel_until_it_is_packed);
    tcase_add_test(t, the_header_counts_and_nothing_is_stored);
    tcase_add_test(t, every_country_has_its_own_fields_and_seven_at_most);
    tcase_add_test(t, addresses_are_kept_as_their_country_writes_them);
    tcase_add_test(t, the_invoice_goes_elsewhere_only_when_asked);
    tcase_add_test(t, the_total_follows_the_place_that_is_typed);
    tcase_add_test(t, a_code_at_the_review_comes_back_to_it);
    tcase_add_test(t, a_kept_address_needs_no_typing);
    tcase_add_test(t, a_changed_price_is_named_until_somebody_goes_on_with_it);
    tcase_add_test(t, the_product_page_says_where_it_delivers_and_is_stored_without_it);
    tcase_add_test(t, t36_a_proof_frees_of_tax_and_is_kept_with_the_order);
    suite_add_tcase(s, t);
    return kit_run(s);
}
