/* Pricing: worked examples of taxes and discounts, and a hundred thousand random carts. */
#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "shop/pricing.h"

static struct arena *a;

static void open_arena(void)
{
    a = arena_new_sized(0);
}

static void close_arena(void)
{
    arena_free(a);
}

static struct tax_rate rate(const char *class, int32_t ppm, int32_t priority, bool compound)
{
    static unsigned char n;
    struct tax_rate r = { .tax_class = class,
                          .name = "T",
                          .country = "",
                          .region = "",
                          .ppm = ppm,
                          .priority = priority,
                          .compound = compound,
                          .on_shipping = true };
    r.id.b[15] = ++n;
    return r;
}

static struct pricing_terms terms(const char *currency, bool include)
{
    return (struct pricing_terms){ .currency = currency_find(currency), .include_tax = include };
}

static struct pricing_line goods(int64_t unit, int32_t quantity, const struct tax_rate *r)
{
    struct pricing_line l = {
        .kind = PRICING_ITEM, .list = unit, .unit = unit, .quantity = quantity, .price_quantity = 1
    };
    if (r != NULL) {
        l.taxes.rate[0] = r;
        l.taxes.n = 1;
    }
    return l;
}

START_TEST(tax_is_added_or_contained)
{
    struct tax_rate vat = rate("standard", 180000, 1, false);
    struct pricing_line l = goods(10000, 2, &vat);
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(sum.tax, 3600);
    ck_assert_int_eq(sum.total, 23600);
    ck_assert_int_eq(l.lot[0].base, 20000);

    l = goods(11800, 1, &vat);
    t = terms("LKR", true);
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(sum.tax, 1800);
    ck_assert_int_eq(sum.tax_added, 0);
    ck_assert_int_eq(sum.total, 11800);
    ck_assert_int_eq(l.lot[0].base, 10000);
}
END_TEST

START_TEST(a_compound_rate_is_on_the_one_before)
{
    struct tax_rate one = rate("standard", 50000, 1, false), two = rate("standard", 99750, 2, true);
    struct tax_rate all[] = { two, one };
    struct pricing_line l = goods(10000, 1, NULL);
    ck_assert_int_eq(tax_pick(all, 2, "standard", false, &l.taxes), RC_OK);
    ck_assert_uint_eq(l.taxes.n, 2);
    ck_assert_int_eq(l.taxes.rate[0]->ppm, 50000);
    struct pricing_terms t = terms("USD", false);
    struct pricing_totals sum;
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(l.lot[0].amount, 500);
    ck_assert_int_eq(l.lot[1].amount, 1047); /* 10500 x 9.975 % = 1047.375 */
    ck_assert_int_eq(l.lot[1].base, 10500);

    struct pricing_line back = goods(11547, 1, NULL);
    back.taxes = l.taxes;
    t = terms("USD", true);
    ck_assert_int_eq(pricing_total(a, &t, &back, 1, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(back.lot[0].amount, 500);
    ck_assert_int_eq(back.lot[1].amount, 1047);
}
END_TEST

START_TEST(the_closest_area_wins_in_each_priority)
{
    struct tax_rate r[] = { rate("standard", 100000, 1, false), rate("standard", 90000, 1, false),
                            rate("standard", 10000, 2, false), rate("reduced", 50000, 1, false) };
    struct tax_set set;
    r[0].closeness = 1;
    r[1].closeness = 9;
    r[2].on_shipping = false;
    ck_assert_int_eq(tax_pick(r, 4, "standard", false, &set), RC_OK);
    ck_assert_uint_eq(set.n, 2);
    ck_assert_int_eq(set.rate[0]->ppm, 90000);
    ck_assert_int_eq(tax_pick(r, 4, "standard", true, &set), RC_OK);
    ck_assert_uint_eq(set.n, 1);
    ck_assert_int_eq(tax_pick(r, 4, "none", false, &set), RC_OK);
    ck_assert_uint_eq(set.n, 0);
}
END_TEST

START_TEST(tax_is_rounded_per_line_or_per_order)
{
    struct tax_rate vat = rate("standard", 100000, 1, false);
    struct pricing_line l[] = { goods(4, 1, &vat), goods(4, 1, &vat), goods(4, 1, &vat) };
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    ck_assert_int_eq(pricing_total(a, &t, l, 3, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(sum.tax, 0); /* 0.4 three times */
    t.tax_rounding = TAX_PER_ORDER;
    ck_assert_int_eq(pricing_total(a, &t, l, 3, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(sum.tax, 1); /* 1.2 once, on the first line */
    ck_assert_int_eq(l[0].tax, 1);
}
END_TEST

START_TEST(rounding_follows_the_named_mode)
{
    static const struct {
        enum rounding mode;
        int64_t tax;
    } want[] = { { ROUND_HALF_UP, 3 }, { ROUND_HALF_EVEN, 2 }, { ROUND_DOWN, 2 }, { ROUND_UP, 3 } };
    struct tax_rate vat = rate("standard", 100000, 1, false);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        struct pricing_line l = goods(25, 1, &vat);
        struct pricing_terms t = terms("LKR", false);
        struct pricing_totals sum;
        t.rounding = want[i].mode;
        ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
        ck_assert_int_eq(sum.tax, want[i].tax);
    }
}
END_TEST

START_TEST(t9_a_discount_falls_on_lines_of_two_rates)
{
    struct tax_rate high = rate("standard", 200000, 1, false), low = rate("low", 50000, 1, false);
    struct pricing_line l[] = { goods(1000, 1, &high), goods(1000, 2, &low) };
    struct discount d = { .kind = DISCOUNT_FIXED, .amount = 100, .cap = -1, .label = "x" };
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    l[0].discounts = l[1].discounts = 1;
    ck_assert_int_eq(pricing_total(a, &t, l, 2, &d, 1, &sum), RC_OK);
    ck_assert_int_eq(l[0].discount, 33);
    ck_assert_int_eq(l[1].discount, 67);
    ck_assert_int_eq(l[0].tax, 193); /* 967 x 20 % = 193.4 */
    ck_assert_int_eq(l[1].tax, 97);  /* 1933 x 5 % = 96.65 */
    ck_assert_int_eq(d.taken, 100);
}
END_TEST

START_TEST(t12_stacked_discounts_stop_at_zero)
{
    struct pricing_line l[] = { goods(1000, 1, NULL), goods(500, 1, NULL) };
    struct discount d[] = { { .kind = DISCOUNT_PERCENT, .ppm = 900000, .cap = -1, .label = "a" },
                            { .kind = DISCOUNT_FIXED, .amount = 5000, .cap = -1, .label = "b" },
                            { .kind = DISCOUNT_ALL, .cap = -1, .label = "c" } };
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    l[0].discounts = 7;
    l[1].discounts = 2;
    ck_assert_int_eq(pricing_total(a, &t, l, 2, d, 3, &sum), RC_OK);
    ck_assert_int_eq(sum.total, 0);
    ck_assert_int_eq(d[0].taken, 900);
    ck_assert_int_eq(d[1].taken, 600);
    ck_assert_int_eq(d[2].taken, 0);
}
END_TEST

START_TEST(t11_amounts_past_the_limit_are_refused)
{
    struct pricing_line l = goods(INT64_MAX / 2, 1000000, NULL);
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_LIMIT);
    struct pricing_line two[] = { goods(INT64_MAX / 2 - 1, 1, NULL),
                                  goods(INT64_MAX / 2 - 1, 1, NULL),
                                  goods(INT64_MAX / 2 - 1, 1, NULL) };
    ck_assert_int_eq(pricing_total(a, &t, two, 3, NULL, 0, &sum), RC_LIMIT);
}
END_TEST

START_TEST(t13_no_quantity_below_one_and_no_price_below_zero)
{
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    struct pricing_line l = goods(100, 0, NULL);
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_INVALID);
    l = goods(100, -3, NULL);
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_INVALID);
    l = goods(-1, 1, NULL);
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_INVALID);
}
END_TEST

START_TEST(amounts_are_multiples_of_what_is_shown)
{
    struct tax_rate vat = rate("standard", 137500, 1, false);
    struct pricing_line l = goods(12345678, 3, &vat); /* 12,345.678 dinars */
    struct discount d = { .kind = DISCOUNT_PERCENT, .ppm = 33333, .cap = -1, .label = "x" };
    struct pricing_terms t = terms("IQD", true);
    struct pricing_totals sum;
    l.discounts = 1;
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, &d, 1, &sum), RC_OK);
    ck_assert_int_eq(l.unit, 12346000);
    ck_assert_int_eq(l.subtotal, 37038000);
    ck_assert_int_eq(l.discount % 1000, 0);
    ck_assert_int_eq(l.tax % 1000, 0);
    ck_assert_int_eq(sum.total % 1000, 0);
}
END_TEST

START_TEST(relief_takes_contained_tax_off)
{
    struct tax_rate vat = rate("standard", 180000, 1, false);
    struct pricing_line l = goods(11800, 1, &vat);
    struct pricing_terms t = terms("LKR", true);
    struct pricing_totals sum;
    t.relief = "exempt";
    t.evidence = "certificate 7";
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
    ck_assert_int_eq(sum.total, 10000);
    ck_assert_int_eq(sum.tax, 0);
    ck_assert_int_eq(l.part[0], 1800);
    ck_assert_int_eq(l.lot[0].amount, 0);
    ck_assert_int_eq(l.lot[0].base, 10000);
}
END_TEST

START_TEST(reasons_sum_to_the_line)
{
    struct pricing_line l = goods(800, 3, NULL);
    struct price p = { .reason = PRICE_ON_SALE, .amount = 800, .list = 1000, .min_quantity = 1 };
    struct discount d = { .kind = DISCOUNT_PERCENT, .ppm = 100000, .cap = -1, .label = "TEN" };
    struct pricing_terms t = terms("LKR", false);
    struct pricing_totals sum;
    size_t n = 0;
    l.list = 1000;
    l.discounts = 1;
    ck_assert_int_eq(pricing_total(a, &t, &l, 1, &d, 1, &sum), RC_OK);
    const struct pricing_why *why = pricing_reasons(a, &l, &p, &d, 1, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(why[0].amount, 3000);
    ck_assert_int_eq(why[1].reason, REASON_SALE);
    ck_assert_int_eq(why[1].amount, -600);
    ck_assert_int_eq(why[2].amount, -240);
    ck_assert_int_eq(why[0].amount + why[1].amount + why[2].amount, l.total);
}
END_TEST

/* ---- random carts ---- */

static uint64_t seed = 88172645463325252u;

static int64_t below(int64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)(seed % (uint64_t)n);
}

static void check_line(const struct pricing_line *l, const struct pricing_terms *t, size_t nd)
{
    int64_t step = currency_step(t->currency), parts = 0, tax = 0;
    for (size_t d = 0; d <= nd; d++) {
        ck_assert_int_ge(l->part[d], 0);
        ck_assert_int_eq(l->part[d] % step, 0);
        parts += l->part[d];
    }
    for (size_t k = 0; k < l->taxes.n; k++) {
        ck_assert_int_ge(l->lot[k].amount, 0);
        ck_assert_int_eq(l->lot[k].amount % step, 0);
        tax += l->lot[k].amount;
    }
    ck_assert_int_eq(parts, l->discount);
    ck_assert_int_eq(tax, l->tax);
    ck_assert_int_ge(l->discount, 0);
    ck_assert_int_le(l->discount, l->subtotal);
    ck_assert_int_eq(l->total, l->subtotal - l->discount);
    ck_assert_int_eq(l->tax_added, t->include_tax ? 0 : l->tax);
    ck_assert_int_eq(l->total % step, 0);
    if (t->include_tax)
        ck_assert_int_le(l->tax, l->total);
    if (l->price_quantity == 1)
        ck_assert_int_eq(l->subtotal, l->unit * l->quantity);
}

static void random_cart(void)
{
    static const char *const codes[] = { "JPY", "LKR", "USD", "IQD", "KWD" };
    struct tax_rate rates[6];
    struct pricing_line l[6];
    struct discount d[4];
    struct pricing_terms t = terms(codes[below(5)], below(2) == 0);
    struct pricing_totals sum;
    size_t n = 1 + (size_t)below(6), nd = (size_t)below(4);
    t.tax_rounding = below(2) == 0 ? TAX_PER_LINE : TAX_PER_ORDER;
    t.rounding = (enum rounding)below(4);
    if (below(20) == 0)
        t.relief = "exempt";
    for (size_t i = 0; i < 6; i++)
        rates[i] =
            rate(i % 2 ? "low" : "standard", (int32_t)below(below(9) == 0 ? 10000001 : 300000),
                 1 + (int32_t)(i / 2), i >= 4 || below(5) == 0);
    for (size_t i = 0; i < n; i++) {
        l[i] = goods(below(below(3) == 0 ? 100000000000 : 1000000),
                     1 + (int32_t)below(below(3) == 0 ? 5000 : 5), NULL);
        l[i].kind = i + 1 == n && below(2) == 0 ? PRICING_SHIPPING : PRICING_ITEM;
        l[i].price_quantity = below(10) == 0 ? 1 + (int32_t)below(20) : 1;
        l[i].discounts = (uint32_t)below(16);
        ck_assert_int_eq(tax_pick(rates, 6,
                                  below(4) == 0   ? "none"
                                  : below(2) == 0 ? "low"
                                                  : "standard",
                                  l[i].kind == PRICING_SHIPPING, &l[i].taxes),
                         RC_OK);
    }
    for (size_t i = 0; i < nd; i++)
        d[i] = (struct discount){ .kind = (enum discount_kind)below(3),
                                  .ppm = 1 + (int32_t)below(1000000),
                                  .amount = 1 + below(10000000),
                                  .cap = below(3) == 0 ? below(100000) : -1,
                                  .label = "x" };
    ck_assert_int_eq(pricing_total(a, &t, l, n, d, nd, &sum), RC_OK);
    struct pricing_totals again = { 0 };
    int64_t taken[4] = { 0 };
    for (size_t i = 0; i < n; i++) {
        check_line(&l[i], &t, nd);
        *(l[i].kind == PRICING_SHIPPING ? &again.shipping : &again.items) += l[i].total;
        again.tax += l[i].tax;
        again.tax_added += l[i].tax_added;
        again.discount += l[i].discount;
        for (size_t k = 0; k < nd; k++)
            taken[k] += l[i].part[k];
    }
    for (size_t k = 0; k < nd; k++)
        ck_assert_int_eq(taken[k], d[k].taken);
    ck_assert_int_eq(again.items, sum.items);
    ck_assert_int_eq(again.shipping, sum.shipping);
    ck_assert_int_eq(again.tax, sum.tax);
    ck_assert_int_eq(again.discount, sum.discount);
    ck_assert_int_eq(sum.total, sum.items + sum.shipping + sum.fees + sum.tax_added);
}

START_TEST(t8_a_hundred_thousand_random_carts_sum_exactly)
{
    for (int i = 0; i < 100000; i++) {
        random_cart();
        arena_reset(a);
    }
}
END_TEST

/* The exponent is the currency's, from the price to the text a gateway or a form gets and back. */
START_TEST(t10_minor_units_are_the_currencys_own)
{
    static const struct {
        const char *code, *text, *gross;
        int64_t minor;
    } cases[] = { { "JPY", "1500", "1650", 1500 },
                  { "EUR", "15.00", "16.50", 1500 },
                  { "KWD", "1.500", "1.650", 1500 } };
    struct tax_rate vat = rate("standard", 100000, 1, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pricing_terms t = terms(cases[i].code, false);
        struct pricing_line l = goods(cases[i].minor, 1, &vat);
        struct pricing_totals sum;
        int64_t again = 0;
        char text[40];
        money_plain(cases[i].minor, t.currency, text, sizeof(text));
        ck_assert_str_eq(text, cases[i].text);
        ck_assert_int_eq(money_parse(text, t.currency, &again), RC_OK);
        ck_assert_int_eq(again, cases[i].minor);
        ck_assert_int_eq(pricing_total(a, &t, &l, 1, NULL, 0, &sum), RC_OK);
        money_plain(sum.total, t.currency, text, sizeof(text));
        ck_assert_str_eq(text, cases[i].gross);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pricing");
    TCase *t = tcase_create("pricing");
    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, tax_is_added_or_contained);
    tcase_add_test(t, a_compound_rate_is_on_the_one_before);
    tcase_add_test(t, the_closest_area_wins_in_each_priority);
    tcase_add_test(t, tax_is_rounded_per_line_or_per_order);
    tcase_add_test(t, rounding_follows_the_named_mode);
    tcase_add_test(t, t9_a_discount_falls_on_lines_of_two_rates);
    tcase_add_test(t, t12_stacked_discounts_stop_at_zero);
    tcase_add_test(t, t10_minor_units_are_the_currencys_own);
    tcase_add_test(t, t11_amounts_past_the_limit_are_refused);
    tcase_add_test(t, t13_no_quantity_below_one_and_no_price_below_zero);
    tcase_add_test(t, amounts_are_multiples_of_what_is_shown);
    tcase_add_test(t, relief_takes_contained_tax_off);
    tcase_add_test(t, reasons_sum_to_the_line);
    tcase_add_test(t, t8_a_hundred_thousand_random_carts_sum_exactly);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_set_tap(r, "-");
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
