/* categories.c: the page of all categories, two levels deep. Branches without products do not come
 * here: the statement leaves them out.
 * Invariant: one trip, whatever the tree holds. */
#include "pages.h"
#include "platform/i18n.h"

static bool is_child_of(const struct storefront_category_tile *c,
                        const struct storefront_category_tile *up)
{
    return c->has_parent_id && uuid_cmp(c->parent_id, up->category_id) == 0;
}

static void fill_group(struct req *r, struct tpl *page,
                       const struct storefront_category_tile_list *all, size_t at)
{
    const struct storefront_category_tile *c = &all->row[at];
    struct tpl *t = tpl_row(page, "GROUP"), *children = NULL;
    tpl_set_text(t, "HREF", url_path(r, "/c/%s", c->slug));
    tpl_set_text(t, "NAME", c->name);
    tpl_set_text(t, "DESCRIPTION", c->description);
    tpl_set_text(t, "COUNT_TEXT", storefront_count(r, c->product_count));
    storefront_tile_image(r, t, c, PICTURE_THUMB);
    for (size_t i = 0; i < all->n; i++) {
        if (!is_child_of(&all->row[i], c))
            continue;
        if (children == NULL)
            children = tpl_row(t, "CHILDREN");
        struct tpl *child = tpl_row(children, "CHILD");
        tpl_set_text(child, "HREF", url_path(r, "/c/%s", all->row[i].slug));
        tpl_set_text(child, "NAME", all->row[i].name);
        tpl_set_text(child, "COUNT_TEXT", storefront_count(r, all->row[i].product_count));
    }
}

static enum rc build_categories(struct req *r)
{
    struct storefront_category_tile_list all;
    storefront_q_category_tree_page_send(page_pipe(r), storefront_chain(r), &all);
    enum rc rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "storefront/categories.tpl", _("All categories"));
    page_canonical(r, "/c");
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, _("All categories"), NULL);
    tpl_show(page, "EMPTY", all.n == 0);
    for (size_t i = 0; i < all.n; i++)
        if (!all.row[i].has_parent_id)
            fill_group(r, page, &all, i);
    return page_send(r, page);
}

enum rc page_categories(struct req *r)
{
    static const struct frag_spec spec = { "storefront.categories", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return storefront_cached(r, &spec, "", build_categories);
}
