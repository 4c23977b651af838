/* category.c: a category's page: what it is, its sub-categories, and the list of its products,
 * which is a listing like any other (listing.h). Invariant: all that is known by the address alone
 * is asked for in the first trip, before it is known whether there is such a category. */
#include "base/str.h"
#include "listing.h"
#include "shop/text.h"

struct category_page {
    struct storefront_category_page_maybe category;
    struct storefront_crumb_list trail;
    struct storefront_category_tile_list children;
};

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

static enum rc fill_page(struct req *r, struct listing *l, const struct category_page *p)
{
    const struct storefront_category_page *c = &p->category.row;
    struct tpl *page = page_new(r, "storefront/category.tpl", c->name);
    page_canonical(r, arena_printf(r->arena, "/c/%s", c->slug));
    page_description(r, *c->description != '\0' ? text_plain(r->arena, c->description, 160)
                                                : storefront_count(r, c->product_count));
    storefront_trail(r, &p->trail, NULL);
    tpl_set_text(page, "HEADING", c->name);
    if (*c->description != '\0')
        tpl_set_text(tpl_row(page, "ABOUT"), "DESCRIPTION",
                     text_plain(r->arena, c->description, 600));
    fill_children(r, page, &p->children);
    enum rc rc = listing_show(r, l, page);
    if (rc == RC_OK)
        rc = jsonld_trail(r, &p->trail, NULL);
    return rc == RC_OK ? page_send(r, page) : rc;
}

static struct listing *open_list(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct listing_scope scope = { .href = url_path(r, "/c/%s", slug), .category = slug };
    return listing_open(r, &scope);
}

static enum rc build_category(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct texts chain = storefront_chain(r);
    struct category_page *p = arena_new(r->arena, struct category_page);
    struct listing *l = open_list(r);
    struct db_pipe *pipe = page_pipe(r);
    storefront_q_category_page_send(pipe, chain, slug, &p->category);
    storefront_q_category_trail_send(pipe, chain, slug, &p->trail);
    storefront_q_category_children_send(pipe, chain, slug, &p->children);
    enum rc rc = listing_read(r, l);
    if (rc == RC_OK && !p->category.found)
        return storefront_missing(r, 'c', slug);
    return rc == RC_OK ? fill_page(r, l, p) : rc;
}

enum rc page_category(struct req *r)
{
    static const struct frag_spec spec = { "storefront.category", .layout = 2, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return listing_cached(r, &spec, open_list(r), build_category);
}
