/* Buying under load: many processes, each with its own connection, on the same stock, coupon, cart.
 * Every test ends with what kade doctor asks, which must find nothing. */
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
#include "shop/fulfilment.h"
#include "shop/order.h"

#define V1    "0190b000-0000-7000-8000-0000000000a1"
#define V2    "0190b000-0000-7000-8000-0000000000a2"
#define KIT_V "0190b000-0000-7000-8000-0000000000a3"
#define WH    "0190b000-0000-7000-8000-0000000000b1"

static const char seed[] =
    "SET row_security = off; SELECT set_config('kade.tenant', '%s', false);"
    "SELECT shop.seed_trade(app.tenant());"
    "INSERT INTO shop.sellers (id, code, name, kind) VALUES "
    "('0190b000-0000-7000-8000-0000000000c1', "
    "'house', 'House', 'house');"
    "INSERT INTO shop.warehouses (id, code, name, seller_id) VALUES ('" WH "', 'main', 'Main', "
    "'0190b000-0000-7000-8000-0000000000c1');"
    "INSERT INTO shop.price_lists (id, code, name, currency, kind) VALUES "
    "('0190b000-0000-7000-8000-0000000000d1', 'base', 'Prices', 'LKR', 'base');"
    "INSERT INTO shop.products (id, kind, name, slug, status) SELECT "
    "('0190b000-0000-7000-8000-00000000"
    "00e' || n)::uuid, CASE n WHEN 3 THEN 'bundle' ELSE 'simple' END, 'Product ' || n, 'p' || n, "
    "'active' "
    "FROM generate_series(1, 3) n;"
    "INSERT INTO shop.product_variants (id, product_id, sku, sku_norm, weight_g) SELECT "
    "('0190b000-0000-7000-8000-0000000000a' || n)::uuid, ('0190b000-0000-7000-8000-0000000000e' || "
    "n)::uuid, 'SKU-' || n, 'SKU-' || n, 500 FROM generate_series(1, 3) n;"
    "INSERT INTO shop.kit_items (kit_id, variant_id, quantity) VALUES ('" KIT_V "', '" V1 "', 1);"
    "INSERT INTO shop.prices (price_list_id, variant_id, amount_minor) SELECT "
    "'0190b000-0000-7000-8000-0000000000d1', id, 100000 FROM shop.product_variants;"
    "INSERT INTO shop.stock_levels (variant_id, warehouse_id) VALUES ('" V1 "', '" WH "'), ('" V2
    "', '" WH "');"
    "INSERT INTO shop.shipping_zones (id, code, name) VALUES "
    "('0190b000-0000-7000-8000-0000000000f1', "
    "'all', 'Everywhere');"
    "INSERT INTO shop.shipping_zone_areas (zone_id) VALUES "
    "('0190b000-0000-7000-8000-0000000000f1');"
    "INSERT INTO shop.shipping_methods (id, zone_id, code, name, kind) VALUES "
    "('0190b000-0000-7000-8000-0000000000f2', '0190b000-0000-7000-8000-0000000000f1', 'post', "
    "'Post', "
    "'flat');"
    "INSERT INTO shop.shipping_rates (method_id, currency, amount_minor) VALUES "
    "('0190b000-0000-7000-8000-0000000000f2', 'LKR', 35000);"
    "INSERT INTO shop.tax_zones (id, code, name) VALUES ('0190b000-0000-7000-8000-0000000000f3', "
    "'lk', "
    "'Sri Lanka'); INSERT INTO shop.tax_zone_areas (zone_id, country) VALUES "
    "('0190b000-0000-7000-8000-0000000000f3', 'LK'); INSERT INTO shop.tax_rates (zone_id, name, "
    "rate_ppm) "
    "VALUES ('0190b000-0000-7000-8000-0000000000f3', 'VAT', 180000);";

static struct uuid id_of(const char *s)
{
    struct uuid u;
    ck_assert_int_eq(uuid_parse(s, &u), RC_OK);
    return u;
}

static const char *shop_id(void)
{
    static char text[UUID_TEXT];
    uuid_format(kit()->shop[KIT_A].id, text);
    return text;
}

/* SQL as superuser with the shop's tenant set. */
static void sql(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void sql(const char *fmt, ...)
{
    char body[8000], all[9000];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(body, sizeof(body), fmt, ap);
    va_end(ap);
    snprintf(all, sizeof(all), "SELECT set_config('kade.tenant', '%s', false); %s", shop_id(),
             body);
    kit_sql(all);
}

static void set_stock(int one, int two)
{
    sql("INSERT INTO shop.inventory_movements (variant_id, warehouse_id, kind, quantity, balance, "
        "cause_kind, "
        "cause_id) SELECT variant_id, warehouse_id, 'count', CASE variant_id WHEN '" V1
        "' THEN %d ELSE %d END - on_hand, CASE variant_id WHEN '" V1
        "' THEN %d ELSE %d END, 'test', "
        "gen_random_uuid() FROM shop.stock_levels WHERE on_hand <> CASE variant_id WHEN '" V1
        "' THEN %d ELSE %d END;"
        "UPDATE shop.stock_levels SET on_hand = CASE variant_id WHEN '" V1 "' THEN %d ELSE %d END;",
        one, two, one, two, one, two, one, two);
}

static void token_of(int i, unsigned char out[CRYPTO_HASH])
{
    char text[20];
    snprintf(text, sizeof(text), "t%d", i);
    crypto_sha256(text, strlen(text), out);
}

/* Carts from .. to - 1 with the checkout filled in; a cart's lines: variants in the order given. */
static void make_carts(int from, int to, const char *first, const char *second, bool swap)
{
    sql("INSERT INTO shop.carts (token_hash, store_id, currency, expires_at) SELECT sha256(('t' || "
        "i)::bytea), (SELECT id FROM app.stores WHERE tenant_id = app.tenant() LIMIT 1), 'LKR', "
        "now() + "
        "interval '90 days' FROM generate_series(%d, %d - 1) i;"
        "INSERT INTO shop.checkouts (cart_id, email, name, phone, line1, city, country, "
        "person_key) SELECT "
        "c.id, 'p' || i || '@x.test', 'Person', '+94771234567', '1 Road', 'Colombo', 'LK', "
        "sha256(('p' || i)::bytea) FROM generate_series(%d, %d - 1) i JOIN shop.carts c ON "
        "c.token_hash = "
        "sha256(('t' || i)::bytea);",
        from, to, from, to);
    for (int k = 0; k < (second != NULL ? 2 : 1); k++)
        sql("INSERT INTO shop.cart_items (id, cart_id, variant_id, seller_id, quantity, "
            "price_at_add_minor, "
            "created_at) SELECT app.uuid7(), c.id, CASE WHEN %s AND i %% 2 = 1 THEN '%s' ELSE '%s' "
            "END::uuid, "
            "'0190b000-0000-7000-8000-0000000000c1', 1, 100000, now() + interval '%d second' FROM "
            "generate_series(%d, %d - 1) i JOIN shop.carts c ON c.token_hash = sha256(('t' || "
            "i)::bytea);",
            swap ? "true" : "false", k == 0 && second != NULL ? second : first,
            k == 0 ? first : second, k, from, to);
}

static struct trade trade_of(int i, unsigned char token[CRYPTO_HASH])
{
    token_of(i, token);
    return (struct trade){ .store = kit()->shop[KIT_A].store,
                           .currency = "LKR",
                           .country = "LK",
                           .zone = "Asia/Colombo",
                           .locale = "en",
                           .session = token,
                           .now = instant_now() };
}

enum outcome { PLACED, AGAIN, NO_STOCK, NO_COUPON, CHANGED, OTHER, OUTCOMES };

static enum outcome buy(struct db *db, int i, bool hold)
{
    unsigned char token[CRYPTO_HASH];
    struct trade t = trade_of(i, token);
    struct cart c;
    struct order_placed done;
    enum order_refusal why = ORDER_FINE;
    enum rc rc = cart_read(db, &t, NULL, &c);
    if (rc != RC_OK)
        return OTHER;
    if (hold && hold_start(db, &c, t.now) == RC_CONFLICT)
        return NO_STOCK;
    rc = order_place(db, &t, c.id, c.shown_hash, &done, &why, &c);
    if (rc == RC_OK)
        return done.again ? AGAIN : PLACED;
    if (rc != RC_CONFLICT) {
        fprintf(stderr, "# %s: %s\n", rc_name(rc), db_error(db)->message);
        return OTHER;
    }
    return why == ORDER_STOCK     ? NO_STOCK
           : why == ORDER_COUPON  ? NO_COUPON
           : why == ORDER_CHANGED ? CHANGED
                                  : OTHER;
}

struct shared {
    int ready;
    int n[OUTCOMES];
};

/* Each of procs processes buys carts p, p + procs, ...; all start together. */
static struct shared crowd(int procs, int carts, bool same, bool hold, bool sweeps)
{
    struct shared *s =
        mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid[64];
    for (int p = 0; p < procs; p++) {
        pid[p] = fork();
        if (pid[p] != 0)
            continue;
        struct app_ctx *app = shop_kit_open("kade_web");
        struct arena *a = arena_new_sized(0);
        kit_scope(app->db, a, KIT_A);
        if (db_connect(app->db) != RC_OK)
            _exit(1);
        __atomic_add_fetch(&s->ready, 1, __ATOMIC_SEQ_CST);
        while (__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST) < procs)
            sched_yield();
        for (int i = p; i < (same ? procs : carts); i += procs) {
            int64_t ended = 0;
            if (sweeps && p % 2 == 0 &&
                hold_sweep(app->db, instant_now() + SECONDS(3600), 3, &ended) != RC_OK)
                __atomic_add_fetch(&s->n[OTHER], 1, __ATOMIC_SEQ_CST);
            __atomic_add_fetch(&s->n[buy(app->db, same ? 0 : i, hold)], 1, __ATOMIC_SEQ_CST);
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

static void ck_doctor(void)
{
    typedef enum rc asked(struct db *, struct shop_doctor_problem_list *);
    static asked *const ask[] = { shop_q_doctor_stock_movements, shop_q_doctor_stock_reserved,
                                  shop_q_doctor_order_lines, shop_q_doctor_orders,
                                  shop_q_doctor_coupons };
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

static int64_t count(const char *what)
{
    return kit_number(what);
}

static void clean(void)
{
    sql("DELETE FROM shop.payments; DELETE FROM shop.coupon_usage; DELETE FROM shop.coupon_people; "
        "DELETE FROM "
        "shop.cart_coupons; DELETE FROM shop.coupon_codes; DELETE FROM shop.coupons; DELETE FROM "
        "shop.fulfilment_items; DELETE FROM shop.shipments; DELETE FROM shop.fulfilments; DELETE "
        "FROM "
        "shop.stock_allocations; DELETE FROM shop.order_item_taxes; DELETE FROM "
        "shop.order_item_discounts; "
        "DELETE FROM shop.order_items; DELETE FROM shop.order_addresses; DELETE FROM "
        "shop.order_status_history; DELETE FROM shop.order_access_tokens; DELETE FROM shop.orders; "
        "DELETE FROM "
        "shop.stock_holds; DELETE FROM shop.carts; UPDATE shop.stock_levels SET held = 0, "
        "allocated = 0;");
}

START_TEST(t1_two_hundred_checkouts_on_stock_seven)
{
    clean();
    set_stock(7, 0);
    make_carts(0, 200, V1, NULL, false);
    struct shared s = crowd(40, 200, false, _i == 1, false);
    ck_assert_int_eq(s.n[PLACED], 7);
    ck_assert_int_eq(s.n[NO_STOCK], 193);
    ck_assert_int_eq(count("SELECT count(*) FROM shop.orders"), 7);
    ck_assert_int_eq(count("SELECT allocated FROM shop.stock_levels WHERE variant_id = '" V1 "'"),
                     7);
    ck_doctor();
}
END_TEST

START_TEST(t2_opposite_carts_lose_nothing)
{
    clean();
    set_stock(1000, 1000);
    make_carts(0, 1000, V1, V2, true);
    struct shared s = crowd(20, 1000, false, false, false);
    ck_assert_int_eq(s.n[PLACED], 1000);
    ck_assert_int_eq(count("SELECT sum(allocated) FROM shop.stock_levels"), 2000);
    ck_doctor();
}
END_TEST

START_TEST(t5_placing_races_the_end_of_holds)
{
    clean();
    set_stock(300, 0);
    make_carts(0, 300, V1, NULL, false);
    struct shared s = crowd(20, 300, false, true, true);
    ck_assert_int_eq(s.n[PLACED], 300); /* there is enough for all, however the holds ended */
    ck_assert_int_eq(count("SELECT held FROM shop.stock_levels WHERE variant_id = '" V1 "'"), 0);
    ck_doctor();
}
END_TEST

START_TEST(t6_a_one_use_coupon_is_used_once)
{
    clean();
    set_stock(1000, 0);
    make_carts(0, 100, V1, NULL, false);
    sql("INSERT INTO shop.coupons (id, name, type, value_ppm, usage_limit) VALUES "
        "('0190b000-0000-7000-8000-0000000000c8', 'Once', 'percentage', 100000, 1); INSERT INTO "
        "shop.coupon_codes (id, coupon_id, code) VALUES ('0190b000-0000-7000-8000-0000000000c9', "
        "'0190b000-0000-7000-8000-0000000000c8', 'ONCE'); INSERT INTO shop.cart_coupons (cart_id, "
        "code_id) "
        "SELECT id, '0190b000-0000-7000-8000-0000000000c9' FROM shop.carts;");
    struct shared s = crowd(40, 100, false, false, false);
    ck_assert_int_eq(count("SELECT count(*) FROM shop.coupon_usage"), 1);
    ck_assert_int_eq(count("SELECT used_count FROM shop.coupons"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM shop.orders WHERE discount_minor > 0"), 1);
    ck_assert_int_eq(s.n[OTHER] + s.n[NO_STOCK], 0);
    ck_assert_int_ge(s.n[NO_COUPON], 1);
    ck_doctor();
}
END_TEST

START_TEST(t16_one_cart_is_one_order_however_often_it_is_sent)
{
    clean();
    set_stock(1000, 0);
    make_carts(0, 1, V1, NULL, false);
    struct shared s = crowd(20, 20, true, false, false);
    ck_assert_int_eq(count("SELECT count(*) FROM shop.orders"), 1);
    ck_assert_int_eq(s.n[PLACED], 1);
    ck_assert_int_eq(s.n[NO_STOCK] + s.n[NO_COUPON], 0);
    ck_doctor();
}
END_TEST

START_TEST(t35_a_kit_takes_its_part)
{
    clean();
    set_stock(1, 0);
    make_carts(0, 2, KIT_V, NULL, false);
    sql("UPDATE shop.cart_items SET variant_id = '" V1
        "' WHERE cart_id = (SELECT id FROM shop.carts WHERE "
        "token_hash = sha256('t1'::bytea))");
    struct shared s = crowd(2, 2, false, false, false);
    ck_assert_int_eq(s.n[PLACED], 1);
    ck_assert_int_eq(s.n[NO_STOCK], 1);
    ck_doctor();
}
END_TEST

/* ---- one connection ---- */
static struct app_ctx *app;
static struct arena *a;

static void open_one(void)
{
    clean();
    app = shop_kit_open("kade_admin");
    a = arena_new_sized(0);
    kit_scope(app->db, a, KIT_A);
}

static void close_one(void)
{
    shop_kit_close(app);
    arena_free(a);
}

static struct order_placed place(int i)
{
    unsigned char token[CRYPTO_HASH];
    struct trade t = trade_of(i, token);
    struct cart c;
    struct order_placed done;
    enum order_refusal why = ORDER_FINE;
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    enum rc rc = order_place(app->db, &t, c.id, c.shown_hash, &done, &why, &c);
    ck_assert_msg(rc == RC_OK, "%s why %d: %s", rc_name(rc), why, db_error(app->db)->message);
    return done;
}

START_TEST(t14_a_changed_price_asks_again)
{
    set_stock(10, 10);
    make_carts(0, 1, V1, NULL, false);
    unsigned char token[CRYPTO_HASH], shown[32];
    struct trade t = trade_of(0, token);
    struct cart c;
    struct order_placed done;
    enum order_refusal why = ORDER_FINE;
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    ck_assert_int_eq(c.totals.total, 118000 + 41300);
    memcpy(shown, c.shown_hash, 32);
    struct uuid cart = c.id;
    sql("UPDATE shop.prices SET amount_minor = 110000 WHERE variant_id = '" V1 "'");
    kit_rc(order_place(app->db, &t, cart, shown, &done, &why, &c), RC_CONFLICT);
    ck_assert_int_eq(why, ORDER_CHANGED);
    ck_assert_int_eq(c.item[0].notice, CART_PRICE_UP);
    ck_assert_int_eq(c.totals.total, 129800 + 41300);
    kit_ok(app->db, order_place(app->db, &t, cart, c.shown_hash, &done, &why, &c));
    sql("UPDATE shop.prices SET amount_minor = 100000 WHERE variant_id = '" V1 "'");
    struct order o;
    kit_ok(app->db, order_read(app->db, done.id, "open", &o));
    ck_assert_int_eq(o.total, 171100);
    ck_assert_int_eq(o.line[0].unit, 110000);
    ck_assert_int_eq(o.tax, 19800 + 6300);
    ck_assert_str_eq(o.state, "confirmed");
}
END_TEST

START_TEST(t24_another_session_finds_nothing)
{
    set_stock(10, 10);
    make_carts(0, 2, V1, NULL, false);
    unsigned char token[CRYPTO_HASH], other[CRYPTO_HASH];
    struct trade t = trade_of(0, token), o = trade_of(1, other);
    struct cart c, d;
    struct order_placed done;
    enum order_refusal why;
    struct uuid found;
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    kit_rc(cart_read(app->db, &o, &c.id, &d), RC_NOTFOUND);
    kit_rc(order_place(app->db, &o, c.id, c.shown_hash, &done, &why, &d), RC_NOTFOUND);
    kit_rc(cart_set(app->db, &o, c.item[0].id, 2), RC_NOTFOUND);
    done = place(0);
    kit_rc(order_place(app->db, &o, c.id, c.shown_hash, &done, &why, &d), RC_NOTFOUND);
    kit_rc(order_of_customer(app->db, id_of(V1), done.number, &found), RC_NOTFOUND);
    kit_rc(order_by_token(app->db, "nonsense", instant_now(), &found), RC_NOTFOUND);
}
END_TEST

START_TEST(t13_quantities_and_variants_are_checked)
{
    unsigned char token[CRYPTO_HASH];
    struct trade t = trade_of(0, token);
    static const int64_t bad[] = { 0, -1, 1000001, INT64_C(1000000000000), INT64_MIN };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        kit_rc(cart_add(app->db, &t, id_of(V1), bad[i]), RC_INVALID);
    kit_rc(cart_add(app->db, &t, id_of(WH), 1), RC_NOTFOUND);
    kit_ok(app->db, cart_add(app->db, &t, id_of(V1), 2));
    kit_ok(app->db, cart_add(app->db, &t, id_of(V1), 3));
    struct cart c;
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    ck_assert_uint_eq(c.nitems, 1);
    ck_assert_int_eq(c.item[0].quantity, 5);
    kit_rc(cart_set(app->db, &t, c.item[0].id, -5), RC_INVALID);
    kit_ok(app->db, cart_remove(app->db, &t, c.item[0].id));
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    ck_assert_uint_eq(c.nitems, 0);
    ck_assert_uint_eq(c.nremoved, 1);
    kit_ok(app->db, cart_restore(app->db, &t, c.removed[0].id));
    kit_ok(app->db, cart_save(app->db, &t, c.removed[0].id, true));
    kit_ok(app->db, cart_read(app->db, &t, NULL, &c));
    ck_assert_uint_eq(c.nsaved, 1);
}
END_TEST

START_TEST(t3_random_ships_cancels_and_returns_keep_the_books)
{
    set_stock(200, 200);
    make_carts(0, 40, V1, V2, true);
    srand(7);
    for (int i = 0; i < 40; i++) {
        struct order_placed o = place(i);
        struct order read;
        for (int step = 0; step < 4; step++) {
            kit_ok(app->db, order_read(app->db, o.id, "ready", &read));
            const struct order_line *l = &read.line[rand() % 2];
            struct ship_line one = { .order_item = l->id, .quantity = 1 };
            struct ship_ask ask = { .order = o.id,
                                    .line = &one,
                                    .n = 1,
                                    .carrier = "Post",
                                    .tracking_number = "",
                                    .tracking_url = "",
                                    .now = instant_now() };
            struct shipped out;
            const char *number;
            enum rc rc = RC_OK;
            switch (rand() % 3) {
            case 0:
                kit_ok(app->db, order_number_next(app->db, "fulfilment", "UTC", ask.now, &number));
                rc = fulfilment_ship(app->db, &ask, number, &out);
                ck_assert_msg(rc == (l->quantity - l->sent - l->cancelled > 0 &&
                                             !str_eq(read.state, "cancelled") &&
                                             !str_eq(read.state, "shipped")
                                         ? RC_OK
                                         : RC_CONFLICT),
                              "ship: %s: %s", rc_name(rc), db_error(app->db)->message);
                break;
            case 1:
                rc = order_cancel(app->db, o.id, "ready", "changed my mind", ask.now);
                ck_assert_msg(rc == RC_OK || rc == RC_CONFLICT, "cancel: %s", rc_name(rc));
                break;
            default:
                break;
            }
        }
    }
    ck_doctor();
    ck_assert_int_eq(
        count("SELECT sum(on_hand) - (SELECT sum(400 - q) FROM (SELECT sum(qty_sent) AS q FROM "
              "shop.order_items WHERE is_tracked) x) FROM shop.stock_levels"),
        0);
}
END_TEST

START_TEST(t4_cancelled_twice_is_given_back_once)
{
    set_stock(5, 5);
    make_carts(0, 1, V1, V2, false);
    struct order_placed o = place(0);
    kit_ok(app->db, order_cancel(app->db, o.id, "open", "", instant_now()));
    kit_ok(app->db, order_cancel(app->db, o.id, "open", "", instant_now()));
    ck_assert_int_eq(count("SELECT sum(allocated) FROM shop.stock_levels"), 0);
    ck_assert_int_eq(count("SELECT sum(on_hand) FROM shop.stock_levels"), 10);
    ck_assert_int_eq(
        count("SELECT count(*) FROM shop.order_status_history WHERE to_state = 'cancelled'"), 1);
    ck_doctor();
}
END_TEST

struct coming_back {
    struct uuid line, cause;
    const char *disposition;
};

static enum rc back_in_tx(struct db *db, void *arg)
{
    const struct coming_back *b = arg;
    return fulfilment_take_back(db, b->line, 1, b->disposition, b->cause, instant_now());
}

static enum rc comes_back(struct uuid line, const char *disposition, struct uuid cause)
{
    struct coming_back b = { line, cause, disposition };
    return db_tx(app->db, DB_TX_RETRY, back_in_tx, &b);
}

static int64_t on_hand(void)
{
    return count("SELECT sum(on_hand) FROM shop.stock_levels");
}

START_TEST(t4_what_comes_back_is_counted_once_and_only_when_it_can_be_sold)
{
    set_stock(5, 5);
    make_carts(0, 1, V1, V2, false);
    struct order_placed o = place(0);
    struct order read;
    struct shipped out;
    const char *number;
    struct ship_ask all = { .order = o.id,
                            .carrier = "Post",
                            .tracking_number = "",
                            .tracking_url = "",
                            .now = instant_now() };
    kit_ok(app->db, order_read(app->db, o.id, "open", &read));
    struct uuid one = read.line[0].id, two = read.line[1].id, a_cause = uuid7_new();
    kit_rc(comes_back(one, "sellable", a_cause), RC_CONFLICT); /* it has not left yet */
    ck_assert_int_eq(on_hand(), 10);
    kit_ok(app->db, order_number_next(app->db, "fulfilment", "UTC", all.now, &number));
    kit_ok(app->db, fulfilment_ship(app->db, &all, number, &out));
    ck_assert_int_eq(on_hand(), 8);
    kit_ok(app->db, comes_back(one, "damaged", a_cause));
    ck_assert_int_eq(on_hand(), 8);
    kit_rc(comes_back(one, "sellable", uuid7_new()), RC_CONFLICT); /* it was one piece */
    kit_ok(app->db, comes_back(two, "sellable", uuid7_new()));
    ck_assert_int_eq(on_hand(), 9);
    kit_rc(comes_back(two, "sellable", uuid7_new()), RC_CONFLICT);
    /* Arriving and being cancelled afterwards move nothing. */
    kit_ok(app->db, fulfilment_delivered(app->db, out.fulfilment, instant_now()));
    kit_ok(app->db, order_read(app->db, o.id, "open", &read));
    ck_assert_str_eq(read.state, "delivered");
    kit_rc(fulfilment_delivered(app->db, out.fulfilment, instant_now()), RC_CONFLICT);
    kit_rc(order_cancel(app->db, o.id, "open", "", instant_now()), RC_CONFLICT);
    ck_assert_int_eq(on_hand(), 9);
    ck_doctor();
}
END_TEST

START_TEST(t20_numbers_are_unique_and_follow_the_pattern)
{
    const char *one, *two;
    static const unsigned char key[32] = "k";
    kit_ok(app->db, order_number_next(app->db, "order", "Asia/Colombo", instant_now(), &one));
    kit_ok(app->db, order_number_next(app->db, "order", "Asia/Colombo", instant_now(), &two));
    ck_assert_str_ne(one, two);
    ck_assert(str_starts(one, "ORD-20") && strlen(one) == strlen("ORD-2026-000123"));
    bool *seen = calloc(29 * 29 * 29 * 29, 1);
    for (int64_t i = 1; i <= 29 * 29 * 29 * 29; i += 7) {
        ck_assert_int_eq(order_number_format(a, "{code:4}", i, 2026, 1, key, &one), RC_OK);
        static const char letters[] = "BCDFGHJKLMNPQRSTVWXYZ23456789";
        int at = 0;
        for (int k = 0; k < 4; k++)
            at = at * 29 + (int)(strchr(letters, one[k]) - letters);
        ck_assert(!seen[at]);
        seen[at] = true;
        arena_reset(a);
    }
    free(seen);
    kit_rc(order_number_format(a, "ORD", 1, 2026, 1, key, &one), RC_INVALID);
    kit_rc(order_number_format(a, "{no", 1, 2026, 1, key, &one), RC_INVALID);
    kit_rc(order_number_format(a, "{what}{no}", 1, 2026, 1, key, &one), RC_INVALID);
}
END_TEST

START_TEST(a_guests_cart_is_merged_at_login)
{
    static const struct {
        const char *how;
        int quantity;
    } want[] = { { "larger", 3 }, { "sum", 5 }, { "guest", 3 }, { "keep", 2 } };
    set_stock(100, 100);
    sql("INSERT INTO shop.customers (id, email) VALUES ('0190b000-0000-7000-8000-0000000000ca', "
        "'c@x.test') "
        "ON CONFLICT DO NOTHING");
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        unsigned char token[CRYPTO_HASH];
        struct trade guest = trade_of(0, token), own = guest;
        struct cart c;
        enum cart_merge how;
        own.customer = id_of("0190b000-0000-7000-8000-0000000000ca");
        clean();
        kit_ok(app->db, cart_add(app->db, &guest, id_of(V1), 3));
        kit_ok(app->db, cart_add(app->db, &own, id_of(V1), 2));
        ck_assert(cart_merge_parse(want[i].how, &how));
        struct merging {
            struct bytes token;
            struct uuid customer;
            enum cart_merge how;
        } m = { { token, sizeof(token) }, own.customer, how };
        enum rc merge(struct db *, void *);
        kit_ok(app->db, db_tx(app->db, 0, merge, &m));
        kit_ok(app->db, cart_read(app->db, &own, NULL, &c));
        ck_assert_int_eq(c.nitems == 1 ? c.item[0].quantity : -1, want[i].quantity);
        kit_rc(cart_read(app->db, &guest, NULL, &c), RC_NOTFOUND);
    }
}
END_TEST

enum rc merge(struct db *db, void *arg);
enum rc merge(struct db *db, void *arg)
{
    struct merging {
        struct bytes token;
        struct uuid customer;
        enum cart_merge how;
    } *m = arg;
    return cart_take_over(db, m->token, m->customer, m->how, instant_now());
}

int main(void)
{
    kit_database();
    if (crypto_init() != RC_OK || crypto_load_key(kit_path("key"), true) != RC_OK)
        return 1;
    char all[9000];
    snprintf(all, sizeof(all), seed, shop_id());
    kit_sql(all);
    Suite *s = suite_create("trade");
    TCase *crowds = tcase_create("crowds"), *one = tcase_create("one");
    tcase_set_timeout(crowds, 600);
    tcase_set_timeout(one, 300);
    tcase_add_loop_test(crowds, t1_two_hundred_checkouts_on_stock_seven, 0, 2);
    tcase_add_test(crowds, t2_opposite_carts_lose_nothing);
    tcase_add_test(crowds, t5_placing_races_the_end_of_holds);
    tcase_add_test(crowds, t6_a_one_use_coupon_is_used_once);
    tcase_add_test(crowds, t16_one_cart_is_one_order_however_often_it_is_sent);
    tcase_add_test(crowds, t35_a_kit_takes_its_part);
    tcase_add_checked_fixture(one, open_one, close_one);
    tcase_add_test(one, t14_a_changed_price_asks_again);
    tcase_add_test(one, t24_another_session_finds_nothing);
    tcase_add_test(one, t13_quantities_and_variants_are_checked);
    tcase_add_test(one, t3_random_ships_cancels_and_returns_keep_the_books);
    tcase_add_test(one, t4_cancelled_twice_is_given_back_once);
    tcase_add_test(one, t4_what_comes_back_is_counted_once_and_only_when_it_can_be_sold);
    tcase_add_test(one, t20_numbers_are_unique_and_follow_the_pattern);
    tcase_add_test(one, a_guests_cart_is_merged_at_login);
    suite_add_tcase(s, crowds);
    suite_add_tcase(s, one);
    return kit_run(s);
}
