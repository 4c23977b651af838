/* home.c: the home page and the page of all categories. One trip for what they show, a second one
 * only when another module has something to say on the cards. Not a place for rules: which products
 * are featured or reduced is asked of the database. */
#include "base/str.h"
#include "cards.h"
#include "platform/i18n.h"

struct home {
    struct storefront_category_tile_list tiles;
    struct card_list featured, deals, newest;
};

static enum rc read_home(struct req *r, struct home *h)
{
    struct texts chain = storefront_chain(r);
    struct db_pipe *p = page_pipe(r);
    storefront_q_category_menu_send(p, STOREFRONT_CATEGORY_MENU_FRAG_TR & storefront_texts(chain),
                                    chain, 24, &h->tiles);
    storefront_q_cards_featured_send(p, chain, r->now, ZONE_CARDS, &h->featured.rows);
    storefront_q_cards_deals_send(p, chain, r->now, ZONE_CARDS, r->tenant->currency,
                                  &h->deals.rows);
    storefront_q_cards_newest_send(p, chain, r->now, ZONE_CARDS, &h->newest.rows);
    enum rc rc = page_run(r);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &h->featured);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &h->deals);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &h->newest);
    return rc == RC_OK ? slot_send(r, "home.top", &(struct slot_subject){ "home", NULL, 0 }) : rc;
}

static void fill_hero(struct req *r, struct tpl *page)
{
    const char *title = storefront_setting(r, "storefront.tagline");
    const char *image = tenant_setting(r->app, r->tenant, "storefront.hero_image");
    tpl_set_text(page, "HERO_TITLE",
                 *title != '\0' ? title
                                : arena_printf(r->arena, _("Welcome to %s"), r->tenant->name));
    tpl_set_text(page, "HERO_TEXT", storefront_setting(r, "storefront.intro"));
    tpl_set_text(page, "HERO_HREF", url_path(r, "/c"));
    tpl_set_text(page, "HERO_LABEL", _("See all products"));
    if (str_starts(image, "media/")) {
        const struct picture hero = { .path = image };
        picture_show(r->app->conf, r->arena, page, "PICTURE", &hero, PICTURE_HERO, "", true);
    }
}

static void fill_trust(struct req *r, struct tpl *page)
{
    static const struct {
        const char *key, *icon;
    } promises[] = { { "storefront.promise_1", "truck" },
                     { "storefront.promise_2", "shield-check" },
                     { "storefront.promise_3", "rotate-ccw" } };
    struct tpl *trust = NULL;
    for (size_t i = 0; i < COUNT_OF(promises); i++) {
        const char *text = storefront_setting(r, promises[i].key);
        if (*text == '\0')
            continue;
        if (trust == NULL)
            trust = tpl_row(page, "TRUST");
        struct tpl *item = tpl_row(trust, "TRUST_ITEM");
        tpl_set_text(item, "ICON", promises[i].icon);
        tpl_set_text(item, "TEXT", text);
    }
}

static void fill_tiles(struct req *r, struct tpl *page,
                       const struct storefront_category_tile_list *tiles)
{
    if (tiles->n == 0)
        return;
    struct tpl *zone = tpl_row(page, "CATEGORIES");
    tpl_set_text(zone, "ALL_HREF", url_path(r, "/c"));
    for (size_t i = 0; i < tiles->n; i++) {
        const struct storefront_category_tile *c = &tiles->row[i];
        struct tpl *t = tpl_row(zone, "CATEGORY");
        tpl_set_text(t, "HREF", url_path(r, "/c/%s", c->slug));
        tpl_set_text(t, "NAME", c->name);
        tpl_set_text(t, "COUNT_TEXT", storefront_count(r, c->product_count));
        storefront_tile_image(r, t, c, PICTURE_TILE);
    }
}

static enum rc build_home(struct req *r)
{
    struct home h = { 0 };
    enum rc rc = read_home(r, &h);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    const char *tagline = storefront_setting(r, "storefront.tagline");
    struct tpl *page =
        page_new(r, "storefront/home.tpl", *tagline != '\0' ? tagline : _("Welcome"));
    page_description(r, storefront_setting(r, "storefront.intro"));
    page_canonical(r, "/");
    page_body_class(r, "home");
    fill_hero(r, page);
    fill_trust(r, page);
    fill_tiles(r, page, &h.tiles);
    tpl_show(page, "EMPTY", h.newest.rows.n == 0);
    rc = cards_show(r, page, "DEALS", &h.deals, 0, 0);
    if (rc == RC_OK)
        rc = cards_show(r, page, "FEATURED", &h.featured, 0, 0);
    if (rc == RC_OK && h.newest.rows.n > 0) {
        struct tpl *zone = tpl_row(page, "NEWEST");
        tpl_set_text(zone, "ALL_HREF", url_path(r, "/c"));
        rc = cards_fill(r, zone, &h.newest, 0, 0);
    }
    struct slot_subject home = { "home", NULL, 0 };
    if (rc == RC_OK)
        rc = slot_set(r, "home.top", &home, 0, page, "SLOT_TOP");
    if (rc == RC_OK)
        rc = jsonld_shop(r);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_home(struct req *r)
{
    static const struct frag_spec spec = { "storefront.home", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return storefront_cached(r, &spec, "", build_home);
}

/* ---- all categories ----------------------------------------------------------------------------
 */
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
