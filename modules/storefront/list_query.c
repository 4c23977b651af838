/* list_query.c: reads and writes the query string of a list. Not here: what the filters mean
 * (shop/search.h) and what is listed. Invariant: reading never fails, what it keeps is bounded, and
 * what list_query_write writes reads back as the same state. */
#include "list_query.h"

#include <inttypes.h>
#include <string.h>

#include "base/attr.h"
#include "base/money.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/fmt.h"

const struct list_sort list_sorts[] = {
    { "", SORT_BEST, N_("Recommended"), N_("Best match") },
    { "popular", SORT_POPULAR, N_("Most popular"), N_("Most popular") },
    { "new", SORT_NEW, N_("Newest first"), N_("Newest first") },
    { "price", SORT_CHEAP, N_("Price, low to high"), N_("Price, low to high") },
    { "-price", SORT_DEAR, N_("Price, high to low"), N_("Price, high to low") },
    { "rating", SORT_RATED, N_("Best rated"), N_("Best rated") },
};
const size_t list_nsorts = COUNT_OF(list_sorts);

enum { NAMED_CHARS = 40, NAME_MAX_BYTES = 120, CURSOR_DIGITS = 20 };

/* ---- reading -----------------------------------------------------------------------------------
 */
void list_query_ignore(struct arena *a, struct list_query *q, const char *name, const char *value)
{
    if (q->nignored < LIST_IGNORED)
        q->ignored[q->nignored] = arena_printf(a, "%s=%s", utf8_cut(a, name, NAMED_CHARS),
                                               utf8_cut(a, value, NAMED_CHARS));
    q->nignored++;
}

/* Marks that advertisers and mail put into links: not ours, and nobody's mistake. */
static bool is_foreign(const char *name)
{
    static const char *const known[] = { "gclid", "fbclid", "msclkid", "ref", "_" };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(name, known[i]))
            return true;
    return str_starts(name, "utm_") || str_starts(name, "mc_");
}

static bool is_filter_key(const char *name)
{
    static const char *const keys[] = { "brand", "category", "rating", "in_stock", "sale" };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_eq(name, keys[i]))
            return true;
    return str_starts(name, "f.") && name[2] != '\0' && strlen(name) <= NAME_MAX_BYTES;
}

static bool has_filter(const struct list_query *q, const char *key, const char *value)
{
    for (size_t i = 0; i < q->nfilters; i++)
        if (str_eq(q->filter[i].key, key) && str_eq(q->filter[i].value, value))
            return true;
    return false;
}

static bool is_filter_value(const char *key, const char *value)
{
    int64_t stars;
    if (str_eq(key, "in_stock") || str_eq(key, "sale"))
        return str_eq(value, "1");
    if (str_eq(key, "rating"))
        return str_int(value, 1, 4, &stars) == RC_OK;
    return utf8_length(value) <= LIST_VALUE;
}

static bool take_filter(struct list_query *q, const struct list_pair *p)
{
    if (!is_filter_key(p->name) || !is_filter_value(p->name, p->value))
        return false;
    if (has_filter(q, p->name, p->value))
        return true;
    if (q->nfilters == LIST_FILTERS)
        return false;
    q->filter[q->nfilters++] = (struct search_filter){ p->name, p->value };
    return true;
}

/* "<number>.<uuid>" */
static bool take_cursor(struct arena *a, const char *s, struct list_query *q)
{
    const char *dot = strchr(s, '.');
    if (dot == NULL || dot - s > CURSOR_DIGITS)
        return false;
    q->has_after = str_int(arena_strndup(a, s, (size_t)(dot - s)), INT64_MIN, INT64_MAX,
                           &q->after_key) == RC_OK &&
                   uuid_parse(dot + 1, &q->after_id) == RC_OK;
    return q->has_after;
}

static bool take_sort(const char *value, struct list_query *q)
{
    for (size_t i = 0; i < list_nsorts; i++) {
        if (!str_eq(value, list_sorts[i].name))
            continue;
        q->sort = &list_sorts[i];
        return true;
    }
    return false;
}

struct reader {
    struct arena *arena;
    const struct locale *locale;
    const char *currency;
    bool takes_words;
};

static bool take_money(const struct reader *rd, const char *value, bool *has, int64_t *out)
{
    int64_t v;
    if (*has || fmt_money_parse(rd->arena, rd->locale, value, rd->currency, &v) != RC_OK || v < 0)
        return false;
    *out = v;
    *has = true;
    return true;
}

static bool take(const struct reader *rd, const struct list_pair *p, struct list_query *q)
{
    if (str_eq(p->name, "sort"))
        return take_sort(p->value, q);
    if (str_eq(p->name, "price_min"))
        return take_money(rd, p->value, &q->has_min, &q->min);
    if (str_eq(p->name, "price_max"))
        return take_money(rd, p->value, &q->has_max, &q->max);
    if (str_eq(p->name, "page"))
        return str_int(p->value, 1, LIST_PAGES, &q->page) == RC_OK;
    if (str_eq(p->name, "after"))
        return take_cursor(rd->arena, p->value, q);
    if (rd->takes_words && str_eq(p->name, "exact")) {
        q->exact = str_eq(p->value, "1");
        return q->exact;
    }
    return take_filter(q, p) || is_foreign(p->name);
}

void list_query_read(struct arena *a, const struct list_pair *pairs, size_t n, bool takes_words,
                     const struct locale *locale, const char *currency, struct list_query *out)
{
    const struct reader rd = { a, locale, currency, takes_words };
    *out = (struct list_query){ .sort = &list_sorts[0], .page = 1 };
    for (size_t i = 0; i < n; i++) {
        if (takes_words && str_eq(pairs[i].name, "q")) {
            if (out->words == NULL)
                out->words = pairs[i].value;
            continue;
        }
        /* An empty field of the form is no wish. */
        if (*pairs[i].value != '\0' && !take(&rd, &pairs[i], out))
            list_query_ignore(a, out, pairs[i].name, pairs[i].value);
    }
    if (out->has_min && out->has_max && out->min > out->max) {
        list_query_ignore(a, out, "price_min", fmt_money(a, locale, out->min, currency));
        list_query_ignore(a, out, "price_max", fmt_money(a, locale, out->max, currency));
        out->has_min = out->has_max = false;
    }
    if (out->page == 1)
        out->has_after = false;
}

bool list_query_is_narrowed(const struct list_query *q)
{
    return q->has_min || q->has_max || q->nfilters > 0;
}

/* ---- writing -----------------------------------------------------------------------------------
 */
static void put(struct buf *b, const char *name, const char *value)
{
    buf_char(b, b->n == 0 ? '?' : '&');
    buf_url(b, name);
    buf_char(b, '=');
    buf_url(b, value);
}

const char *list_money(struct arena *a, int64_t v, const char *currency)
{
    char *text = arena_alloc(a, 48);
    const struct currency *c = currency_find(currency);
    if (c == NULL)
        return "";
    money_plain(v, c, text, 48);
    /* "1500.00" is "1500" to people. */
    char *dot = strchr(text, '.');
    if (dot != NULL && strspn(dot + 1, "0") == strlen(dot + 1))
        *dot = '\0';
    return text;
}

void list_query_write(struct arena *a, const struct list_query *q, const struct list_change *c,
                      const char *currency, struct buf *out)
{
    const struct list_sort *sort = c->sort != NULL ? c->sort : q->sort;
    struct buf b;
    buf_init(&b, a, 32768);
    if (!str_empty(q->words))
        put(&b, "q", q->words);
    if (q->exact || c->exact)
        put(&b, "exact", "1");
    for (size_t i = 0; i < q->nfilters && !c->no_filters; i++)
        if (&q->filter[i] != c->without && !str_eq(q->filter[i].key, c->without_key))
            put(&b, q->filter[i].key, q->filter[i].value);
    if (c->with != NULL)
        put(&b, c->with->key, c->with->value);
    if (q->has_min && !c->no_min && !c->no_filters)
        put(&b, "price_min", list_money(a, q->min, currency));
    if (q->has_max && !c->no_max && !c->no_filters)
        put(&b, "price_max", list_money(a, q->max, currency));
    if (*sort->name != '\0')
        put(&b, "sort", sort->name);
    if (c->page > 1)
        put(&b, "page", arena_printf(a, "%" PRId64, c->page));
    if (c->page > 1 && c->after != NULL)
        put(&b, "after", c->after);
    if (buf_rc(&b) == RC_OK)
        buf_put(out, b.p, b.n);
}
