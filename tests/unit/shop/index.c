/* index.c: the index follows the outbox: what is changed is found after its event, a file of
 * products in few batches; counters of products and what hangs on them; how far behind it is. */
#include <string.h>

#include "app/event.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "shop/search.h"
#include "shop/search_index.h"
#include "shop/stats.h"
#include "shop_kit.h"

static struct app_ctx *app;

static void setup(void)
{
    app = shop_kit_open("kade_jobs");
}
static void teardown(void)
{
    shop_kit_close(app);
}

static void import(const char *csv)
{
    struct app_ctx *staff = shop_kit_open("kade_admin");
    struct shop_kit_import i = shop_kit_import(staff, csv, strlen(csv), false);
    ck_assert_msg(i.rc == RC_OK && i.report.refused == 0, "%s", i.said);
    shop_kit_close(staff);
}

static size_t dispatch(size_t most)
{
    size_t n, all = 0;
    do {
        kit_ok(app->db, outbox_dispatch(app, most, &n));
        all += n;
    } while (n > 0 && most > 1);
    return all;
}

static struct search_status status(void)
{
    struct search_status s;
    kit_scope(app->db, app->work, KIT_A);
    kit_ok(app->db, search_status(app->db, instant_now(), &s));
    db_scope_end(app->db);
    return s;
}

static size_t found(const char *words)
{
    struct search_result r;
    kit_scope(app->db, app->work, KIT_A);
    kit_ok(app->db, search_run(app->db,
                               &(struct search_ask){
                                   .query = words, .locale = "en", .exact = true, .most = 5 },
                               &r));
    db_scope_end(app->db);
    return r.near ? 0 : r.n;
}

START_TEST(a_file_of_products_is_indexed_in_few_batches)
{
    struct buf b;
    buf_init(&b, app->work, 1u << 20);
    buf_str(&b, "SKU,Name,Regular price,Categories,In stock?\n");
    for (int i = 0; i < 300; i++)
        buf_printf(&b, "BATCH-%03d,Batch thing %03d,%d,Things,1\n", i, i, 100 + i);
    (void)dispatch(1000);
    import(b.p);
    ck_assert_int_ge(status().waiting, 300);
    ck_assert_int_gt(status().lag_us, 0);
    ck_assert_uint_eq(found("batch thing 250"), 0);
    for (int i = 0; i < 8 && found("batch thing 250") == 0; i++)
        (void)dispatch(
            1); /* those of the category, then the first product takes the others along */
    ck_assert_uint_eq(found("batch thing 250"), 1);
    ck_assert_int_ge(status().waiting, 250);
    int64_t t0 = monotonic_us();
    (void)dispatch(1000);
    ck_assert_int_eq(status().waiting, 0);
    ck_assert_int_eq(status().lag_us, 0);
    ck_assert_int_lt(monotonic_us() - t0, SECONDS(20)); /* sanitizers and a busy machine */
}
END_TEST

static enum rc add_in_tx(struct db *db, void *arg)
{
    return product_stats_add(db, arg, 1, instant_now());
}

static struct product_stats_change change(struct uuid id, int64_t sum, int64_t count, int64_t sold,
                                          int64_t viewed)
{
    return (struct product_stats_change){ id, sum, count, sold, viewed };
}

static enum rc add(struct product_stats_change c)
{
    kit_scope(app->db, app->work, KIT_A);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, add_in_tx, &c);
    db_scope_end(app->db);
    return rc;
}

static int64_t number(const char *column, const char *table)
{
    return kit_number(
        arena_printf(app->work,
                     "SELECT %s FROM shop.%s s JOIN shop.product_variants v ON "
                     "v.product_id = s.product_id AND v.tenant_id = s.tenant_id WHERE "
                     "v.sku = 'RATED'",
                     column, table));
}

START_TEST(counters_of_a_product)
{
    import("SKU,Name,Regular price,Categories,In stock?\nRATED,Rated thing,10,Things,1\n");
    (void)dispatch(1000);
    struct uuid id;
    ck_assert_int_eq(
        uuid_parse(kit_value("SELECT product_id FROM shop.product_variants WHERE sku = 'RATED'"),
                   &id),
        RC_OK);
    kit_rc(add(change(id, 5, 1, 0, 0)), RC_OK);
    kit_rc(add(change(id, 2, 1, 3, 40)), RC_OK);
    ck_assert_int_eq(number("rating_sum", "product_stats"), 7);
    ck_assert_int_eq(number("popularity", "product_stats"), 100);
    (void)dispatch(1000);
    ck_assert_int_eq(number("rating", "product_search"), 350);
    ck_assert_int_eq(number("popularity", "product_search"), 100);
    kit_rc(add(change(id, -5, -1, -1, 0)), RC_OK);
    ck_assert_int_eq(number("rating_sum", "product_stats"), 2);
    ck_assert_int_eq(number("sold", "product_stats"), 2);
    kit_rc(add(change(id, 9, 1, 0, 0)), RC_INVALID); /* nine stars */
    ck_assert_int_eq(number("rating_sum", "product_stats"), 2);
    int64_t events = kit_number("SELECT count(*) FROM app.outbox");
    kit_rc(add(change(uuid7_new(), 5, 1, 0, 0)), RC_OK); /* nobody */
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox"), events);
    ck_assert_int_gt(kit_number("SELECT count(*) FROM app.outbox WHERE topic = 'product.rated'"),
                     1);
}
END_TEST

START_TEST(what_is_gone_is_forgotten)
{
    import("SKU,Name,Regular price,Categories,In stock?\nGONE,Vanishing thing,10,Things,1\n");
    (void)dispatch(1000);
    ck_assert_uint_eq(found("vanishing"), 1);
    import("SKU,Name,Regular price,Categories,In stock?,Published\nGONE,Vanishing "
           "thing,10,Things,1,0\n");
    (void)dispatch(1000);
    ck_assert_uint_eq(found("vanishing"), 0);
    import("SKU,Name,Regular price,Categories,In stock?,Published\nGONE,Returning "
           "thing,10,Things,1,1\n");
    (void)dispatch(1000);
    ck_assert_uint_eq(found("returning"), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("index");
    TCase *t = tcase_create("index");
    kit_database();
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_file_of_products_is_indexed_in_few_batches);
    tcase_add_test(t, counters_of_a_product);
    tcase_add_test(t, what_is_gone_is_forgotten);
    suite_add_tcase(s, t);
    return kit_run(s);
}
