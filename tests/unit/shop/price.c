/* price.c: the price resolver at the edges of windows, between lists, and for ranges; stock words.
 */
#include <check.h>
#include <string.h>

#include "base/time.h"
#include "shop/price.h"
#include "shop/stock.h"

static const struct uuid A = { { 1 } }, B = { { 2 } };

static struct price_row row(struct uuid v, enum price_kind kind, int64_t amount, int64_t from,
                            int64_t until)
{
    return (struct price_row){ .variant_id = v,
                               .kind = kind,
                               .min_quantity = 1,
                               .amount = amount,
                               .lowest_30d = -1,
                               .from = from,
                               .until = until };
}

START_TEST(windows_are_half_open)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_SALE, 800, 100, 200) };
    static const struct {
        int64_t now, amount, until;
    } at[] = { { 99, 1000, 100 },
               { 100, 800, 200 },
               { 199, 800, 200 },
               { 200, 1000, INSTANT_MAX },
               { INSTANT_MIN, 1000, 100 } };
    for (size_t i = 0; i < 5; i++) {
        struct price p = price_resolve(r, 2, A, 1, at[i].now);
        ck_assert_int_eq(p.amount, at[i].amount);
        ck_assert_int_eq(p.until, at[i].until);
        ck_assert_int_eq(p.reason, at[i].amount == 800 ? PRICE_ON_SALE : PRICE_LISTED);
        ck_assert_int_eq(p.was, at[i].amount == 800 ? 1000 : -1);
    }
}
END_TEST

START_TEST(the_order_of_rows_never_matters)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_BASE, 1100, 50, INSTANT_MAX), /* later start wins */
                             row(A, PRICE_SALE, 900, 50, 500), row(A, PRICE_SALE, 850, 60, 500),
                             row(B, PRICE_SALE, 1, 0, 500) };
    for (int turn = 0; turn < 5; turn++) {
        struct price p = price_resolve(r, 5, A, 1, 100);
        ck_assert_int_eq(p.amount, 850);
        ck_assert_int_eq(p.was, 1100);
        struct price_row first = r[0];
        memmove(r, r + 1, 4 * sizeof(*r));
        r[4] = first;
    }
}
END_TEST

START_TEST(a_sale_that_is_dearer_is_none)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_SALE, 1000, INSTANT_MIN, INSTANT_MAX) };
    ck_assert_int_eq(price_resolve(r, 2, A, 1, 0).reason, PRICE_LISTED);
    r[1].amount = 1200;
    ck_assert_int_eq(price_resolve(r, 2, A, 1, 0).amount, 1000);
}
END_TEST

START_TEST(agreed_prices_and_better_sales)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_GROUP, 900, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_SALE, 950, INSTANT_MIN, INSTANT_MAX) };
    struct price p = price_resolve(r, 3, A, 1, 0);
    ck_assert_int_eq(p.amount, 900);
    ck_assert_int_eq(p.reason, PRICE_OWN);
    r[2].amount = 700;
    p = price_resolve(r, 3, A, 1, 0);
    ck_assert_int_eq(p.amount, 700);
    ck_assert_int_eq(p.reason, PRICE_ON_SALE);
}
END_TEST

START_TEST(quantity_steps)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(A, PRICE_BASE, 900, INSTANT_MIN, INSTANT_MAX) };
    r[1].min_quantity = 10;
    ck_assert_int_eq(price_resolve(r, 2, A, 9, 0).amount, 1000);
    ck_assert_int_eq(price_resolve(r, 2, A, 10, 0).amount, 900);
    ck_assert_int_eq(price_resolve(r, 2, A, 1, 0).was, -1);
}
END_TEST

START_TEST(nothing_applies)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, 10, 20) };
    ck_assert_int_eq(price_resolve(r, 1, A, 1, 30).reason, PRICE_NONE);
    ck_assert_int_eq(price_resolve(r, 1, B, 1, 15).reason, PRICE_NONE);
    ck_assert_int_eq(price_resolve(NULL, 0, A, 1, 15).reason, PRICE_NONE);
    ck_assert_int_eq(price_resolve(r, 1, A, 1, 5).until, 10);
}
END_TEST

START_TEST(ranges_of_variants)
{
    struct price_row r[] = { row(A, PRICE_BASE, 1000, INSTANT_MIN, INSTANT_MAX),
                             row(B, PRICE_BASE, 1500, INSTANT_MIN, INSTANT_MAX),
                             row(B, PRICE_SALE, 600, 0, 100) };
    struct uuid v[] = { A, B };
    struct price_range p = price_range_of(r, 3, v, 2, 50);
    ck_assert(p.priced && p.varies);
    ck_assert_int_eq(p.low.amount, 600);
    ck_assert_int_eq(p.high, 1000);
    p = price_range_of(r, 3, v, 2, 100);
    ck_assert_int_eq(p.low.amount, 1000);
    ck_assert_int_eq(p.high, 1500);
    ck_assert(!price_range_of(r, 1, v + 1, 1, 0).priced);
    ck_assert(!price_range_of(r, 1, v, 1, 0).varies);
}
END_TEST

START_TEST(percent_is_never_overstated)
{
    struct price p = { .reason = PRICE_ON_SALE, .amount = 667, .was = 1000 };
    ck_assert_int_eq(price_saving_percent(&p), 33);
    p.amount = 0;
    ck_assert_int_eq(price_saving_percent(&p), 99);
    p.was = INT64_MAX;
    ck_assert_int_eq(price_saving_percent(&p), 99);
    p.was = -1;
    ck_assert_int_eq(price_saving_percent(&p), 0);
    p = (struct price){ .reason = PRICE_LISTED, .amount = 1, .was = 100 };
    ck_assert_int_eq(price_saving_percent(&p), 0);
}
END_TEST

START_TEST(stock_in_words)
{
    static const struct {
        struct stock_fact f;
        enum stock_word word;
    } t[] = { { { .external = true }, STOCK_EXTERNAL },
              { { .always = true }, STOCK_IN },
              { { .free = 0, .reorder = -1 }, STOCK_OUT },
              { { .free = 0, .backorder = true, .reorder = -1 }, STOCK_BACKORDER },
              { { .free = 3, .reorder = -1 }, STOCK_LOW },
              { { .free = 4, .reorder = -1 }, STOCK_IN },
              { { .free = 9, .reorder = 10 }, STOCK_LOW },
              { { .free = 1, .reorder = 0 }, STOCK_IN } };
    for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++)
        ck_assert_int_eq(stock_word(&t[i].f), t[i].word);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("shop price");
    TCase *t = tcase_create("price");
    tcase_add_test(t, windows_are_half_open);
    tcase_add_test(t, the_order_of_rows_never_matters);
    tcase_add_test(t, a_sale_that_is_dearer_is_none);
    tcase_add_test(t, agreed_prices_and_better_sales);
    tcase_add_test(t, quantity_steps);
    tcase_add_test(t, nothing_applies);
    tcase_add_test(t, ranges_of_variants);
    tcase_add_test(t, percent_is_never_overstated);
    tcase_add_test(t, stock_in_words);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed > 0;
}
