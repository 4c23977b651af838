/* fmt.c: values for people. What CLDR says is written down for the currencies of our shops; that we
 * write exactly what ICU writes is checked against ICU itself over many amounts. Not here:
 * money_parse for machines (base). What is shown can be typed back, to the same amount. */
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "base/log.h"
#include "base/time.h"
#include "kit.h"
#include "platform/fmt.h"

#define NB  "\xc2\xa0"     /* no-break space */
#define RLM "\xe2\x80\x8f" /* right-to-left mark */

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}

static void teardown(void)
{
    fmt_use_native_digits(false);
    fmt_close();
    arena_free(a);
}

static const char *money(const char *tag, int64_t minor, const char *currency)
{
    return fmt_money(a, i18n_find(tag), minor, currency);
}

START_TEST(money_as_cldr)
{
    ck_assert_str_eq(money("en", 123456750, "LKR"), "LKR" NB "1,234,567.50");
    ck_assert_str_eq(money("si", 123456750, "LKR"), "රු." NB "1,234,567.50");
    ck_assert_str_eq(money("ta", 123456750, "LKR"), "Rs." NB "12,34,567.50");
    ck_assert_str_eq(money("ar", 123456750, "LKR"), RLM "1,234,567.50" NB "LKR");
    ck_assert_str_eq(money("en", -5, "USD"), "-$0.05");
    ck_assert_str_eq(money("si", 100, "USD"), "US$1.00");
    ck_assert_str_eq(money("ta", 123456789012, "INR"), "₹1,23,45,67,890.12");
    ck_assert_str_eq(money("en", 0, "LKR"), "LKR" NB "0.00");
    ck_assert_str_eq(money("en", 99999, "LKR"), "LKR" NB "999.99");
    ck_assert_str_eq(money("en", 100000, "LKR"), "LKR" NB "1,000.00");
    ck_assert_str_eq(money("en", 1250, "JPY"), "¥1,250");
}
END_TEST

/* ISO 4217 gives the dinar three decimals, nobody shows them. */
START_TEST(dinars_without_decimals)
{
    ck_assert_str_eq(money("en", 1250000, "IQD"), "IQD" NB "1,250");
    ck_assert_str_eq(money("ar", 1250000, "IQD"), RLM "1,250" NB "د.ع." RLM);
    ck_assert_str_eq(money("en", 1250500, "IQD"), "IQD" NB "1,251");
    ck_assert_str_eq(money("en", 1250499, "IQD"), "IQD" NB "1,250");
    ck_assert_str_eq(money("en", -400, "IQD"), "IQD" NB "0");
}
END_TEST

START_TEST(arabic_digits_when_the_shop_says)
{
    ck_assert_str_eq(money("ar", 123450, "USD"), RLM "1,234.50" NB "US$");
    fmt_use_native_digits(true);
    ck_assert_str_eq(money("ar", 123450, "USD"), RLM "١٬٢٣٤٫٥٠" NB "US$");
    ck_assert_str_eq(fmt_int(a, i18n_find("ar"), 1234567), "١٬٢٣٤٬٥٦٧");
    ck_assert_str_eq(money("en", 123450, "USD"), "$1,234.50");
    ck_assert_str_eq(money("si", 123450, "LKR"), "රු." NB "1,234.50");
    ck_assert_ptr_nonnull(strstr(fmt_time(a, i18n_find("ar"), 0, "UTC", FMT_DATE), "١٩٧٠"));
    fmt_use_native_digits(false);
    ck_assert_str_eq(money("ar", 123450, "USD"), RLM "1,234.50" NB "US$");
}
END_TEST

START_TEST(largest_amounts_are_exact)
{
    ck_assert_str_eq(money("en", INT64_MAX, "LKR"), "LKR" NB "92,233,720,368,547,758.07");
    ck_assert_str_eq(money("en", INT64_MIN, "LKR"), "-LKR" NB "92,233,720,368,547,758.08");
    ck_assert_str_eq(money("ta", INT64_MAX, "LKR"), "Rs." NB "92,23,37,20,36,85,47,758.07");
    ck_assert_str_eq(fmt_int(a, i18n_find("en"), INT64_MIN), "-9,223,372,036,854,775,808");
    ck_assert_str_eq(fmt_percent(a, i18n_find("en"), INT64_MIN), "-922,337,203,685,477.5808%");
}
END_TEST

START_TEST(unknown_currency_is_plain)
{
    ck_assert_str_eq(money("en", 1250, "ZZZ"), "1250 ZZZ");
}
END_TEST

/* ICU's own text for a decimal. */
static const char *by_icu(const char *locale, const char *skeleton, const char *decimal)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar sk[64], u[128];
    char *text = arena_alloc(a, 512);
    u_uastrcpy(sk, skeleton);
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(sk, -1, locale, &e);
    UFormattedNumber *r = unumf_openResult(&e);
    unumf_formatDecimal(f, decimal, -1, r, &e);
    const int32_t n = unumf_resultToString(r, u, 128, &e);
    u_strToUTF8(text, 512, NULL, u, n, &e);
    unumf_closeResult(r);
    unumf_close(f);
    ck_assert(U_SUCCESS(e));
    return text;
}

START_TEST(writes_what_icu_writes)
{
    static const char *const locales[][2] = {
        { "en", "en_LK" }, { "si", "si_LK" }, { "ta", "ta_LK" }, { "ar", "ar@numbers=latn" }
    };
    static const char *const currencies[] = { "LKR", "USD", "INR", "IQD", "EUR", "GBP",
                                              "JPY", "AED", "KWD", "SAR", "CHF" };
    uint64_t seed = 88172645463325252u;
    for (size_t l = 0; l < COUNT_OF(locales); l++) {
        for (size_t k = 0; k < COUNT_OF(currencies); k++) {
            const struct currency *c = currency_find(currencies[k]);
            const char *sk = arena_printf(a, "currency/%s %s", c->code,
                                          c->shown_exponent ? "precision-currency-standard"
                                                            : "precision-integer");
            for (int i = 0; i < 24; i++) {
                seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
                int64_t v = (int64_t)(seed >> (i * 2 + 2)) * (i % 3 == 0 ? -1 : 1);
                v -= v % currency_step(c); /* rounding is ours: money_round */
                char plain[48];
                money_plain(v, c, plain, sizeof plain);
                ck_assert_str_eq(fmt_money(a, i18n_find(locales[l][0]), v, c->code),
                                 by_icu(locales[l][1], sk, plain));
            }
        }
        for (int64_t v = 1; v < 1000000000000000000 / 7; v *= -7) {
            const char *decimal = arena_printf(a, "%lld", (long long)v);
            ck_assert_str_eq(fmt_int(a, i18n_find(locales[l][0]), v),
                             by_icu(locales[l][1], "", decimal));
        }
    }
}
END_TEST

START_TEST(percent)
{
    const struct locale *en = i18n_find("en");
    ck_assert_str_eq(fmt_percent(a, en, 102500), "10.25%");
    ck_assert_str_eq(fmt_percent(a, en, 180000), "18%");
    ck_assert_str_eq(fmt_percent(a, en, 0), "0%");
    ck_assert_str_eq(fmt_percent(a, en, -1), "-0.0001%");
    ck_assert_str_eq(fmt_percent(a, en, 10000000), "1,000%");
    ck_assert_str_eq(fmt_percent(a, i18n_find("si"), 25000), "2.5%");
}
END_TEST

static bool parses(const char *tag, const char *text, const char *currency, int64_t want)
{
    int64_t v = -77;
    const enum rc rc = fmt_money_parse(a, i18n_find(tag), text, currency, &v);
    if (rc == RC_OK && v == want)
        return true;
    fprintf(stderr, "%s %s: rc=%s v=%lld\n", tag, text, rc_name(rc), (long long)v);
    return false;
}

static bool refuses(const char *tag, const char *text, const char *currency)
{
    int64_t v = -77;
    const enum rc rc = fmt_money_parse(a, i18n_find(tag), text, currency, &v);
    if (rc == RC_INVALID && v == -77)
        return true;
    fprintf(stderr, "%s %s: rc=%s v=%lld\n", tag, text, rc_name(rc), (long long)v);
    return false;
}

START_TEST(reads_what_people_type)
{
    ck_assert(parses("en", "1,250.5", "LKR", 125050));
    ck_assert(parses("en", "1250", "LKR", 125000));
    ck_assert(parses("en", " 1 250 ", "LKR", 125000));
    ck_assert(parses("en", "1" NB "250.00", "LKR", 125000));
    ck_assert(parses("en", "12,34,567.50", "LKR", 123456750));
    ck_assert(parses("en", "1,234,567", "LKR", 123456700));
    ck_assert(parses("en", "1'234.5", "CHF", 123450));
    ck_assert(parses("en", "LKR 10", "LKR", 1000));
    ck_assert(parses("en", "lkr10", "LKR", 1000));
    ck_assert(parses("en", "10 LKR", "LKR", 1000));
    ck_assert(parses("en", "Rs. 1,500/=", "LKR", 150000));
    ck_assert(parses("en", "Rs.1500.75", "LKR", 150075));
    ck_assert(parses("en", "රු. 1,500", "LKR", 150000));
    ck_assert(parses("si", "රු 1500", "LKR", 150000));
    ck_assert(parses("ta", "ரூ. 1500", "LKR", 150000));
    ck_assert(parses("en", "$5", "USD", 500));
    ck_assert(parses("si", "US$5.25", "USD", 525));
    ck_assert(parses("en", "-3.50", "LKR", -350));
    ck_assert(parses("en",
                     "\xe2\x88\x92"
                     "3.50",
                     "LKR", -350));
    ck_assert(parses("ar", "١٬٢٣٤٫٥٠", "USD", 123450));
    ck_assert(parses("ar", RLM "1,250" NB "د.ع." RLM, "IQD", 1250000));
    ck_assert(parses("ar", "۱۲۳", "LKR", 12300));
    ck_assert(parses("ta", "௧௨௩", "LKR", 12300));
    ck_assert(parses("si", "෧෨෩", "LKR", 12300));
    ck_assert(parses("en", "1250.", "LKR", 125000));
    ck_assert(parses("en", "12.5000", "LKR", 1250));
    ck_assert(parses("en", "7 US dollars", "USD", 700));
}
END_TEST

START_TEST(refuses_what_may_mean_two_things)
{
    static const char *const bad[] = { "",          "   ",
                                       "abc",       "Rs.",
                                       "1,2",       "12,50",
                                       "1,25,0",    "1.2.3",
                                       "1,,000",    ",100",
                                       "1000,",     "1.234.567",
                                       "5 6",       "1-2",
                                       "--5",       "5-",
                                       "1e5",       "0x10",
                                       "1.005",     "12 34 5",
                                       "1.000,50",  "99999999999999999999",
                                       "USD 12",    "€ 12",
                                       "12 apples", "1234,567",
                                       "+-5",       "12\x01",
                                       "\xff",      "1 2 3 4" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_msg(refuses("en", bad[i], "LKR"), "%s", bad[i]);
    ck_assert(refuses("ar", "1250.5", "IQD")); /* finer than what is shown and paid */
    ck_assert(refuses("en", "5", "ZZZ"));
    char *longest = arena_alloc(a, 100001);
    memset(longest, '1', 100000);
    ck_assert(refuses("en", longest, "LKR"));
    memset(longest, 'x', 100000);
    ck_assert(refuses("en", longest, "LKR"));
}
END_TEST

/* What we show can be typed back. */
START_TEST(reads_what_it_writes)
{
    static const char *const tags[] = { "en", "si", "ta", "ar" };
    static const char *const currencies[] = { "LKR", "USD", "INR", "IQD", "EUR", "JPY", "KWD" };
    static const int64_t amounts[] = { 0, 1, -1, 99, 100, 123456, -98765432, 123456789012345 };
    for (int arab = 0; arab < 2; arab++) {
        fmt_use_native_digits(arab);
        for (size_t t = 0; t < COUNT_OF(tags); t++)
            for (size_t c = 0; c < COUNT_OF(currencies); c++)
                for (size_t i = 0; i < COUNT_OF(amounts); i++) {
                    const int64_t v = amounts[i] * currency_step(currency_find(currencies[c]));
                    ck_assert(parses(tags[t], money(tags[t], v, currencies[c]), currencies[c], v));
                }
    }
}
END_TEST

static int64_t at(const char *rfc3339)
{
    int64_t t;
    ck_assert_int_eq(instant_parse(rfc3339, &t), RC_OK);
    return t;
}

START_TEST(times_in_the_zone)
{
    const int64_t t = at("2026-11-20T20:15:00Z");
    const struct locale *en = i18n_find("en"), *ar = i18n_find("ar");
    ck_assert_str_eq(fmt_time(a, en, t, "UTC", FMT_DATE), "20 November 2026");
    ck_assert_str_eq(fmt_time(a, en, t, "Asia/Colombo", FMT_DATE), "21 November 2026");
    ck_assert_str_eq(fmt_time(a, en, t, "Asia/Colombo", FMT_TIME), "01:45");
    ck_assert_str_eq(fmt_time(a, en, t, "Asia/Colombo", FMT_DATE_SHORT), "21 Nov 2026");
    ck_assert_str_eq(fmt_time(a, en, t, "Asia/Colombo", FMT_DATETIME), "21 Nov 2026, 01:45");
    ck_assert_str_eq(fmt_time(a, en, t, "No/Such", FMT_TIME), "20:15");
    ck_assert_ptr_nonnull(strstr(fmt_time(a, ar, t, "Asia/Baghdad", FMT_DATE), "20"));
    ck_assert_str_eq(fmt_time(a, en, -1, "UTC", FMT_DATETIME), "31 Dec 1969, 23:59");
    ck_assert_str_eq(fmt_time(a, en, INSTANT_MAX, "UTC", FMT_DATE), "");
    ck_assert_str_eq(fmt_time(a, en, INSTANT_MIN, "UTC", FMT_DATE), "");
    ck_assert_str_ne(fmt_time(a, i18n_find("si"), t, "UTC", FMT_DATE),
                     fmt_time(a, i18n_find("ta"), t, "UTC", FMT_DATE));
}
END_TEST

/* More zones than are kept: the first is opened again. */
START_TEST(many_zones)
{
    static const char *const zones[] = {
        "Asia/Colombo",     "Asia/Kolkata",   "Asia/Baghdad", "Asia/Dubai",       "Europe/London",
        "Europe/Paris",     "Asia/Tokyo",     "Asia/Karachi", "Asia/Dhaka",       "Asia/Kathmandu",
        "America/New_York", "Asia/Singapore", "Asia/Riyadh",  "Australia/Sydney", "Africa/Cairo",
        "America/Chicago",  "Asia/Tehran",    "Asia/Seoul",   "Europe/Berlin",    "Asia/Manila"
    };
    const int64_t t = at("2026-06-01T00:00:00Z");
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT_OF(zones); i++)
            ck_assert_str_ne(fmt_time(a, i18n_find("en"), t, zones[i], FMT_TIME), "00:00");
}
END_TEST

START_TEST(relative)
{
    const struct locale *en = i18n_find("en");
    const int64_t now = at("2026-11-20T12:00:00Z");
    ck_assert_str_eq(fmt_relative(a, en, now, now), "now");
    ck_assert_str_eq(fmt_relative(a, en, now - SECONDS(59), now), "now");
    ck_assert_str_eq(fmt_relative(a, en, now - SECONDS(60), now), "1 minute ago");
    ck_assert_str_eq(fmt_relative(a, en, now + SECONDS(3 * 3600), now), "in 3 hours");
    ck_assert_str_eq(fmt_relative(a, en, now - SECONDS(2 * 86400), now), "2 days ago");
    ck_assert_str_eq(fmt_relative(a, en, now - SECONDS(800 * 86400LL), now), "2 years ago");
    ck_assert_str_eq(fmt_relative(a, en, INSTANT_MAX, now), "");
    ck_assert_str_ne(fmt_relative(a, i18n_find("ar"), now - SECONDS(86400), now), "1 day ago");
}
END_TEST

static void check_day(const char *zone, const char *instant, const char *start, const char *end)
{
    int64_t s, e;
    ck_assert_int_eq(fmt_day_range(at(instant), zone, &s, &e), RC_OK);
    ck_assert_str_eq(instant_rfc3339(a, s), start);
    ck_assert_str_eq(instant_rfc3339(a, e), end);
}

START_TEST(days_where_clocks_change)
{
    check_day("Asia/Colombo", "2026-11-20T18:29:59Z", "2026-11-19T18:30:00Z",
              "2026-11-20T18:30:00Z");
    check_day("Asia/Colombo", "2026-11-20T18:30:00Z", "2026-11-20T18:30:00Z",
              "2026-11-21T18:30:00Z");
    /* 23 and 25 hours */
    check_day("Europe/London", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z",
              "2026-03-29T23:00:00Z");
    check_day("Europe/London", "2026-10-25T12:00:00Z", "2026-10-24T23:00:00Z",
              "2026-10-26T00:00:00Z");
    /* Beirut: midnight does not exist, the day begins at one */
    check_day("Asia/Beirut", "2021-03-28T12:00:00Z", "2021-03-27T22:00:00Z",
              "2021-03-28T21:00:00Z");
    /* Havana: midnight comes twice, the day begins at the first */
    check_day("America/Havana", "2021-11-07T12:00:00Z", "2021-11-07T04:00:00Z",
              "2021-11-08T05:00:00Z");
    /* between the two midnights */
    check_day("America/Havana", "2021-11-07T04:30:00Z", "2021-11-07T04:00:00Z",
              "2021-11-08T05:00:00Z");
    check_day("America/Havana", "2021-11-07T05:30:00Z", "2021-11-07T04:00:00Z",
              "2021-11-08T05:00:00Z");
    /* Apia skipped the 30th altogether */
    check_day("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z",
              "2011-12-30T10:00:00Z");
}
END_TEST

START_TEST(days_follow_each_other)
{
    static const char *const zones[] = {
        "Asia/Colombo",      "Asia/Beirut",      "America/Havana", "Africa/Cairo",
        "Atlantic/Azores",   "America/Santiago", "Europe/London",  "Asia/Tehran",
        "America/Sao_Paulo", "Asia/Amman",       "Pacific/Apia",   "Australia/Lord_Howe"
    };
    for (size_t z = 0; z < COUNT_OF(zones); z++) {
        int64_t s, e, t = at("2010-01-01T12:00:00Z");
        ck_assert_int_eq(fmt_day_range(t, zones[z], &s, &e), RC_OK);
        while (s < at("2027-01-01T00:00:00Z")) {
            int64_t s1, e1;
            ck_assert_int_eq(fmt_day_range(e - 1, zones[z], &s1, &e1), RC_OK);
            ck_assert_msg(s1 == s && e1 == e, "%s %s", zones[z], instant_rfc3339(a, s));
            ck_assert_int_eq(fmt_day_range(e, zones[z], &s1, &e1), RC_OK);
            ck_assert_msg(s1 == e, "%s gap at %s", zones[z], instant_rfc3339(a, e));
            ck_assert_msg(e1 - s1 >= SECONDS(22 * 3600) && e1 - s1 <= SECONDS(26 * 3600), "%s %s",
                          zones[z], instant_rfc3339(a, s1));
            s = s1;
            e = e1;
        }
    }
}
END_TEST

START_TEST(zones_are_known_by_name)
{
    ck_assert(fmt_zone_valid("Asia/Colombo"));
    ck_assert(fmt_zone_valid("UTC"));
    ck_assert(!fmt_zone_valid(""));
    ck_assert(!fmt_zone_valid(NULL));
    ck_assert(!fmt_zone_valid("Asia/Kandy"));
    ck_assert(!fmt_zone_valid("GMT+5:30"));
    ck_assert(!fmt_zone_valid("../../etc/passwd"));
    ck_assert(!fmt_zone_valid("\xff\xfe"));
    int64_t s, e;
    ck_assert_int_eq(fmt_day_range(0, "Asia/Kandy", &s, &e), RC_INVALID);
    ck_assert_int_eq(fmt_day_range(INSTANT_MAX, "UTC", &s, &e), RC_INVALID);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fmt");
    TCase *t = tcase_create("fmt");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, money_as_cldr);
    tcase_add_test(t, dinars_without_decimals);
    tcase_add_test(t, arabic_digits_when_the_shop_says);
    tcase_add_test(t, largest_amounts_are_exact);
    tcase_add_test(t, unknown_currency_is_plain);
    tcase_add_test(t, writes_what_icu_writes);
    tcase_add_test(t, percent);
    tcase_add_test(t, reads_what_people_type);
    tcase_add_test(t, refuses_what_may_mean_two_things);
    tcase_add_test(t, reads_what_it_writes);
    tcase_add_test(t, times_in_the_zone);
    tcase_add_test(t, many_zones);
    tcase_add_test(t, relative);
    tcase_add_test(t, days_where_clocks_change);
    tcase_add_test(t, days_follow_each_other);
    tcase_add_test(t, zones_are_known_by_name);
    suite_add_tcase(s, t);
    return kit_run(s);
}
