/* str.c: tests of base/str.h. What could break: bounds of numbers, rounding that must not happen,
 * NULL, empty parts. */
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "suites.h"

START_TEST(questions)
{
    ck_assert(str_eq(NULL, NULL) && !str_eq(NULL, "") && !str_eq("", NULL) && str_eq("a", "a"));
    ck_assert(str_empty(NULL) && str_empty("") && !str_empty(" "));
    ck_assert(str_starts("abc", "ab") && str_starts("abc", "") && !str_starts("a", "ab"));
    ck_assert(str_ends("abc", "bc") && str_ends("abc", "") && !str_ends("c", "bc"));
    ck_assert(str_ieq("AbC", "aBc") && !str_ieq("a", "ab") && !str_ieq("ab", "a"));
    ck_assert(str_ieq(NULL, NULL) && !str_ieq(NULL, "") && !str_ieq("", NULL));
    ck_assert(!str_ieq("\xc3\x89", "\xc3\xa9")); /* ASCII only: É is not é here */
}
END_TEST

START_TEST(copies)
{
    struct arena *a = arena_new_sized(0);
    char small[4];
    ck_assert_str_eq(str_trim(a, " \t\r\n a b \v\f"), "a b");
    ck_assert_str_eq(str_trim(a, "   "), "");
    ck_assert_str_eq(str_lower(a, "AZaz09 É"), "azaz09 É");
    ck_assert(str_copy(small, sizeof(small), "abc"));
    ck_assert(!str_copy(small, sizeof(small), "abcd"));
    ck_assert_str_eq(small, "abc");
    ck_assert(!str_copy(small, 0, ""));
    arena_free(a);
}
END_TEST

START_TEST(split_keeps_empty_parts)
{
    struct arena *a = arena_new_sized(0);
    char **part;
    ck_assert_uint_eq(str_split(a, ",a,,b,", ',', &part), 5);
    ck_assert_str_eq(part[0], "");
    ck_assert_str_eq(part[1], "a");
    ck_assert_str_eq(part[2], "");
    ck_assert_str_eq(part[3], "b");
    ck_assert_str_eq(part[4], "");
    ck_assert_uint_eq(str_split(a, "", ',', &part), 1);
    ck_assert_str_eq(part[0], "");
    arena_free(a);
}
END_TEST

START_TEST(int_takes_the_whole_range)
{
    int64_t v;
    ck_assert_int_eq(str_int("9223372036854775807", INT64_MIN, INT64_MAX, &v), RC_OK);
    ck_assert_int_eq(v, INT64_MAX);
    ck_assert_int_eq(str_int("-9223372036854775808", INT64_MIN, INT64_MAX, &v), RC_OK);
    ck_assert_int_eq(v, INT64_MIN);
    ck_assert_int_eq(str_int("007", 0, 10, &v), RC_OK);
    ck_assert_int_eq(v, 7);
    ck_assert_int_eq(str_int("-0", 0, 0, &v), RC_OK);
    ck_assert_int_eq(v, 0);
}
END_TEST

START_TEST(int_refuses_everything_else)
{
    static const char *const bad[] = { "",
                                       "-",
                                       "+1",
                                       " 1",
                                       "1 ",
                                       "1.0",
                                       "0x10",
                                       "1e3",
                                       "--1",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "99999999999999999999999999",
                                       "\xd9\xa1" /* Arabic digit one */ };
    int64_t v = 42;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_int_eq(str_int(bad[i], INT64_MIN, INT64_MAX, &v), RC_INVALID);
    ck_assert_int_eq(str_int("11", 0, 10, &v), RC_INVALID);
    ck_assert_int_eq(str_int("-1", 0, 10, &v), RC_INVALID);
    ck_assert_int_eq(v, 42);
}
END_TEST

static void decimal(const char *s, unsigned scale, enum rc want, int64_t value)
{
    int64_t v = 42;
    ck_assert_msg(str_decimal(s, scale, &v) == want, "%s", s);
    ck_assert_msg(v == (want == RC_OK ? value : 42), "%s gave %" PRId64, s, v);
}

START_TEST(decimals_are_exact)
{
    decimal("10.25", 4, RC_OK, 102500);
    decimal("-0.05", 2, RC_OK, -5);
    decimal("0", 0, RC_OK, 0);
    decimal("1.0000", 0, RC_OK, 1); /* further zeros say nothing */
    decimal("1.2500", 2, RC_OK, 125);
    decimal("92233720368547758.07", 2, RC_OK, INT64_MAX);
    decimal("-92233720368547758.08", 2, RC_OK, INT64_MIN);
    decimal("0", 4000000000u, RC_OK, 0);
    decimal("0.00000000000000000000000000000", 3, RC_OK, 0);
}
END_TEST

START_TEST(decimals_refuse)
{
    static const char *const bad[] = { "",    ".5",   "5.",  "-",   "1,5", "1.2.3",
                                       "1e2", "+1.0", " 1",  "1 ",  "0x1", "-.",
                                       "--1", "1.-2", "nan", "inf", "1.5", "0.001" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        decimal(bad[i], 0, RC_INVALID, 0);
    decimal("1.255", 2, RC_INVALID, 0);
    decimal("1.2500000000000000000001", 2, RC_INVALID, 0);
    decimal("92233720368547758.08", 2, RC_LIMIT, 0);
    decimal("99999999999999999999", 0, RC_LIMIT, 0);
    decimal("1", 19, RC_LIMIT, 0);
    decimal("1", 4000000000u, RC_LIMIT, 0);
    decimal("99999999999999999999x", 0, RC_INVALID, 0); /* what it is comes before how large */
}
END_TEST

START_TEST(decimal_agrees_with_integers)
{
    uint64_t seed = 11;
    for (int i = 0; i < 100000; i++) {
        char text[64];
        unsigned digits = (unsigned)(next_random(&seed) % 7);
        int64_t v = (int64_t)(next_random(&seed) >> (next_random(&seed) % 64)), back;
        v = next_random(&seed) % 2 && v != INT64_MIN ? -v : v;
        uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, unit = 1;
        for (unsigned k = 0; k < digits; k++)
            unit *= 10;
        if (digits)
            snprintf(text, sizeof(text), "%s%" PRIu64 ".%0*" PRIu64, v < 0 ? "-" : "", u / unit,
                     (int)digits, u % unit);
        else
            snprintf(text, sizeof(text), "%" PRId64, v);
        HOLDS(str_decimal(text, digits, &back) == RC_OK, "%s", text);
        HOLDS(back == v, "%s at %u", text, digits);
    }
}
END_TEST

Suite *suite_str(void)
{
    return SUITE_OF("str", questions, copies, split_keeps_empty_parts, int_takes_the_whole_range,
                    int_refuses_everything_else, decimals_are_exact, decimals_refuse,
                    decimal_agrees_with_integers);
}
