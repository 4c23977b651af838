/* Paying under load: many processes, each with its own connection, tell of the same money in every
 * order, give the same money back at once. Every test ends with what kade doctor asks. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/shop/shop_kit.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/order.h"
#include "shop/payment.h"

#define ORDER  "0190b000-0000-7000-8000-000000000001"
#define PAY    "0190b000-0000-7000-8000-000000000011"
#define ITEM   "0190b000-0000-7000-8000-000000000021"
#define METHOD "0190b000-0000-7000-8000-000000000031"

enum { TOTAL = 100000 };

static struct uuid id_of(const char *s)
{
    struct uuid u;
    ck_assert_int_eq(uuid_parse(s, &u), RC_OK);
    return u;
}

static void sql(const char *text)
{
    char all[9000], shop[UUID_TEXT];
    uuid_format(kit()->shop[KIT_A].id, shop);
    snprintf(all, sizeof(all), "SELECT set_config('kade.tenant', '%s', false); %s", shop, text);
    kit_sql(all);
}

/* One order of one line over TOTAL, waiting for the one attempt to pay it. */
static void fresh(void)
{
    sql("DELETE FROM app.outbox; DELETE FROM app.jobs; DELETE FROM shop.gateway_events; DELETE "
        "FROM "
        "shop.refund_items; DELETE FROM shop.refunds; DELETE FROM shop.payment_events; DELETE FROM "
        "shop.payments; DELETE FROM shop.order_status_history; DELETE FROM shop.order_items; "
        "DELETE FROM shop.orders;"
        "INSERT INTO shop.payment_methods (id, code, provider, name) VALUES ('" METHOD
        "', 'bank', 'bank', 'Bank transfer') ON CONFLICT DO NOTHING;"
        "BEGIN;"
        "INSERT INTO shop.orders (id, number, store_id, person_key, email, currency, locale, "
        "prices_include_tax, tax_rounding, rounding_mode, items_minor, shipping_minor, tax_minor, "
        "tax_added_minor, total_minor, payment_method) VALUES ('" ORDER
        "', 'ORD-1', (SELECT id FROM app.stores WHERE tenant_id = app.tenant() LIMIT 1), "
        "sha256('p'), 'p@x.test', 'LKR', 'en', true, 'line', 'half_up', 100000, 0, 0, 0, 100000, "
        "'bank');"
        "INSERT INTO shop.order_items (id, order_id, position, kind, name, quantity, "
        "list_price_minor, unit_price_minor, subtotal_minor, total_minor) VALUES ('" ITEM
        "', '" ORDER "', 0, 'item', 'Thing', 2, 50000, 50000, 100000, 100000);"
        "INSERT INTO shop.payments (id, order_id, method_id, provider, attempt_key, currency, "
        "amount_minor) VALUES ('" PAY "', '" ORDER "', '" METHOD "', 'bank', 'first', 'LKR', "
        "100000);"
        "COMMIT;");
}

static int64_t number(const char *query)
{
    return kit_number(query);
}

static void ck_doctor(void)
{
    typedef enum rc asked(struct db *, struct shop_doctor_problem_list *);
    static asked *const ask[] = { shop_q_doctor_orders, shop_q_doctor_payments };
    struct arena *a = arena_new_sized(0);
    struct db *db = kit_db("kade_jobs");
    kit_scope(db, a, KIT_A);
    for (size_t i = 0; i < COUNT_OF(ask); i++) {
        struct shop_doctor_problem_list found;
        kit_ok(db, ask[i](db, &found));
        ck_assert_msg(found.n == 0, "%s: %s", found.row[0].what, found.row[0].detail);
    }
    db_free(db);
    arena_free(a);
}

/* ---- many at once ------------------------------------------------------------------------------
 */
struct shared {
    int ready, ok, news, conflict, other;
};
typedef enum rc work(struct db *db, int process, int turn, bool *news);

static struct shared crowd(const char *role, int procs, int turns, work *fn)
{
    struct shared *s =
        mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid[64];
    for (int p = 0; p < procs; p++) {
        pid[p] = fork();
        if (pid[p] != 0)
            continue;
        struct app_ctx *app = shop_kit_open(role);
        struct arena *a = arena_new_sized(0);
        kit_scope(app->db, a, KIT_A);
        if (db_connect(app->db) != RC_OK)
            _exit(1);
        __atomic_add_fetch(&s->ready, 1, __ATOMIC_SEQ_CST);
        while (__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST) < procs)
            sched_yield();
        for (int i = 0; i < turns; i++) {
            bool news = false;
            enum rc rc = fn(app->db, p, i, &news);
            __atomic_add_fetch(rc == RC_OK         ? &s->ok
                               : rc == RC_CONFLICT ? &s->conflict
                                                   : &s->other,
                               1, __ATOMIC_SEQ_CST);
            if (news)
                __atomic_add_fetch(&s->news, 1, __ATOMIC_SEQ_CST);
            if (rc != RC_OK && rc != RC_CONFLICT)
                fprintf(stderr, "# %s: %s\n", rc_name(rc),
                        db_error(app->db)->message != NULL ? db_error(app->db)->message : "-");
            db_scope_end(app->db);
            arena_reset(a);
            kit_scope(app->db, a, KIT_A);
        }
        _exit(0);
    }
    for (int p = 0; p < procs; p++) {
        int status = 0;
        waitpid(pid[p], &status, 0);
        ck_assert_int_eq(status, 0);
    }
    struct shared out = *s;
    munmap(s, sizeof(*s));
    return out;
}

static enum rc report(struct db *db, const char *payment, const char *kind, const char *ref,
                      int64_t amount, const char *source, bool *news)
{
    struct payment_report what = { .payment = id_of(payment),
                                   .kind = kind,
                                   .ref = ref,
                                   .amount = amount,
                                   .source = source,
                                   .now = instant_now() };
    *news = false;
    return payment_report(db, &what, news);
}

/* Return page, webhook and poll tell of an authorisation and a capture, each in an order of its
 * own. */
static enum rc both_callbacks(struct db *db, int process, int turn, bool *news)
{
    static const char *const sources[] = { "webhook", "return", "poll" };
    bool capture = (process + turn) % 2 == 0;
    return report(db, PAY, capture ? "capture" : "authorize", "ch_1", TOTAL,
                  sources[(process * 7 + turn) % 3], news);
}

START_TEST(t16_both_callbacks_fifty_times_are_one_capture_and_one_mail)
{
    fresh();
    struct shared s = crowd("kade_web", 10, 10, both_callbacks);
    ck_assert_int_eq(s.ok, 100);
    ck_assert_int_eq(s.news, 2);
    ck_assert_int_eq(number("SELECT count(*) FROM shop.payment_events WHERE kind = 'capture'"), 1);
    ck_assert_int_eq(number("SELECT paid_minor FROM shop.orders"), TOTAL);
    ck_assert_int_eq(number("SELECT count(*) FROM app.outbox WHERE topic = 'payment.captured'"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM app.outbox WHERE topic = 'order.changed'"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM app.audit_logs WHERE action = 'payment.capture'"),
                     1);
    ck_assert_str_eq(kit_value("SELECT state || ' ' || payment_state FROM shop.orders"),
                     "confirmed paid");
    ck_doctor();
}
END_TEST

/* Four tabs, two attempts; each takes the money once. */
static enum rc two_tabs(struct db *db, int process, int turn, bool *news)
{
    static const char *const keys[] = { "tab one", "tab two" };
    struct uuid id;
    char text[UUID_TEXT];
    enum rc rc = payment_again(db, id_of(ORDER), "bank", keys[process % 2], instant_now(), &id);
    (void)turn;
    if (rc == RC_CONFLICT) { /* nothing is due any more: it paid what it had begun */
        const char *known =
            kit_value(process % 2 == 0 ? "SELECT id FROM shop.payments WHERE attempt_key = "
                                         "'tab one'"
                                       : "SELECT id FROM shop.payments WHERE attempt_key = "
                                         "'tab two'");
        if (known == NULL)
            return RC_OK;
        snprintf(text, sizeof(text), "%s", known);
    } else if (rc == RC_OK) {
        uuid_format(id, text);
    } else {
        return rc;
    }
    return report(db, text, "capture", process % 2 == 0 ? "ch_a" : "ch_b", TOTAL, "webhook", news);
}

static enum rc give_surplus_back(struct db *db, int process, int turn, bool *news)
{
    size_t n = 0;
    (void)process;
    (void)turn;
    enum rc rc = refund_surplus(db, id_of(ORDER), "Asia/Colombo", "Paid twice", instant_now(), &n);
    *news = n > 0;
    return rc;
}

START_TEST(t17_two_tabs_that_pay_one_order_leave_a_surplus_that_goes_back)
{
    fresh();
    struct arena *a = arena_new_sized(0);
    struct app_ctx *app = shop_kit_open("kade_web");
    struct uuid one, two, again;
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, payment_again(app->db, id_of(ORDER), "bank", "tab one", instant_now(), &one));
    kit_ok(app->db, payment_again(app->db, id_of(ORDER), "bank", "tab two", instant_now(), &two));
    kit_ok(app->db, payment_again(app->db, id_of(ORDER), "bank", "tab one", instant_now(), &again));
    ck_assert_int_eq(uuid_cmp(one, again), 0);
    ck_assert_int_ne(uuid_cmp(one, two), 0);
    shop_kit_close(app);
    struct shared s = crowd("kade_web", 8, 3, two_tabs);
    ck_assert_int_eq(s.other + s.conflict, 0);
    ck_assert_int_eq(s.news, 2);
    ck_assert_int_eq(number("SELECT paid_minor FROM shop.orders"), 2 * TOTAL);
    ck_assert_int_eq(number("SELECT surplus_minor FROM shop.orders"), TOTAL);
    ck_assert_int_eq(number("SELECT count(*) FROM app.outbox WHERE topic = 'payment.surplus' AND "
                            "payload->>'amount' = '100000'"),
                     1);
    (void)crowd("kade_jobs", 8, 2, give_surplus_back);
    ck_assert_int_eq(number("SELECT count(*) FROM shop.refunds"), 1);
    ck_assert_int_eq(number("SELECT sum(refund_pending_minor) FROM shop.payments"), TOTAL);
    ck_doctor();
    arena_free(a);
}
END_TEST

static enum rc sixty_percent(struct db *db, int process, int turn, bool *news)
{
    char key[40], text[40];
    struct uuid id;
    snprintf(key, sizeof(key), "r-%d-%d", process, turn);
    snprintf(text, sizeof(text), "REF-%d-%d", process, turn);
    struct refund_ask ask = { .order = id_of(ORDER),
                              .payment = id_of(PAY),
                              .amount = TOTAL * 60 / 100,
                              .reason = "",
                              .method = "original",
                              .attempt_key = key,
                              .number = text,
                              .now = instant_now() };
    enum rc rc = refund_start(db, &ask, &id);
    *news = rc == RC_OK;
    return rc;
}

START_TEST(t19_fifty_parallel_refunds_of_60_percent_are_one)
{
    bool news;
    fresh();
    struct arena *a = arena_new_sized(0);
    struct app_ctx *app = shop_kit_open("kade_jobs");
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, report(app->db, PAY, "capture", "ch_1", TOTAL, "webhook", &news));
    shop_kit_close(app);
    struct shared s = crowd("kade_jobs", 10, 5, sixty_percent);
    ck_assert_int_eq(s.news, 1);
    ck_assert_int_eq(s.conflict, 49);
    ck_assert_int_eq(number("SELECT refund_pending_minor FROM shop.payments"), TOTAL * 60 / 100);
    ck_doctor();
    arena_free(a);
}
END_TEST

static enum rc same_delivery(struct db *db, int process, int turn, bool *news)
{
    (void)process;
    (void)turn;
    return gateway_event_take(db, "bank", "evt_1", "{\"id\":\"evt_1\"}", news);
}

START_TEST(t16_a_delivery_is_work_for_one_job)
{
    bool fresh_one = true;
    fresh();
    struct shared s = crowd("kade_web", 10, 5, same_delivery);
    ck_assert_int_eq(s.ok, 50);
    ck_assert_int_eq(number("SELECT count(*) FROM shop.gateway_events"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM app.jobs WHERE name = 'shop.gateway_event'"), 1);
    struct arena *a = arena_new_sized(0);
    struct app_ctx *app = shop_kit_open("kade_web");
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, gateway_event_done(app->db, "bank", "evt_1", ""));
    kit_ok(app->db, gateway_event_take(app->db, "bank", "evt_1", "{}", &fresh_one));
    ck_assert(!fresh_one);
    ck_assert_int_eq(gateway_event_take(app->db, "bank", "", "{}", &fresh_one), RC_INVALID);
    shop_kit_close(app);
    arena_free(a);
}
END_TEST

/* ---- one at a time: order does not matter
 * --------------------------------------------------------
 */
static struct app_ctx *app;
static struct arena *arena;

static void open_jobs(void)
{
    fresh();
    arena = arena_new_sized(0);
    app = shop_kit_open("kade_jobs");
    kit_scope(app->db, arena, KIT_A);
}

static void close_jobs(void)
{
    ck_doctor();
    shop_kit_close(app);
    arena_free(arena);
}

static bool tell(const char *kind, const char *ref, int64_t amount)
{
    bool news = false;
    kit_ok(app->db, report(app->db, PAY, kind, ref, amount, "webhook", &news));
    return news;
}

START_TEST(events_in_any_order_end_in_the_same_state)
{
    static const char *const kinds[] = { "authorize", "capture", "fail", "dispute", "dispute_won" };
    static const int orders[][5] = { { 0, 1, 2, 3, 4 },
                                     { 4, 3, 2, 1, 0 },
                                     { 2, 0, 4, 1, 3 },
                                     { 3, 1, 4, 2, 0 },
                                     { 1, 4, 0, 3, 2 } };
    open_jobs();
    for (int i = 0; i < 5; i++)
        ck_assert(tell(kinds[orders[_i][i]], "x", TOTAL));
    ck_assert_str_eq(kit_value("SELECT p.state || ' ' || o.payment_state || ' ' || o.state || ' ' "
                               "|| p.disputed_minor FROM shop.payments p, shop.orders o"),
                     "captured paid confirmed 0");
    close_jobs();
}
END_TEST

START_TEST(a_late_success_wins_over_a_failure_and_is_not_dropped)
{
    open_jobs();
    ck_assert(tell("fail", "try 1", 0));
    ck_assert_str_eq(kit_value("SELECT state FROM shop.payments"), "failed");
    ck_assert_str_eq(kit_value("SELECT state FROM shop.orders"), "pending");
    ck_assert(tell("capture", "ch_1", TOTAL));
    ck_assert_str_eq(kit_value("SELECT state FROM shop.payments"), "captured");
    ck_assert_str_eq(kit_value("SELECT state FROM shop.orders"), "confirmed");
    close_jobs();
}
END_TEST

START_TEST(t18_money_for_a_cancelled_order_is_kept_and_goes_back)
{
    size_t n = 0;
    open_jobs();
    kit_ok(app->db, order_cancel(app->db, id_of(ORDER), "open", "", instant_now()));
    ck_assert(tell("capture", "ch_1", TOTAL));
    ck_assert_str_eq(kit_value("SELECT state FROM shop.orders"), "cancelled");
    ck_assert_int_eq(number("SELECT count(*) FROM app.outbox WHERE topic = 'payment.surplus'"), 1);
    kit_ok(app->db, refund_surplus(app->db, id_of(ORDER), "Asia/Colombo", "", instant_now(), &n));
    ck_assert_uint_eq(n, 1);
    struct uuid refund = id_of(kit_value("SELECT id FROM shop.refunds"));
    kit_ok(app->db, refund_done(app->db, refund, "bank 77", instant_now()));
    kit_ok(app->db, refund_done(app->db, refund, "bank 77", instant_now()));
    ck_assert_int_eq(number("SELECT count(*) FROM app.outbox WHERE topic = 'refund.done'"), 1);
    ck_assert_str_eq(kit_value("SELECT payment_state FROM shop.orders"), "refunded");
    kit_ok(app->db, refund_surplus(app->db, id_of(ORDER), "Asia/Colombo", "", instant_now(), &n));
    ck_assert_uint_eq(n, 0);
    close_jobs();
}
END_TEST

static enum rc ask_refund(const char *key, int64_t amount, int64_t of_line, struct uuid *id)
{
    struct refund_line line = {
        .order_item = id_of(ITEM), .quantity = 0, .amount = of_line, .disposition = "none"
    };
    struct refund_ask ask = { .order = id_of(ORDER),
                              .payment = id_of(PAY),
                              .amount = amount,
                              .reason = "broken",
                              .method = "original",
                              .attempt_key = key,
                              .number = key,
                              .line = &line,
                              .n = of_line > 0 ? 1 : 0,
                              .now = instant_now() };
    return refund_start(app->db, &ask, id);
}

START_TEST(t19_no_line_gives_back_more_than_it_cost)
{
    struct uuid a, b, again;
    open_jobs();
    ck_assert(tell("capture", "ch_1", 2 * TOTAL)); /* more was paid than the line cost */
    kit_ok(app->db, ask_refund("R1", TOTAL * 6 / 10, TOTAL * 6 / 10, &a));
    kit_rc(ask_refund("R2", TOTAL * 6 / 10, TOTAL * 6 / 10, &b), RC_CONFLICT);
    kit_ok(app->db, ask_refund("R1", TOTAL * 6 / 10, TOTAL * 6 / 10, &again));
    ck_assert_int_eq(uuid_cmp(a, again), 0);
    kit_rc(ask_refund("R1", TOTAL * 5 / 10, 0, &again), RC_CONFLICT);
    kit_rc(ask_refund("R3", 10, 20, &b), RC_INVALID); /* lines above the whole */
    kit_rc(ask_refund("R3", 0, 0, &b), RC_INVALID);
    kit_rc(ask_refund("R3", -1, 0, &b), RC_INVALID);
    kit_ok(app->db, refund_failed(app->db, a, "account closed", true));
    ck_assert_int_eq(number("SELECT refunded_minor FROM shop.order_items"), 0);
    ck_assert_int_eq(number("SELECT refund_pending_minor FROM shop.payments"), 0);
    kit_ok(app->db, ask_refund("R4", TOTAL * 6 / 10, TOTAL * 6 / 10, &b));
    kit_rc(refund_done(app->db, a, "", instant_now()), RC_CONFLICT); /* it was let go */
    close_jobs();
}
END_TEST

START_TEST(t19_a_failed_refund_keeps_its_amount_until_it_is_let_go)
{
    struct uuid a, b;
    open_jobs();
    ck_assert(tell("capture", "ch_1", TOTAL));
    kit_ok(app->db, ask_refund("R1", TOTAL, 0, &a));
    kit_ok(app->db, refund_sent(app->db, a, "re_1"));
    kit_ok(app->db, refund_failed(app->db, a, "declined", false));
    kit_rc(ask_refund("R2", 1, 0, &b), RC_CONFLICT);
    kit_ok(app->db, refund_done(app->db, a, "", instant_now())); /* it came through after all */
    ck_assert_int_eq(number("SELECT refunded_minor FROM shop.orders"), TOTAL);
    close_jobs();
}
END_TEST

START_TEST(t19_a_refund_told_before_its_capture_waits_and_counts_once)
{
    bool news;
    open_jobs();
    kit_rc(report(app->db, PAY, "refund", "re_9", 400, "webhook", &news), RC_CONFLICT);
    ck_assert_int_eq(number("SELECT count(*) FROM shop.refunds"), 0);
    ck_assert(tell("capture", "ch_1", TOTAL));
    ck_assert(tell("refund", "re_9", 400));
    ck_assert(!tell("refund", "re_9", 400));
    ck_assert_int_eq(number("SELECT refunded_minor FROM shop.orders"), 400);
    kit_rc(report(app->db, PAY, "refund", "re_10", TOTAL, "webhook", &news), RC_CONFLICT);
    ck_assert_int_eq(number("SELECT refunded_minor FROM shop.orders"), 400);
    close_jobs();
}
END_TEST

START_TEST(t19_nothing_is_due_back_for_what_was_never_paid)
{
    size_t n = 9;
    open_jobs();
    kit_ok(app->db, refund_surplus(app->db, id_of(ORDER), "Asia/Colombo", "", instant_now(), &n));
    ck_assert_uint_eq(n, 0);
    ck_assert(tell("authorize", "ch_1", TOTAL));
    kit_ok(app->db, refund_surplus(app->db, id_of(ORDER), "Asia/Colombo", "", instant_now(), &n));
    ck_assert_uint_eq(n, 0);
    close_jobs();
}
END_TEST

START_TEST(the_storefront_cannot_write_refunds)
{
    bool news;
    fresh();
    struct arena *a = arena_new_sized(0);
    struct app_ctx *web = shop_kit_open("kade_web");
    kit_scope(web->db, a, KIT_A);
    kit_ok(web->db, report(web->db, PAY, "capture", "ch_1", TOTAL, "return", &news));
    kit_rc(report(web->db, PAY, "refund", "re_1", 400, "return", &news), RC_DENIED);
    shop_kit_close(web);
    arena_free(a);
    ck_doctor();
}
END_TEST

START_TEST(what_is_told_of_nothing_or_in_nonsense_is_refused)
{
    bool news;
    char longest[300];
    open_jobs();
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    kit_rc(report(app->db, ITEM, "capture", "ch_1", 1, "webhook", &news), RC_NOTFOUND);
    kit_rc(report(app->db, PAY, "capture", "", 1, "webhook", &news), RC_INVALID);
    kit_rc(report(app->db, PAY, "capture", longest, 1, "webhook", &news), RC_INVALID);
    kit_rc(report(app->db, PAY, "capture", "ch_1", -1, "webhook", &news), RC_INVALID);
    kit_rc(report(app->db, PAY, "gift", "ch_1", 1, "webhook", &news), RC_INVALID);
    ck_assert_int_eq(number("SELECT count(*) FROM shop.payment_events"), 0);
    kit_ok(app->db, payment_set_ref(app->db, id_of(PAY), "cs_1"));
    kit_ok(app->db, payment_set_ref(app->db, id_of(PAY), "cs_1"));
    kit_rc(payment_set_ref(app->db, id_of(PAY), "cs_2"), RC_CONFLICT);
    struct payment p;
    kit_ok(app->db, payment_by_ref(app->db, "bank", "cs_1", &p));
    ck_assert_str_eq(p.order_number, "ORD-1");
    kit_rc(payment_by_ref(app->db, "bank", "cs_2", &p), RC_NOTFOUND);
    close_jobs();
}
END_TEST

int main(void)
{
    kit_database();
    if (crypto_load_key(kit_path("key"), true) != RC_OK)
        return 1;
    sql("SELECT shop.seed_trade(app.tenant());");
    Suite *s = suite_create("payment");
    TCase *t = tcase_create("payment");
    tcase_set_timeout(t, 180);
    tcase_add_test(t, t16_both_callbacks_fifty_times_are_one_capture_and_one_mail);
    tcase_add_test(t, t16_a_delivery_is_work_for_one_job);
    tcase_add_test(t, t17_two_tabs_that_pay_one_order_leave_a_surplus_that_goes_back);
    tcase_add_test(t, t18_money_for_a_cancelled_order_is_kept_and_goes_back);
    tcase_add_test(t, t19_fifty_parallel_refunds_of_60_percent_are_one);
    tcase_add_test(t, t19_no_line_gives_back_more_than_it_cost);
    tcase_add_test(t, t19_a_failed_refund_keeps_its_amount_until_it_is_let_go);
    tcase_add_test(t, t19_a_refund_told_before_its_capture_waits_and_counts_once);
    tcase_add_test(t, t19_nothing_is_due_back_for_what_was_never_paid);
    tcase_add_loop_test(t, events_in_any_order_end_in_the_same_state, 0, 5);
    tcase_add_test(t, a_late_success_wins_over_a_failure_and_is_not_dropped);
    tcase_add_test(t, the_storefront_cannot_write_refunds);
    tcase_add_test(t, what_is_told_of_nothing_or_in_nonsense_is_refused);
    suite_add_tcase(s, t);
    return kit_run(s);
}
