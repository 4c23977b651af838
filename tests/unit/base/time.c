/* time.c: tests of base/time.h. What could break: leap years, dates before 1970, fractions,
 * offsets that cross a day, text that is almost RFC 3339. */
#include "base/time.h"

#include <string.h>
#include <time.h>

#include "suites.h"

START_TEST(known_texts)
{
    static const struct {
        const char *text;
        int64_t t;
    } at[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2026-11-20T09:30:00Z", INT64_C(1795167000) * 1000000 },
        { "1969-12-31T23:59:59.999999Z", -1 },
        { "2000-02-29T12:00:00.5Z", INT64_C(951825600500000) },
        { "0000-01-01T00:00:00Z", INT64_C(-62167219200) * 1000000 },
        { "9999-12-31T23:59:59.99999Z", INT64_C(253402300799999990) },
    };
    struct arena *a = arena_new_sized(0);
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        int64_t t;
        ck_assert_int_eq(instant_parse(at[i].text, &t), RC_OK);
        ck_assert_msg(t == at[i].t, "%s gave %lld", at[i].text, (long long)t);
        ck_assert_str_eq(instant_rfc3339(a, at[i].t), at[i].text);
    }
    ck_assert_str_eq(instant_rfc3339(a, INSTANT_MAX), "infinity");
    ck_assert_str_eq(instant_rfc3339(a, INSTANT_MIN), "-infinity");
    ck_assert_str_eq(instant_rfc3339(a, INSTANT_MAX - 1), "+294247-01-10T04:00:54.775806Z");
    ck_assert_str_eq(instant_rfc3339(a, INSTANT_MIN + 1), "-290308-12-21T19:59:05.224193Z");
    arena_free(a);
}
END_TEST

START_TEST(http_form)
{
    struct arena *a = arena_new_sized(0);
    ck_assert_str_eq(instant_http(a, INT64_C(1795167000) * 1000000),
                     "Fri, 20 Nov 2026 09:30:00 GMT");
    ck_assert_str_eq(instant_http(a, 0), "Thu, 01 Jan 1970 00:00:00 GMT");
    ck_assert_str_eq(instant_http(a, -1), "Wed, 31 Dec 1969 23:59:59 GMT");
    arena_free(a);
}
END_TEST

START_TEST(agrees_with_the_c_library)
{
    struct arena *a = arena_new_sized(0);
    struct arena_mark_at m = arena_mark(a);
    uint64_t seed = 31;
    for (int i = 0; i < 100000; i++) {
        int64_t s = (int64_t)(next_random(&seed) % UINT64_C(315569520000)) - INT64_C(62167219200),
                t;
        time_t at = (time_t)s;
        struct tm tm;
        char want[64];
        gmtime_r(&at, &tm);
        strftime(want, sizeof(want), "%a, %d %b ", &tm);
        arena_rewind(a, m);
        HOLDS(memcmp(instant_http(a, SECONDS(s)), want, strlen(want)) == 0, "%s", want);
        const char *text = instant_rfc3339(a, SECONDS(s) + i);
        HOLDS(instant_parse(text, &t) == RC_OK, "%s", text);
        HOLDS(t == SECONDS(s) + i, "%s", text);
    }
    arena_free(a);
}
END_TEST

START_TEST(offsets_and_forms)
{
    static const char *const same[] = {
        "2026-11-20T09:30:00Z",      "2026-11-20t09:30:00z",           "2026-11-20T15:00:00+05:30",
        "2026-11-20T00:00:00-09:30", "2026-11-20T09:30:00.000000000Z", "2026-11-20T09:30:00-00:00",
        "2026-11-21T09:29:00+23:59"
    };
    int64_t t;
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        ck_assert_msg(instant_parse(same[i], &t) == RC_OK, "%s", same[i]);
        ck_assert_msg(t == INT64_C(1795167000) * 1000000, "%s", same[i]);
    }
    ck_assert_int_eq(instant_parse("2026-11-20T09:30:00.1234567Z", &t), RC_OK);
    ck_assert_int_eq(t % 1000000, 123456);
    ck_assert_int_eq(instant_parse("2016-12-31T23:59:60Z", &t), RC_OK); /* leap second */
    ck_assert_int_eq(t, INT64_C(1483228800) * 1000000);
    ck_assert_int_eq(instant_parse("2017-01-01T05:29:60+05:30", &t), RC_OK);
    ck_assert_int_eq(t, INT64_C(1483228800) * 1000000);
}
END_TEST

START_TEST(refuses)
{
    static const char *const bad[] = {
        "",
        "2026-11-20",
        "2026-11-20T09:30Z",
        "2026-11-20T09:30:00",
        "2026-11-20 09:30:00Z",
        "2026-11-20T09:30:00.Z",
        "2026-11-20T09:30:00,5Z",
        "2026-11-20T09:30:00Z ",
        " 2026-11-20T09:30:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T09:60:00Z",
        "2026-11-20T09:30:61Z",
        "2026-11-20T09:30:60Z",
        "2026-13-20T09:30:00Z",
        "2026-00-20T09:30:00Z",
        "2026-11-00T09:30:00Z",
        "2026-11-31T09:30:00Z",
        "2026-02-29T09:30:00Z",
        "1900-02-29T09:30:00Z",
        "2026-11-20T09:30:00+0530",
        "2026-11-20T09:30:00+24:00",
        "2026-11-20T09:30:00+05:60",
        "2026-11-20T09:30:00+05",
        "12026-11-20T09:30:00Z",
        "-2026-11-20T09:30:00Z",
        "infinity",
        "2026-1-20T09:30:00Z",
    };
    int64_t t = 5;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_msg(instant_parse(bad[i], &t) == RC_INVALID, "%s", bad[i]);
    ck_assert_int_eq(t, 5);
}
END_TEST

START_TEST(dates)
{
    char text[INSTANT_TEXT];
    static const struct {
        int32_t days;
        const char *text;
    } at[] = { { 0, "1970-01-01" },        { -1, "1969-12-31" },
               { 20777, "2026-11-20" },    { INT32_MAX, "infinity" },
               { INT32_MIN, "-infinity" }, { INT32_MAX - 1, "+5881580-07-10" } };
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        date_format(at[i].days, text);
        ck_assert_str_eq(text, at[i].text);
    }
}
END_TEST

START_TEST(clock_and_offset)
{
    int64_t before = instant_now(), mono = monotonic_us();
    instant_set_offset(3600);
    int64_t later = instant_now();
    ck_assert_int_ge(later - before, SECONDS(3600));
    ck_assert_int_lt(later - before, SECONDS(3660));
    instant_set_offset(0);
    ck_assert_int_lt(instant_now() - before, SECONDS(60));
    ck_assert_int_ge(monotonic_us(), mono);
    ck_assert_int_lt(monotonic_us() - mono, SECONDS(60)); /* the offset is not in durations */
}
END_TEST

Suite *suite_time(void)
{
    return SUITE_OF("time", known_texts, http_form, agrees_with_the_c_library, offsets_and_forms,
                    refuses, dates, clock_and_offset);
}
