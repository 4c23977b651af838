/* fmt.c: numbers and money for people. CLDR's rules come from ICU: for each locale and currency one
 * sample is formatted by ICU and taken apart (signs, symbol, group sizes, separators, digits); the
 * amounts themselves are written from their decimal text. Money is never a double here or on the
 * way. Not here: times (fmt_time.c), reading what people type (fmt_parse.c).
 * Invariant: the result equals what ICU writes for the same decimal text (tests compare them). */
#include "platform/fmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucurr.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/fmt_icu.h"

enum { SAMPLE_MAX = 128, NUMBER_MAX = 320 };

/* English dates are written day first, as they are in Sri Lanka; CLDR has no en_LK and would put
 * the month first. */
static struct {
    struct fmt_locale locale[4];
    bool native_digits;
} fmt = { .locale = { { .tag = "en", .numbers = "en_LK", .dates = "en_GB" },
                      { .tag = "si", .numbers = "si_LK", .dates = "si_LK" },
                      { .tag = "ta", .numbers = "ta_LK", .dates = "ta_LK" },
                      { .tag = "ar",
                        .numbers = "ar@numbers=latn",
                        .numbers_arab = "ar@numbers=arab",
                        .dates = "ar@numbers=latn",
                        .dates_arab = "ar@numbers=arab" } } };

struct fmt_locale *fmt_locale_of(const struct locale *l)
{
    for (size_t i = 0; i < COUNT_OF(fmt.locale); i++)
        if (strcmp(fmt.locale[i].tag, l->tag) == 0)
            return &fmt.locale[i];
    return &fmt.locale[0];
}

void fmt_use_native_digits(bool on)
{
    fmt.native_digits = on;
}

bool fmt_arab(const struct fmt_locale *f)
{
    return fmt.native_digits && f->numbers_arab != NULL;
}

void fmt_open(void)
{
    struct arena *a = arena_new_sized(0);
    size_t n;
    const struct locale *l = i18n_locales(&n);
    for (size_t i = 0; i < n; i++) {
        fmt_int(a, &l[i], 0);
        fmt_percent(a, &l[i], 0);
        fmt_money(a, &l[i], 0, "USD");
        for (int style = FMT_DATE; style <= FMT_DATE_SHORT; style++)
            fmt_time(a, &l[i], 0, "UTC", (enum fmt_time)style);
        fmt_relative(a, &l[i], 0, 0);
    }
    arena_free(a);
}

void fmt_close(void)
{
    for (size_t i = 0; i < COUNT_OF(fmt.locale); i++) {
        struct fmt_locale *f = &fmt.locale[i];
        while (f->patterns != NULL) {
            struct fmt_pattern *next = f->patterns->next;
            free(f->patterns);
            f->patterns = next;
        }
        fmt_time_close(f);
    }
    fmt_time_close(NULL);
}

/* ---- asking ICU once --------------------------------------------------------------------------
 */
/* ICU's text for a decimal under a skeleton. */
static enum rc icu_text(const char *locale, const char *skeleton, const char *decimal,
                        UChar out[SAMPLE_MAX])
{
    UErrorCode e = U_ZERO_ERROR;
    UChar sk[SAMPLE_MAX];
    u_uastrcpy(sk, skeleton);
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(sk, -1, locale, &e);
    UFormattedNumber *r = unumf_openResult(&e);
    unumf_formatDecimal(f, decimal, -1, r, &e);
    const int32_t n = unumf_resultToString(r, out, SAMPLE_MAX, &e);
    unumf_closeResult(r);
    unumf_close(f);
    if (U_FAILURE(e) || n >= SAMPLE_MAX) {
        log_error("icu refused", "locale=%s skeleton=%s why=%s", locale, skeleton, u_errorName(e));
        return RC_BUG;
    }
    return RC_OK;
}

static void to_utf8(char *out, int32_t size, const UChar *from, const UChar *to)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0;
    u_strToUTF8(out, size - 1, &n, from, (int32_t)(to - from), &e);
    out[U_SUCCESS(e) ? n : 0] = '\0';
}

/* First and one past the last digit of a sample. */
static void digit_span(const UChar *s, const UChar **first, const UChar **end)
{
    *first = *end = NULL;
    for (; *s != 0; s++) {
        if (u_charDigitValue(*s) < 0)
            continue;
        if (*first == NULL)
            *first = s;
        *end = s + 1;
    }
}

/* Signs and symbol around the number. */
static bool take_affixes(struct fmt_pattern *p, int negative, const UChar *s)
{
    const UChar *first, *end;
    digit_span(s, &first, &end);
    if (first == NULL)
        return false;
    to_utf8(p->prefix[negative], sizeof p->prefix[0], s, first);
    to_utf8(p->suffix[negative], sizeof p->suffix[0], end, s + u_strlen(s));
    return true;
}

/* Digits, separators and group sizes of a sample with 13 integer digits; fraction: it has one. */
static bool take_number(struct fmt_pattern *p, const UChar *s, bool fraction)
{
    const UChar *first, *end, *at[16], *to[16];
    unsigned n = 0;
    digit_span(s, &first, &end);
    if (first == NULL)
        return false;
    p->zero = *first - 1; /* the sample starts with 1 */
    for (const UChar *c = first; c < end; c++) {
        if (u_charDigitValue(*c) >= 0)
            continue;
        if (n > 0 && to[n - 1] == c) {
            to[n - 1] = c + 1; /* a separator of two units */
        } else if (n < COUNT_OF(at)) {
            at[n] = c;
            to[n++] = c + 1;
        }
    }
    const UChar *whole_end = end;
    if (fraction) {
        if (n == 0)
            return false;
        n--;
        to_utf8(p->decimal, sizeof p->decimal, at[n], to[n]);
        whole_end = at[n];
    }
    if (n == 0)
        return true;
    to_utf8(p->group, sizeof p->group, at[n - 1], to[n - 1]);
    p->primary = (unsigned)(whole_end - to[n - 1]);
    p->secondary = n > 1 ? (unsigned)(at[n - 1] - to[n - 2]) : p->primary;
    return true;
}

static bool learn(struct fmt_pattern *p, const char *locale, const char *skeleton, bool fraction)
{
    UChar s[SAMPLE_MAX];
    if (icu_text(locale, skeleton, "1234567890123.5", s) != RC_OK || !take_affixes(p, 0, s) ||
        !take_number(p, s, fraction))
        return false;
    if (icu_text(locale, skeleton, "-1234567890123.5", s) != RC_OK || !take_affixes(p, 1, s))
        return false;
    /* some locales leave four digits together */
    if (icu_text(locale, skeleton, "1234", s) != RC_OK)
        return false;
    const UChar *first, *end;
    digit_span(s, &first, &end);
    p->group_from = p->primary + 1;
    if (first != NULL && end - first > 1 && u_charDigitValue(first[1]) >= 0 && p->primary == 3)
        p->group_from = p->primary + 2;
    return true;
}

/* Plain digits, should ICU ever refuse: an ugly price is better than none. */
static void plain_pattern(struct fmt_pattern *p)
{
    p->zero = '0';
    snprintf(p->decimal, sizeof p->decimal, ".");
    snprintf(p->prefix[1], sizeof p->prefix[1], "-");
    if (strlen(p->kind) == 3 && strcmp(p->kind, "int") != 0)
        for (int i = 0; i < 2; i++)
            snprintf(p->suffix[i], sizeof p->suffix[i], "\xc2\xa0%s", p->kind);
}

const struct fmt_pattern *fmt_pattern_of(struct fmt_locale *f, const char *kind)
{
    const bool arab = fmt_arab(f);
    for (struct fmt_pattern *p = f->patterns; p != NULL; p = p->next)
        if (p->arab == arab && strcmp(p->kind, kind) == 0)
            return p;

    struct fmt_pattern *p = calloc(1, sizeof *p);
    check_that(p != NULL);
    check_that(str_copy(p->kind, sizeof p->kind, kind));
    p->arab = arab;
    char skeleton[64] = "precision-integer";
    bool fraction = false;
    const struct currency *c = currency_find(kind);
    if (strcmp(kind, "percent") == 0) {
        snprintf(skeleton, sizeof skeleton, "percent .####");
        fraction = true;
    } else if (c != NULL) {
        fraction = c->shown_exponent > 0;
        snprintf(skeleton, sizeof skeleton, "currency/%s %s%.*s", c->code,
                 fraction ? "." : "precision-integer", (int)c->shown_exponent, "000000");
    }
    if (!learn(p, arab ? f->numbers_arab : f->numbers, skeleton, fraction)) {
        const struct fmt_pattern empty = { .arab = arab };
        *p = empty;
        check_that(str_copy(p->kind, sizeof p->kind, kind));
        plain_pattern(p);
    }
    p->next = f->patterns;
    f->patterns = p;
    return p;
}

unsigned fmt_currency_words(const struct fmt_locale *f, const char *currency, char out[][40],
                            unsigned max)
{
    static const UCurrNameStyle styles[] = { UCURR_SYMBOL_NAME, UCURR_NARROW_SYMBOL_NAME,
                                             UCURR_LONG_NAME };
    const char *locales[] = { f->numbers, "en" };
    UChar code[4];
    unsigned n = 0;
    u_uastrncpy(code, currency, 4);
    for (size_t l = 0; l < COUNT_OF(locales); l++) {
        for (size_t i = 0; i < COUNT_OF(styles) && n < max; i++) {
            UErrorCode e = U_ZERO_ERROR;
            int32_t length = 0;
            const UChar *s = ucurr_getName(code, locales[l], styles[i], NULL, &length, &e);
            if (U_SUCCESS(e))
                to_utf8(out[n++], sizeof out[0], s, s + length);
        }
        UErrorCode e = U_ZERO_ERROR;
        int32_t length = 0;
        const UChar *s = ucurr_getPluralName(code, locales[l], NULL, "other", &length, &e);
        if (U_SUCCESS(e) && n < max)
            to_utf8(out[n++], sizeof out[0], s, s + length);
    }
    return n;
}

/* ---- writing ----------------------------------------------------------------------------------
 */
struct text {
    char s[NUMBER_MAX];
    size_t n;
};

static void add(struct text *t, const char *s)
{
    for (; *s != '\0' && t->n < sizeof t->s - 1; s++)
        t->s[t->n++] = *s;
}

static void add_digit(struct text *t, int32_t zero, char digit)
{
    char utf8[5] = { digit };
    if (zero != '0') {
        int32_t n = 0;
        U8_APPEND_UNSAFE(utf8, n, zero + (digit - '0'));
        utf8[n] = '\0';
    }
    add(t, utf8);
}

/* "-1234567.50" in the form of p. */
static char *write_number(struct arena *a, const struct fmt_pattern *p, const char *decimal)
{
    struct text t = { .n = 0 };
    const int negative = decimal[0] == '-';
    const char *digit = decimal + negative;
    const size_t whole = strcspn(digit, ".");
    const bool grouped = p->primary > 0 && whole >= p->group_from;

    add(&t, p->prefix[negative]);
    for (size_t i = 0; i < whole; i++) {
        const size_t left = whole - i;
        if (grouped && i > 0 && left >= p->primary && (left - p->primary) % p->secondary == 0)
            add(&t, p->group);
        add_digit(&t, p->zero, digit[i]);
    }
    if (digit[whole] == '.') {
        add(&t, p->decimal);
        for (const char *d = digit + whole + 1; *d != '\0'; d++)
            add_digit(&t, p->zero, *d);
    }
    add(&t, p->suffix[negative]);
    return arena_strndup(a, t.s, t.n);
}

char *fmt_money(struct arena *a, const struct locale *l, int64_t minor, const char *currency)
{
    const struct currency *c = currency_find(currency);
    if (c == NULL)
        return arena_printf(a, "%lld %s", (long long)minor, currency);
    int64_t shown = minor;
    if (money_round(minor, currency_step(c), ROUND_HALF_UP, &shown) != RC_OK)
        shown = minor;
    char decimal[48];
    money_plain(shown, c, decimal, sizeof decimal);
    char *point = strchr(decimal, '.');
    if (point != NULL && c->shown_exponent < c->exponent)
        point[c->shown_exponent > 0 ? c->shown_exponent + 1 : 0] = '\0';
    return write_number(a, fmt_pattern_of(fmt_locale_of(l), c->code), decimal);
}

char *fmt_int(struct arena *a, const struct locale *l, int64_t v)
{
    char decimal[24];
    snprintf(decimal, sizeof decimal, "%lld", (long long)v);
    return write_number(a, fmt_pattern_of(fmt_locale_of(l), "int"), decimal);
}

char *fmt_percent(struct arena *a, const struct locale *l, int64_t ppm)
{
    const uint64_t size = ppm < 0 ? -(uint64_t)ppm : (uint64_t)ppm;
    char decimal[32];
    int n = snprintf(decimal, sizeof decimal, "%s%llu.%04llu", ppm < 0 ? "-" : "",
                     (unsigned long long)(size / 10000), (unsigned long long)(size % 10000));
    while (decimal[n - 1] == '0')
        decimal[--n] = '\0';
    if (decimal[n - 1] == '.')
        decimal[--n] = '\0';
    return write_number(a, fmt_pattern_of(fmt_locale_of(l), "percent"), decimal);
}
