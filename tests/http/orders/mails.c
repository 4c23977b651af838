/* mails.c: the letters of an order: each cause one letter, in the language of the order, with the
 * amounts of the order, however often and in which order events arrive. */
#include <string.h>

#include "base/str.h"
#include "kit/mail.h"
#include "orders.h"

static struct kit *k;

/* The shop speaks all four languages. */
static void open_shop(void)
{
    shop_open();
    struct kit *own = shop_kit(false);
    kit_sql(own, "UPDATE app.tenant_settings SET value = '[\"en\",\"si\",\"ta\",\"ar\"]' WHERE "
                 "key = 'shop.locales' AND tenant_id = '" KIT_SHOP_A "'");
    kit_close(own);
}

static void setup(void)
{
    k = kit_open(&(struct kit_opt){
        .load = (const char *const[]){ "storefront", "checkout", "account", "orders", NULL } });
    orders_wipe(k);
    kit_sql(k, "DELETE FROM app.messages; DELETE FROM app.jobs; DELETE FROM app.outbox");
    kit_shell(k, "rm -rf '%s/mail'", k->dir);
}

static void teardown(void)
{
    kit_close(k);
}

static const char *order(const char *email, const char *locale, const char *customer)
{
    return orders_add(
        k, &(struct orders_ask){ .email = email, .locale = locale, .customer = customer });
}

START_TEST(an_order_is_confirmed_once)
{
    const char *id = order("nimal@example.test", NULL, NULL);
    for (int i = 0; i < 3; i++)
        orders_tell(k, "order.placed", id, NULL);
    kit_work(k);
    orders_tell(k, "order.placed", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 1);
    const char *l = kit_letter(k, "nimal@example.test", 1);
    const char *number = kit_cell(k, "SELECT number FROM shop.orders");
    ck_has(l, arena_printf(k->arena, "\r\nSubject: Your order %s ", number));
    ck_has(l, "Hello Nimal Perera");
    ck_has(l, "2 × Brass lamp: LKR\u00a07,801.00\r\n"); /* before discounts */
    ck_has(l, "1 × Linen shirt (Red, S): LKR\u00a02,500.00\r\n");
    ck_has(l, "Delivery: Post: LKR\u00a0350.00\r\n");
    ck_has(l, "Discount: -LKR\u00a0101.00\r\n");
    ck_has(l, "Total: LKR\u00a010,550.00\r\n"); /* what the order says */
    ck_has(l, "Contains LKR\u00a01,555.94 tax");
    ck_has(l, "Payment: Cash on delivery");
    ck_has(l, "24 November 2026");
    ck_has(l, "1 Road\r\nColombo\r\n00100\r\n");
    ck_has(l, "<h1>Thank you for your order</h1>");
    /* the link opens the order, for who has it */
    const char *token = kit_after(k, l, "http://a.test/track/");
    struct kit_answer a = kit_get(k, "a.test", arena_printf(k->arena, "/track/%s", token));
    ck_status(a, 200);
    ck_has(a.body, number);
    ck_lacks(l, "/account/orders");
}
END_TEST

START_TEST(a_customer_is_led_into_the_account)
{
    orders_tell(k, "order.placed", order("ann@a.test", NULL, KIT_ANN), NULL);
    kit_work(k);
    const char *l = kit_letter(k, "ann@a.test", 1);
    ck_assert_ptr_nonnull(l);
    ck_has(l, "http://a.test/account/orders/T-");
    ck_lacks(l, "/track/");
}
END_TEST

START_TEST(in_the_language_of_the_order)
{
    static const char *const tags[] = { "si", "ta", "ar" };
    static const char *const thanks[] = { "ඇණවුම", "ஆர்டர்", "طلب" };
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        const char *to = arena_printf(k->arena, "%s@example.test", tags[i]);
        orders_tell(k, "order.placed", order(to, tags[i], NULL), NULL);
        kit_work(k);
        const char *l = kit_letter(k, to, 1);
        ck_assert_msg(l != NULL, "%s: no letter", tags[i]);
        ck_has(l, arena_printf(k->arena, "Content-Language: %s", tags[i]));
        ck_has(l, thanks[i]);
        ck_lacks(l, "Thank you for your order");
        ck_lacks(l, "Discount");
        ck_lacks(l, "Total");
    }
    ck_has(kit_letter(k, "ar@example.test", 1), "dir=\"rtl\"");
}
END_TEST

START_TEST(t32_each_payment_is_one_mail)
{
    const char *id = order("nimal@example.test", NULL, NULL);
    orders_capture(k, id, 1);
    for (int i = 0; i < 50; i++)
        orders_tell(k, "payment.captured", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 1);
    const char *l = kit_letter(k, "nimal@example.test", 1);
    ck_has(l, "We have received your payment");
    ck_has(l, "Received: LKR\u00a05,275.00");
    ck_has(l, "Still to pay: LKR\u00a05,275.00");
    ck_lacks(l, "The order is paid");
    orders_capture(k, id, 2);
    orders_tell(k, "payment.captured", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2);
    l = kit_letter(k, "nimal@example.test", 2);
    if (strstr(l, "The order is paid") == NULL)
        l = kit_letter(k, "nimal@example.test", 1);
    ck_has(l, "The order is paid. Thank you.");
    ck_lacks(l, "Still to pay");
}
END_TEST

START_TEST(each_parcel_is_one_mail)
{
    const char *id = order("nimal@example.test", NULL, NULL);
    orders_ship(k, id, 1);
    orders_tell(k, "order.shipped", id, NULL);
    orders_tell(k, "order.shipped", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 1);
    const char *l = kit_letter(k, "nimal@example.test", 1);
    ck_has(l, "A parcel is on its way to you");
    ck_has(l, "Carrier: Lanka Post");
    ck_has(l, "https://post.example/t");
    ck_has(l, "1 × Brass lamp");
    ck_lacks(l, "Linen shirt");
    orders_ship(k, id, 2);
    orders_tell(k, "order.shipped", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2);
}
END_TEST

START_TEST(cancelled_and_given_back)
{
    const char *id = order("nimal@example.test", NULL, NULL);
    orders_capture(k, id, 1);
    kit_sql(k, "UPDATE shop.orders SET state = 'cancelled', cancelled_minor = total_minor");
    orders_tell(k, "order.cancelled", id, NULL);
    orders_tell(k, "order.cancelled", id, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 1);
    const char *l = kit_letter(k, "nimal@example.test", 1);
    ck_has(l, "\r\nSubject: Your order was cancelled: T-");
    ck_has(l, "You get back what you paid for it: LKR\u00a05,275.00");
    /* what a cancelled order was paid goes back by itself; this one is given back by hand */
    const char *other = order("nimal@example.test", NULL, NULL);
    orders_capture(k, other, 1);
    orders_refund(k, other, 1);
    orders_tell(k, "refund.done", other, NULL);
    orders_tell(k, "refund.done", other, NULL);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2);
    ck_has(kit_cell(k, "SELECT string_agg(template, ',' ORDER BY created_at) FROM app.messages"),
           "mail/order_refunded");
}
END_TEST

START_TEST(a_link_that_was_asked_for_opens_once)
{
    (void)order("nimal@example.test", NULL, NULL);
    const char *number = kit_cell(k, "SELECT number FROM shop.orders");
    for (int i = 0; i < 2; i++)
        ck_status(kit_post(k, "a.test", "/track",
                           arena_printf(k->arena, "number=%s&contact=%s", number,
                                        "nimal%40example.test")),
                  303);
    ck_status(kit_post(k, "a.test", "/track",
                       arena_printf(k->arena, "number=%s&contact=x%%40example.test", number)),
              303);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2); /* asked twice: two links */
    ck_assert_uint_eq(kit_letters(k, "x@example.test"), 0);
    const char *token =
        kit_after(k, kit_letter(k, "nimal@example.test", 1), "http://a.test/track/");
    const char *path = arena_printf(k->arena, "/track/%s", token);
    ck_status(kit_get(k, "a.test", path), 200);
    struct kit_answer a = kit_post(k, "a.test", path, "action=open");
    ck_status(a, 303);
    ck_status(kit_get(k, "a.test", kit_header(&a, "Location")), 200);
    ck_status(kit_post(k, "a.test", path, "action=open"), 404);
    ck_status(kit_get(k, "b.test", kit_header(&a, "Location")), 404);
}
END_TEST

START_TEST(no_address_no_mail)
{
    const char *id = order(NULL, NULL, NULL);
    orders_tell(k, "order.placed", id, NULL);
    orders_tell(k, "order.placed", KIT_ANN, NULL); /* an order that is not there */
    kit_work(k);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages"), "0");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.outbox_retries"), "0");
}
END_TEST

START_TEST(sold_pieces_are_counted_once)
{
    static const char sold[] =
        "SELECT coalesce(max(s.sold), 0) FROM shop.product_stats s JOIN shop.products p ON p.id = "
        "s.product_id WHERE p.slug = 'brass-lamp' AND p.tenant_id = '" KIT_SHOP_A "'";
    kit_sql(k, "UPDATE shop.product_stats SET sold = 0");
    const char *id = order("nimal@example.test", NULL, NULL);
    for (int i = 0; i < 3; i++)
        orders_tell(k, "order.placed", id, NULL);
    kit_work(k);
    ck_assert_str_eq(kit_cell(k, sold), "2");
    orders_tell(k, "order.placed", order(NULL, NULL, NULL), NULL);
    kit_work(k);
    ck_assert_str_eq(kit_cell(k, sold), "4");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mails");
    TCase *t = tcase_create("orders");
    tcase_add_unchecked_fixture(t, open_shop, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, an_order_is_confirmed_once);
    tcase_add_test(t, a_customer_is_led_into_the_account);
    tcase_add_test(t, in_the_language_of_the_order);
    tcase_add_test(t, t32_each_payment_is_one_mail);
    tcase_add_test(t, each_parcel_is_one_mail);
    tcase_add_test(t, cancelled_and_given_back);
    tcase_add_test(t, a_link_that_was_asked_for_opens_once);
    tcase_add_test(t, no_address_no_mail);
    tcase_add_test(t, sold_pieces_are_counted_once);
    suite_add_tcase(s, t);
    return kit_run(s);
}
