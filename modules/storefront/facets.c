/* facets.c: from counts of terms to filters people can read. Each facet is counted against the
 * other filters (shop/search.h does that); one that says nothing, because no product has it or all
 * have the same, is not shown. Invariant: the number of facets and values is bounded, what is
 * chosen is always among them, and order follows the counts, so that the same list looks the same.
 */
#include "facets.h"

#include <stdlib.h>

#include "base/str.h"
#include "platform/fmt.h"

enum { VALUES_MOST = 24, VALUES_OPEN = 10, ATTRIBUTES_MOST = 10, CHOSEN_MOST = LIST_FILTERS };

/* ---- choosing ----------------------------------------------------------------------------------
 */
static bool is_chosen(const struct listing *l, int32_t term)
{
    for (size_t i = 0; i < l->query.nfilters; i++)
        if (l->found.term[i] == term)
            return true;
    return false;
}

static bool is_group_chosen(const struct listing *l, int32_t group)
{
    for (size_t i = 0; i < l->query.nfilters; i++)
        if (l->found.term[i] > 0 && term_group(l->found.term[i]) == group)
            return true;
    return false;
}

struct value {
    int32_t term;
    int64_t n;
    bool on;
};

static int by_use(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    if (x->on != y->on)
        return x->on ? -1 : 1;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->term > y->term) - (x->term < y->term);
}

/* The values of a group that are offered, the chosen first, then by products. */
static size_t values_of(struct req *r, const struct listing *l, int32_t group, struct value **out)
{
    const struct search_result *f = &l->found;
    struct value *v = arena_array(r->arena, struct value, f->ncounts + CHOSEN_MOST);
    size_t n = 0;
    for (size_t i = 0; i < f->ncounts; i++)
        if (term_group(f->counts[i].term) == group && f->counts[i].n > 0)
            v[n++] = (struct value){ f->counts[i].term, f->counts[i].n,
                                     is_chosen(l, f->counts[i].term) };
    size_t counted = n;
    for (size_t i = 0; i < l->query.nfilters; i++) { /* on, though nothing would be left */
        bool seen = f->term[i] <= 0 || term_group(f->term[i]) != group;
        for (size_t k = 0; k < counted && !seen; k++)
            seen = v[k].term == f->term[i];
        if (!seen)
            v[n++] = (struct value){ f->term[i], 0, true };
    }
    qsort(v, n, sizeof *v, by_use);
    *out = v;
    return n < VALUES_MOST ? n : VALUES_MOST;
}

/* Groups of attributes that have something to say, those of most products first. */
struct group {
    int32_t group;
    int64_t n;
    bool on;
};

static int by_weight(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->on != y->on)
        return x->on ? -1 : 1;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static size_t attributes_of(struct req *r, const struct listing *l, struct group **out)
{
    const struct search_result *f = &l->found;
    struct group *g = arena_array(r->arena, struct group, f->ncounts + CHOSEN_MOST);
    size_t n = 0;
    for (size_t i = 0; i < f->ncounts; i++) { /* sorted by term: a group is a run */
        int32_t group = term_group(f->counts[i].term);
        if (group < GROUP_ATTRIBUTE || f->counts[i].n <= 0)
            continue;
        if (n == 0 || g[n - 1].group != group)
            g[n++] = (struct group){ group, 0, is_group_chosen(l, group) };
        g[n - 1].n += f->counts[i].n;
    }
    for (size_t i = 0; i < l->query.nfilters; i++) {
        int32_t group = f->term[i] > 0 ? term_group(f->term[i]) : -1;
        bool seen = group < GROUP_ATTRIBUTE;
        for (size_t k = 0; k < n && !seen; k++)
            seen = g[k].group == group;
        if (!seen)
            g[n++] = (struct group){ group, 0, true };
    }
    qsort(g, n, sizeof *g, by_weight);
    *out = g;
    return n < ATTRIBUTES_MOST ? n : ATTRIBUTES_MOST;
}

static bool is_hidden(const struct listing *l, int32_t group)
{
    if (group == GROUP_CATEGORY)
        return !l->scope.by_category;
    if (group == GROUP_BRAND)
        return str_eq(l->scope.hide, "brand");
    if (group == GROUP_SALE)
        return str_eq(l->scope.hide, "sale");
    return false;
}

/* ---- names -------------------------------------------------------------------------------------
 */
struct terms {
    int32_t *v;
    size_t n;
};

static void add_values(struct req *r, const struct listing *l, int32_t group, struct terms *t)
{
    struct value *v;
    size_t n = is_hidden(l, group) ? 0 : values_of(r, l, group, &v);
    for (size_t i = 0; i < n; i++)
        t->v[t->n++] = v[i].term;
}

void facets_send(struct req *r, struct listing *l)
{
    struct texts chain = storefront_chain(r);
    struct group *g;
    size_t ngroups = attributes_of(r, l, &g);
    struct terms brands, categories, attributes, options;
    brands = (struct terms){ arena_array(r->arena, int32_t, VALUES_MOST), 0 };
    categories = (struct terms){ arena_array(r->arena, int32_t, VALUES_MOST), 0 };
    attributes = (struct terms){ arena_array(r->arena, int32_t, ATTRIBUTES_MOST), 0 };
    options =
        (struct terms){ arena_array(r->arena, int32_t, (size_t)VALUES_MOST * ATTRIBUTES_MOST), 0 };
    add_values(r, l, GROUP_BRAND, &brands);
    add_values(r, l, GROUP_CATEGORY, &categories);
    for (size_t i = 0; i < ngroups; i++) {
        attributes.v[attributes.n++] = TERM(GROUP_NAMES, g[i].group - GROUP_ATTRIBUTE);
        add_values(r, l, g[i].group, &options);
    }
    if (brands.n + categories.n + attributes.n == 0)
        return;
    storefront_q_facet_labels_send(
        page_pipe(r), STOREFRONT_FACET_LABELS_FRAG_TR & storefront_texts(chain), chain,
        (struct int4s){ brands.v, brands.n }, (struct int4s){ categories.v, categories.n },
        (struct int4s){ attributes.v, attributes.n }, (struct int4s){ options.v, options.n },
        &l->labels);
}

static const struct storefront_facet_label *label_of(const struct listing *l, int32_t term)
{
    for (size_t i = 0; i < l->labels.n; i++)
        if (l->labels.row[i].term == term)
            return &l->labels.row[i];
    return NULL;
}

static const char *value_label(struct req *r, const struct listing *l, int32_t term)
{
    const struct storefront_facet_label *known = label_of(l, term);
    switch (term_group(term)) {
    case GROUP_STOCK:
        return _("In stock only");
    case GROUP_SALE:
        return _("On sale");
    case GROUP_RATING:
        return arena_printf(
            r->arena, tr_n("%s star and up", "%s stars and up", (unsigned long)term_value(term)),
            fmt_int(r->arena, r->locale, term_value(term)));
    default:
        return known != NULL ? known->label : NULL;
    }
}

static const char *group_label(const struct listing *l, int32_t group)
{
    switch (group) {
    case GROUP_STOCK:
        return _("Availability");
    case GROUP_SALE:
        return _("Offers");
    case GROUP_RATING:
        return _("Rating");
    case GROUP_CATEGORY:
        return _("Category");
    case GROUP_BRAND:
        return _("Brand");
    default:
        break;
    }
    const struct storefront_facet_label *name =
        label_of(l, TERM(GROUP_NAMES, group - GROUP_ATTRIBUTE));
    return name != NULL ? name->label : NULL;
}

static const char *key_of(struct req *r, const struct listing *l, int32_t group)
{
    switch (group) {
    case GROUP_STOCK:
        return "in_stock";
    case GROUP_SALE:
        return "sale";
    case GROUP_RATING:
        return "rating";
    case GROUP_CATEGORY:
        return "category";
    case GROUP_BRAND:
        return "brand";
    default:
        break;
    }
    const struct storefront_facet_label *name =
        label_of(l, TERM(GROUP_NAMES, group - GROUP_ATTRIBUTE));
    return name != NULL ? arena_printf(r->arena, "f.%s", name->code) : NULL;
}

static const char *code_of(struct req *r, const struct listing *l, int32_t term)
{
    if (term_group(term) < GROUP_CATEGORY)
        return arena_printf(r->arena, "%d", (int)term_value(term));
    const struct storefront_facet_label *known = label_of(l, term);
    return known != NULL ? known->code : NULL;
}

/* ---- filling -----------------------------------------------------------------------------------
 */
static void fill_value(struct req *r, const struct listing *l, struct tpl *t, const char *key,
                       const struct value *v, const char *label)
{
    bool one = term_group(v->term) == GROUP_RATING;
    const struct storefront_facet_label *known = label_of(l, v->term);
    tpl_set_text(t, "TYPE", one ? "radio" : "checkbox");
    tpl_set_int(t, "ID", v->term);
    tpl_set_text(t, "KEY", key);
    tpl_set_text(t, "VALUE", code_of(r, l, v->term));
    tpl_set_text(t, "LABEL", label);
    tpl_set_text(t, "N", fmt_int(r->arena, r->locale, v->n));
    tpl_show(t, "ON", v->on);
    if (known != NULL && known->swatch != NULL)
        tpl_set_text(tpl_row(t, "SWATCH"), "COLOUR", known->swatch);
}

/* A facet all products agree on narrows nothing. */
static bool says_something(const struct listing *l, const struct value *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].on || v[i].n < l->found.total)
            return true;
    return false;
}

static void fill_facet(struct req *r, const struct listing *l, struct tpl *filters, int32_t group)
{
    struct value *v;
    size_t n = is_hidden(l, group) ? 0 : values_of(r, l, group, &v), shown = 0;
    const char *name = n > 0 ? group_label(l, group) : NULL;
    const char *key = n > 0 ? key_of(r, l, group) : NULL;
    if (name == NULL || key == NULL || !says_something(l, v, n))
        return;
    struct tpl *facet = tpl_row(filters, "FACET"), *rest = NULL;
    tpl_set_text(facet, "NAME", name);
    for (size_t i = 0; i < n; i++) {
        const char *label = value_label(r, l, v[i].term);
        if (label == NULL || code_of(r, l, v[i].term) == NULL)
            continue;
        if (shown++ == VALUES_OPEN)
            rest = tpl_row(facet, "REST");
        fill_value(r, l, tpl_row(rest != NULL ? rest : facet, "CHOICE"), key, &v[i], label);
    }
    if (rest != NULL)
        tpl_set_text(
            rest, "TEXT",
            arena_printf(r->arena, _("Show all %s"), fmt_int(r->arena, r->locale, (int64_t)shown)));
}

static void fill_price(struct req *r, const struct listing *l, struct tpl *filters)
{
    const struct list_query *q = &l->query;
    const char *currency = r->tenant->currency;
    bool differ = l->found.priced && l->found.low < l->found.high;
    if (!differ && !q->has_min && !q->has_max)
        return;
    struct tpl *t = tpl_row(filters, "PRICE_FACET");
    tpl_set_text(t, "CURRENCY_LABEL", currency);
    tpl_set_text(t, "MIN_VALUE", q->has_min ? list_money(r->arena, q->min, currency) : "");
    tpl_set_text(t, "MAX_VALUE", q->has_max ? list_money(r->arena, q->max, currency) : "");
    tpl_set_text(t, "LOW", l->found.priced ? list_money(r->arena, l->found.low, currency) : "");
    tpl_set_text(t, "HIGH", l->found.priced ? list_money(r->arena, l->found.high, currency) : "");
}

static void fill_chip(struct tpl *zone, const char *name, const char *label, const char *href)
{
    struct tpl *t = tpl_row(zone, "CHIP");
    if (name != NULL)
        tpl_set_text(tpl_row(t, "OF"), "NAME", name);
    tpl_set_text(t, "LABEL", label);
    tpl_set_text(t, "HREF", href);
}

static const char *money(struct req *r, int64_t v)
{
    return fmt_money(r->arena, r->locale, v, r->tenant->currency);
}

static void fill_chips(struct req *r, const struct listing *l, struct tpl *filters)
{
    const struct list_query *q = &l->query;
    for (size_t i = 0; i < q->nfilters; i++) {
        int32_t term = l->found.term[i];
        const char *label = term > 0 ? value_label(r, l, term) : NULL;
        if (label == NULL)
            continue;
        bool plain = term_group(term) <= GROUP_RATING;
        fill_chip(filters, plain ? NULL : group_label(l, term_group(term)), label,
                  listing_href(r, l, &(struct list_change){ .without = &q->filter[i] }));
    }
    if (q->has_min)
        fill_chip(filters, NULL, arena_printf(r->arena, _("from %s"), money(r, q->min)),
                  listing_href(r, l, &(struct list_change){ .no_min = true }));
    if (q->has_max)
        fill_chip(filters, NULL, arena_printf(r->arena, _("up to %s"), money(r, q->max)),
                  listing_href(r, l, &(struct list_change){ .no_max = true }));
    if (list_query_is_narrowed(q))
        tpl_set_text(tpl_row(filters, "CLEAR"), "HREF",
                     listing_href(r, l, &(struct list_change){ .no_filters = true }));
}

void facets_fill(struct req *r, const struct listing *l, struct tpl *t)
{
    static const int32_t first[] = { GROUP_CATEGORY, GROUP_BRAND };
    static const int32_t last[] = { GROUP_RATING, GROUP_STOCK, GROUP_SALE };
    struct group *g;
    size_t n = attributes_of(r, l, &g);
    struct tpl *filters = tpl_row(t, "FILTERS");
    tpl_set_text(filters, "ACTION", l->scope.href);
    tpl_set_text(filters, "SORT_VALUE", l->query.sort->name);
    if (l->query.words != NULL)
        tpl_set_text(tpl_row(filters, "WORDS"), "VALUE", l->query.words);
    tpl_show(filters, "EXACT", l->query.exact);
    fill_price(r, l, filters);
    for (size_t i = 0; i < COUNT_OF(first); i++)
        fill_facet(r, l, filters, first[i]);
    for (size_t i = 0; i < n; i++)
        fill_facet(r, l, filters, g[i].group);
    for (size_t i = 0; i < COUNT_OF(last); i++)
        fill_facet(r, l, filters, last[i]);
    fill_chips(r, l, filters);
}

/* ---- nothing fits ------------------------------------------------------------------------------
 */
void facets_without(struct req *r, const struct listing *l, struct tpl *t)
{
    for (size_t i = 0; i < l->found.nwithout; i++) {
        const struct search_without *w = &l->found.without[i];
        const char *name = w->group < 0 ? _("Price") : group_label(l, w->group);
        const char *key = w->group < 0 ? NULL : key_of(r, l, w->group);
        if (w->n == 0 || name == NULL || (w->group >= 0 && key == NULL))
            continue;
        struct tpl *row = tpl_row(t, "WITHOUT");
        tpl_set_text(
            row, "TEXT",
            arena_printf(r->arena, _("Without “%s”: %s"), name, storefront_count(r, w->n)));
        tpl_set_text(row, "HREF",
                     listing_href(r, l,
                                  &(struct list_change){ .without_key = key,
                                                         .no_min = w->group < 0,
                                                         .no_max = w->group < 0 }));
    }
}
