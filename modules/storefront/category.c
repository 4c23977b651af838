/* category.c: a category's page: sub-categories, filters, sort, 24 cards and the way to more of
 * them. The list's whole state is in the query; what is not understood there is left out. The list
 * goes on after the last card seen (a cursor), the page number is for people; a number without
 * a cursor counts from the start. */
#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "cards.h"
#include "platform/fmt.h"
#include "shop/text.h"

enum { PAGES_MOST = 2000 };

struct sorting {
    const char *name, *label;
    unsigned order, after;
};
static const struct sorting sortings[] = {
    { "", N_("Recommended"), 0, STOREFRONT_CARDS_IN_CATEGORY_FRAG_AFTER },
    { "new", N_("Newest first"), STOREFRONT_CARDS_IN_CATEGORY_FRAG_NEWEST,
      STOREFRONT_CARDS_IN_CATEGORY_FRAG_AFTER_NEWEST },
    { "price", N_("Price, low to high"), STOREFRONT_CARDS_IN_CATEGORY_FRAG_CHEAPEST,
      STOREFRONT_CARDS_IN_CATEGORY_FRAG_AFTER_CHEAPEST },
    { "-price", N_("Price, high to low"), STOREFRONT_CARDS_IN_CATEGORY_FRAG_DEAREST,
      STOREFRONT_CARDS_IN_CATEGORY_FRAG_AFTER_DEAREST },
};

/* What the query asks for, understood. */
struct wish {
    const struct sorting *sort;
    bool has_min, has_max, in_stock, has_after;
    int64_t min, max, page, after_key;
    struct uuid after_id;
    const char *after;
};

struct listing {
    struct storefront_category_page_maybe category;
    struct storefront_crumb_list trail;
    struct storefront_category_tile_list children;
    struct card_list cards;
    struct storefront_matches matches;
};

/* ---- the query ---------------------------------------------------------------------------------
 */
static bool money_arg(struct req *r, const char *name, int64_t *out)
{
    const char *v = req_arg(r, name);
    return !str_empty(v) &&
           fmt_money_parse(r->arena, r->locale, v, r->tenant->currency, out) == RC_OK && *out >= 0;
}

/* "<number>.<uuid>" */
static bool parse_after(struct req *r, const char *s, struct wish *w)
{
    const char *dot = s != NULL ? strchr(s, '.') : NULL;
    if (dot == NULL || dot - s > 20)
        return false;
    return str_int(arena_strndup(r->arena, s, (size_t)(dot - s)), INT64_MIN, INT64_MAX,
                   &w->after_key) == RC_OK &&
           uuid_parse(dot + 1, &w->after_id) == RC_OK;
}

static struct wish read_wish(struct req *r)
{
    struct wish w = { .sort = &sortings[0], .page = 1 };
    const char *sort = req_arg(r, "sort"), *page = req_arg(r, "page");
    for (size_t i = 0; sort != NULL && i < COUNT_OF(sortings); i++)
        if (str_eq(sort, sortings[i].name))
            w.sort = &sortings[i];
    w.has_min = money_arg(r, "price_min", &w.min);
    w.has_max = money_arg(r, "price_max", &w.max);
    w.in_stock = str_eq(req_arg(r, "in_stock"), "1");
    if (page == NULL || str_int(page, 1, PAGES_MOST, &w.page) != RC_OK)
        w.page = 1;
    w.after = req_arg(r, "after");
    w.has_after = w.page > 1 && parse_after(r, w.after, &w);
    return w;
}

static bool is_narrowed(const struct wish *w)
{
    return w->has_min || w->has_max || w->in_stock;
}

/* The page's address with other filters: what is on stays unless it is masked. */
enum { DROP_MIN = 1, DROP_MAX = 2, DROP_STOCK = 4, DROP_ALL = 7 };
static const char *plain_money(struct req *r, int64_t v)
{
    char *text = arena_alloc(r->arena, 40);
    const struct currency *c = currency_find(r->tenant->currency);
    if (c == NULL)
        return "";
    money_plain(v, c, text, 40);
    /* "1500.00" is "1500" to people. */
    char *dot = strchr(text, '.');
    if (dot != NULL && strspn(dot + 1, "0") == strlen(dot + 1))
        *dot = '\0';
    return text;
}

static const char *list_href(struct req *r, const char *slug, const struct wish *w,
                             const struct sorting *sort, unsigned drop, int64_t page,
                             const char *after)
{
    struct buf b;
    char lead = '?';
    buf_init(&b, r->arena, 2000);
    buf_str(&b, url_path(r, "/c/%s", slug));
    const struct {
        const char *key, *value;
    } parts[] = {
        { "sort", *sort->name != '\0' ? sort->name : NULL },
        { "price_min", w->has_min && !(drop & DROP_MIN) ? plain_money(r, w->min) : NULL },
        { "price_max", w->has_max && !(drop & DROP_MAX) ? plain_money(r, w->max) : NULL },
        { "in_stock", w->in_stock && !(drop & DROP_STOCK) ? "1" : NULL },
        { "page", page > 1 ? arena_printf(r->arena, "%" PRId64, page) : NULL },
        { "after", after },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].value == NULL)
            continue;
        buf_printf(&b, "%c%s=", lead, parts[i].key);
        buf_url(&b, parts[i].value);
        lead = '&';
    }
    return b.p;
}

/* ---- reading -----------------------------------------------------------------------------------
 */
static enum rc read_listing(struct req *r, const char *slug, const struct wish *w,
                            struct listing *l)
{
    struct texts chain = storefront_chain(r);
    struct db_pipe *p = page_pipe(r);
    const int64_t *min = w->has_min ? &w->min : NULL, *max = w->has_max ? &w->max : NULL;
    unsigned frags = w->sort->order | (w->has_after ? w->sort->after : 0);
    int32_t skip = w->has_after ? 0 : (int32_t)((w->page - 1) * PAGE_CARDS);
    storefront_q_category_page_send(p, chain, slug, &l->category);
    storefront_q_category_trail_send(p, chain, slug, &l->trail);
    storefront_q_category_children_send(p, chain, slug, &l->children);
    storefront_q_cards_in_category_send(p, frags, chain, slug, PAGE_CARDS + 1, min, max,
                                        w->in_stock, w->after_key, w->after_id, r->now, skip,
                                        &l->cards.rows);
    if (is_narrowed(w))
        storefront_q_category_matches_send(p, slug, min, max, w->in_stock, &l->matches);
    enum rc rc = page_run(r);
    if (rc != RC_OK || !l->category.found)
        return rc;
    if (!is_narrowed(w))
        l->matches.n = l->category.row.product_count;
    return cards_slots_send(r, &l->cards);
}

/* ---- filling -----------------------------------------------------------------------------------
 */
static void fill_children(struct req *r, struct tpl *page,
                          const struct storefront_category_tile_list *children)
{
    if (children->n == 0)
        return;
    struct tpl *zone = tpl_row(page, "CHILDREN");
    for (size_t i = 0; i < children->n; i++) {
        struct tpl *t = tpl_row(zone, "CHILD");
        tpl_set_text(t, "HREF", url_path(r, "/c/%s", children->row[i].slug));
        tpl_set_text(t, "NAME", children->row[i].name);
        tpl_set_text(t, "COUNT_TEXT", storefront_count(r, children->row[i].product_count));
        storefront_tile_image(r, t, &children->row[i], PICTURE_THUMB);
    }
}

static void fill_sorting(struct req *r, struct tpl *page, const char *slug, const struct wish *w)
{
    struct tpl *zone = tpl_row(page, "SORTING");
    for (size_t i = 0; i < COUNT_OF(sortings); i++) {
        struct tpl *t = tpl_row(zone, "SORT");
        tpl_set_text(t, "HREF", list_href(r, slug, w, &sortings[i], 0, 1, NULL));
        tpl_set_text(t, "LABEL", tr(sortings[i].label));
        tpl_show(t, "CURRENT", &sortings[i] == w->sort);
    }
}

static void fill_chip(struct req *r, struct tpl *zone, const char *label, const char *href)
{
    (void)r;
    struct tpl *t = tpl_row(zone, "CHIP");
    tpl_set_text(t, "LABEL", label);
    tpl_set_text(t, "HREF", href);
}

static void fill_filters(struct req *r, struct tpl *page, const char *slug, const struct wish *w)
{
    const char *currency = r->tenant->currency;
    struct tpl *t = tpl_row(page, "FILTERS");
    tpl_set_text(t, "ACTION", url_path(r, "/c/%s", slug));
    tpl_set_text(t, "MIN_VALUE", w->has_min ? plain_money(r, w->min) : "");
    tpl_set_text(t, "MAX_VALUE", w->has_max ? plain_money(r, w->max) : "");
    tpl_set_text(t, "SORT_VALUE", w->sort->name);
    tpl_set_text(t, "CURRENCY_LABEL", currency);
    tpl_show(t, "IN_STOCK_ON", w->in_stock);
    if (w->has_min)
        fill_chip(
            r, t,
            arena_printf(r->arena, _("from %s"), fmt_money(r->arena, r->locale, w->min, currency)),
            list_href(r, slug, w, w->sort, DROP_MIN, 1, NULL));
    if (w->has_max)
        fill_chip(
            r, t,
            arena_printf(r->arena, _("up to %s"), fmt_money(r->arena, r->locale, w->max, currency)),
            list_href(r, slug, w, w->sort, DROP_MAX, 1, NULL));
    if (w->in_stock)
        fill_chip(r, t, _("In stock only"), list_href(r, slug, w, w->sort, DROP_STOCK, 1, NULL));
    if (is_narrowed(w))
        tpl_set_text(tpl_row(t, "CLEAR"), "HREF",
                     list_href(r, slug, w, w->sort, DROP_ALL, 1, NULL));
}

static enum rc fill_list(struct req *r, struct tpl *page, const char *slug, const struct wish *w,
                         const struct listing *l)
{
    size_t shown = l->cards.rows.n > PAGE_CARDS ? PAGE_CARDS : l->cards.rows.n;
    int64_t first = (w->page - 1) * PAGE_CARDS + 1, last = first + (int64_t)shown - 1;
    int64_t all = l->matches.n > last ? l->matches.n : last;
    struct tpl *list = tpl_row(page, "LIST");
    tpl_set_text(list, "RANGE_TEXT",
                 arena_printf(r->arena, _("%s–%s of %s"), fmt_int(r->arena, r->locale, first),
                              fmt_int(r->arena, r->locale, last),
                              fmt_int(r->arena, r->locale, all)));
    if (w->page > 1)
        tpl_set_text(tpl_row(list, "PREVIOUS"), "HREF",
                     list_href(r, slug, w, w->sort, 0, w->page - 1, NULL));
    if (l->cards.rows.n > PAGE_CARDS && w->page < PAGES_MOST) {
        const struct storefront_card *c = &l->cards.rows.row[PAGE_CARDS - 1];
        const char *after = arena_printf(r->arena, "%" PRId64 ".%s", c->sort_key,
                                         uuid_str(r->arena, c->product_id));
        tpl_set_text(tpl_row(list, "MORE"), "HREF",
                     list_href(r, slug, w, w->sort, 0, w->page + 1, after));
    }
    return cards_fill(r, list, &l->cards, PAGE_CARDS, w->page == 1 ? 2 : 0);
}

static enum rc fill_page(struct req *r, const char *slug, const struct wish *w,
                         const struct listing *l)
{
    const struct storefront_category_page *c = &l->category.row;
    struct tpl *page = page_new(r, "storefront/category.tpl", c->name);
    enum rc rc = RC_OK;
    page_canonical(r, arena_printf(r->arena, "/c/%s", slug));
    page_description(r, *c->description != '\0' ? text_plain(r->arena, c->description, 160)
                                                : storefront_count(r, c->product_count));
    if (is_narrowed(w) || w->page > 1 || w->sort != &sortings[0])
        page_noindex(r);
    storefront_trail(r, &l->trail, NULL);
    tpl_set_text(page, "HEADING", c->name);
    tpl_set_text(page, "COUNT_TEXT", storefront_count(r, l->matches.n));
    if (*c->description != '\0')
        tpl_set_text(tpl_row(page, "ABOUT"), "DESCRIPTION",
                     text_plain(r->arena, c->description, 600));
    fill_children(r, page, &l->children);
    if (c->product_count > 1)
        fill_sorting(r, page, slug, w);
    if (c->product_count > 0 || is_narrowed(w))
        fill_filters(r, page, slug, w);
    if (l->cards.rows.n > 0)
        rc = fill_list(r, page, slug, w, l);
    else if (is_narrowed(w))
        tpl_set_text(tpl_row(page, "NO_MATCH"), "HREF",
                     list_href(r, slug, w, w->sort, DROP_ALL, 1, NULL));
    else
        tpl_show(page, "EMPTY", true);
    if (rc == RC_OK)
        rc = jsonld_trail(r, &l->trail, NULL);
    return rc == RC_OK ? page_send(r, page) : rc;
}

static enum rc build_category(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct wish w = read_wish(r);
    struct listing l = { 0 };
    enum rc rc = read_listing(r, slug, &w, &l);
    if (rc == RC_OK && !l.category.found)
        return storefront_missing(r, 'c', slug);
    if (rc == RC_OK)
        rc = page_run(r);
    return rc == RC_OK ? fill_page(r, slug, &w, &l) : rc;
}

enum rc page_category(struct req *r)
{
    static const struct frag_spec spec = { "storefront.category", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600 };
    struct wish w = read_wish(r);
    const char *vary = arena_printf(r->arena, "%s|%d%" PRId64 "|%d%" PRId64 "|%d|%" PRId64 "|%s",
                                    w.sort->name, w.has_min, w.min, w.has_max, w.max, w.in_stock,
                                    w.page, w.has_after ? w.after : "");
    return storefront_cached(r, &spec, vary, build_category);
}
