/* listing.c: a list of products that can be narrowed, from its query string to the include. What is
 * listed and counted decides shop/search.h, what the query string says list_query.c; the filters
 * beside the list are in facets.c. Invariant: two trips for a list as it is, three at most,
 * whatever is asked for; nothing in a query string makes it fail. */
#include "listing.h"

#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "facets.h"
#include "platform/fmt.h"
#include "shop/search_index.h"

const char *const listing_names[] = {
    "FILTERS",        "ACTION",    "WORDS",     "EXACT",   "VALUE",   "SORT_VALUE", "PRICE_FACET",
    "CURRENCY_LABEL", "MIN_VALUE", "MAX_VALUE", "LOW",     "HIGH",    "FACET",      "NAME",
    "CHOICE",         "REST",      "TEXT",      "TYPE",    "ID",      "KEY",        "ON",
    "SWATCH",         "COLOUR",    "LABEL",     "N",       "IGNORED", "PART",       "COUNT_TEXT",
    "SORTING",        "SORT",      "HREF",      "CURRENT", "CHIP",    "OF",         "CLEAR",
    "LIST",           "RANGE",     "PREVIOUS",  "CARD",    "MORE",    "EMPTY",      "NO_MATCH",
    "WITHOUT",        NULL
};

struct listing *listing_open(struct req *r, const struct listing_scope *scope)
{
    struct listing *l = arena_new(r->arena, struct listing);
    struct list_pair *pairs = arena_array(r->arena, struct list_pair, r->nargs);
    for (size_t i = 0; i < r->nargs; i++)
        pairs[i] = (struct list_pair){ r->args[i].name, r->args[i].value };
    *l = (struct listing){ .scope = *scope };
    list_query_read(r->arena, pairs, r->nargs, scope->searches, r->locale, r->tenant->currency,
                    &l->query);
    l->query.nignored += r->args_left_out;
    return l;
}

/* ---- reading -----------------------------------------------------------------------------------
 */
static struct search_ask ask_of(struct req *r, const struct listing *l)
{
    const struct list_query *q = &l->query;
    bool cursor = q->has_after;
    return (struct search_ask){
        .query = l->scope.searches ? q->words != NULL ? q->words : "" : NULL,
        .locale = r->locale->tag,
        .exact = q->exact,
        .category = l->scope.category,
        .collection = l->scope.collection,
        .now = r->now,
        .within = l->scope.within,
        .nwithin = l->scope.nwithin,
        .filter = q->filter,
        .nfilters = q->nfilters,
        .price_min = q->has_min ? &q->min : NULL,
        .price_max = q->has_max ? &q->max : NULL,
        .sort = q->sort->order,
        .has_after = cursor,
        .after_key = q->after_key,
        .after_id = q->after_id,
        .most = PAGE_CARDS,
        .skip = cursor ? 0 : (int32_t)((q->page - 1) * PAGE_CARDS),
        .count = true,
    };
}

static void send_cards(struct req *r, struct listing *l)
{
    struct texts chain = storefront_chain(r);
    struct uuid *ids = arena_array(r->arena, struct uuid, l->found.n);
    for (size_t i = 0; i < l->found.n; i++)
        ids[i] = l->found.hit[i].product;
    if (l->found.n > 0)
        storefront_q_cards_found_send(
            page_pipe(r), STOREFRONT_CARDS_FOUND_FRAG_TR & storefront_texts(chain), chain,
            (struct uuids){ ids, l->found.n }, r->now, &l->cards.rows);
    l->cards.subject = (struct slot_subject){ .kind = "product", .ids = ids, .n = l->found.n };
}

/* Slots were asked for all products found; cards of those that went meanwhile are not there. */
static void match_subject(struct req *r, struct listing *l)
{
    struct uuid *ids = arena_array(r->arena, struct uuid, l->cards.rows.n);
    for (size_t i = 0; i < l->cards.rows.n; i++)
        ids[i] = l->cards.rows.row[i].product_id;
    if (l->cards.rows.n != l->cards.subject.n)
        l->cards.subject =
            (struct slot_subject){ .kind = "product", .ids = ids, .n = l->cards.rows.n };
}

static void note_unknown(struct req *r, struct listing *l)
{
    for (size_t i = 0; i < l->query.nfilters && l->found.term != NULL; i++)
        if (l->found.term[i] == 0)
            list_query_ignore(r->arena, &l->query, l->query.filter[i].key,
                              l->query.filter[i].value);
}

enum rc listing_read(struct req *r, struct listing *l)
{
    struct search_ask ask = ask_of(r, l);
    (void)page_pipe(r);
    enum rc rc = search_run(r->db, &ask, &l->found);
    if (rc != RC_OK)
        return rc;
    l->redirect = l->found.redirect;
    note_unknown(r, l);
    bool nothing = l->found.n == 0 && !list_query_is_narrowed(&l->query);
    if (l->redirect != NULL || (l->scope.searches && nothing)) /* the page has more to ask */
        return RC_OK;
    if (l->found.nowhere)
        return page_run(r);
    send_cards(r, l);
    facets_send(r, l);
    rc = l->found.n > 0 ? slot_send(r, "card.actions", &l->cards.subject) : RC_OK;
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc == RC_OK)
        match_subject(r, l);
    return rc;
}

/* ---- addresses ---------------------------------------------------------------------------------
 */
const char *listing_href(struct req *r, const struct listing *l, const struct list_change *c)
{
    struct buf b;
    buf_init(&b, r->arena, 65536);
    buf_str(&b, l->scope.href);
    list_query_write(r->arena, &l->query, c, r->tenant->currency, &b);
    return buf_rc(&b) == RC_OK ? b.p : url_path(r, "/");
}

int64_t listing_count(const struct listing *l, int32_t term)
{
    for (size_t i = 0; i < l->found.ncounts; i++)
        if (l->found.counts[i].term == term)
            return l->found.counts[i].n;
    return 0;
}

bool listing_has(const struct listing *l, const struct search_filter *f)
{
    for (size_t i = 0; i < l->query.nfilters; i++)
        if (str_eq(l->query.filter[i].key, f->key) && str_eq(l->query.filter[i].value, f->value))
            return true;
    return false;
}

enum rc listing_cached(struct req *r, const struct frag_spec *spec, const struct listing *l,
                       app_handler *build)
{
    static const struct frag_tag tags[] = { { LISTING_TAG_SPACE, LISTING_TAG_ID }, { 0 } };
    const struct list_query *q = &l->query;
    struct buf vary;
    buf_init(&vary, r->arena, 4096);
    if (l->scope.searches || q->page > 1 || q->has_min || q->has_max || q->nfilters > 1 ||
        q->nignored > 0)
        return build(r);
    list_query_write(r->arena, q, &(struct list_change){ 0 }, r->tenant->currency, &vary);
    if (buf_rc(&vary) != RC_OK)
        return build(r);
    return page_cached(r, spec, tags, vary.n > 0 ? vary.p : "", build);
}

/* ---- the include -------------------------------------------------------------------------------
 */
static void fill_ignored(struct req *r, struct tpl *t, const struct list_query *q)
{
    size_t named = 0;
    while (named < LIST_IGNORED && q->ignored[named] != NULL)
        named++;
    if (q->nignored == 0)
        return;
    r->out.no_store = true; /* what was made up is not worth a place in the cache */
    struct tpl *zone = tpl_row(t, "IGNORED");
    for (size_t i = 0; i < named; i++)
        tpl_set_text(tpl_row(zone, "PART"), "TEXT", q->ignored[i]);
    if (q->nignored > named)
        tpl_set_text(
            tpl_row(zone, "REST"), "TEXT",
            arena_printf(r->arena,
                         tr_n("and %s more", "and %s more", (unsigned long)(q->nignored - named)),
                         fmt_int(r->arena, r->locale, (int64_t)(q->nignored - named))));
}

static void fill_sorting(struct req *r, struct tpl *t, const struct listing *l)
{
    struct tpl *zone = tpl_row(t, "SORTING");
    for (size_t i = 0; i < list_nsorts; i++) {
        const struct list_sort *s = &list_sorts[i];
        struct tpl *row = tpl_row(zone, "SORT");
        tpl_set_text(row, "HREF", listing_href(r, l, &(struct list_change){ .sort = s }));
        tpl_set_text(row, "LABEL", tr(l->scope.searches ? s->words_label : s->label));
        tpl_show(row, "CURRENT", s == l->query.sort);
    }
}

static const char *range_text(struct req *r, const struct listing *l)
{
    int64_t first = (l->query.page - 1) * PAGE_CARDS + 1;
    int64_t last = first + (int64_t)l->cards.rows.n - 1;
    int64_t all = l->found.total > last ? l->found.total : last;
    return arena_printf(r->arena, _("%s–%s of %s"), fmt_int(r->arena, r->locale, first),
                        fmt_int(r->arena, r->locale, last), fmt_int(r->arena, r->locale, all));
}

static enum rc fill_list(struct req *r, struct tpl *t, const struct listing *l)
{
    const struct search_result *f = &l->found;
    const struct list_query *q = &l->query;
    struct tpl *list = tpl_row(t, "LIST");
    if (!f->near)
        tpl_set_text(tpl_row(list, "RANGE"), "TEXT", range_text(r, l));
    if (q->page > 1)
        tpl_set_text(tpl_row(list, "PREVIOUS"), "HREF",
                     listing_href(r, l, &(struct list_change){ .page = q->page - 1 }));
    if (f->more && !f->near && q->page < LIST_PAGES) {
        const struct search_hit *h = &f->hit[f->n - 1];
        const char *after =
            arena_printf(r->arena, "%" PRId64 ".%s", h->key, uuid_str(r->arena, h->product));
        tpl_set_text(
            tpl_row(list, "MORE"), "HREF",
            listing_href(r, l, &(struct list_change){ .page = q->page + 1, .after = after }));
    }
    return cards_fill(r, list, &l->cards, 0, q->page == 1 ? 2 : 0);
}

static void fill_none(struct req *r, struct tpl *t, const struct listing *l)
{
    if (!list_query_is_narrowed(&l->query) && l->query.page <= 1) {
        tpl_show(t, "EMPTY", !l->scope.searches);
        return;
    }
    struct tpl *none = tpl_row(t, "NO_MATCH");
    tpl_set_text(none, "HREF", listing_href(r, l, &(struct list_change){ .no_filters = true }));
    facets_without(r, l, none);
}

enum rc listing_show(struct req *r, struct listing *l, struct tpl *page)
{
    const struct list_query *q = &l->query;
    struct tpl *t = tpl_include(page, "LISTING", "storefront/listing.tpl");
    if (list_query_is_narrowed(q) || q->page > 1 || q->sort != &list_sorts[0] || q->nignored > 0)
        page_noindex(r);
    tpl_set_text(t, "COUNT_TEXT", storefront_count(r, l->found.total));
    fill_ignored(r, t, q);
    if (l->found.total > 0 || list_query_is_narrowed(q))
        facets_fill(r, l, t);
    if (l->found.total > 1 && !l->found.near)
        fill_sorting(r, t, l);
    if (l->cards.rows.n > 0)
        return fill_list(r, t, l);
    fill_none(r, t, l);
    return RC_OK;
}
