/* Paying as a browser does, without script: transfers with slips, codes to scan, other ways, and
 * what must be refused. */
#include "storefront/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "shop/payment.h"

static struct kit *k;
static const char *cookie;

#define IN_A "tenant_id = '" KIT_SHOP_A "'"
#define LAMP                                                                                       \
    "(SELECT v.id FROM shop.product_variants v JOIN shop.products p ON p.id = v.product_id WHERE " \
    "p.slug = 'brass-lamp' AND p." IN_A " LIMIT 1)"

static void setup(void)
{
    k = kit_open(&(struct kit_opt){
        .load = (const char *const[]){ "storefront", "checkout", "payment", NULL } });
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
               "NOTHING; DELETE FROM shop.payment_methods m WHERE m.code <> 'cod' AND NOT EXISTS "
               "(SELECT 1 FROM shop.payments p WHERE p.method_id = m.id); INSERT INTO "
               "shop.payment_methods (code, provider, name, config, hold_minutes, position) SELECT "
               "x.code, x.code, x.name, x.config::jsonb, 60, 5 FROM (VALUES ('bank', 'Bank "
               "transfer', '{\"account_name\":\"Brass Ltd\",\"account_number\":\"0004711\"}'), "
               "('lankaqr', 'LankaQR', '{\"account\":\"0000100000000000004210010001\",\"name\":"
               "\"Brass\",\"city\":\"Colombo\",\"category\":\"5311\",\"most\":9000000}')) x "
               "(code, name, config) ON CONFLICT DO NOTHING;");
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

/* Places an order over one lamp to be paid by method; the path of its page. */
static const char *placed(const char *method)
{
    put_lamp(1);
    ck_status(post("/checkout", ADDRESS), 303);
    ck_status(post("/checkout/pay",
                   arena_printf(k->arena, "cart=%s&shown=x&payment_method=%s",
                                kit_cell(k, "SELECT id FROM shop.carts WHERE status = 'active' "
                                            "ORDER BY created_at DESC LIMIT 1"),
                                method)),
              303);
    struct kit_answer a = get("/checkout/pay");
    const char *ship = between(a.body, "name=\"shipping_shown\" value=\"", "\"");
    a = post("/checkout/place",
             arena_printf(k->arena,
                          "cart=%s&shown=%s&shipping_method=%s&shipping_shown=%s&payment_method=%s&"
                          "payment_shown=%s&note=",
                          between(a.body, "name=\"cart\" value=\"", "\""),
                          between(a.body, "name=\"shown\" value=\"", "\""), ship, ship, method,
                          method));
    ck_status(a, 303);
    const char *path = kit_header(&a, "Location");
    ck_assert_msg(str_starts(path, str_eq(method, "cod") ? "/done/" : "/pay/"), "%s", path);
    return arena_strdup(k->arena, path);
}

static const char *last(const char *column)
{
    return kit_cell(k,
                    arena_printf(k->arena,
                                 "SELECT %s FROM shop.payments ORDER BY created_at DESC, id DESC "
                                 "LIMIT 1",
                                 column));
}

static const char *sub(const char *path, const char *what)
{
    return arena_printf(k->arena, "%s/%s", path, what);
}

static struct kit_answer send_slip(const char *path, const char *bytes, size_t n,
                                   const char *reference)
{
    struct buf b;
    const char *headers[] = { "sec-fetch-site", "same-origin", NULL };
    struct kit_answer page = get("/cart");
    buf_init(&b, k->arena, 8u << 20);
    buf_printf(&b, "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n",
               between(page.body, "name=\"csrf\" value=\"", "\""));
    buf_printf(&b, "--x\r\nContent-Disposition: form-data; name=\"reference\"\r\n\r\n%s\r\n",
               reference);
    buf_str(&b, "--x\r\nContent-Disposition: form-data; name=\"slip\"; filename=\"slip.png\"\r\n"
                "Content-Type: image/png\r\n\r\n");
    buf_put(&b, bytes, n);
    buf_str(&b, "\r\n--x--\r\n");
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = sub(path, "told"),
                         .type = "multipart/form-data; boundary=x",
                         .body = b.p,
                         .nbody = b.n,
                         .cookie = cookie,
                         .headers = headers };
    return kit_ask(k, &q);
}

START_TEST(a_transfer_shows_the_account_and_takes_the_buyers_word)
{
    const char *path = placed("bank");
    struct kit_answer a = get(path);
    ck_status(a, 200);
    ck_has(a.body, "0004711");
    ck_has(a.body, "Brass Ltd");
    ck_has(a.body, "ORD-");
    ck_has(a.body, "Please pay until");
    ck_has(a.body, "noindex");
    ck_has(kit_header(&a, "Cache-Control"), "private");
    ck_assert_str_eq(last("expires_at IS NOT NULL"), "t");
    a = post(sub(path, "told"), "reference=TRF+778");
    ck_status(a, 303);
    ck_assert_str_eq(last("told_ref"), "TRF 778");
    ck_assert_str_eq(last("expires_at IS NULL"), "t"); /* nothing ends it any more */
    ck_assert_str_eq(last("captured_minor"), "0");     /* and nothing is paid by a word */
    a = get(path);
    ck_has(a.body, "data-test=\"told\"");
    a = get(arena_printf(k->arena, "/track/%s", path + 5));
    ck_has(a.body, "data-test=\"pay-now\"");
    ck_has(a.body, "Waiting for payment");
    a = post(sub(path, "told"), "reference=");
    ck_status(a, 422);
    ck_has(a.body, "reference-error");
}
END_TEST

START_TEST(a_code_is_drawn_for_what_is_due)
{
    const char *path = placed("lankaqr");
    struct kit_answer a = get(path);
    ck_status(a, 200);
    ck_has(a.body, "data-test=\"code\"");
    ck_has(a.body, "<path d=\"M");
    kit_sql(k, "UPDATE shop.payment_methods SET config = config || '{\"most\": 100}' WHERE code = "
               "'lankaqr'");
    a = get(path); /* above what the scheme takes at once */
    ck_status(a, 200);
    ck_lacks(a.body, "data-test=\"code\"");
    ck_has(a.body, "There is no code for this amount");
    kit_sql(k,
            "UPDATE shop.payment_methods SET config = config || '{\"most\": 9000000}' WHERE code "
            "= 'lankaqr'");
}
END_TEST

START_TEST(another_way_to_pay_is_another_attempt_once)
{
    const char *path = placed("bank");
    struct kit_answer a = get(path);
    ck_has(a.body, "name=\"method\" value=\"lankaqr\"");
    ck_status(post(sub(path, "method"), "method=lankaqr"), 303);
    a = get(path);
    ck_has(a.body, "data-test=\"code\"");
    ck_assert_str_eq(kit_cell(k,
                              "SELECT count(*) FROM shop.payments p WHERE p.order_id = (SELECT "
                              "order_id FROM shop.payments ORDER BY created_at DESC LIMIT 1) AND "
                              "p.expires_at IS NOT NULL"),
                     "1"); /* the deadline is that of the last one */
    ck_status(post(sub(path, "method"), "method=nothing"), 303);
    ck_status(post(sub(path, "method"), "method=cod"), 303);
    ck_status(post(sub(path, "method"), "method=cod"), 303);
    a = get(path);
    ck_has(a.body, "data-test=\"door\"");
    ck_assert_str_eq(kit_cell(k, "SELECT o.state || ' ' || o.payment_method FROM shop.orders o "
                                 "ORDER BY placed_at DESC LIMIT 1"),
                     "confirmed cod");
}
END_TEST

static const char pdf[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    "xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000055 00000 n \n"
    "trailer<</Size 3/Root 1 0 R>>\nstartxref\n96\n%%EOF\n";

START_TEST(slips_are_pictures_or_pdfs_and_stay_private)
{
    static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const char *path = placed("bank");
    char changed[sizeof(pdf)];
    struct kit_answer a = send_slip(path, pdf, sizeof(pdf) - 1, "T1");

    ck_status(a, 303);
    const char *key = kit_cell(k, "SELECT path FROM shop.payment_slips");
    ck_assert_msg(str_starts(key, "private/media/" KIT_SHOP_A "/"), "%s", key);
    ck_status(send_slip(path, pdf, sizeof(pdf) - 1, ""), 303); /* the same once */
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.payment_slips"), "1");
    const struct {
        const char *bytes;
        size_t n;
    } bad[] = { { "just words", 10 },
                { svg, sizeof(svg) - 1 },
                { png, sizeof(png) - 1 },     /* cut behind its head */
                { pdf, sizeof(pdf) / 2 },     /* cut */
                { pdf + 1, sizeof(pdf) - 2 }, /* no PDF from its first line */
                { "MZ\x90", 3 } };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        a = send_slip(path, bad[i].bytes, bad[i].n, "T2");
        ck_assert_msg(a.status == 422, "slip %zu: %d", i, a.status);
        ck_has(a.body, "slip-error");
        ck_has(a.body, "value=\"T2\""); /* nothing typed is lost */
    }
    memcpy(changed, pdf, sizeof(pdf));
    memcpy(strstr(changed, "/Catalog"), "/Launch ", 8);
    ck_status(send_slip(path, changed, sizeof(pdf) - 1, ""), 422);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.payment_slips"), "1");
}
END_TEST

START_TEST(what_is_paid_or_cancelled_asks_for_no_money)
{
    const char *path = placed("bank");
    struct uuid id, shop;
    bool news;
    ck_assert_int_eq(uuid_parse(last("id"), &id), RC_OK);
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    struct payment_report what = { .payment = id,
                                   .kind = "capture",
                                   .ref = "t",
                                   .amount = strtoll(last("amount_minor"), NULL, 10),
                                   .source = "staff",
                                   .now = instant_now() };
    db_scope_begin(k->app.db, k->arena, &shop, instant_now());
    ck_assert_int_eq(payment_report(k->app.db, &what, &news), RC_OK);
    db_scope_end(k->app.db);
    struct kit_answer a = get(path);
    ck_has(a.body, "data-test=\"paid\"");
    ck_lacks(a.body, "0004711");
    ck_status(post(sub(path, "told"), "reference=again"), 303);
    ck_assert_str_eq(last("told_ref"), "");
    ck_status(post(sub(path, "method"), "method=lankaqr"), 303);
    ck_assert_str_eq(last("id"), uuid_str(k->arena, id));
    path = placed("bank");
    ck_status(post(arena_printf(k->arena, "/track/%s", path + 5), "action=cancel"), 303);
    a = get(path);
    ck_has(a.body, "data-test=\"cancelled\"");
    ck_status(post(sub(path, "method"), "method=lankaqr"), 303);
    ck_status(post(sub(path, "go"), ""), 303);
    ck_assert_str_eq(last("state"), "created");
}
END_TEST

START_TEST(t24_a_page_opens_by_its_token_in_its_shop_alone)
{
    const char *path = placed("bank");
    struct kit_answer a = kit_get(k, "b.test", path);
    ck_status(a, 404);
    ck_status(get("/pay/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404);
    ck_status(get("/pay/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/back"), 404);
    ck_status(post("/pay/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/told", "reference=x"), 404);
    ck_status(post("/pay/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/go", ""), 404);
    ck_status(get(arena_printf(k->arena, "%s0", path)), 404);
}
END_TEST

START_TEST(nobody_delivers_for_a_way_to_pay_that_has_no_gateway)
{
    static const char *const paths[] = { "/hooks/payment/bank", "/hooks/payment/cod",
                                         "/hooks/payment/none", "/hooks/payment/%27" };
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct kit_ask q = { .method = "POST",
                             .host = "a.test",
                             .path = paths[i],
                             .type = "application/json",
                             .body = "{\"id\":\"evt_1\"}",
                             .foreign = true };
        struct kit_answer a = kit_ask(k, &q);
        ck_assert_msg(a.status == 404, "%s: %d", paths[i], a.status);
    }
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.gateway_events"), "0");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("payment");
    TCase *t = tcase_create("payment");
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_transfer_shows_the_account_and_takes_the_buyers_word);
    tcase_add_test(t, a_code_is_drawn_for_what_is_due);
    tcase_add_test(t, another_way_to_pay_is_another_attempt_once);
    tcase_add_test(t, slips_are_pictures_or_pdfs_and_stay_private);
    tcase_add_test(t, what_is_paid_or_cancelled_asks_for_no_money);
    tcase_add_test(t, t24_a_page_opens_by_its_token_in_its_shop_alone);
    tcase_add_test(t, nobody_delivers_for_a_way_to_pay_that_has_no_gateway);
    suite_add_tcase(s, t);
    return kit_run(s);
}
