/* form_fields.c: one value of a form to one member of its struct, by type. Each refusal is a whole
 * sentence a shopper understands, in the language in use. It reads no request beyond language and
 * currency and stores nothing; form.c decides what to parse. Invariant: a member is written only
 * when its value is valid. */
#include <string.h>

#include "app/req_priv.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/fmt.h"
#include "platform/idna.h"

enum { TEXT_MAX = 200, TOKEN_MAX = 512, EMAIL_MAX = 254, LOCAL_MAX = 64 };

static const char *label_of(const struct form_field *f)
{
    return f->label ? tr(f->label) : f->name;
}

static const char *length_check(struct req *r, const struct form_field *f, const char *s)
{
    size_t most = f->max > 0 ? (size_t)f->max : TEXT_MAX, n = utf8_length(s);
    if (n > most)
        return arena_printf(r->arena, _("%s: use at most %zu characters (there are %zu now)."),
                            label_of(f), most, n);
    if (f->min > 0 && n < (size_t)f->min)
        return arena_printf(r->arena, _("%s: use at least %zu characters."), label_of(f),
                            (size_t)f->min);
    return NULL;
}

static const char *invalid(struct req *r, const struct form_field *f, const char *sentence)
{
    if (f->pattern_hint)
        return arena_printf(r->arena, "%s: %s", label_of(f), tr(f->pattern_hint));
    return arena_printf(r->arena, sentence, label_of(f));
}

static const char *parse_text(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    if (f->type != F_LINES && strpbrk(s, "\n\t"))
        return arena_printf(r->arena, _("%s: write it on one line."), label_of(f));
    const char *problem = length_check(r, f, s);
    if (!problem)
        *(const char **)dst = s;
    return problem;
}

static const char *parse_int(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    int64_t v, lo = f->min, hi = f->max;
    bool bounded = lo != 0 || hi != 0;
    s = utf8_digits(r->arena, s);
    if (str_int(s, INT64_MIN, INT64_MAX, &v) != RC_OK)
        return invalid(r, f, _("%s: enter a whole number."));
    if (bounded && (v < lo || v > hi))
        return arena_printf(r->arena, _("%s: enter a number from %lld to %lld."), label_of(f),
                            (long long)lo, (long long)hi);
    *(int64_t *)dst = v;
    return NULL;
}

static const char *parse_money(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    int64_t v;
    const char *currency = r->currency ? r->currency : "";
    if (fmt_money_parse(r->arena, r->locale, s, currency, &v) != RC_OK)
        return invalid(r, f, _("%s: enter an amount of money, for example 1250 or 1,250.50."));
    if (v < f->min)
        return arena_printf(r->arena, _("%s: enter %s or more."), label_of(f),
                            fmt_money(r->arena, r->locale, f->min, currency));
    if (f->max > 0 && v > f->max)
        return arena_printf(r->arena, _("%s: enter %s or less."), label_of(f),
                            fmt_money(r->arena, r->locale, f->max, currency));
    *(int64_t *)dst = v;
    return NULL;
}

static const char *parse_bool(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    bool yes = str_eq(s, "1") || str_eq(s, "on") || str_eq(s, "true");
    if (!yes && !str_empty(s) && !str_eq(s, "0") && !str_eq(s, "off") && !str_eq(s, "false"))
        return invalid(r, f, _("%s: choose yes or no."));
    *(bool *)dst = yes;
    return NULL;
}

static bool local_part_ok(const char *s, size_t n)
{
    static const char atext[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "!#$%&'*+-/=?^_`{|}~.";
    if (n == 0 || n > LOCAL_MAX || strspn(s, atext) < n || s[0] == '.' || s[n - 1] == '.')
        return false;
    return !memmem(s, n, "..", 2);
}

static const char *parse_email(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    const char *sentence =
        _("%s: enter an e-mail address with an @ sign, for example name@example.com.");
    const char *at = strrchr(s, '@');
    char *domain;
    if (!at || !local_part_ok(s, (size_t)(at - s)) || !strchr(at + 1, '.') ||
        idna_to_ascii(r->arena, at + 1, &domain) != RC_OK)
        return invalid(r, f, sentence);
    char *local = str_lower(r->arena, arena_strndup(r->arena, s, (size_t)(at - s)));
    char *whole = arena_printf(r->arena, "%s@%s", local, domain);
    if (strlen(whole) > EMAIL_MAX)
        return invalid(r, f, sentence);
    *(const char **)dst = whole;
    return NULL;
}

static const char *parse_phone(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    s = utf8_digits(r->arena, s);
    size_t digits = 0;
    for (const char *p = s; *p; p++) {
        digits += *p >= '0' && *p <= '9';
        if (!strchr("0123456789 -().", *p) && !(*p == '+' && p == s))
            digits = 1000;
    }
    if (digits < 5 || digits > 17 || strlen(s) > 40)
        return invalid(r, f, _("%s: enter a phone number with digits, spaces and a leading +."));
    *(const char **)dst = s;
    return NULL;
}

static const char *parse_choice(struct req *r, const struct form_field *f, const char *s, void *dst)
{
    for (const char *const *c = f->choices; c && *c; c++)
        if (str_eq(*c, s)) {
            *(const char **)dst = *c;
            return NULL;
        }
    return invalid(r, f, _("%s: choose one of the options shown."));
}

static const char *parse_name_like(struct req *r, const struct form_field *f, const char *s,
                                   void *dst)
{
    bool ok;
    const char *sentence;
    if (f->type == F_SLUG) {
        ok = str_eq(utf8_slug(r->arena, s), s);
        sentence = _("%s: use lower-case letters, digits and single hyphens.");
    } else if (f->type == F_PATH) {
        ok = url_is_inside(s);
        sentence = _("%s: enter an address of this shop that starts with a slash.");
    } else {
        size_t n = strlen(s);
        ok = n <= TOKEN_MAX && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_") == n;
        sentence = _("%s: this code is not complete. Open the link or copy it again.");
    }
    if (!ok)
        return invalid(r, f, sentence);
    if (f->type == F_SLUG && f->max == 0 && utf8_length(s) > 80)
        return invalid(r, f, sentence);
    *(const char **)dst = s;
    return NULL;
}

const char *form_field_parse(struct req *r, const struct form_field *f, const char *value,
                             void *dst)
{
    switch (f->type) {
    case F_TEXT:
    case F_LINES:
    case F_PASSWORD:
        return parse_text(r, f, value, dst);
    case F_INT:
        return parse_int(r, f, value, dst);
    case F_MONEY:
        return parse_money(r, f, value, dst);
    case F_BOOL:
        return parse_bool(r, f, value, dst);
    case F_ID:
        return uuid_parse(value, dst) == RC_OK
                   ? NULL
                   : invalid(r, f, _("%s: this choice no longer exists. Choose again."));
    case F_EMAIL:
        return parse_email(r, f, value, dst);
    case F_PHONE:
        return parse_phone(r, f, value, dst);
    case F_CHOICE:
        return parse_choice(r, f, value, dst);
    case F_SLUG:
    case F_PATH:
    case F_TOKEN:
        return parse_name_like(r, f, value, dst);
    case F_FILE:
    case F_LIST:
        break; /* form.c fills these: they are more than one value */
    }
    check_that(!"a field type without a parser");
    return NULL;
}
