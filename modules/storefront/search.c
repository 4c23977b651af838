/* search.c: the page of a search: what was understood, where most of it is, the list (listing.h),
 * and a way on when nothing was found. What a word finds decides shop/search.h. Not here:
 * suggestions (suggest.c). Invariant: whatever is typed gives a page with something to go on with,
 * at most three trips. */
#include "base/str.h"
#include "listing.h"
#include "platform/fmt.h"

enum { SCOPES = 6, POPULAR = 8, WAYS = 12 };

const char *const search_names[] = { "HEADING", "CORRECTED", "TEXT",    "HREF", "LABEL", "NEAR",
                                     "CUT",     "SCOPES",    "SCOPE",   "NAME", "N",     "LISTING",
                                     "NOTHING", "TIPS",      "POPULAR", "CARD", "WAYS",  "WAY",
                                     "ASK",     "ASK_HREF",  NULL };

struct search_page {
    struct card_list popular;
    struct storefront_category_tile_list ways;
};

static struct listing *open_search(struct req *r)
{
    return listing_open(r, &(struct listing_scope){ .href = url_path(r, "/search"),
                                                    .searches = true,
                                                    .by_category = true });
}

/* ---- a way on ----------------------------------------------------------------------------------
 */
static enum rc read_ways(struct req *r, struct search_page *p)
{
    struct texts chain = storefront_chain(r);
    storefront_q_cards_popular_send(page_pipe(r),
                                    STOREFRONT_CARDS_POPULAR_FRAG_TR & storefront_texts(chain),
                                    chain, r->now, POPULAR, &p->popular.rows);
    storefront_q_category_menu_send(page_pipe(r),
                                    STOREFRONT_CATEGORY_MENU_FRAG_TR & storefront_texts(chain),
                                    chain, WAYS, &p->ways);
    return page_run(r);
}

static enum rc fill_ways(struct req *r, struct tpl *page, const struct listing *l,
                         const struct search_page *p)
{
    struct tpl *t = tpl_row(page, "NOTHING");
    const char *whatsapp = tenant_setting(r->app, r->tenant, "storefront.whatsapp");
    tpl_show(t, "TIPS", !l->found.empty);
    if (*whatsapp != '\0')
        tpl_set_text(tpl_row(t, "ASK"), "ASK_HREF", whatsapp);
    if (p->ways.n > 0) {
        struct tpl *zone = tpl_row(t, "WAYS");
        for (size_t i = 0; i < p->ways.n; i++) {
            struct tpl *way = tpl_row(zone, "WAY");
            tpl_set_text(way, "HREF", url_path(r, "/c/%s", p->ways.row[i].slug));
            tpl_set_text(way, "NAME", p->ways.row[i].name);
        }
    }
    return cards_show(r, t, "POPULAR", &p->popular, 0, 0);
}

/* ---- the page ----------------------------------------------------------------------------------
 */
static bool is_nothing(const struct listing *l)
{
    return l->found.empty || (l->cards.rows.n == 0 && !list_query_is_narrowed(&l->query));
}

static void fill_understood(struct req *r, struct tpl *page, const struct listing *l)
{
    const struct search_result *f = &l->found;
    if (f->corrected != NULL && !l->query.exact) {
        struct tpl *t = tpl_row(page, "CORRECTED");
        tpl_set_text(t, "TEXT",
                     arena_printf(r->arena, _("Showing results for “%s”."), f->corrected));
        tpl_set_text(t, "LABEL", arena_printf(r->arena, _("Search for “%s” instead"), f->text));
        tpl_set_text(
            t, "HREF",
            listing_href(r, l, &(struct list_change){ .exact = true, .no_filters = true }));
    }
    tpl_show(page, "NEAR", f->near && l->cards.rows.n > 0);
    tpl_show(page, "CUT", f->cut);
}

/* Where most of what was found is: the largest few categories, as links. */
static void fill_scopes(struct req *r, struct tpl *page, const struct listing *l)
{
    struct tpl *zone = NULL;
    size_t shown = 0;
    for (size_t i = 0; i < l->labels.n && shown < SCOPES; i++) {
        const struct storefront_facet_label *name = &l->labels.row[i];
        int64_t n = listing_count(l, name->term);
        if (term_group(name->term) != GROUP_CATEGORY || n == 0 || n >= l->found.total)
            continue;
        struct search_filter f = { "category", name->code };
        if (listing_has(l, &f))
            continue;
        if (shown++ == 0)
            zone = tpl_row(page, "SCOPES");
        struct tpl *t = tpl_row(zone, "SCOPE");
        tpl_set_text(t, "HREF", listing_href(r, l, &(struct list_change){ .with = &f }));
        tpl_set_text(t, "NAME", name->label);
        tpl_set_text(t, "N", fmt_int(r->arena, r->locale, n));
    }
}

static const char *heading(struct req *r, const struct listing *l)
{
    if (l->found.empty)
        return _("Search");
    if (is_nothing(l))
        return arena_printf(r->arena, _("Nothing found for “%s”"), l->found.text);
    return arena_printf(r->arena, _("Results for “%s”"), l->found.text);
}

static enum rc fill_page(struct req *r, struct listing *l, const struct search_page *p)
{
    const char *title = heading(r, l);
    struct tpl *page = page_new(r, "storefront/search.tpl", title);
    page_canonical(r, "/search");
    page_description(r,
                     arena_printf(r->arena, "%s: %s", title, storefront_count(r, l->found.total)));
    page_query(r, l->found.text);
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, _("Search"), NULL);
    tpl_set_text(page, "HEADING", title);
    fill_understood(r, page, l);
    enum rc rc = RC_OK;
    if (is_nothing(l)) {
        rc = fill_ways(r, page, l, p);
    } else {
        fill_scopes(r, page, l);
        rc = listing_show(r, l, page);
    }
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_search(struct req *r)
{
    struct listing *l = open_search(r);
    struct search_page *p = arena_new(r->arena, struct search_page);
    enum rc rc = listing_read(r, l);
    if (rc == RC_OK && l->redirect != NULL)
        return req_redirect(r, l->redirect);
    if (rc == RC_OK && is_nothing(l))
        rc = read_ways(r, p);
    return rc == RC_OK ? fill_page(r, l, p) : rc;
}
