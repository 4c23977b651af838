/* address.c: checking and writing addresses by the table of address_data.c. It brings what people
 * type into the form that is stored, and says in words what does not fit; it does not know whether
 * a street exists. Invariant: an address that passed has every required field of its country, no
 * field the country has not, and a phone in E.164. */
#include "shop/address.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/i18n.h"

static const struct {
    const char *name, *autocomplete;
    size_t most;
} keys[ADDRESS_KEYS] = {
    [ADDRESS_NAME] = { "name", "name", 200 },
    [ADDRESS_COMPANY] = { "company", "organization", 200 },
    [ADDRESS_PHONE] = { "phone", "tel", 40 },
    [ADDRESS_LINE1] = { "address_line1", "address-line1", 200 },
    [ADDRESS_LINE2] = { "address_line2", "address-line2", 200 },
    [ADDRESS_CITY] = { "city", "address-level2", 120 },
    [ADDRESS_REGION] = { "region", "address-level1", 120 },
    [ADDRESS_POSTCODE] = { "postcode", "postal-code", 20 },
    [ADDRESS_LANDMARK] = { "landmark", "off", 200 },
    [ADDRESS_INSTRUCTIONS] = { "instructions", "off", 500 },
};

const char *address_name(enum address_key key)
{
    return keys[key].name;
}

const char *address_autocomplete(enum address_key key)
{
    return keys[key].autocomplete;
}

const struct address_country *address_country(const char *code)
{
    size_t n;
    const struct address_country *c = address_countries(&n);
    for (size_t i = 0; code && i < n; i++)
        if (str_eq(c[i].code, code))
            return &c[i];
    return NULL;
}

/* ---- postcodes --------------------------------------------------------------------------------
 */

/* Letters in capitals, without blanks and hyphens: what patterns are held against. */
static char *bare(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *o = out;
    for (; *s; s++)
        if (*s != ' ' && *s != '-')
            *o++ = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
    *o = '\0';
    return out;
}

/* One pattern against bare text; what stands in between (blank, hyphen) is put where it belongs. */
static bool fits(const char *pattern, size_t n, const char *typed, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        char p = pattern[i], c = *typed;
        if (p == ' ' || p == '-') {
            buf_char(out, p);
            continue;
        }
        bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';
        if (!(p == '9' ? digit : p == 'A' ? letter : p == c))
            return false;
        buf_char(out, c);
        typed++;
    }
    return *typed == '\0';
}

static bool postcode(struct arena *a, const struct address_country *c, const char **text)
{
    const char *typed = bare(a, utf8_digits(a, *text));
    for (const char *p = c->postcode; p && *p;) {
        size_t n = strcspn(p, "|");
        struct buf b;
        buf_init(&b, a, 64);
        buf_str(&b, "");
        if (fits(p, n, typed, &b)) {
            *text = b.p;
            return true;
        }
        p += n + (p[n] == '|');
    }
    return !c->postcode;
}

/* ---- checking ---------------------------------------------------------------------------------
 */

struct check {
    struct arena *arena;
    const struct address_country *country;
    address_problem *problem;
    void *arg;
    bool failed;
};

static void tell(struct check *k, enum address_key key, const char *message)
{
    k->failed = true;
    if (k->problem)
        k->problem(k->arg, key, message);
}

/* Runs of blanks become one. */
static char *tidy(struct arena *a, const char *s, bool lines)
{
    struct buf b;
    buf_init(&b, a, strlen(s) + 2);
    buf_str(&b, "");
    for (; *s; s++) {
        bool blank = *s == ' ' || *s == '\t' || (*s == '\n' && !lines);
        if (!blank)
            buf_char(&b, *s);
        else if (b.n > 0 && b.p[b.n - 1] != ' ')
            buf_char(&b, ' ');
    }
    return str_trim(a, b.p);
}

/* By code or by its own script, in any case. */
static bool region(struct check *k, const char **text)
{
    const char *typed = utf8_fold(k->arena, *text);
    for (size_t i = 0; i < k->country->nregions; i++) {
        const struct address_region *r = &k->country->regions[i];
        if (!str_eq(typed, utf8_fold(k->arena, r->code)) &&
            !(r->local && str_eq(typed, utf8_fold(k->arena, r->local))))
            continue;
        *text = r->code;
        return true;
    }
    return k->country->nregions == 0;
}

static void one_field(struct check *k, const struct address_field *f, const char **text)
{
    char *phone;
    if (!**text) {
        if (f->required)
            tell(k, f->key, arena_printf(k->arena, _("%s: fill this in."), tr(f->label)));
        return;
    }
    if (utf8_length(*text) > keys[f->key].most) {
        tell(k, f->key,
             arena_printf(k->arena, _("%s: use at most %zu characters."), tr(f->label),
                          keys[f->key].most));
    } else if (f->key == ADDRESS_PHONE) {
        if (phone_e164(k->arena, *text, k->country->code, &phone) == RC_OK)
            *text = phone;
        else
            tell(k, f->key, _("Enter the whole phone number, as you would dial it."));
    } else if (f->key == ADDRESS_POSTCODE && !postcode(k->arena, k->country, text)) {
        tell(k, f->key,
             arena_printf(k->arena, _("%s: write it like %s."), tr(f->label),
                          k->country->postcode_hint));
    } else if (f->key == ADDRESS_REGION && !region(k, text)) {
        tell(k, f->key, arena_printf(k->arena, _("%s: choose one of the list."), tr(f->label)));
    }
}

enum rc address_check(struct arena *arena, struct address *a, address_problem *problem, void *arg)
{
    struct check k = { arena, address_country(a->country), problem, arg, false };
    bool has[ADDRESS_KEYS] = { false };
    if (!k.country)
        return RC_INVALID;
    for (size_t i = 0; i < ADDRESS_KEYS; i++)
        a->text[i] = tidy(arena, a->text[i] ? a->text[i] : "", i == ADDRESS_INSTRUCTIONS);
    for (size_t i = 0; i < k.country->nfields; i++) {
        has[k.country->fields[i].key] = true;
        one_field(&k, &k.country->fields[i], &a->text[k.country->fields[i].key]);
    }
    for (size_t i = 0; i < ADDRESS_KEYS; i++)
        if (!has[i])
            a->text[i] = "";
    a->country = k.country->code;
    return k.failed ? RC_INVALID : RC_OK;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static void line(struct buf *b, const char *text)
{
    if (!text || !*text)
        return;
    if (b->n > 0)
        buf_char(b, '\n');
    buf_str(b, text);
}

static const char *pair(struct arena *arena, const char *one, const char *between, const char *two)
{
    if (!*one || !*two)
        return *one ? one : two;
    return arena_printf(arena, "%s%s%s", one, between, two);
}

char *address_text(struct arena *arena, const struct address *a, const char *country_name)
{
    struct buf b;
    const char *const *t = a->text;
    const char *place = pair(arena, t[ADDRESS_CITY], " ", t[ADDRESS_POSTCODE]);
    if (str_eq(a->country, "US"))
        place = pair(arena, t[ADDRESS_CITY], ", ",
                     pair(arena, t[ADDRESS_REGION], " ", t[ADDRESS_POSTCODE]));
    buf_init(&b, arena, 8192);
    buf_str(&b, "");
    line(&b, t[ADDRESS_NAME]);
    line(&b, t[ADDRESS_COMPANY]);
    line(&b, t[ADDRESS_LINE1]);
    line(&b, t[ADDRESS_LINE2]);
    line(&b, t[ADDRESS_LANDMARK]);
    line(&b, place);
    if (!str_eq(a->country, "US"))
        line(&b, t[ADDRESS_REGION]);
    line(&b, country_name);
    return b.p;
}
