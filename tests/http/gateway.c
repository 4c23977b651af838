/* Cards through a gateway that follows the public protocol (tests/kit/gateway.py): its page, its
 * deliveries in any order and number, forged ones, refunds, its failures, what the night finds. And
 * the contract that every way to pay keeps. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "kit/mail.h"
#include "orders/orders.h"
#include "platform/crypto.h"
#include "platform/http.h"
#include "shop/order.h"
#include "shop/payment.h"

#define TOKEN "gateway-gateway-gateway-gateway-gateway-gat"
#define PAGE  "/pay/" TOKEN

static struct kit *k;
static struct {
    pid_t pid;
    int in, port;
} gate;

static void gate_start(void)
{
    extern char **environ;
    int in[2], out[2];
    char line[32] = "";
    char *script = arena_printf(k->arena, "%s/tests/kit/gateway.py", getenv("KADE_TEST_SRC"));
    char *argv[] = { (char[]){ "python3" }, script, NULL };
    posix_spawn_file_actions_t files;
    ck_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    ck_assert_int_eq(posix_spawn(&gate.pid, "/usr/bin/python3", &files, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    gate.in = in[1];
    FILE *f = fdopen(out[0], "r");
    ck_assert(f != NULL && fgets(line, sizeof line, f) != NULL);
    fclose(f);
    gate.port = (int)strtol(line, NULL, 10);
}

static const char *gate_get(const char *what)
{
    struct http_ask q = { .method = "GET",
                          .url =
                              arena_printf(k->arena, "http://127.0.0.1:%d/_/%s", gate.port, what),
                          .most = 1u << 20 };
    struct http_answer a;
    ck_assert_int_eq(http_ask(k->arena, &q, &a, NULL), RC_OK);
    ck_assert_int_eq(a.status, 200);
    return a.body;
}

static const char *cell(const char *sql)
{
    return kit_cell(k, sql);
}

static struct uuid payment_id(void)
{
    struct uuid id;
    ck_assert_int_eq(uuid_parse(cell("SELECT id FROM shop.payments ORDER BY created_at DESC, id "
                                     "DESC LIMIT 1"),
                                &id),
                     RC_OK);
    return id;
}

static struct uuid order_id(void)
{
    struct uuid id;
    ck_assert_int_eq(uuid_parse(cell("SELECT id FROM shop.orders LIMIT 1"), &id), RC_OK);
    return id;
}

/* An order of 10,550.00 that waits for its payment by this provider, and the token of its page. */
static void owed(const char *provider)
{
    static const char secrets[] = "{\"secret_key\":\"sk_test\",\"webhook_secret\":\"whsec_test\"}";
    unsigned char hash[CRYPTO_HASH], *sealed;
    size_t n = 0;
    struct buf b;
    orders_wipe(k);
    kit_sql(k, ORDERS_TENANT "DELETE FROM shop.gateway_events; DELETE FROM app.jobs; DELETE FROM "
                             "app.outbox; DELETE FROM app.outbox_retries;");
    const char *order = orders_add(k, &(struct orders_ask){ .state = "pending" });
    ck_assert_int_eq(crypto_seal(k->arena, payment_seal_name(k->arena, provider), secrets,
                                 strlen(secrets), &sealed, &n),
                     RC_OK);
    crypto_token_hash(TOKEN, hash);
    buf_init(&b, k->arena, 8192);
    buf_printf(&b,
               ORDERS_TENANT "INSERT INTO shop.payment_methods (code, provider, name) SELECT '%s', "
                             "'%s', 'Way' WHERE NOT EXISTS (SELECT 1 FROM shop.payment_methods "
                             "WHERE tenant_id = app.tenant() AND code = '%s'); UPDATE "
                             "shop.payment_methods SET config_sealed = "
                             "'\\x",
               provider, provider, provider);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%02x", sealed[i]);
    buf_printf(&b,
               "' WHERE code = '%s'; INSERT INTO shop.payments (order_id, method_id, provider, "
               "attempt_key, currency, amount_minor) SELECT '%s', id, provider, 'first', 'LKR', "
               "1055000 FROM shop.payment_methods WHERE tenant_id = app.tenant() AND code = '%s'; "
               "INSERT INTO "
               "shop.order_access_tokens (token_hash, order_id, purpose, expires_at) VALUES ('\\x",
               provider, order, provider);
    for (size_t i = 0; i < sizeof(hash); i++)
        buf_printf(&b, "%02x", hash[i]);
    buf_printf(&b, "', '%s', 'done', now() + interval '1 day');", order);
    kit_sql(k, b.p);
}

static void setup(void)
{
    k = kit_open(&(struct kit_opt){ .load = (const char *const[]){ "storefront", "payment", NULL },
                                    .development = true });
    gate_start();
    k->conf.stripe_url = arena_printf(k->arena, "http://127.0.0.1:%d", gate.port);
    owed("stripe");
}

static void teardown(void)
{
    close(gate.in);
    waitpid(gate.pid, NULL, 0);
    kit_close(k);
}

static struct kit_answer post(const char *path)
{
    static const char *const headers[] = { "sec-fetch-site", "same-origin", NULL };
    struct kit_ask q = {
        .method = "POST", .host = "a.test", .path = path, .body = "", .headers = headers
    };
    return kit_ask(k, &q);
}

static struct kit_answer bring(const char *body, size_t n, const char *signature)
{
    const char *headers[] = { "stripe-signature", signature, NULL };
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = "/hooks/payment/stripe",
                         .type = "application/json",
                         .body = body,
                         .nbody = n,
                         .headers = signature != NULL ? headers : NULL,
                         .foreign = true };
    return kit_ask(k, &q);
}

struct delivery {
    const char *signature, *body;
};

static size_t deliveries(struct delivery out[32])
{
    char **line;
    size_t lines = str_split(k->arena, gate_get("deliveries"), '\n', &line), n = 0;
    for (size_t i = 0; i + 1 < lines && n < 32; i += 2)
        out[n++] = (struct delivery){ line[i], line[i + 1] };
    return n;
}

/* All of them, so often, first or last one first. */
static void bring_all(int times, bool backwards)
{
    struct delivery d[32];
    size_t n = deliveries(d);
    for (int t = 0; t < times; t++)
        for (size_t i = 0; i < n; i++) {
            const struct delivery *x = &d[backwards ? n - 1 - i : i];
            ck_status(bring(x->body, strlen(x->body), x->signature), 200);
        }
    kit_work(k);
}

static void ck_paid_once(void)
{
    ck_assert_str_eq(cell("SELECT payment_state || ' ' || state || ' ' || paid_minor FROM "
                          "shop.orders"),
                     "paid confirmed 1055000");
    ck_assert_str_eq(cell("SELECT count(*) FROM shop.payment_events WHERE kind = 'capture'"), "1");
    ck_assert_str_eq(cell("SELECT count(*) FROM app.outbox WHERE topic = 'payment.captured'"), "1");
}

START_TEST(a_card_is_paid_on_the_gateways_page)
{
    struct kit_answer a = post(PAGE "/go");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), PAGE "?go=1");
    a = kit_get(k, "a.test", PAGE "?go=1");
    ck_status(a, 200);
    ck_has(kit_header(&a, "Refresh"), "0; url=http://127.0.0.1:");
    ck_has(a.body, "data-test=\"resume\"");
    ck_status(post(PAGE "/go"), 303); /* asked again: the same session */
    ck_assert_str_eq(cell("SELECT state FROM shop.payments"), "action_needed");
    a = kit_get(k, "a.test", PAGE "/back"); /* before the bank answered */
    ck_has(a.body, "data-test=\"waiting\"");
    ck_has(kit_header(&a, "Refresh"), "3; url=/pay/");
    (void)gate_get("pay");
    bring_all(1, false);
    ck_paid_once();
    a = kit_get(k, "a.test", PAGE "/back");
    ck_has(a.body, "data-test=\"paid\"");
    ck_assert_ptr_null(kit_header(&a, "Refresh"));
}
END_TEST

START_TEST(t16_webhook_and_return_in_any_order_and_number_are_one_capture)
{
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("pay");
    if (_i % 2 == 0)
        ck_status(post(PAGE "/check"), 303);
    bring_all(3, _i > 1);
    ck_status(post(PAGE "/check"), 303);
    kit_work(k);
    bring_all(2, false);
    ck_paid_once();
    ck_assert_str_eq(cell("SELECT count(*) FROM shop.gateway_events WHERE applied_at IS NOT NULL"),
                     "1");
}
END_TEST

START_TEST(forged_replayed_and_cut_deliveries_change_nothing)
{
    struct delivery d[32];
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("pay");
    ck_assert_uint_eq(deliveries(d), 1);
    size_t n = strlen(d[0].body);
    char *changed = arena_strdup(k->arena, d[0].body);
    *strstr(changed, "1055000") = '9';
    ck_status(bring(changed, n, d[0].signature), 403);
    ck_status(bring(d[0].body, n, NULL), 403);
    ck_status(bring(d[0].body, n, ""), 403);
    ck_status(bring(d[0].body, n, "t=1,v1=00"), 403);
    for (size_t cut = 1; cut < n; cut += 97)
        ck_status(bring(d[0].body, n - cut, d[0].signature), 403);
    kit_pass(k, 301); /* a recorded one, later */
    ck_status(bring(d[0].body, n, d[0].signature), 403);
    struct kit_ask other = { .method = "POST",
                             .host = "b.test",
                             .path = "/hooks/payment/stripe",
                             .body = d[0].body,
                             .type = "application/json",
                             .foreign = true };
    ck_status(kit_ask(k, &other), 404);
    kit_work(k);
    ck_assert_str_eq(cell("SELECT count(*) FROM shop.gateway_events"), "0");
    ck_assert_str_eq(cell("SELECT payment_state FROM shop.orders"), "pending");
}
END_TEST

START_TEST(a_cancelled_order_gives_the_money_back_through_the_gateway_once)
{
    struct uuid shop;
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("pay");
    bring_all(1, false);
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    struct uuid order = order_id();
    db_scope_begin(k->app.db, k->arena, &shop, instant_now());
    ck_assert_int_eq(order_cancel(k->app.db, order, "open", "", instant_now()), RC_OK);
    db_scope_end(k->app.db);
    kit_work(k);
    bring_all(2, true); /* what the gateway tells of it as well */
    ck_assert_str_eq(cell("SELECT payment_state || ' ' || refunded_minor FROM shop.orders"),
                     "refunded 1055000");
    ck_assert_str_eq(cell("SELECT string_agg(state, ',') FROM shop.refunds"), "done");
    ck_assert_str_eq(cell("SELECT count(*) FROM app.outbox WHERE topic = 'refund.done'"), "1");
    ck_assert_ptr_nonnull(strstr(gate_get("calls"), "POST /v1/refunds"));
}
END_TEST

START_TEST(refunds_and_disputes_begun_at_the_gateway_are_known)
{
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("pay");
    (void)gate_get("refund?amount=5500");
    bring_all(1, true); /* the refund before its capture: it waits */
    (void)gate_get("dispute?event=created&status=needs_response");
    bring_all(1, false);
    ck_assert_str_eq(cell("SELECT disputed_minor FROM shop.payments"), "1055000");
    (void)gate_get("dispute?event=closed&status=won");
    bring_all(1, false);
    ck_assert_str_eq(cell("SELECT disputed_minor FROM shop.payments"), "0");
    for (int i = 0; i < 4; i++) { /* tried again, later and later */
        kit_pass(k, 3600);
        kit_work(k);
    }
    ck_assert_str_eq(cell("SELECT payment_state || ' ' || refunded_minor FROM shop.orders"),
                     "partially_refunded 5500");
}
END_TEST

START_TEST(a_gateway_that_fails_takes_nothing_and_is_asked_again)
{
    (void)gate_get("fail?n=1");
    struct kit_answer a = post(PAGE "/go");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), PAGE);
    ck_assert_str_eq(cell("SELECT state FROM shop.payments"), "created");
    ck_status(post(PAGE "/go"), 303);
    ck_assert_str_eq(cell("SELECT state FROM shop.payments"), "action_needed");
    k->conf.stripe_url = "http://127.0.0.1:9"; /* nobody is there */
    ck_status(post(PAGE "/check"), 303);
    ck_status(kit_get(k, "a.test", PAGE), 200);
}
END_TEST

START_TEST(a_page_left_open_too_long_is_a_failed_attempt)
{
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("expire");
    bring_all(2, false);
    ck_assert_str_eq(cell("SELECT state FROM shop.payments"), "failed");
    struct kit_answer a = kit_get(k, "a.test", PAGE);
    ck_has(a.body, "data-test=\"failed\"");
    ck_has(a.body, "name=\"method\" value=\"stripe\""); /* once more, as a new attempt */
}
END_TEST

static void night(void)
{
    kit_sql(k, "INSERT INTO app.jobs (tenant_id, name, payload, run_at) VALUES ('" KIT_SHOP_A
               "', 'shop.payment_reconcile', '{}', now() - interval '1 s')");
    kit_work(k);
    ck_assert_str_eq(cell("SELECT state FROM app.jobs WHERE name = 'shop.payment_reconcile' ORDER "
                          "BY created_at DESC LIMIT 1"),
                     "done");
}

START_TEST(t18_the_night_finds_what_was_paid_and_never_told)
{
    ck_status(post(PAGE "/go"), 303);
    (void)gate_get("pay");
    if (_i == 1) /* the worker died before it wrote down where the buyer went */
        kit_sql(k, "UPDATE shop.payments SET provider_ref = NULL, state = 'created', action_url = "
                   "''");
    (void)gate_get("stranger"); /* paid there for nobody here */
    night();
    ck_paid_once();
    ck_has(kit_log(k), "paid without an order");
    night();
    ck_paid_once();
}
END_TEST

/* ---- the contract every way to pay keeps
 * ---------------------------------------------------------
 */
static void pay_it(const char *provider)
{
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    if (str_eq(provider, "stripe")) {
        db_scope_end(k->app.db); /* the delivery is a request of its own */
        (void)gate_get("pay");
        bring_all(1, false);
        db_scope_begin(k->app.db, k->arena, &shop, instant_now());
        return;
    }
    struct payment_report what = { .payment = payment_id(),
                                   .kind = "capture",
                                   .ref = "bank 1",
                                   .amount = 1055000,
                                   .source = "staff",
                                   .now = instant_now() };
    bool news;
    for (int i = 0; i < 2; i++) { /* staff say it twice */
        ck_assert_int_eq(payment_report(k->app.db, &what, &news), RC_OK);
        ck_assert(news == (i == 0));
    }
}

START_TEST(every_way_to_pay_keeps_the_contract)
{
    static const char *const providers[] = { "cod", "bank", "lankaqr", "stripe" };
    const char *provider = providers[_i];
    const struct pay_adapter *adapter = pay_adapter_find(provider);
    struct pay_next next = { .kind = PAY_NOTHING };
    struct payment p, again;
    struct uuid shop;
    owed(provider);
    ck_assert_ptr_nonnull(adapter);
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    db_scope_begin(k->app.db, k->arena, &shop, instant_now());
    ck_assert_int_eq(payment_read(k->app.db, payment_id(), &p), RC_OK);
    if (adapter->begin != NULL) { /* beginning twice is beginning once */
        ck_assert_int_eq(adapter->begin(&k->app, k->arena, &p, "http://a.test" PAGE "/back", &next),
                         RC_OK);
        ck_assert(next.kind == PAY_REDIRECT && *next.url != '\0');
        ck_assert_int_eq(payment_read(k->app.db, p.id, &p), RC_OK);
        ck_assert_int_eq(adapter->begin(&k->app, k->arena, &p, "http://a.test" PAGE "/back", &next),
                         RC_OK);
        ck_assert_int_eq(payment_read(k->app.db, p.id, &again), RC_OK);
        ck_assert_str_eq(p.provider_ref, again.provider_ref);
    }
    if (adapter->poll != NULL) { /* asking before it is paid changes nothing */
        ck_assert_int_eq(adapter->poll(&k->app, k->arena, &p), RC_OK);
        ck_assert_str_eq(cell("SELECT captured_minor FROM shop.payments"), "0");
    }
    pay_it(provider);
    ck_assert_str_eq(cell("SELECT captured_minor FROM shop.payments"), "1055000");
    ck_assert_str_eq(cell("SELECT payment_state || ' ' || state FROM shop.orders"),
                     "paid confirmed");
    ck_assert((adapter->proven == NULL) == (adapter->apply == NULL));
    /* Money goes back through the gateway by itself, or waits for staff to send it. */
    struct db *jobs = k->app.db;
    ck_assert_int_eq(order_cancel(jobs, order_id(), "open", "", instant_now()), RC_OK);
    db_scope_end(k->app.db);
    kit_work(k);
    ck_assert_str_eq(cell("SELECT string_agg(state, ',') FROM shop.refunds"),
                     adapter->refund != NULL ? "done" : "pending");
    ck_assert_str_eq(cell("SELECT refunded_minor + refund_pending_minor FROM shop.payments"),
                     "1055000");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gateway");
    TCase *t = tcase_create("gateway");
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_card_is_paid_on_the_gateways_page);
    tcase_add_loop_test(t, t16_webhook_and_return_in_any_order_and_number_are_one_capture, 0, 4);
    tcase_add_test(t, forged_replayed_and_cut_deliveries_change_nothing);
    tcase_add_test(t, a_cancelled_order_gives_the_money_back_through_the_gateway_once);
    tcase_add_test(t, refunds_and_disputes_begun_at_the_gateway_are_known);
    tcase_add_test(t, a_gateway_that_fails_takes_nothing_and_is_asked_again);
    tcase_add_test(t, a_page_left_open_too_long_is_a_failed_attempt);
    tcase_add_loop_test(t, t18_the_night_finds_what_was_paid_and_never_told, 0, 2);
    tcase_add_loop_test(t, every_way_to_pay_keeps_the_contract, 0, 4);
    suite_add_tcase(s, t);
    return kit_run(s);
}
