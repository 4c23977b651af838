/* tax.c: from the rates that cover a place to the taxes of an amount. Nothing here reads a table or
 * rounds twice: exact shares are millionths of a minor unit and tax_round turns them into money.
 * Invariant: what tax_pick gives has one rate a priority, plain ones before compound ones. */
#include "shop/tax.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum { MILLION = 1000000, PLACE_MAX = 120 };

/* Folded, so that a name is found however it is typed (Zürich, ZURICH), Latin letters in upper case
 * as areas are written, blanks at the ends away. */
static const char *place_word(struct arena *a, const char *s)
{
    char *out = utf8_fold(a, s != NULL ? s : "");
    size_t n = 0;
    for (const char *p = out; *p != '\0'; p++)
        if (n > 0 || *p != ' ')
            out[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

static const char *place_postcode(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s != NULL ? s : "");
    size_t n = 0;
    for (const char *p = out; *p != '\0' && n < 20; p++) {
        if (*p >= 'a' && *p <= 'z')
            out[n++] = (char)(*p - 32);
        else if ((*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'))
            out[n++] = *p;
    }
    out[n] = '\0';
    return out;
}

struct tax_place tax_place(struct arena *a, const char *country, const char *region,
                           const char *city, const char *postcode)
{
    return (struct tax_place){ .country = place_word(a, country),
                               .region = place_word(a, region),
                               .city = place_word(a, city),
                               .postcode = place_postcode(a, postcode) };
}

/* The closer area decides; of two alike the one the shop put first, then the older. */
static bool closer(const struct tax_rate *a, const struct tax_rate *b)
{
    if (a->closeness != b->closeness)
        return a->closeness > b->closeness;
    if (a->position != b->position)
        return a->position < b->position;
    return uuid_cmp(a->id, b->id) < 0;
}

static bool before(const struct tax_rate *a, const struct tax_rate *b)
{
    if (a->compound != b->compound)
        return b->compound;
    return a->priority < b->priority;
}

static void set_sort(struct tax_set *set)
{
    for (size_t i = 1; i < set->n; i++) {
        const struct tax_rate *r = set->rate[i];
        size_t j = i;
        for (; j > 0 && before(r, set->rate[j - 1]); j--)
            set->rate[j] = set->rate[j - 1];
        set->rate[j] = r;
    }
}

enum rc tax_pick(const struct tax_rate *rates, size_t n, const char *tax_class, bool shipping,
                 struct tax_set *out)
{
    struct tax_set set = { .n = 0 };
    for (size_t i = 0; i < n && !str_eq(tax_class, "none"); i++) {
        const struct tax_rate *r = &rates[i];
        if (!str_eq(r->tax_class, tax_class) || (shipping && !r->on_shipping))
            continue;
        size_t k = 0;
        while (k < set.n && set.rate[k]->priority != r->priority)
            k++;
        if (k == set.n) {
            if (set.n == TAX_SET_MAX)
                return RC_LIMIT;
            set.rate[set.n++] = r;
        } else if (closer(r, set.rate[k])) {
            set.rate[k] = r;
        }
    }
    set_sort(&set);
    *out = set;
    return RC_OK;
}

/* a / b to the nearest, halves up; both positive. */
static tax_micro nearest(tax_micro a, tax_micro b)
{
    return (a + b / 2) / b;
}

static void exact_included(const struct tax_set *set, tax_micro gross, tax_micro *out)
{
    size_t i = set->n;
    tax_micro plain = 0;
    for (; i > 0 && set->rate[i - 1]->compound; i--) {
        tax_micro net = nearest(gross * MILLION, MILLION + (tax_micro)set->rate[i - 1]->ppm);
        out[i - 1] = gross - net;
        gross = net;
    }
    for (size_t k = 0; k < i; k++)
        plain += set->rate[k]->ppm;
    for (size_t k = 0; k < i; k++)
        out[k] = nearest(gross * set->rate[k]->ppm, MILLION + plain);
}

void tax_exact(const struct tax_set *set, int64_t amount, bool included, tax_micro out[TAX_SET_MAX])
{
    tax_micro base = (tax_micro)amount * MILLION;
    if (included) {
        exact_included(set, base, out);
        return;
    }
    tax_micro sum = base;
    for (size_t i = 0; i < set->n; i++) {
        const struct tax_rate *r = set->rate[i];
        out[i] = nearest((r->compound ? sum : base) * r->ppm, MILLION);
        sum += out[i];
    }
}

enum rc tax_round(tax_micro micro, int64_t step, enum rounding mode, int64_t *out)
{
    tax_micro unit = (tax_micro)step * MILLION, steps = micro / unit, rest = micro % unit;
    bool up = false;
    switch (mode) {
    case ROUND_HALF_UP:
        up = rest * 2 >= unit;
        break;
    case ROUND_HALF_EVEN:
        up = rest * 2 > unit || (rest * 2 == unit && steps % 2 != 0);
        break;
    case ROUND_UP:
        up = rest > 0;
        break;
    case ROUND_DOWN:
        break;
    }
    tax_micro amount = (steps + (up ? 1 : 0)) * step;
    if (micro < 0 || amount > INT64_MAX)
        return RC_LIMIT;
    *out = (int64_t)amount;
    return RC_OK;
}
