/* pages.c: a customer's orders: theirs alone, a page at a time, cancelled while it goes, bought
 * again at today's prices, copied and forgotten with the account. */
#include <string.h>

#include "base/str.h"
#include "orders.h"

static struct kit *k;
static const char *cookie;

static void setup(void)
{
    k = kit_open(&(struct kit_opt){
        .load = (const char *const[]){ "storefront", "checkout", "account", "orders", NULL } });
    orders_wipe(k);
    kit_sql(k, "DELETE FROM app.jobs; DELETE FROM app.outbox; UPDATE shop.customers SET epoch = 0");
    cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
}

static void teardown(void)
{
    kit_close(k);
}

static struct kit_answer get_as(const char *who, const char *host, const char *path)
{
    return kit_ask(k,
                   &(struct kit_ask){ .method = "GET", .host = host, .path = path, .cookie = who });
}

static struct kit_answer get(const char *path)
{
    return get_as(cookie, "a.test", path);
}

static struct kit_answer post(const char *path, const char *body)
{
    struct kit_answer a = get("/account");
    const char *at = strstr(a.body, "name=\"csrf\" value=\"");
    ck_assert(at != NULL);
    at += strlen("name=\"csrf\" value=\"");
    return kit_ask(k, &(struct kit_ask){ .method = "POST",
                                         .host = "a.test",
                                         .path = path,
                                         .cookie = cookie,
                                         .body = arena_printf(k->arena, "%s&csrf=%.*s", body,
                                                              (int)strcspn(at, "\""), at) });
}

/* The cookies with the word that is said once. */
static const char *with_word(const struct kit_answer *a)
{
    return arena_printf(k->arena, "%s; flash=%s", cookie, kit_set_cookie(k, a, "flash"));
}

static const char *ann(const char *number, const char *state)
{
    return orders_add(
        k, &(struct orders_ask){
               .number = number, .email = "ann@a.test", .customer = KIT_ANN, .state = state });
}

START_TEST(the_list_is_read_a_page_at_a_time)
{
    struct kit_answer a = get("/account/orders");
    ck_status(a, 200);
    ck_has(a.body, "No orders yet");
    for (int i = 1; i <= 23; i++)
        (void)ann(arena_printf(k->arena, "N-%02d", i), NULL);
    kit_sql(k,
            "UPDATE shop.orders SET placed_at = '2026-01-01'::timestamptz + (right(number, 2) || "
            "' days')::interval");
    a = get("/account/orders");
    ck_status(a, 200);
    ck_has(a.body, "N-23");
    ck_has(a.body, "N-04");
    ck_lacks(a.body, "N-03");
    ck_has(a.body, "Brass lamp");
    ck_has(a.body, "and 1 more");
    ck_has(a.body, "LKR\u00a010,550.00");
    ck_has(a.body, "href=\"/account/orders?after=N-04\"");
    ck_has(a.body, "aria-current=\"page\">Orders</a>");
    ck_has(kit_header(&a, "Cache-Control"), "private");
    ck_assert_uint_le(a.trips, 3);
    a = get("/account/orders?after=N-04");
    ck_has(a.body, "N-03");
    ck_has(a.body, "N-01");
    ck_lacks(a.body, ">N-04<");
    ck_lacks(a.body, "rel=\"next\"");
    ck_has(get("/account/orders?after=none").body, "No orders yet");
}
END_TEST

START_TEST(one_order_with_all_that_belongs_to_it)
{
    const char *id = ann("N-1", NULL);
    orders_ship(k, id, 1);
    orders_capture(k, id, 1);
    struct kit_answer a = get("/account/orders/N-1");
    ck_status(a, 200);
    ck_has(a.body, ">N-1</bdi>");
    ck_has(a.body, "Confirmed");
    ck_has(a.body, "LKR\u00a07,801.00");
    ck_has(a.body, "-LKR\u00a0101.00");
    ck_has(a.body, "Red, S");
    ck_has(a.body, "Delivery: Post");
    ck_has(a.body, "data-test=\"total\"><bdi>LKR\u00a010,550.00");
    ck_has(a.body, "1 of 2 sent");
    ck_has(a.body, "href=\"https://post.example/t\"");
    ck_has(a.body, "Paid in part");
    ck_has(a.body, "LKR\u00a05,275.00");
    ck_has(a.body, "1 Road");
    ck_has(a.body, "Sri Lanka");
    a = get("/si/account/orders/N-1");
    ck_status(a, 200);
    ck_lacks(a.body, "What you ordered");
}
END_TEST

START_TEST(t24_anybody_elses_order_is_not_there)
{
    (void)orders_add(k, &(struct orders_ask){ .number = "B-1", .customer = KIT_BEN });
    (void)orders_add(k, &(struct orders_ask){ .number = "G-1", .email = "ann@a.test" });
    ck_status(get("/account/orders/B-1"), 404);
    ck_status(get("/account/orders/G-1"), 404);
    ck_status(get("/account/orders/none"), 404);
    ck_status(post("/account/orders/B-1", "action=cancel"), 404);
    ck_status(post("/account/orders/B-1", "action=again"), 404);
    ck_assert_str_eq(kit_cell(k, "SELECT state FROM shop.orders WHERE number = 'B-1'"),
                     "confirmed");
    ck_lacks(get("/account/orders").body, "B-1");
    ck_lacks(get("/account/orders?after=B-1").body, "data-test=\"order\"");
    /* the same person in another shop, and nobody */
    const char *there = kit_session(k, KIT_SHOP_B, NULL, KIT_BEN, 0);
    ck_status(get_as(there, "b.test", "/account/orders/B-1"), 404);
    struct kit_answer a = get_as(NULL, "a.test", "/account/orders/B-1");
    ck_assert_int_ne(a.status, 200);
    ck_lacks(a.body, "Brass lamp");
}
END_TEST

START_TEST(cancelled_while_the_shop_allows_it)
{
    (void)ann("N-1", "pending");
    ck_has(get("/account/orders/N-1").body, "Cancel this order");
    ck_status(post("/account/orders/N-1", "action=cancel"), 303);
    struct kit_answer a = get("/account/orders/N-1");
    ck_has(a.body, "Cancelled");
    ck_lacks(a.body, "Cancel this order");
    ck_status(post("/account/orders/N-1", "action=cancel"), 303); /* asked twice, done once */
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.outbox WHERE topic = 'order.cancelled'"),
                     "1");
    (void)ann("N-2", "processing");
    ck_lacks(get("/account/orders/N-2").body, "Cancel this order");
    ck_status(post("/account/orders/N-2", "action=cancel"), 303);
    ck_assert_str_eq(kit_cell(k, "SELECT state FROM shop.orders WHERE number = 'N-2'"),
                     "processing");
    ck_status(post("/account/orders/N-2", "action=other"), 422);
}
END_TEST

START_TEST(bought_again_what_is_still_there)
{
    (void)ann("N-1", NULL);
    kit_sql(k, "DELETE FROM shop.carts WHERE customer_id = '" KIT_ANN "'");
    struct kit_answer a = post("/account/orders/N-1", "action=again");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/cart");
    a = get_as(with_word(&a), "a.test", "/cart");
    ck_has(a.body, "Brass lamp");
    ck_has(a.body, "value=\"2\"");
    ck_has(a.body, "Not for sale any more: Linen shirt");
    kit_sql(k, "DELETE FROM shop.carts WHERE customer_id = '" KIT_ANN "'; UPDATE shop.products SET "
               "status = 'archived' WHERE slug = 'brass-lamp' AND tenant_id = '" KIT_SHOP_A "'");
    a = post("/account/orders/N-1", "action=again");
    kit_sql(k, "UPDATE shop.products SET status = 'active' WHERE slug = 'brass-lamp' AND tenant_id "
               "= '" KIT_SHOP_A "'");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/account/orders/N-1");
    ck_has(get_as(with_word(&a), "a.test", "/account/orders/N-1").body,
           "Not for sale any more: Brass lamp, Linen shirt");
}
END_TEST

START_TEST(orders_are_copied_and_forgotten_with_the_person)
{
    (void)ann("N-1", NULL);
    (void)orders_add(
        k, &(struct orders_ask){ .number = "B-1", .customer = KIT_BEN, .email = "ben@a.test" });
    /* the password is asked for by the account's own page; what it tells is told here */
    kit_sql(k, "UPDATE shop.orders SET customer_note = 'ring twice'");
    struct orders_copy c = orders_copy(k, KIT_ANN);
    ck_has(c.json, "\"N-1\"");
    ck_has(c.json, "ring twice");
    ck_has(c.json, "1 Road");
    ck_has(c.json, "1055000");
    ck_lacks(c.json, "B-1");
    orders_forget(k, KIT_ANN);
    ck_assert_str_eq(
        kit_cell(k, "SELECT coalesce(email, '-') || coalesce(phone, '-') || customer_note || "
                    "total_minor || (erased_at IS NOT NULL) FROM shop.orders WHERE number = 'N-1'"),
        "--1055000true");
    ck_assert_str_eq(
        kit_cell(k,
                 "SELECT concat_ws('|', a.name, a.phone, a.line1, a.city, a.postcode, a.country) "
                 "FROM shop.order_addresses a JOIN shop.orders o ON o.id = a.order_id WHERE "
                 "o.number = 'N-1'"),
        "||||00100|LK");
    ck_assert_str_eq(kit_cell(k, "SELECT email FROM shop.orders WHERE number = 'B-1'"),
                     "ben@a.test");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pages");
    TCase *t = tcase_create("orders");
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, the_list_is_read_a_page_at_a_time);
    tcase_add_test(t, one_order_with_all_that_belongs_to_it);
    tcase_add_test(t, t24_anybody_elses_order_is_not_there);
    tcase_add_test(t, cancelled_while_the_shop_allows_it);
    tcase_add_test(t, bought_again_what_is_still_there);
    tcase_add_test(t, orders_are_copied_and_forgotten_with_the_person);
    suite_add_tcase(s, t);
    return kit_run(s);
}
