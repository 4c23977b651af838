/* money.c: tests of base/money.h. What could break: wrapping, rounding of negative amounts, shares
 * that do not sum, the currency table. */
#include "base/money.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "suites.h"

__extension__ typedef __int128 wide;

START_TEST(table)
{
    static const struct {
        const char *code;
        unsigned exponent, shown;
        int64_t step;
    } some[] = {
        { "LKR", 2, 2, 1 },    { "USD", 2, 2, 1 }, { "INR", 2, 2, 1 },
        { "IQD", 3, 0, 1000 }, { "JPY", 0, 0, 1 }, { "KWD", 3, 3, 1 },
        { "CLF", 4, 4, 1 },    { "AED", 2, 2, 1 }, { "ZWG", 2, 2, 1 },
    };
    for (size_t i = 0; i < COUNT_OF(some); i++) {
        const struct currency *c = currency_find(some[i].code);
        ck_assert_ptr_nonnull(c);
        ck_assert_str_eq(c->code, some[i].code);
        ck_assert_uint_eq(c->exponent, some[i].exponent);
        ck_assert_uint_eq(c->shown_exponent, some[i].shown);
        ck_assert_int_eq(currency_step(c), some[i].step);
    }
    static const char *const none[] = {
        "", "US", "USDX", "usd", "XXX", "XAU", "HRK", "AAA", "ZZZ"
    };
    for (size_t i = 0; i < COUNT_OF(none); i++)
        ck_assert_ptr_null(currency_find(none[i]));
    ck_assert_ptr_null(currency_find(NULL));
}
END_TEST

/* Every code of three letters: what is found says its own name (the table is sorted). */
START_TEST(table_is_sorted)
{
    int found = 0;
    for (int i = 0; i < 26 * 26 * 26; i++) {
        char code[4] = { (char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26) };
        const struct currency *c = currency_find(code);
        if (c) {
            found++;
            ck_assert_str_eq(c->code, code);
            ck_assert_uint_le(c->shown_exponent, c->exponent);
        }
    }
    ck_assert_int_eq(found, 165);
}
END_TEST

static int64_t edge(uint64_t *seed)
{
    static const int64_t at[] = { 0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1 };
    uint64_t r = next_random(seed);
    return r % 4 == 0 ? at[r / 4 % COUNT_OF(at)] : (int64_t)next_random(seed) >> (r / 4 % 64);
}

static void agrees(enum rc rc, int64_t got, wide want)
{
    bool fits = want >= INT64_MIN && want <= INT64_MAX;
    HOLDS(rc == (fits ? RC_OK : RC_LIMIT), "%d", rc);
    HOLDS(got == (fits ? (int64_t)want : 77), "%" PRId64, got);
}

START_TEST(sums_and_products_never_wrap)
{
    uint64_t seed = 17;
    for (int i = 0; i < 200000; i++) {
        int64_t a = edge(&seed), b = edge(&seed), out = 77;
        enum rc rc = money_add(a, b, &out);
        agrees(rc, out, (wide)a + b);
        out = 77;
        rc = money_sub(a, b, &out);
        agrees(rc, out, (wide)a - b);
        out = 77;
        rc = money_mul(a, b, &out);
        agrees(rc, out, (wide)a * b);
    }
}
END_TEST

START_TEST(rounding_modes)
{
    static const struct {
        int64_t amount;
        int64_t want[4]; /* HALF_UP HALF_EVEN DOWN UP, of amount / 4 */
    } at[] = {
        { 4, { 1, 1, 1, 1 } },       { 5, { 1, 1, 1, 2 } },      { 6, { 2, 2, 1, 2 } },
        { 7, { 2, 2, 1, 2 } },       { 2, { 1, 0, 0, 1 } },      { 10, { 3, 2, 2, 3 } },
        { -5, { -1, -1, -1, -2 } },  { -6, { -2, -2, -1, -2 } }, { -2, { -1, 0, 0, -1 } },
        { -10, { -3, -2, -2, -3 } }, { 0, { 0, 0, 0, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        for (int mode = 0; mode < 4; mode++) {
            int64_t out;
            ck_assert_int_eq(money_ratio(at[i].amount, 1, 4, (enum rounding)mode, &out), RC_OK);
            ck_assert_int_eq(out, at[i].want[mode]);
            ck_assert_int_eq(money_round(at[i].amount, 4, (enum rounding)mode, &out), RC_OK);
            ck_assert_int_eq(out, at[i].want[mode] * 4);
        }
    }
}
END_TEST

START_TEST(ratio_and_round_at_the_ends)
{
    int64_t out = 77;
    ck_assert_int_eq(money_ratio(INT64_MAX, INT64_MAX, INT64_MAX, ROUND_UP, &out), RC_OK);
    ck_assert_int_eq(out, INT64_MAX);
    ck_assert_int_eq(money_ratio(INT64_MIN, INT64_MAX, INT64_MAX, ROUND_UP, &out), RC_OK);
    ck_assert_int_eq(out, INT64_MIN);
    out = 77;
    ck_assert_int_eq(money_ratio(INT64_MIN, -1, 1, ROUND_DOWN, &out), RC_LIMIT);
    ck_assert_int_eq(money_ratio(INT64_MIN, INT64_MIN, 1, ROUND_DOWN, &out), RC_LIMIT);
    ck_assert_int_eq(money_ratio(1, 1, 0, ROUND_DOWN, &out), RC_INVALID);
    ck_assert_int_eq(money_ratio(1, 1, -1, ROUND_DOWN, &out), RC_INVALID);
    ck_assert_int_eq(money_round(INT64_MAX, 1000, ROUND_UP, &out), RC_LIMIT);
    ck_assert_int_eq(money_round(1, 0, ROUND_UP, &out), RC_INVALID);
    ck_assert_int_eq(out, 77);
    ck_assert_int_eq(money_round(INT64_MAX, 1000, ROUND_DOWN, &out), RC_OK);
    ck_assert_int_eq(out, INT64_MAX / 1000 * 1000);
    ck_assert_int_eq(money_round(INT64_MIN, INT64_MAX, ROUND_HALF_UP, &out), RC_OK);
    ck_assert_int_eq(out, -INT64_MAX);
}
END_TEST

static void split_holds(int64_t total, const int64_t *w, size_t n, const int64_t *out)
{
    wide sum = 0, weight = 0;
    for (size_t i = 0; i < n; i++) {
        sum += out[i];
        weight += w[i];
        HOLDS(out[i] == 0 || (out[i] < 0) == (total < 0), "%" PRId64, total);
        HOLDS(w[i] != 0 || out[i] == 0, "%" PRId64, total);
    }
    HOLDS(sum == total, "%" PRId64, total);
    for (size_t i = 0; i < n; i++) {
        /* |out - total * w / weight| < 1, without a division */
        wide off = (wide)out[i] * weight - (wide)total * w[i];
        HOLDS((off < 0 ? -off : off) < weight, "%" PRId64, total);
    }
}

START_TEST(splits_sum_exactly)
{
    uint64_t seed = 23;
    for (int i = 0; i < 100000; i++) {
        int64_t w[12], out[12], total = (int64_t)next_random(&seed);
        size_t n = 1 + next_random(&seed) % COUNT_OF(w), some = next_random(&seed) % n;
        unsigned shift = 4 + (unsigned)(next_random(&seed) % 60);
        total >>= next_random(&seed) % 64;
        for (size_t k = 0; k < n; k++)
            w[k] = next_random(&seed) % 4 ? (int64_t)(next_random(&seed) >> shift) : 0;
        w[some]++;
        /* off * weight must fit the test's own 128 bits */
        total %= INT64_C(1) << 58;
        HOLDS(money_split(total, w, n, out) == RC_OK, "%" PRId64, total);
        split_holds(total, w, n, out);
    }
}
END_TEST

START_TEST(splits_by_hand)
{
    int64_t out[3];
    ck_assert_int_eq(money_split(100, (const int64_t[]){ 1, 1, 1 }, 3, out), RC_OK);
    ck_assert(out[0] == 34 && out[1] == 33 && out[2] == 33); /* ties to the lower index */
    ck_assert_int_eq(money_split(-100, (const int64_t[]){ 1, 1, 1 }, 3, out), RC_OK);
    ck_assert(out[0] == -34 && out[1] == -33 && out[2] == -33);
    ck_assert_int_eq(money_split(10, (const int64_t[]){ 1, 5, 0 }, 3, out), RC_OK);
    ck_assert(out[0] == 2 && out[1] == 8 && out[2] == 0); /* 1.67 and 8.33 */
    ck_assert_int_eq(money_split(0, (const int64_t[]){ 1, 5, 0 }, 3, out), RC_OK);
    ck_assert(out[0] == 0 && out[1] == 0 && out[2] == 0);
    ck_assert_int_eq(
        money_split(INT64_MIN, (const int64_t[]){ INT64_MAX, INT64_MAX, INT64_MAX }, 3, out),
        RC_OK);
    ck_assert((wide)out[0] + out[1] + out[2] == INT64_MIN);
    ck_assert_int_eq(money_split(INT64_MIN, (const int64_t[]){ 0, 1, 0 }, 3, out), RC_OK);
    ck_assert(out[1] == INT64_MIN);
}
END_TEST

START_TEST(splits_refuse_and_alias)
{
    int64_t out[2] = { 7, 7 }, both[2] = { 1, 2 };
    ck_assert_int_eq(money_split(10, (const int64_t[]){ 1, -1 }, 2, out), RC_INVALID);
    ck_assert_int_eq(money_split(10, (const int64_t[]){ 0, 0 }, 2, out), RC_INVALID);
    ck_assert_int_eq(money_split(10, both, 0, out), RC_INVALID);
    ck_assert(out[0] == 7 && out[1] == 7);
    ck_assert_int_eq(money_split(10, both, 2, both), RC_OK); /* in place */
    ck_assert(both[0] == 3 && both[1] == 7);
}
END_TEST

START_TEST(plain_text)
{
    char text[32];
    int64_t v;
    const struct currency *lkr = currency_find("LKR"), *jpy = currency_find("JPY"),
                          *iqd = currency_find("IQD");
    money_plain(1250, lkr, text, sizeof(text));
    ck_assert_str_eq(text, "12.50");
    money_plain(-5, lkr, text, sizeof(text));
    ck_assert_str_eq(text, "-0.05");
    money_plain(-5, jpy, text, sizeof(text));
    ck_assert_str_eq(text, "-5");
    money_plain(1000, iqd, text, sizeof(text));
    ck_assert_str_eq(text, "1.000");
    money_plain(INT64_MIN, lkr, text, sizeof(text));
    ck_assert_str_eq(text, "-92233720368547758.08");
    ck_assert_int_eq(money_parse("12.5", lkr, &v), RC_OK);
    ck_assert_int_eq(v, 1250);
    ck_assert_int_eq(money_parse("12.505", lkr, &v), RC_INVALID);
    ck_assert_int_eq(money_parse("12.5", jpy, &v), RC_INVALID);
    ck_assert_int_eq(money_parse("1,000", lkr, &v), RC_INVALID);
    ck_assert_int_eq(money_parse("92233720368547758.08", lkr, &v), RC_LIMIT);
    ck_assert_int_eq(v, 1250);
}
END_TEST

START_TEST(plain_text_round_trip)
{
    static const char *const codes[] = { "JPY", "LKR", "IQD", "CLF" };
    uint64_t seed = 29;
    for (int i = 0; i < 40000; i++) {
        const struct currency *c = currency_find(codes[i % 4]);
        int64_t v = edge(&seed), back;
        char text[32];
        money_plain(v, c, text, sizeof(text));
        HOLDS(money_parse(text, c, &back) == RC_OK, "%s", text);
        HOLDS(back == v, "%s", text);
    }
}
END_TEST

Suite *suite_money(void)
{
    return SUITE_OF("money", table, table_is_sorted, sums_and_products_never_wrap, rounding_modes,
                    ratio_and_round_at_the_ends, splits_sum_exactly, splits_by_hand,
                    splits_refuse_and_alias, plain_text, plain_text_round_trip);
}
