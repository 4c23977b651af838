/* phone.c: phone numbers to and from E.164, by the calling codes, trunk prefixes and lengths of the
 * address table. It knows no operators and no areas: whether a number is in service is asked by
 * calling it. Invariant: what phone_e164 returns is '+' and 7 to 15 digits, the first not 0. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "shop/address.h"

enum { DIGITS_LEAST = 7, DIGITS_MOST = 15, TYPED_MOST = 60 };

/* Digits of text; *plus: it began with + or 00. False: something else stands in it. */
static bool read_digits(struct arena *a, const char *text, char *out, bool *plus)
{
    const char *s = str_trim(a, utf8_digits(a, text));
    size_t n = 0;
    if (strlen(s) > TYPED_MOST)
        return false;
    *plus = *s == '+';
    for (s += *plus; *s; s++) {
        if (*s >= '0' && *s <= '9') {
            if (n == DIGITS_MOST + 4)
                return false;
            out[n++] = *s;
        } else if (!strchr(" -./()", *s)) {
            return false;
        }
    }
    out[n] = '\0';
    if (!*plus && str_starts(out, "00")) {
        memmove(out, out + 2, n - 1);
        *plus = true;
    }
    return true;
}

static bool national_ok(const struct address_country *c, const char *digits)
{
    size_t n = strlen(digits);
    return n >= (size_t)c->least && n <= (size_t)c->most && *digits != '0';
}

/* The country whose calling code digits begin with and whose length fits; NULL none of the table.
 */
static const struct address_country *by_calling(const char *digits, bool *known)
{
    size_t n;
    const struct address_country *c = address_countries(&n);
    *known = false;
    for (size_t i = 0; i < n; i++) {
        if (!str_starts(digits, c[i].calling))
            continue;
        *known = true;
        if (national_ok(&c[i], digits + strlen(c[i].calling)))
            return &c[i];
    }
    return NULL;
}

static char *joined(struct arena *a, const char *calling, const char *national)
{
    return arena_printf(a, "+%s%s", calling, national);
}

enum rc phone_e164(struct arena *a, const char *text, const char *country, char **out)
{
    char digits[DIGITS_MOST + 6];
    bool plus, known;
    if (!read_digits(a, text, digits, &plus))
        return RC_INVALID;
    const struct address_country *c = address_country(country);
    if (plus) {
        const char *calling = c && str_starts(digits, c->calling) ? c->calling : "";
        const char *rest = digits + strlen(calling);
        /* "+94 (0)77 ...": the trunk prefix has no place behind a calling code, people write it */
        if (c && *calling && *c->trunk && str_starts(rest, c->trunk) &&
            national_ok(c, rest + strlen(c->trunk))) {
            *out = joined(a, calling, rest + strlen(c->trunk));
            return RC_OK;
        }
        size_t n = strlen(digits);
        if (!by_calling(digits, &known) &&
            (known || n < DIGITS_LEAST || n > DIGITS_MOST || *digits == '0'))
            return RC_INVALID;
        *out = joined(a, "", digits);
        return RC_OK;
    }
    if (!c)
        return RC_INVALID;
    const char *national = digits;
    if (*c->trunk && str_starts(national, c->trunk) && national_ok(c, national + strlen(c->trunk)))
        national += strlen(c->trunk);
    else if (!national_ok(c, national) && str_starts(national, c->calling) &&
             national_ok(c, national + strlen(c->calling)))
        national += strlen(c->calling); /* 94771234567 */
    if (!national_ok(c, national))
        return RC_INVALID;
    *out = joined(a, c->calling, national);
    return RC_OK;
}

/* Two or three, three, the rest: how numbers are read aloud nearly everywhere. */
static void grouped(struct buf *b, const char *digits)
{
    size_t n = strlen(digits), first = n > 9 ? 3 : 2;
    for (size_t i = 0; i < n; i++) {
        if (i == first || (i == first + 3 && n - i >= 2))
            buf_char(b, ' ');
        buf_char(b, digits[i]);
    }
}

char *phone_show(struct arena *a, const char *e164, const char *country)
{
    const struct address_country *c = address_country(country);
    bool known;
    struct buf b;
    buf_init(&b, a, 64);
    if (*e164 != '+' || strlen(e164) > DIGITS_MOST + 1)
        return arena_strdup(a, e164);
    if (c && str_starts(e164 + 1, c->calling)) {
        buf_str(&b, *c->trunk ? c->trunk : "");
        grouped(&b, e164 + 1 + strlen(c->calling));
        return b.p;
    }
    c = by_calling(e164 + 1, &known);
    if (!c)
        return arena_strdup(a, e164);
    buf_printf(&b, "+%s ", c->calling);
    grouped(&b, e164 + 1 + strlen(c->calling));
    return b.p;
}
